"""An action that holds all it may, for the tests of what leaves of a plan."""

from datetime import date, datetime
from decimal import Decimal

from autodiag.enums import ActionStatus
from autodiag.models import ActionCriterion, ActionNote, ActionStep
from autodiag.services.plan import create_action
from caprse.base import clock
from cohorts.enums import Role, Visibility


def action_in_full(ours):
    """An action with all it may hold, shared with who accompanies the structure."""
    path, by = ours.participation, ours.actor(Role.REFERENT)
    criteria = [ours.answer(1).criterion, ours.answer(2).criterion]
    action = create_action(
        participation=path,
        by=by,
        criterion=criteria[0],
        what="Ouvrir un groupe d’achats",
        why="Nos fournisseurs sont loin",
        who="Samira, achats",
        pilot=ours.user(Role.REFERENT),
        due_on=date(2026, 6, 30),
        starts_on=date(2026, 1, 5),
        means="Une demi-journée par mois",
        indicator="Trois commandes ensemble",
        status=ActionStatus.BLOCKED,
        status_reason="Le fournisseur ne répond pas",
        partners="Deux voisines",
        budget=Decimal("1500.50"),
        visibility=Visibility.FACILITATOR,
    )
    mine = {"action": action, "participation": path, "region_id": path.region_id}
    ActionCriterion.objects.create(criterion=criteria[1], **mine)
    moment = datetime(2025, 11, 2, 9, tzinfo=clock.PARIS)
    author = ours.user(Role.REFERENT)
    ActionStep.objects.create(position=1, text="Choisir les produits", done_at=moment, done_by=author, **mine)
    ActionStep.objects.create(position=2, text="Demander trois devis", **mine)
    ActionNote.objects.create(text="Le premier devis est là", written_at=moment, written_by=author, **mine)
    ActionNote.objects.create(text="", withdrawn_at=moment, written_by=author, **mine)
    return action
