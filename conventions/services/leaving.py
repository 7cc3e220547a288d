"""A party leaves: it asks, or whoever prepares the convention notes it; then its rounds close and texts under way go on."""

from django.db import transaction

from caprse.base import clock, journal, links, outbox, sweeps
from cohorts.models import Participation
from conventions import lifecycle
from conventions.enums import ConventionState, Nature, TrailKind
from conventions.models import Convention, Party, Signatory, Signature
from conventions.models.conventions import LINK, OVER
from conventions.services import clearances, family, sending, signing, states, trail

LEAVE_ASKED_MAIL, PARTY_LEFT_MAIL = "convention_leave_asked", "convention_party_left"


@transaction.atomic
def ask_to_leave(*, party, reason, by):
    """A party asks to withdraw, in writing: noted in the chain, whoever prepares is told and decides of the day.

    Before all have signed nobody is bound: the party takes itself back, and the signature is suspended for all.
    Asking again changes nothing. Raises WrongState with the reason.
    """
    return _ask(party, reason, actor=trail.by_user(by), by=by, sensitive={})


@transaction.atomic
def take_back(*, signatory, reason, circumstances):
    """Somebody who has signed goes back on it by their own link, before all have: the same, without account."""
    if not Signature.objects.filter(signatory=signatory).exists():
        raise states.WrongState("Vous n’avez pas signé : vous pouvez refuser de signer.")
    convention = states.lock(signatory.party.convention)
    if convention.state != ConventionState.OPEN and not signatory.party.left_reason:
        raise states.WrongState("Toutes les parties ont signé, ou la signature est close : rien n’a été changé.")
    actor = trail.by_signatory(signatory)
    return _ask(signatory.party, reason, actor=actor, by=signatory.user, sensitive=circumstances.values)


def _ask(party, reason, *, actor, by, sensitive):
    convention = states.lock(party.convention)
    locked = Party.objects.select_for_update().get(pk=party.pk)
    if locked.left_reason:
        return locked
    states.refuse_unless(lifecycle.can_ask_to_leave(convention, locked))
    Party.objects.filter(pk=locked.pk).update(left_reason=reason)
    locked.left_reason = reason
    organisation = locked.organisation.public_id
    trail.append(
        convention,
        TrailKind.LEAVE_ASKED,
        actor=actor,
        data={"party": organisation},
        sensitive={"reason": reason, **sensitive},
    )
    if convention.state == ConventionState.OPEN:
        states.move(convention, to=ConventionState.REFUSED)
    sending.tell_preparers(convention, LEAVE_ASKED_MAIL, party=locked.pk)
    journal.record("convention.leave_asked", convention, by=by, **sending.anchors(convention, locked))
    return locked


@transaction.atomic
def leave(*, party, last_day, reason, by):
    """Note that a party leaves, after a last day: its rounds close, the others are told, it signs nothing more.

    An amendment being signed goes on without it as soon as it has left. Doing it again changes nothing. Raises
    WrongState with the reason.
    """
    convention = family.lock(party.convention)
    locked = Party.objects.select_for_update().get(pk=party.pk)
    if locked.left_on == last_day and locked.left_reason == reason:
        return locked
    states.refuse_unless(lifecycle.can_leave(convention, locked, last_day))
    Party.objects.filter(pk=locked.pk).update(left_on=last_day, left_reason=reason)
    locked.left_on, locked.left_reason = last_day, reason
    data = {"party": locked.organisation.public_id, "last_day": last_day.isoformat()}
    trail.append(convention, TrailKind.PARTY_LEFT, actor=trail.by_user(by), data=data, sensitive={"reason": reason})
    bulletins = family.followers(convention, Nature.ACCESSION).filter(state=ConventionState.IN_FORCE)
    joined = Party.objects.filter(convention__in=bulletins, organisation_id=locked.organisation_id)
    joined.update(left_on=last_day, left_reason=reason)
    clearances.settle(convention=convention, by=by)
    told = Signatory.objects.current().filter(party__convention=convention).order_by("pk")
    outbox.post(
        PARTY_LEFT_MAIL, to_ids=told.values_list("user_id", flat=True), convention=convention.pk, party=locked.pk
    )
    if last_day < clock.today():
        _out_of_texts_under_way(convention, locked, by)
    journal.record("convention.party_left", convention, by=by, **sending.anchors(convention, locked))
    return locked


def _out_of_texts_under_way(convention, party, by):
    """The texts that follow, held already: who has left signs none; those that only waited for it are complete."""
    for text in family.followers(convention).exclude(state__in=OVER):
        rows = text.parties.filter(organisation_id=party.organisation_id, left_on=None)
        gone = rows.select_related("organisation").first()
        if gone is None or text.state in (ConventionState.SIGNED, ConventionState.IN_FORCE):
            continue
        if text.state == ConventionState.DRAFT:
            Signatory.objects.filter(party=gone).delete()
            gone.delete()
            continue
        Party.objects.filter(pk=gone.pk).update(left_on=party.left_on, left_reason=party.left_reason)
        unsigned = Signatory.objects.current().filter(party=gone, signature=None)
        for pk in list(unsigned.values_list("pk", flat=True)):
            links.void(LINK, pk)
        unsigned.update(replaced_at=clock.now(), replaced_why="La partie est sortie de la convention.")
        data = {"party": gone.organisation.public_id, "last_day": party.left_on.isoformat()}
        trail.append(text, TrailKind.PARTY_LEFT, actor=trail.by_user(by), data=data)
        signing.complete_if_all_signed(text)


def take_out_departed():
    """Each day: those whose last day has passed sign nothing more of what is under way. Returns how many."""
    today = clock.today()
    under_way = Convention.objects.filter(parent__isnull=False).exclude(
        state__in=(*OVER, ConventionState.SIGNED, ConventionState.IN_FORCE)
    )
    rows = Party.objects.filter(
        left_on__lt=today, convention__state=ConventionState.IN_FORCE, convention__in=under_way.values("parent")
    )
    waiting = [party for party in rows.order_by("pk") if _still_named(party, under_way)]
    return len(sweeps.each(waiting, _take_out))


@transaction.atomic
def _take_out(party):
    convention = family.lock(party.convention)
    _out_of_texts_under_way(convention, Party.objects.get(pk=party.pk), None)


def _still_named(party, under_way):
    rows = under_way.filter(parent=party.convention_id)
    return Party.objects.filter(convention__in=rows, organisation_id=party.organisation_id, left_on=None).exists()


def left_the_cohort(convention):
    """The structures that have left the cohort and are still parties: leaving one is not leaving the other."""
    if convention.cohort_id is None or convention.state != ConventionState.IN_FORCE:
        return []
    gone = Participation.objects.filter(cohort=convention.cohort_id, left_on__isnull=False)
    days = dict(gone.values_list("organisation_id", "left_on"))
    parties = convention.parties.filter(left_on=None, organisation__in=days).order_by("name")
    return [(party, days[party.organisation_id]) for party in parties]
