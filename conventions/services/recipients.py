"""Who is told of what happens to a convention."""

from caprse.base import clock
from cohorts.enums import Role
from cohorts.models import Membership
from cohorts.models.memberships import current
from conventions.models import Signatory
from conventions.services.family import current_parties

TOLD = (Role.REFERENT, Role.REGION_ADMIN, Role.PARTNER)


def everybody(convention):
    """Signatories, référents of the structures, partners, the region's coordinators: of the parties still bound."""
    parties = current_parties(convention)
    signatories = Signatory.objects.current().filter(party__in=parties)
    people = Membership.objects.filter(
        current(clock.today()), organisation__in=parties.values("organisation"), role__in=TOLD, user__is_active=True
    )
    return [
        *signatories.order_by("pk").values_list("user_id", flat=True),
        *people.order_by("pk").values_list("user_id", flat=True),
    ]
