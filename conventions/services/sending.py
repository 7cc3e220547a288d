"""From a draft to a frozen text, from there to the signatories, and the ways out."""

from django.db import transaction

from caprse.base import clock, jobs, journal, links, outbox
from cohorts.enums import ClearanceKind
from cohorts.models import Participation
from cohorts.services.cohorts import withdraw_clearances
from conventions import documents, rules
from conventions.enums import ConventionState, DocumentKind, TrailKind
from conventions.models import FrozenDocument, Signatory
from conventions.models.conventions import LINK
from conventions.services import states, trail

FREEZE_JOB, FINAL_JOB = "convention_freeze", "convention_final"
LINK_MAIL, CANCELLED_MAIL, ENDED_MAIL = "signing_link", "convention_cancelled", "convention_ended"


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
    refuse_gaps(locked)
    states.move(convention, to=ConventionState.FREEZING)
    for party in convention.parties.select_related("organisation").order_by("pk"):
        if party.name != party.organisation.legal_name:
            convention.parties.filter(pk=party.pk).update(name=party.organisation.legal_name)
    work(convention, FREEZE_JOB, by=by)
    journal.record("convention.frozen", convention, by=by, **anchors(convention))
    return convention


def refuse_gaps(convention):
    """Raise NotReady unless every blank is filled and every party has its signatory."""
    parties = list(convention.parties.order_by("pk"))
    signatories = {s.party_id: s for s in Signatory.objects.current().filter(party__in=parties).order_by("pk")}
    template = documents.read_template(convention.version.content)
    if gaps := rules.missing_before_freezing(template, convention.variables, parties, signatories):
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
    """Make the page and the PDF to sign, store both with their fingerprints. Doing it again changes nothing.

    Raises PdfUnavailable when this machine makes no PDF.
    """
    if convention.state != ConventionState.FREEZING:
        return convention
    template = documents.read_template(convention.version.content)
    html = documents.original_html(
        template=template,
        variables=convention.variables,
        reference=convention.reference,
        version_number=convention.version.number,
        parties=convention.parties.all(),
    )
    pdf, pages = documents.document_pdf(
        html=html, title=template.title, reference=convention.reference, made_at=convention.created_at
    )
    with transaction.atomic():
        locked = states.lock(convention)
        if locked.state != ConventionState.FREEZING:
            return locked
        document = FrozenDocument.objects.create(
            region_id=locked.region_id,
            convention=locked,
            kind=DocumentKind.ORIGINAL,
            html=html,
            html_sha256=documents.sha256(html),
            pdf=pdf,
            pdf_sha256=documents.sha256(pdf),
            pages=pages,
        )
        trail.append(
            locked,
            TrailKind.FROZEN,
            actor=trail.PRODUCT,
            data={
                "pdf_sha256": document.pdf_sha256,
                "html_sha256": document.html_sha256,
                "template": convention.version.sha256,
                "parties": [party.organisation.public_id for party in locked.parties.order_by("pk")],
            },
        )
        return states.move(locked, to=ConventionState.FROZEN)


@transaction.atomic
def send(*, convention, by):
    """Open the frozen text to its signatories: each receives a personal link."""
    locked = states.lock(convention)
    states.move(locked, to=ConventionState.OPEN, sent_at=clock.now())
    trail.append(locked, TrailKind.SENT, actor=trail.by_user(by))
    for signatory in Signatory.objects.current().filter(party__convention=locked).order_by("pk"):
        send_link(convention=locked, signatory=signatory, by=by)
    journal.record("convention.sent", locked, by=by, **anchors(locked))
    return locked


@transaction.atomic
def send_link(*, convention, signatory, by):
    """Send a signatory their link; the caller holds the convention."""
    Signatory.objects.filter(pk=signatory.pk).update(sent_at=clock.now())
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
    if convention.state != ConventionState.OPEN:
        raise states.WrongState(convention.state)
    return send_link(convention=convention, signatory=signatory, by=by)


@transaction.atomic
def cancel(*, convention, reason, by):
    """Take a convention back before all have signed: links are void, those who had received it are told why."""
    locked = states.lock(convention)
    told = locked.state == ConventionState.OPEN
    chained = locked.state in (ConventionState.FROZEN, ConventionState.OPEN)
    states.move(locked, to=ConventionState.CANCELLED, end_reason=reason)
    signatories = list(Signatory.objects.current().filter(party__convention=locked).order_by("pk"))
    for signatory in signatories:
        links.void(LINK, signatory.pk)
    if chained:
        trail.append(locked, TrailKind.CANCELLED, actor=trail.by_user(by), data={"reason": reason})
    if told:
        to_ids = [signatory.user_id for signatory in signatories]
        outbox.post(CANCELLED_MAIL, to_ids=to_ids, convention=locked.pk)
        _close_rounds(locked, clock.today(), by)
    journal.record("convention.cancelled", locked, by=by, **anchors(locked))
    return locked


@transaction.atomic
def end(*, convention, last_day, reason, by):
    """Put an end to a convention in force: rounds close after `last_day`; tools, answers and plans stay open.

    Source: convention, article 4; adhesion and clause alone open the tools. Raises WrongState with the reason
    when it is not in force, or the day is not one it may end on.
    """
    locked = states.lock(convention)
    verdict = rules.can_end(locked, last_day, clock.today())
    if not verdict:
        raise states.WrongState(verdict.reason)
    states.move(locked, to=ConventionState.ENDED, ended_on=last_day, end_reason=reason)
    trail.append(
        locked, TrailKind.ENDED, actor=trail.by_user(by), data={"last_day": last_day.isoformat(), "reason": reason}
    )
    _close_rounds(locked, last_day, by)
    to_ids = (
        Signatory.objects.current().filter(party__convention=locked).order_by("pk").values_list("user_id", flat=True)
    )
    outbox.post(ENDED_MAIL, to_ids=to_ids, convention=locked.pk)
    journal.record("convention.ended", locked, by=by, **anchors(locked))
    return locked


def _close_rounds(convention, last_day, by):
    bound = Participation.objects.filter(
        cohort_id=convention.cohort_id, organisation__in=convention.parties.values("organisation")
    )
    withdraw_clearances(participations=bound, kind=ClearanceKind.CONVENTION, until=last_day, by=by)
