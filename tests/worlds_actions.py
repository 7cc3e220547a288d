"""The fixed worlds: an action in full, an action proposed and refused."""

from datetime import date
from decimal import Decimal

from autodiag.models import Action, ActionStep
from autodiag.services.actions import give_news, tick_step
from autodiag.services.plan import update_action
from autodiag.services.proposals import refuse_proposal
from caprse.base import clock
from cohorts.enums import Role, Visibility

STEPS = ("Choisir un cahier", "Le présenter à l’équipe", "Le relire chaque mois")
NEWS = "Le cahier est acheté"


def build_actions(world, marker=""):
    """What the shared action says in full; on the other sides a proposal is refused, for a reason kept to themselves."""
    action, by = world.full_action, world.actor(Role.REFERENT)
    with clock.stopped(clock.at(date(2025, 4, 11), 10)):
        update_action(
            action=action,
            revision=action.revision,
            by=by,
            starts_on=date(2025, 3, 1),
            partners=f"La médiathèque {marker}".strip(),
            budget=Decimal("1500.50"),
            steps=[f"{step} {marker}".strip() for step in STEPS],
            also=[
                answer.criterion for answer in world.submitted.answers.select_related("criterion").order_by("pk")[:1]
            ],
            evidence=[world.evidence, world.private_evidence],
        )
        tick_step(step=world.step, done=True, by=by)
        give_news(action=action, text=f"{NEWS} {marker}".strip(), by=world.actor(Role.CONTRIBUTOR))
        kept = world.action
        give_news(action=kept, text=f"Nouvelle MARQUEINTIME{marker}", by=by)
    if marker:
        reason = f"Trop long pour nous MARQUEINTIME{marker}"
        with clock.stopped(clock.at(clock.today(), 10)):
            refuse_proposal(participation=world.participation, proposal=world.proposal, by=by, reason=reason)


class ActionsOfWorld:
    """What one side has here, for the matrix of access and the tests."""

    @property
    def full_action(self):
        """The action it shares with who accompanies it, with steps, news, other criteria, items of the library."""
        return Action.objects.get(participation=self.participation, visibility=Visibility.FACILITATOR)

    @property
    def step(self):
        """Its first step, which is done."""
        return ActionStep.objects.filter(action=self.full_action).order_by("position").first()

    @property
    def action_note(self):
        """The news its contributor gave."""
        return self.full_action.notes.get()
