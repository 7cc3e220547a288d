"""Two acts at the same moment on one convention: one outcome, whole, and no deadlock. PostgreSQL only."""

from datetime import date, timedelta

import pytest
from django.db import connection

from caprse.base import clock
from cohorts.models import Cohort
from conventions.enums import ConventionState, Nature
from conventions.models import Convention, Party, Refusal, Signature, TrailEntry
from conventions.services import amending, leaving, life, refusing, sending, signing, states, trail, versions
from conventions.services.codes import CodeRefused, SigningClosed
from tests import worlds_conventions as do
from tests.conventions import followers_at_hand as go
from tests.harness.threads import at_once
from tests.worlds import World

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one transaction at a time")
REFUSALS = (CodeRefused, SigningClosed, states.WrongState)


def together(*acts):
    """Do them all at the same moment; what each returned, or the refusal it met."""
    outcomes = at_once(*acts)
    assert [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, REFUSALS)] == []
    return outcomes


def signing_of(signatory):
    """The act of signing, its code asked for beforehand."""
    session = f"course-{signatory.pk}"
    act = do.act(signatory, session, do.code_for(signatory, session))
    return lambda: signing.sign(signatory=signatory, act=act)


@pytest.fixture
def opened(committed_db):
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    return do.sent_convention(Cohort.objects.select_related("region", "version").get(slug="suivante"))


def test_two_people_make_the_next_version_at_once_and_there_is_one(opened):
    sending.cancel(convention=opened, reason="Erreur", by=None)
    former = go.fresh(opened)
    outcomes = together(*[lambda: versions.new_version(convention=former, reason="Encore", by=None)] * 3)
    assert len({version.pk for version in outcomes}) == 1
    version = Convention.objects.get(supersedes=former)
    assert version.parties.count() == former.parties.count()
    assert TrailEntry.objects.filter(convention=former, kind="superseded").count() == 1
    assert trail.verify(former) is None


def test_two_people_begin_an_amendment_at_once_and_there_is_one(committed_db):
    convention = World("ours").convention
    before = set(Convention.objects.filter(parent=convention).values_list("pk", flat=True))
    together(*[lambda: amending.draft_amendment(convention=convention, by=None)] * 3)
    begun = Convention.objects.filter(parent=convention, nature=Nature.AMENDMENT).exclude(pk__in=before)
    assert begun.count() == 1
    assert begun.get().parties.count() == convention.parties.count()


def test_a_refusal_while_the_last_one_signs_leaves_it_refused_or_signed_never_both(opened):
    first, second = do.signatories_of(opened)
    do.sign_as(first)
    sign = signing_of(second)
    together(sign, lambda: refusing.refuse(signatory=second, reason="Non", circumstances=do.HERE))
    signed = Signature.objects.filter(signatory=second).exists()
    refused = Refusal.objects.filter(signatory=second).exists()
    assert signed != refused
    assert go.fresh(opened).state == (ConventionState.SIGNED if signed else ConventionState.REFUSED)
    assert trail.verify(opened) is None


def test_a_deadline_that_passes_while_the_last_one_signs_leaves_it_expired_and_unsigned(opened):
    first, second = do.signatories_of(opened)
    do.sign_as(first)
    sign = signing_of(second)
    Convention.objects.filter(pk=opened.pk).update(expires_on=clock.today() - timedelta(days=1))
    refused, _ = together(sign, life.expire_due)
    assert isinstance(refused, SigningClosed)
    assert go.fresh(opened).state == ConventionState.EXPIRED
    assert not Signature.objects.filter(signatory=second).exists()
    assert TrailEntry.objects.filter(convention=opened, kind="expired").count() == 1
    assert trail.verify(opened) is None


def test_a_new_version_while_the_last_one_signs_takes_back_or_comes_too_late(opened):
    first, second = do.signatories_of(opened)
    do.sign_as(first)
    sign = signing_of(second)
    together(sign, lambda: versions.new_version(convention=opened, reason="Une erreur", by=None))
    signed = Signature.objects.filter(signatory=second).exists()
    assert Convention.objects.filter(supersedes=opened).exists() != signed
    assert go.fresh(opened).state == (ConventionState.SIGNED if signed else ConventionState.SUPERSEDED)


def test_a_party_leaves_while_the_others_sign_the_amendment_and_it_is_complete_once(committed_db):
    convention = World("ours").convention
    amendment = go.opened(go.drafted(convention))
    gone = convention.parties.get(name="Structure échue")
    people = [s for s in do.signatories_of(amendment) if s.party.organisation_id != gone.organisation_id]
    for signatory in people[:-2]:
        do.sign_as(signatory)
    acts = [signing_of(signatory) for signatory in people[-2:]]
    outcomes = together(
        *acts, lambda: leaving.leave(party=gone, last_day=date(2025, 11, 3), reason="Elle s’en va", by=None)
    )
    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    assert go.fresh(amendment).state == ConventionState.SIGNED
    assert TrailEntry.objects.filter(convention=amendment, kind="completed").count() == 1
    assert TrailEntry.objects.filter(convention=convention, kind="amended").count() == 1
    assert trail.verify(amendment) is None
    assert trail.verify(convention) is None


def test_who_leaves_while_signing_has_signed_or_has_left_and_the_amendment_goes_on(committed_db):
    convention = World("ours").convention
    amendment = go.opened(go.drafted(convention))
    gone = convention.parties.get(name="Structure échue")
    mine = next(s for s in do.signatories_of(amendment) if s.party.organisation_id == gone.organisation_id)
    sign = signing_of(mine)
    together(sign, lambda: leaving.leave(party=gone, last_day=date(2025, 11, 3), reason="Elle s’en va", by=None))
    party = Party.objects.get(convention=amendment, organisation=gone.organisation_id)
    assert party.left_on == date(2025, 11, 3)
    assert go.completed(go.fresh(amendment)).state == ConventionState.IN_FORCE
    assert trail.verify(amendment) is None
