"""What a structure answers to the actions it is proposed: once, whoever sends it, and never to one withdrawn."""

import pytest
from django.db import DatabaseError, transaction

from autodiag.enums import ProposalChoice
from autodiag.models import Action, Priority, ProposalDecision
from autodiag.models.offering import criterion_of, offers_to
from autodiag.services.proposals import (
    AlreadyInPlan,
    ProposalWithdrawn,
    accept_proposal,
    reconsider_proposal,
    refuse_proposal,
)
from caprse.base.access import Audience
from caprse.base.models import AuditEvent
from cohorts.enums import Role, Visibility
from cohorts.models import Participation
from referentiel.enums import Degree
from referentiel.models import ProposedAction
from referentiel.services.proposals import withdraw_proposal
from tests.harness.threads import at_once
from tests.worlds import World

BY = "Équipe nationale"


@pytest.fixture
def ours(db):
    return World("ours")


def path_of(world):
    return Participation.objects.with_context().get(pk=world.participation.pk)


def answering(world, role=Role.REFERENT):
    path = path_of(world)
    criterion = criterion_of(path, world.proposal)
    return {"participation": path, "proposal": world.proposal, "criterion": criterion, "by": world.actor(role)}


def without_criterion(asked):
    return {name: value for name, value in asked.items() if name != "criterion"}


def offers(world, role=Role.REFERENT):
    return offers_to(world.actor(role), {Audience.REFERENT}, path_of(world))


def whats(groups):
    return [proposal.what for offer in groups for proposal in offer.proposals]


def propose(answer, what, *, effect=Degree.MEDIUM, effort=Degree.MEDIUM, level=None):
    return ProposedAction.objects.create(
        referentiel=answer.criterion.chapter.version.referentiel,
        criterion_stable_id=answer.criterion.stable_id,
        level=answer.level.value if level is None else level,
        what=what,
        effect=effect,
        effort=effort,
        written_by=BY,
    )


# --- Offered ------------------------------------------------------------------------------------------------------


def test_the_levels_chosen_make_the_offers(ours):
    Priority.objects.filter(participation=ours.participation).delete()
    answer = ours.answer(1)
    propose(answer, "À ce niveau")
    propose(answer, "À un autre", level=answer.level.value + 1)
    withdraw_proposal(proposal=propose(ours.answer(2), "Retirée"), by_name=BY)
    found = {chapter.number: whats(group) for chapter, group in offers(ours).chapters}
    assert found == {1: [ours.proposal.what], 2: ["À ce niveau"]}
    assert offers(ours).count == 2


def test_an_unknown_a_not_applicable_and_no_answer_call_for_nothing(ours):
    level = ours.answer(1).level.value
    for position in (3, 4):
        answer = ours.answer(position)
        answer.level = ours.answer(1).level
        propose(answer, f"Critère {position}", level=level)
    assert offers(ours).count == 1


def test_most_effect_for_least_effort_comes_first(ours):
    answer = ours.answer(1)
    for what, effect, effort in (("c", 2, 1), ("a", 3, 1), ("d", 1, 1), ("b", 3, 3)):
        propose(answer, what, effect=effect, effort=effort)
    groups = {chapter.number: whats(group) for chapter, group in offers(ours).chapters}
    assert groups[2] == ["a", "b", "c", "d"]


def test_priorities_put_forward_come_first(ours):
    answer = ours.answer(2)
    propose(answer, "Pour une priorité")
    Priority.objects.filter(participation=ours.participation).delete()
    Priority.objects.create(
        region_id=ours.participation.region_id,
        participation=ours.participation,
        criterion=answer.criterion,
        slot=1,
        updated_by=ours.user(Role.REFERENT),
    )
    found = offers(ours)
    assert whats(found.forward) == ["Pour une priorité"]
    assert [chapter.number for chapter, _ in found.chapters] == [1]


def test_a_level_chosen_since_changes_the_offers(ours):
    propose(ours.answer(1), "Avant")
    ours.save(ours.answer(1), by=Role.CONTRIBUTOR, kind="unknown")
    assert "Avant" not in [what for _, group in offers(ours).chapters for what in whats(group)]


def test_who_is_not_of_the_structure_is_offered_nothing(ours):
    found = offers_to(World("neighbour").actor(Role.REFERENT), {Audience.REFERENT}, path_of(ours))
    assert (found.count, found.answered, found.accepted) == (0, False, [])


# --- Answered -----------------------------------------------------------------------------------------------------


