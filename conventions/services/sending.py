"""From a draft to a frozen text, from there to the signatories, and the ways out."""

from django.db import transaction

from caprse.base import clock, glyphs, jobs, journal, links, outbox
from cohorts.enums import Role
from cohorts.models import Membership
from cohorts.models.memberships import current
from conventions import drawing, lifecycle, rules
from conventions.enums import ConventionState, DocumentKind, TrailKind
from conventions.models import CommitteeValidation, Signatory
from conventions.models.conventions import LINK, OVER
from conventions.services import clearances, family, sealing, states, trail, turns, wording
from conventions.services.annexed import annexes_of

FREEZE_JOB, FINAL_JOB, TURN_JOB = "convention_freeze", "convention_final", "convention_turn"
LINK_MAIL, CANCELLED_MAIL, ENDED_MAIL = "signing_link", "convention_cancelled", "convention_ended"
SEAL_MAIL = "convention_seal_refused"
REFUSED_MAIL, WRONG_PERSON_MAIL = "signature_refused", "signature_wrong_person"


def anchors(convention, party=None):
    """Where the lines of the journal about a convention belong."""
    return {
        "region_id": convention.region_id,
        "cohort_id": convention.cohort_id,
        "organisation_id": party.organisation_id if party else None,
    }


class NotReady(Exception):
    """Something is missing in the draft; `gaps` are those of `rules.missing_before_freezing`."""

    def __init__(self, gaps):
        super().__init__("; ".join(sentence for _, sentence in gaps))
        self.gaps = gaps


@transaction.atomic
def freeze(*, convention, by):
    """Close the draft and have its text made, once, in the background. Names of parties are kept as they are now.

    Raises NotReady when something is missing, WrongState when it is no longer a draft.
    """
    locked = states.lock(convention)
    if locked.state != ConventionState.DRAFT:
        raise states.WrongState(locked.state)
    if locked.parent_id:  # an amendment and a bulletin frozen at once: the second sees the first
        states.lock(locked.parent)
    refuse_gaps(locked)
    states.move(convention, to=ConventionState.FREEZING, variables=wording.filled(locked))
    for party in convention.parties.select_related("organisation").order_by("pk"):
        if party.name != party.organisation.legal_name:
            convention.parties.filter(pk=party.pk).update(name=party.organisation.legal_name)
    if char := glyphs.missing_from_page(_page_of(convention)):
        raise NotReady([("text", glyphs.refusal(char))])
    work(convention, FREEZE_JOB, by=by)
    journal.record("convention.frozen", convention, by=by, **anchors(convention))
    return convention


def refuse_gaps(convention):
    """Raise NotReady unless every blank is filled and every party has its signatory."""
    parties = list(convention.parties.order_by("pk"))
    signatories = {}
    for signatory in Signatory.objects.current().filter(party__in=parties).order_by("rank", "pk"):
        signatories.setdefault(signatory.party_id, []).append(signatory)
    template = family.template_of(convention)
    gaps = rules.missing_before_freezing(template, wording.filled(convention), parties, signatories)
    if gaps := [*gaps, *wording.gaps_of(convention)]:
        raise NotReady(gaps)


def work(convention, kind, *, by=None):
    """Ask for a piece of background work on a convention."""
    return jobs.enqueue(
        kind,
        title=f"Convention n° {convention.reference}",
        by=by,
        region_id=convention.region_id,
        cohort_id=convention.cohort_id,
        convention=convention.pk,
    )


def make_original(*, convention):
    """Make the page and the PDF to sign, seal it, keep both with their fingerprints. Doing it again changes nothing.

    Raises PdfUnavailable when this machine makes no PDF, NotSealed when no seal could be put now.
    """
    if convention.state != ConventionState.FREEZING:
        return convention
    artefact = sealing.claim(
        convention=convention,
        kind=DocumentKind.ORIGINAL,
        state=ConventionState.FREEZING,
        draw=lambda: drawn_original(convention),
    )
    if artefact is None:
        convention.refresh_from_db(fields=["state", "revision"])
        return convention
    content, key = sealing.sealed(artefact, reason=f"Texte arrêté de la convention n° {convention.reference}")
    with transaction.atomic():
        locked = states.lock(convention)
        if locked.state != ConventionState.FREEZING:
            return locked
        document = sealing.keep(locked, artefact, content, key)
        parties = locked.parties.select_related("organisation").order_by("pk")
        trail.append(
            locked,
            TrailKind.FROZEN,
            actor=trail.PRODUCT,
            data={
                **sealing.facts(document, key),
                "template": convention.version.sha256,
                "parties": [party.organisation.public_id for party in parties],
            },
        )
        return states.move(locked, to=ConventionState.FROZEN)


def drawn_original(convention):
    """The text to sign, before its seal: nobody has seen it."""
    template, html = family.template_of(convention), _page_of(convention)
    pdf, pages = drawing.document_pdf(
        html=html, title=template.title, made_at=convention.created_at, **drawing.marks(convention)
    )
    return sealing.Drawn(html, pdf, pages)


def _page_of(convention):
    """Its page, as it is signed."""
    revision = "" if convention.cohort_id else f"{convention.number:02d}"
    return wording.original_html(convention, annexes=annexes_of(convention), revision=revision)


