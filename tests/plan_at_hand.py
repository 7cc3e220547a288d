"""A plan to test its views on: actions made through the product's own services, in the fixed worlds or in number."""

from datetime import timedelta

from django.urls import reverse

from autodiag.enums import EXPLAINED, ActionStatus
from autodiag.models import Action, ActionCriterion, ActionNote, ActionStep, Answer
from autodiag.services.plan import create_action
from caprse.base import clock
from cohorts.access import Actor
from cohorts.enums import Role, Visibility

STATUSES = list(ActionStatus)


def url_of(world, name="plan", **more):
    """Address of a page of a structure's plan."""
    region = world.participation.cohort.region.slug
    return reverse(name, kwargs={"region": region, "public_id": world.participation.public_id, **more})


def sign_in(client, world, role=Role.REFERENT):
    client.force_login(world.user(role))
    return client


def read(client, world, name="plan", role=Role.REFERENT, query=""):
    """A page of the plan, plain spaces."""
    response = sign_in(client, world, role).get(url_of(world, name) + query)
    assert response.status_code == 200
    return response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ")


def add(world, what, role=Role.REFERENT, **fields):
    """One more action."""
    status = fields.get("status", ActionStatus.TO_DO)
    if status in EXPLAINED:
        fields.setdefault("status_reason", "Le fournisseur a fermé")
    return create_action(participation=world.participation, by=world.actor(role), what=what, **fields)


def fresh(action):
    return Action.objects.get(pk=action.pk)


def whole_plan(world):
    """The rows of a plan, to show that nothing changed."""
    return list(Action.objects.filter(participation=world.participation).order_by("pk").values())


def fill(data, count=300):
    """A plan of many actions in a large cohort: every state, steps, notes and other criteria. Returns them."""
    path, by = data.autodiag.participation, Actor.of(data.referent)
    criteria = [a.criterion for a in Answer.objects.filter(autodiag=data.autodiag).select_related("criterion")]
    anchors = {"region_id": path.region_id, "participation_id": path.pk}
    today = clock.today()
    actions = [
        create_action(
            participation=path,
            by=by,
            criterion=criteria[rank % len(criteria)] if rank % 4 else None,
            what=f"Action {rank:03d} : organiser un temps d’échange avec les salarié·e·s en parcours",
            why="Les retours du questionnaire le demandent. " * 4,
            who=f"Personne {rank % 12}",
            pilot_id=data.referent.pk if rank % 3 == 0 else None,
            due_on=today + timedelta(days=rank * 2 - 200) if rank % 10 else None,
            starts_on=today + timedelta(days=rank * 2 - 260) if rank % 5 == 1 else None,
            indicator="Un compte rendu par trimestre, relu en équipe",
            status=STATUSES[rank % 5],
            status_reason="Le local n’est pas prêt" if STATUSES[rank % 5] in EXPLAINED else "",
            visibility=Visibility.FACILITATOR if rank % 2 else Visibility.STRUCTURE,
        )
        for rank in range(count)
    ]
    ActionStep.objects.bulk_create(
        ActionStep(action=action, position=place, text=f"Étape {place}", **anchors)
        for action in actions
        for place in range(3)
    )
    ActionNote.objects.bulk_create(
        ActionNote(action=action, text=f"Nouvelle {rank}", written_by_id=data.referent.pk, **anchors)
        for action in actions
        for rank in range(2)
    )
    ActionCriterion.objects.bulk_create(
        ActionCriterion(action=action, criterion=criterion, **anchors)
        for action in actions
        for criterion in [one for one in criteria if one.pk != action.criterion_id][:2]
    )
    return actions