def test_accepting_copies_the_words_and_answers_the_proposal(ours):
    action = accept_proposal(**answering(ours))
    proposal, decision = ours.proposal, ProposalDecision.objects.get(participation=ours.participation)
    assert (action.what, action.why, action.means) == (proposal.what, proposal.why, proposal.means)
    assert (action.proposal, action.visibility) == (proposal, Visibility.STRUCTURE)
    assert action.criterion.stable_id == proposal.criterion_stable_id
    assert (decision.choice, decision.action) == (ProposalChoice.ACCEPTED, action)
    found = offers(ours)
    assert (found.count, [row.action for row in found.accepted]) == (0, [action])
    line = AuditEvent.objects.get(verb="proposal.accepted")
    assert line.details == {"proposal": proposal.pk, "action": action.pk}


def test_accepted_by_two_people_at_once_it_is_there_once(committed_db):
    ours = World("ours")
    acts = [answering(ours, role) for role in (Role.REFERENT, Role.CONTRIBUTOR, Role.REFERENT)]
    given = at_once(*[lambda asked=asked: accept_proposal(**asked).pk for asked in acts])
    assert set(given) == {Action.objects.get(proposal=ours.proposal).pk}
    assert ProposalDecision.objects.filter(participation=ours.participation).count() == 1


def test_accepted_and_refused_at_once_one_of_them_stands(committed_db):
    ours = World("ours")
    asked = answering(ours)
    at_once(lambda: accept_proposal(**asked), lambda: refuse_proposal(**without_criterion(asked)))
    decision = ProposalDecision.objects.get(participation=ours.participation)
    assert (decision.choice, Action.objects.filter(proposal=ours.proposal).count()) == (ProposalChoice.ACCEPTED, 1)


def test_the_database_holds_one_answer_a_proposal(ours):
    accept_proposal(**answering(ours))
    row = ProposalDecision.objects.get(participation=ours.participation)
    row.pk, row.choice, row.action = None, ProposalChoice.REFUSED, None
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


def test_adapted_it_says_what_was_written(ours):
    action = accept_proposal(**answering(ours), what="À notre façon", steps=["Une", "Deux"], visibility="facilitator")
    assert (action.what, action.visibility, action.steps.count()) == ("À notre façon", "facilitator", 2)
    assert accept_proposal(**answering(ours), what="À notre façon", steps=["Une", "Deux"]) == action
    with pytest.raises(AlreadyInPlan) as there:
        accept_proposal(**answering(ours), what="Autrement")
    assert there.value.action == action
    assert Action.objects.filter(proposal=ours.proposal).count() == 1


def test_withdrawn_meanwhile_nothing_is_written(ours):
    asked = answering(ours)
    withdraw_proposal(proposal=ours.proposal, by_name=BY)
    with pytest.raises(ProposalWithdrawn, match="retirée de la bibliothèque"):
        accept_proposal(**asked)
    assert not Action.objects.filter(proposal=asked["proposal"]).exists()
    assert not ProposalDecision.objects.filter(participation=ours.participation).exists()


def test_withdrawn_after_it_was_accepted_the_action_stays(ours):
    asked = answering(ours)
    action = accept_proposal(**asked)
    withdraw_proposal(proposal=ours.proposal, by_name=BY)
    assert accept_proposal(**asked) == action
    assert [row.action for row in offers(ours).accepted] == [action]


def test_refused_then_thought_over_then_accepted(ours):
    asked = without_criterion(answering(ours))
    refuse_proposal(**asked, reason="Pas le temps")
    refuse_proposal(**asked, reason="Pas le temps")
    refused = offers(ours)
    assert (refused.count, [row.reason for row in refused.refused]) == (0, ["Pas le temps"])
    assert AuditEvent.objects.filter(verb="proposal.refused", participation_id=ours.participation.pk).count() == 1
    for _ in range(2):
        reconsider_proposal(**asked)
    assert offers(ours).count == 1
    refuse_proposal(**asked)
    action = accept_proposal(**answering(ours))
    decision = ProposalDecision.objects.get(participation=ours.participation)
    assert (decision.choice, decision.action, decision.reason) == (ProposalChoice.ACCEPTED, action, "")


def test_what_is_in_the_plan_is_not_refused(ours):
    action = accept_proposal(**answering(ours))
    with pytest.raises(AlreadyInPlan):
        refuse_proposal(**without_criterion(answering(ours)))
    reconsider_proposal(**without_criterion(answering(ours)))
    assert ProposalDecision.objects.get(participation=ours.participation).action == action
