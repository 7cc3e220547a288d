"""What a structure answers to an action it is proposed: it takes it as it is, adapts it, refuses it, thinks again."""

from django.db import transaction

from autodiag.enums import ProposalChoice
from autodiag.models import ProposalDecision
from autodiag.rules.actions import can_accept_proposal
from autodiag.services.action_parts import parts_differ
from autodiag.services.plan import PARTS, changed_names, create_action, follow_status, one_plan_at_a_time
from caprse.base import clock, journal
from cohorts.enums import Visibility
from referentiel.models import ProposedAction

WORDS = ("what", "why", "means", "indicator")


class ProposalWithdrawn(Exception):
    """National staff took the proposal away meanwhile: nothing was written. The message says so, in French."""

    def __init__(self, reason, criterion_stable_id):
        super().__init__(reason)
        self.criterion_stable_id = criterion_stable_id


class AlreadyInPlan(Exception):
    """Somebody put this proposal in the plan meanwhile, as `action`, in other words. Nothing was written."""

    def __init__(self, action):
        super().__init__("already in the plan")
        self.action = action


def words_of(proposal):
    """What an action takes from a proposal."""
    return {name: getattr(proposal, name) for name in WORDS}


def refuse_if_withdrawn(*, public_id, referentiel_id):
    """Raise `ProposalWithdrawn` when this was proposed in this référentiel, and is no more; else do nothing."""
    known = ProposedAction.objects.filter(public_id=public_id, referentiel=referentiel_id).first()
    verdict = can_accept_proposal(known) if known else True
    if not verdict:
        raise ProposalWithdrawn(verdict.reason, known.criterion_stable_id)


@transaction.atomic
def accept_proposal(*, participation, proposal, criterion, by, **fields):
    """Put a proposal in the plan, in its own words or in those given. Returns the action: one, whoever sends it twice.

    Raises `ProposalWithdrawn`; `AlreadyInPlan` when it is there already in other words than those given.
    """
    one_plan_at_a_time(participation)
    decision = _decision(participation, proposal)
    if decision and decision.choice == ProposalChoice.ACCEPTED:
        return _already(decision.action, fields)
    refuse_if_withdrawn(public_id=proposal.public_id, referentiel_id=proposal.referentiel_id)
    said = {"visibility": Visibility.STRUCTURE, **words_of(proposal), **fields}
    action = create_action(participation=participation, by=by, criterion=criterion, proposal=proposal, **said)
    decision = _decide(decision, participation, proposal, by, choice=ProposalChoice.ACCEPTED, action=action, reason="")
    journal.record("proposal.accepted", decision, by=by, details={"proposal": proposal.pk, "action": action.pk})
    return action


@transaction.atomic
def refuse_proposal(*, participation, proposal, by, reason=""):
    """Say that a proposal is not for this structure, and why if they wish. Returns the decision.

    Raises `AlreadyInPlan` when it was accepted: an action that will not be done is abandoned, with its reason.
    """
    one_plan_at_a_time(participation)
    decision = _decision(participation, proposal)
    if decision and decision.choice == ProposalChoice.ACCEPTED:
        raise AlreadyInPlan(decision.action)
    if decision and decision.reason == reason:
        return decision
    decision = _decide(decision, participation, proposal, by, choice=ProposalChoice.REFUSED, action=None, reason=reason)
    journal.record("proposal.refused", decision, by=by, details={"proposal": proposal.pk})
    return decision


@transaction.atomic
def reconsider_proposal(*, participation, proposal, by):
    """Have a refused proposal offered again. One that was not refused stays as it is."""
    one_plan_at_a_time(participation)
    decision = _decision(participation, proposal)
    if decision and decision.choice == ProposalChoice.REFUSED:
        journal.record("proposal.reconsidered", decision, by=by, details={"proposal": proposal.pk})
        decision.delete()


def _decision(participation, proposal):
    rows = ProposalDecision.objects.select_related("action__participation")
    return rows.filter(participation=participation, proposal=proposal).first()


def _decide(decision, participation, proposal, by, **said):
    decision = decision or ProposalDecision(
        region_id=participation.region_id, participation=participation, proposal=proposal
    )
    for name, value in {**said, "decided_at": clock.now(), "decided_by_id": by.user_id}.items():
        setattr(decision, name, value)
    decision.save()
    return decision


def _already(action, fields):
    """The action that stands, when nothing else is wished of it."""
    parts = {name: value for name, value in fields.items() if name in PARTS}
    columns = {name: value for name, value in fields.items() if name not in PARTS}
    if columns and (changed_names(action, follow_status(action, columns)) or parts_differ(action, parts)):
        raise AlreadyInPlan(action)
    return action
