"""The fixed worlds of a convention's life: an amendment that was taken back in each region, nothing under way."""

from datetime import date

from caprse.base import clock
from conventions.enums import ConventionState, Nature
from conventions.models import Convention, Party
from conventions.services import templates


def build_life(world, marker):
    """Called for each side once its convention is signed; `marker` stands in every text of theirs."""
    parent = world.convention
    if Convention.objects.filter(parent=parent).exists():
        return  # the sides of one cohort share their convention
    common = marker if parent.region.slug != "ici" else ""
    with clock.stopped(clock.at(date(2025, 6, 2), 10)):
        amendment = Convention.objects.create(
            region_id=parent.region_id,
            cohort_id=parent.cohort_id,
            nature=Nature.AMENDMENT,
            parent=parent,
            version=templates.latest_version("avenant"),
            reference=f"{parent.reference}-A1",
            variables={"reason": f"Motif {common}"},
            changes=[
                {"act": "added", "key": "neuf", "title": f"Neuf {common}", "after": "", "clauses": [_clause(common)]}
            ],
            state=ConventionState.CANCELLED,
            sent_at=clock.now(),
            end_reason=f"On y renonce {common}",
        )
        for party in parent.parties.order_by("pk"):
            Party.objects.create(
                region_id=parent.region_id,
                convention=amendment,
                organisation_id=party.organisation_id,
                role=party.role,
                name=party.name,
            )


def _clause(marker):
    return {"text": f"Un alinéa {marker}", "roles": [], "heading": ""}


class LifeOfWorld:
    """What one side has of the life of its convention."""

    @property
    def amendment(self):
        """The amendment that was taken back."""
        rows = Convention.objects.with_context().filter(parent=self.convention, nature=Nature.AMENDMENT)
        return rows.order_by("pk").first()
