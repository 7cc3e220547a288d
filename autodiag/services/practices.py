"""Practices: written by a structure, put forward with its consent, moderated, read by others, withdrawn at once."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from autodiag.enums import PracticeAnswer, PracticeScope, PracticeState
from autodiag.models import Practice, PracticeCard, PracticeProposal
from autodiag.rules import practices as rules
from caprse.base import clock, journal
from caprse.base.echoes import Protected
from caprse.base.versioned import guarded_update
from cohorts.models import Organisation, Participation, User
from referentiel.documents import protected
from referentiel.models import Version

# Everything a structure says of a practice.
TEXT_FIELDS = ("title", "what", "how", "result", "scope", "signed", "contact")


class NotPossibleNow(PermissionDenied):
    """This cannot be done to the practice now; the message says why, in French."""


class NewerProposal(Exception):
    """The structure put forward another text since: `proposal` is the one to read. Nothing was written."""

    def __init__(self, proposal):
        super().__init__("another text was put forward")
        self.proposal = proposal


# --- The structure ------------------------------------------------------------------------------------------------


@transaction.atomic
def write_practice(*, answer, by, **fields):
    """Begin a practice from an answer; nobody else reads it. The same one sent twice is one. Returns it.

    `fields`: title, what, how, result, scope, signed, contact.
    """
    type(answer).objects.select_for_update(of=("self",)).only("pk").get(pk=answer.pk)
    mine = Practice.objects.filter(participation=answer.participation_id, criterion=answer.criterion_id)
    same = mine.exclude(state=PracticeState.WITHDRAWN).filter(created_by=by.user_id, **fields)
    if known := same.first():
        return known
    practice = Practice.objects.create(
        region_id=answer.region_id,
        participation_id=answer.participation_id,
        criterion_id=answer.criterion_id,
        created_by_id=by.user_id,
        **fields,
    )
    journal.record("practice.written", practice, by=by)
    return practice


@transaction.atomic
def edit_practice(*, practice, revision, by, **fields):
    """Change the structure's own text: what others read, and what the region is reading, stay as they are.

    Saving what is there already writes nothing. Raises `StaleSave` when somebody saved in between, `NotPossibleNow`.
    """
    locked = Practice.objects.select_for_update().get(pk=practice.pk)
    _require(rules.can_edit(locked))
    if all(getattr(locked, name) == value for name, value in fields.items()):
        return locked
    guarded_update(locked, revision=revision, **fields)
    journal.record("practice.edited", locked, by=by, details={"revision": locked.revision})
    return locked


@transaction.atomic
def propose_practice(*, practice, by):
    """Put the text forward to the region as it stands, frozen: with the consent of who asks. Returns the proposal.

    The one that waited is taken back; the same text put forward twice waits once. Raises `NotPossibleNow`.
    """
    locked = Practice.objects.select_for_update().get(pk=practice.pk)
    _require(rules.can_edit(locked))
    content = rules.content_of(locked)
    last = locked.proposals.order_by("-number").first()
    if last and not last.answer and last.content == content:
        return last
    _take_back(locked, by)
    proposal = PracticeProposal.objects.create(
        region_id=locked.region_id,
        participation_id=locked.participation_id,
        practice=locked,
        number=last.number + 1 if last else 1,
        content=content,
        consented_by_id=by.user_id,
    )
    _enter(locked, PracticeState.PROPOSED)
    journal.record("practice.proposed", locked, by=by, details={"number": proposal.number})
    return proposal


@transaction.atomic
def put_forward(*, practice, revision, by, **fields):
    """Save the text and put it forward, or neither. Returns the proposal. Raises as both do."""
    return propose_practice(practice=edit_practice(practice=practice, revision=revision, by=by, **fields), by=by)


@transaction.atomic
def withdraw_practice(*, practice, by):
    """Take a practice back everywhere, at once: nobody else reads it any more. Returns it; twice changes nothing more."""
    locked = Practice.objects.select_for_update().get(pk=practice.pk)
    if locked.state == PracticeState.WITHDRAWN:
        return locked
    PracticeCard.objects.filter(practice=locked).delete()
    _take_back(locked, by)
    locked.withdrawn_at, locked.withdrawn_by_id = clock.now(), by.user_id
    _enter(locked, PracticeState.WITHDRAWN, "withdrawn_at", "withdrawn_by")
    journal.record("practice.withdrawn", locked, by=by)
    return locked


def _take_back(practice, by):
    """The proposal that waits is taken back by the structure itself."""
    waiting = practice.proposals.waiting()
    waiting.update(answer=PracticeAnswer.TAKEN_BACK, answered_at=clock.now(), answered_by=by.user_id)


def _enter(practice, state, *more):
    practice.state = state
    practice.save(update_fields=["state", *more])


def _require(verdict):
    if not verdict:
        raise NotPossibleNow(verdict.reason)


# --- The region ---------------------------------------------------------------------------------------------------


def warnings_about(proposal):
    """What its moderator should see before publishing: wording of the référentiel, names in an anonymous text."""
    version = Version.objects.with_content().get(pk=proposal.practice.criterion.chapter.version_id)
    structure = proposal.participation.organisation
    people = User.objects.filter(memberships__organisation=structure).distinct()
    names = [user.full_name for user in people]
    wording = Protected(protected(version))
    return rules.warnings_of(proposal.content, wording, structure.legal_name, names, _alone_as(proposal))


def _alone_as(proposal):
    """The kinds of its structure, in words, when no other one has them all where the card tells it comes from."""
    structure = proposal.participation.organisation
    kinds = list(structure.siae_statuses.order_by("kind"))
    others = Organisation.objects.filter(region=proposal.region_id).exclude(pk=structure.pk)
    if proposal.content["scope"] == PracticeScope.COHORT:
        paths = Participation.objects.current().filter(cohort=proposal.participation.cohort_id)
        others = others.filter(participations__in=paths)
    for status in kinds:
        others = others.filter(siae_statuses__kind=status.kind)
    return "" if not kinds or others.exists() else ", ".join(status.get_kind_display() for status in kinds)


@transaction.atomic
def answer_practice(*, practice, number, answer, by, message=""):
    """Publish what was read, the proposal of this number, or return it with a message. Returns the proposal.

    The same answer by the same person, sent twice, is one. Raises `NewerProposal` when the structure put another text
    forward meanwhile, `NotPossibleNow` when it took it back, or when somebody else answered.
    """
    locked = Practice.objects.select_for_update().get(pk=practice.pk)
    last = locked.proposals.select_related("practice", "answered_by").order_by("-number").first()
    if last is None:
        raise NotPossibleNow("Cette fiche n’a pas été proposée.")
    if (last.number, last.answer, last.answered_by_id) == (number, answer, by.user_id):
        return last
    last.practice = locked
    _require(rules.can_answer(last))
    if last.number != number:
        raise NewerProposal(last)
    last.answer, last.message = answer, message
    last.answered_at, last.answered_by_id = clock.now(), by.user_id
    last.save(update_fields=["answer", "message", "answered_at", "answered_by"])
    published = answer == PracticeAnswer.PUBLISHED
    if published:
        _publish(locked, last)
    _enter(locked, PracticeState.PUBLISHED if published else PracticeState.RETURNED)
    journal.record(f"practice.{answer}", locked, by=by, details={"number": number})
    return last


def _publish(practice, proposal):
    """The card others read: the text that was moderated, and nothing of the structure that it did not agree to tell."""
    path, said = practice.participation, proposal.content
    structure = path.organisation
    names = ("title", "what", "how", "result", "scope", "contact")
    PracticeCard.objects.update_or_create(
        practice=practice,
        defaults={
            "region_id": practice.region_id,
            "cohort_id": path.cohort_id,
            "criterion_id": practice.criterion_id,
            "criterion_stable_id": practice.criterion.stable_id,
            "signed_as": structure.legal_name if said["signed"] else "",
            "territory": structure.territory if said["signed"] else "",
            "siae_kinds": sorted(structure.siae_statuses.values_list("kind", flat=True)),
            "published_at": clock.now(),
            **{name: said[name] for name in names},
        },
    )