@transaction.atomic
def send(*, convention, by):
    """Open the frozen text to its signatories: each receives a personal link, those of the first rank at once.

    Raises WrongState, with the reason when its last day to sign has passed.
    """
    locked = states.lock(convention)
    states.refuse_unless(lifecycle.can_send(locked, clock.today()))
    states.move(locked, to=ConventionState.OPEN, sent_at=clock.now())
    until = family.give_deadline(locked)
    data = {"until": until.isoformat()} if until else {}
    trail.append(locked, TrailKind.SENT, actor=trail.by_user(by), data=data)
    for signatory in turns.whose_turn(locked):
        send_link(convention=locked, signatory=signatory, by=by)
    journal.record("convention.sent", locked, by=by, **anchors(locked))
    return locked


@transaction.atomic
def send_link(*, convention, signatory, by):
    """Send a signatory their link; the caller holds the convention."""
    Signatory.objects.filter(pk=signatory.pk).update(sent_at=clock.now(), bounced_at=None)
    outbox.post(LINK_MAIL, to_ids=[signatory.user_id], signatory=signatory.pk)
    trail.append(
        convention,
        TrailKind.LINK_SENT,
        actor=trail.by_user(by),
        data={"signatory": signatory.public_id},
        sensitive={"address": signatory.email},
    )
    return signatory


@transaction.atomic
def resend_link(*, signatory, by):
    """Send a signatory their link again; the former ones keep working."""
    convention = states.lock(signatory.party.convention)
    states.refuse_unless(rules.can_sign(convention, signatory))
    states.refuse_unless(turns.turn_of(signatory))
    return send_link(convention=convention, signatory=signatory, by=by)


@transaction.atomic
def open_turn(*, convention):
    """Send their link to those whose turn has come since. Doing it again sends nothing more."""
    locked = states.lock(convention)
    if locked.state != ConventionState.OPEN:
        return locked
    for signatory in turns.whose_turn(locked).filter(sent_at=None):
        send_link(convention=locked, signatory=signatory, by=None)
    return locked


def tell_preparers(convention, kind, **payload):
    """Write to whoever prepares the conventions of the region; failing them, to who began this one."""
    coordinators = Membership.objects.filter(
        current(clock.today()),
        role=Role.REGION_ADMIN,
        organisation__region_id=convention.region_id,
        user__is_active=True,
    )
    to_ids = list(coordinators.order_by("pk").values_list("user_id", flat=True)) or [convention.created_by_id]
    outbox.post(kind, to_ids=[pk for pk in to_ids if pk], convention=convention.pk, **payload)


def may_cancel(convention):
    """The verdict on taking a text back now."""
    validated = CommitteeValidation.objects.filter(convention=convention).exists()
    return rules.can_cancel(convention, family.template_of(convention).entry, validated=validated)


@transaction.atomic
def cancel(*, convention, reason, by):
    """Take a convention back before all have signed: links are void, those who had received it are told why.

    A charter that a committee did not validate is taken back though all have signed. Raises WrongState with the reason.
    """
    locked = states.lock(convention)
    states.refuse_unless(may_cancel(locked))
    told = locked.state in (ConventionState.OPEN, ConventionState.SIGNED)
    chained = told or locked.state == ConventionState.FROZEN
    states.move(locked, to=ConventionState.CANCELLED, end_reason=reason)
    signatories = list(Signatory.objects.current().filter(party__convention=locked).order_by("pk"))
    for signatory in signatories:
        links.void(LINK, signatory.pk)
    if chained:
        trail.append(locked, TrailKind.CANCELLED, actor=trail.by_user(by), data={"reason": reason})
    if told:
        to_ids = [signatory.user_id for signatory in signatories]
        outbox.post(CANCELLED_MAIL, to_ids=to_ids, convention=locked.pk)
        clearances.settle(convention=locked, by=by)
    journal.record("convention.cancelled", locked, by=by, **anchors(locked))
    return locked


@transaction.atomic
def end(*, convention, last_day, reason, by):
    """Put an end to a convention in force: rounds close after `last_day`; tools, answers and plans stay open.

    Source: convention, article 4; adhesion and clause alone open the tools. Raises WrongState with the reason
    when it is not in force, or the day is not one it may end on.
    """
    locked = family.lock(convention)
    states.refuse_unless(rules.can_end(locked, last_day, clock.today()))
    states.move(locked, to=ConventionState.ENDED, ended_on=last_day, end_reason=reason)
    trail.append(
        locked, TrailKind.ENDED, actor=trail.by_user(by), data={"last_day": last_day.isoformat(), "reason": reason}
    )
    _end_followers(locked, last_day, reason, by)
    clearances.settle(convention=locked, by=by)
    to_ids = (
        Signatory.objects.current().filter(party__convention=locked).order_by("pk").values_list("user_id", flat=True)
    )
    outbox.post(ENDED_MAIL, to_ids=to_ids, convention=locked.pk)
    journal.record("convention.ended", locked, by=by, **anchors(locked))
    return locked


def _end_followers(convention, last_day, reason, by):
    """What follows a convention, held already, ends with it: what is in force on the same day, the rest is taken back."""
    for text in family.followers(convention).exclude(state__in=(*OVER, ConventionState.SIGNED)):
        if text.state != ConventionState.IN_FORCE:
            cancel(convention=text, reason=reason, by=by)
            continue
        states.move(text, to=ConventionState.ENDED, ended_on=last_day, end_reason=reason)
        data = {"last_day": last_day.isoformat(), "reason": reason}
        trail.append(text, TrailKind.ENDED, actor=trail.by_user(by), data=data)
