"""What belongs to one structure alone: its people reach it, whoever accompanies them does not."""

from dataclasses import dataclass

from django.urls import reverse

from caprse.base.access import Refused
from cohorts.access import visible_or_404
from cohorts.enums import OrganisationKind
from cohorts.models import Organisation, Participation
from cohorts.places import Place
from cohorts.roles import Permission


@dataclass(frozen=True)
class Own:
    """A structure and what this person may do there."""

    organisation: Organisation
    can_edit: bool
    lapse: object

    def url(self, name, *args):
        """Address of one of its pages."""
        return reverse(name, args=[self.organisation.region.slug, self.organisation.public_id, *args])


def own_or_404(request, region, public_id, *, editing=False):
    """The structure, for its own people, or for those of them who may write. Sets the page's place.

    What a structure wrote of itself stays readable to it when its adhesion is over. Source: convention, 2.1 and 3.3.
    """
    actor = request.actor
    reached = {"kind": OrganisationKind.STRUCTURE, "region__slug": region, "public_id": public_id}
    found = visible_or_404(Organisation.objects.select_related("region"), actor, **reached)
    request.place = Place(found.region.name, found.get_absolute_url(), organisation_id=found.pk)
    require_on(actor, Permission.EDIT_MAP if editing else Permission.READ_MAP, found)
    rows = Participation.objects.visible_to(actor).with_context().filter(organisation=found)
    path = rows.order_by("-joined_on", "-pk").first()
    lapse = actor.lapse(path) if path else None
    if editing:
        actor.require_tools(path)
    return Own(found, actor.can_on_organisation(Permission.EDIT_MAP, found) and not lapse, lapse)


def require_on(actor, permission, organisation):
    """Refuse, with a sentence, whoever's role in this very structure does not give a right."""
    if not actor.can_on_organisation(permission, organisation):
        raise Refused(
            f"Votre rôle ne permet pas ceci : {permission.value[0].lower()}{permission.value[1:]}.",
            "Votre référent·e CAP RSE peut vous aider.",
        )
