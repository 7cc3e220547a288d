"""The views of a plan of three hundred actions, with their steps, notes and criteria: whole requests."""

from django.urls import reverse

from autodiag.models import Action
from tests.plan_at_hand import fill


def address_of(data, view):
    """One view of the plan of the first structure, filled the first time it is asked for."""
    path = data.autodiag.participation
    if not Action.objects.filter(participation=path).exists():
        fill(data)
    return reverse(view, kwargs={"region": data.region.slug, "public_id": path.public_id})
