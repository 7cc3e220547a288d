"""What time does to a convention: its deadline, its entry into force, what a completed text does to the one it follows."""

from datetime import date

from django.db import transaction

from caprse.base import clock, journal, links, outbox, sweeps
from cohorts.enums import OrganisationKind
from conventions import lifecycle
from conventions.enums import ConventionState, DocumentKind, EntryIntoForce, Nature, TrailKind
from conventions.models import CommitteeValidation, Convention, FrozenDocument, Party, Signatory
from conventions.models.conventions import LINK
from conventions.services import annexes, clearances, family, register, sending, states, trail

EXPIRED_MAIL, DEADLINE_MAIL, JOINED_MAIL = "convention_expired", "convention_deadline", "convention_party_joined"


# --- The deadline -------------------------------------------------------------------------------------------------


@transaction.atomic
def set_deadline(*, convention, day, by):
    """The last day to sign, included. Once sent, it is only put off, before it passes, and signatories are told.

    The same day again changes nothing. Raises WrongState with the reason.
    """
    locked = states.lock(convention)
    if locked.expires_on == day and not lifecycle.has_expired(locked, clock.today()):
        return locked
    states.refuse_unless(lifecycle.can_set_deadline(locked, day, clock.today()))
    Convention.objects.filter(pk=locked.pk).update(expires_on=day)
    locked.expires_on = day
    if locked.state != ConventionState.DRAFT:
        trail.append(locked, TrailKind.DEADLINE_SET, actor=trail.by_user(by), data={"until": day.isoformat()})
    if locked.state == ConventionState.OPEN:
        waiting = Signatory.objects.awaited().filter(party__convention=locked, sent_at__isnull=False).order_by("pk")
        outbox.post(DEADLINE_MAIL, to_ids=waiting.values_list("user_id", flat=True), convention=locked.pk)
    journal.record("convention.deadline_set", locked, by=by, **sending.anchors(locked))
    return locked


def expire_due(today=None):
    """Close what was not signed in time: links die, whoever prepares it is told. Doing it again does nothing."""
    today = today or clock.today()
    due = Convention.objects.filter(state=ConventionState.OPEN, expires_on__lt=today).order_by("pk")
    closed = sweeps.each(due, lambda convention: expire(convention=convention, today=today) and convention)
    return [convention for convention in closed if convention]


@transaction.atomic
def expire(*, convention, today):
    """One convention whose last day has passed; False when it was signed, or given more time, in between."""
    locked = states.lock(convention)
    if not lifecycle.has_expired(locked, today):
        return False
    states.move(locked, to=ConventionState.EXPIRED)
    for pk in Signatory.objects.current().filter(party__convention=locked).values_list("pk", flat=True):
        links.void(LINK, pk)
    trail.append(locked, TrailKind.EXPIRED, actor=trail.PRODUCT, data={"until": locked.expires_on.isoformat()})
    clearances.settle(convention=locked)
    sending.tell_preparers(locked, EXPIRED_MAIL)
    journal.record("convention.expired", locked, by=None, **sending.anchors(locked))
    return True


# --- Signed by all ------------------------------------------------------------------------------------------------


def completed(convention):
    """What a text that all have signed does at once to the one it follows; the caller holds it.

    The follower is held before the one it follows, everywhere. A bulletin makes its structure a party; an amendment,
    those that it brings in.
    """
    if convention.nature == Nature.CONVENTION:
        return
    parent = states.lock(convention.parent)
    data = {"by": convention.public_id, "chain_head": trail.head(convention)}
    if convention.nature == Nature.ACCESSION:
        party = convention.parties.select_related("organisation").get(role=OrganisationKind.STRUCTURE)
        joined = _make_party(parent, party)
        others = Signatory.objects.current().filter(party__in=family.current_parties(parent).exclude(pk=joined.pk))
        outbox.post(
            JOINED_MAIL, to_ids=others.order_by("pk").values_list("user_id", flat=True), convention=convention.pk
        )
        data["party"] = party.organisation.public_id
        trail.append(parent, TrailKind.PARTY_JOINED, actor=trail.PRODUCT, data=data)
        return
    trail.append(parent, TrailKind.AMENDED, actor=trail.PRODUCT, data=data)
    for party in list(family.entering(convention).select_related("organisation")):
        _make_party(parent, party)
        joins = {**data, "party": party.organisation.public_id}
        trail.append(parent, TrailKind.PARTY_JOINED, actor=trail.PRODUCT, data=joins)
    clearances.settle(convention=parent)


def _make_party(parent, party):
    """Who signed a follower becomes a party of the text it follows, or is one again after having left."""
    said = {"role": party.role, "name": party.name, "values": party.values}
    joined, new = Party.objects.get_or_create(
        convention=parent, organisation_id=party.organisation_id, defaults={"region_id": parent.region_id, **said}
    )
    if not new:
        Party.objects.filter(pk=joined.pk).update(left_on=None, left_reason="")
    return joined


def day_of_entry(convention):
    """From which day this text, signed by all, binds; None while its committee is waited for."""
    template = family.template_of(convention)
    typed = convention.variables.get(template.entry_variable, "") if template.entry_variable else ""
    validated_on = None
    if template.entry == EntryIntoForce.COMMITTEE:
        rows = CommitteeValidation.objects.filter(convention=convention).order_by("decided_on", "pk")
        validated_on = rows.values_list("decided_on", flat=True).first()
    return lifecycle.entry_day(
        template.entry,
        completed_on=clock.day_of(convention.completed_at),
        day=date.fromisoformat(typed) if typed else None,
        validated_on=validated_on,
    )


@transaction.atomic
def enter_into_force(*, convention):
    """Put in force what all have signed, once its document is made and its day has come. Doing it again does nothing.

    Called when the document is made, when a committee validates, and each day. Returns the convention as it stands.
    """
    locked = states.lock(convention)
    made = FrozenDocument.objects.filter(convention=locked, kind=DocumentKind.FINAL).exists()
    if locked.state != ConventionState.SIGNED or not made:
        return locked
    day = day_of_entry(locked)
    if day is None or day > clock.today():
        return locked
    states.move(locked, to=ConventionState.IN_FORCE, in_force_on=day)
    if locked.parent_id and _ended_meanwhile(locked):
        return locked
    register.open_register(convention=locked)
    if locked.nature == Nature.AMENDMENT:
        annexes.apply_amendment(amendment=locked)
    return locked


def _ended_meanwhile(convention):
    """A text whose seal waited while the one it follows ended, ends with it. Whether it did."""
    parent = states.lock(convention.parent)
    if parent.state != ConventionState.ENDED:
        return False
    states.move(convention, to=ConventionState.ENDED, ended_on=parent.ended_on, end_reason=parent.end_reason)
    data = {"last_day": parent.ended_on.isoformat(), "reason": parent.end_reason}
    trail.append(convention, TrailKind.ENDED, actor=trail.PRODUCT, data=data)
    return True


def enter_due():
    """Those signed and made whose day has come since. Returns how many entered into force."""
    made = FrozenDocument.objects.filter(kind=DocumentKind.FINAL).values("convention")
    rows = Convention.objects.filter(state=ConventionState.SIGNED, pk__in=made).select_related("version").order_by("pk")
    entered = sweeps.each(rows, lambda row: enter_into_force(convention=row))
    return sum(convention.state == ConventionState.IN_FORCE for convention in entered)
