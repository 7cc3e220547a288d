"""The library of proposed actions: what may be written in it, what stays when it changes, when a version comes."""

import pytest
from django.db import IntegrityError, transaction

from caprse.base.access import STRUCTURE, Audience
from caprse.base.models import AuditEvent
from caprse.base.versioned import StaleSave
from referentiel.models import Criterion, ProposedAction
from referentiel.services import publish
from referentiel.services.proposals import (
    ProposalRefused,
    edit_proposal,
    offer_proposal,
    propose_action,
    withdraw_proposal,
)
from tests.harness.threads import at_once
from tests.worlds import World

SAID = {
    "what": "Ranger l’atelier à quatre mains",
    "why": "On s’y retrouve",
    "means": "Une matinée",
    "indicator": "Chaque outil a sa place",
    "effort": 1,
    "effect": 3,
    "publishable": False,
}
NATIONAL, MEMBERS = frozenset({Audience.NATIONAL_STAFF}), frozenset(STRUCTURE)


@pytest.fixture
def ours(db):
    return World("ours")


def write(ours, level=0, **more):
    said = {**SAID, **more}
    criterion = Criterion.objects.get(chapter__version=ours.participation.cohort.version, code="1.2")
    referentiel = ours.participation.cohort.version.referentiel
    where = {"referentiel": referentiel, "criterion_stable_id": criterion.stable_id, "level": level}
    return propose_action(**where, by_name="Nadia", by=ours.editor, **said)


def test_it_is_written_offered_and_journalled(ours):
    proposal = write(ours)
    assert {name: getattr(proposal, name) for name in SAID} == SAID
    assert (proposal.written_by, proposal.withdrawn_at) == ("Nadia", None)
    line = AuditEvent.objects.get(target_type="referentiel.proposedaction", target_id=proposal.pk)
    assert (line.verb, line.actor_id) == ("proposed_action.written", ours.editor.pk)


def test_members_read_those_offered_national_staff_all_and_nobody_else_any(ours):
    withdraw_proposal(proposal=write(ours), by_name="Nadia")
    referentiel = ours.participation.cohort.version.referentiel
    mine = ProposedAction.objects.filter(referentiel=referentiel)
    assert list(mine.readable_by(MEMBERS)) == [ours.proposal]
    assert mine.readable_by(NATIONAL).count() == mine.count() == 3
    assert not mine.readable_by(frozenset({Audience.PARTNER})).exists()


def test_sent_twice_at_once_it_is_one(committed_db):
    ours = World("ours")
    given = at_once(*[lambda: write(World("ours")).pk] * 4)
    assert set(given) == {ProposedAction.objects.get(what=SAID["what"]).pk}
    assert write(ours, level=1).pk not in given


@pytest.mark.parametrize("level", [-1, 3, 32_767])
def test_a_level_out_of_the_scale_is_refused(ours, level):
    with pytest.raises(ProposalRefused, match="pas dans l’échelle") as refusal:
        write(ours, level=level)
    assert refusal.value.field == "level"
    assert not ProposedAction.objects.filter(what=SAID["what"]).exists()


def test_a_criterion_of_another_referentiel_is_refused(ours):
    theirs = World("stranger").proposal.criterion_stable_id
    referentiel = ours.participation.cohort.version.referentiel
    with pytest.raises(ProposalRefused, match="pas dans la version en vigueur"):
        propose_action(referentiel=referentiel, criterion_stable_id=theirs, level=0, by_name="Nadia", **SAID)


@pytest.mark.parametrize("field", ["what", "why", "means", "indicator"])
def test_words_of_the_referentiel_stay_between_members(ours, field):
    copied = "Description 1.1 degré 0"
    kept = write(ours, **{field: copied})
    assert getattr(kept, field) == copied
    with pytest.raises(ProposalRefused, match="critère 1.1, niveau 0") as refusal:
        write(ours, level=1, **{field: copied, "publishable": True})
    assert refusal.value.field == "publishable"
    with pytest.raises(ProposalRefused, match="réservé aux adhérents"):
        edit_proposal(proposal=kept, revision=0, level=0, **{**SAID, field: copied, "publishable": True})
    kept.refresh_from_db()
    assert kept.publishable is False


def test_a_stale_change_is_refused_and_the_same_words_write_nothing(ours):
    proposal = write(ours)
    edit_proposal(proposal=write(ours), revision=0, level=0, **{**SAID, "what": "Autre chose"})
    with pytest.raises(StaleSave) as refusal:
        edit_proposal(proposal=proposal, revision=0, level=0, **{**SAID, "what": "La mienne"})
    assert refusal.value.current.what == "Autre chose"
    before = AuditEvent.objects.count()
    same = edit_proposal(proposal=refusal.value.current, revision=1, level=0, **{**SAID, "what": "Autre chose"})
    assert (same.revision, AuditEvent.objects.count()) == (1, before)


def test_withdrawn_it_does_not_change_and_may_be_offered_again(ours):
    proposal = withdraw_proposal(proposal=write(ours), by_name="Paul", by=ours.editor)
    assert (proposal.withdrawn_by, proposal.withdrawn_at is not None) == ("Paul", True)
    with pytest.raises(ProposalRefused, match="déjà retirée"):
        withdraw_proposal(proposal=proposal, by_name="Paul")
    with pytest.raises(ProposalRefused, match="ne change plus"):
        edit_proposal(proposal=proposal, revision=0, level=0, **{**SAID, "what": "Autre"})
    again = offer_proposal(proposal=proposal, by=ours.editor)
    assert (again.withdrawn_at, again.withdrawn_by, again.what) == (None, "", SAID["what"])
    with pytest.raises(ProposalRefused, match="déjà proposée"):
        offer_proposal(proposal=again)


def test_a_new_version_keeps_the_library(ours):
    before = [(row.pk, row.criterion_stable_id, row.level) for row in ProposedAction.objects.in_order()]
    version = publish(version=ours.draft_version, by_name="Nadia", by=ours.editor)
    assert version.number == 2
    assert [(row.pk, row.criterion_stable_id, row.level) for row in ProposedAction.objects.in_order()] == before
    kept = Criterion.objects.get(chapter__version=version, stable_id=ours.proposal.criterion_stable_id)
    assert kept.code == "1.1"
    assert write(ours).withdrawn_at is None


def test_a_criterion_that_left_takes_no_new_action_and_keeps_its_own(ours):
    proposal = write(ours)
    criterion = Criterion.objects.get(chapter__version=ours.draft_version, code="1.2")
    for rows in (criterion.levels, criterion.indicators, criterion.correspondences):
        rows.all().delete()
    criterion.delete()
    publish(version=ours.draft_version, by_name="Nadia", by=ours.editor)
    with pytest.raises(ProposalRefused, match="pas dans la version en vigueur"):
        write(ours, level=1)
    changed = edit_proposal(proposal=proposal, revision=0, level=0, **{**SAID, "what": "Mieux dit"})
    assert changed.what == "Mieux dit"
    withdrawn = withdraw_proposal(proposal=proposal, by_name="Nadia")
    with pytest.raises(ProposalRefused, match="pas dans la version en vigueur"):
        offer_proposal(proposal=withdrawn)


@pytest.mark.parametrize("broken", [{"what": ""}, {"effort": 4}, {"effect": 0}, {"withdrawn_by": "Nadia"}])
def test_the_database_holds_what_an_action_is(ours, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedAction.objects.filter(pk=ours.proposal.pk).update(**broken)
