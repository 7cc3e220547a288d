"""An adhesion that is over: until when it was valid, and whom to ask. Read only where a refusal is shown."""

from dataclasses import dataclass
from datetime import date

from caprse.base import clock
from caprse.base.text import date_in_words
from cohorts.enums import Role
from cohorts.models import Adhesion, Membership, Participation, Region

CLOSED = "les outils sont fermés"


@dataclass(frozen=True)
class Lapse:
    """Why the tools are closed to a structure, since when, and who can help, by name."""

    region_name: str
    last_day: date | None  # None: no adhesion was ever noted
    next_day: date | None  # the first day of one already noted, still to come
    coordinators: tuple
    facilitators: tuple

    @property
    def reason(self):
        """Source: convention, articles 2.1 to 2.4 and 3.3: tools for members of the network only."""
        if self.last_day:
            said = f"L’adhésion de votre structure au réseau était valable jusqu’au {date_in_words(self.last_day)} inclus. "
            said += f"Depuis, {CLOSED}."
        else:
            said = f"Aucune adhésion de votre structure au réseau n’est notée : {CLOSED}."
        if self.next_day:
            said += f" Ils rouvrent le {date_in_words(self.next_day)}, premier jour de la nouvelle adhésion."
        return said

    @property
    def contact(self):
        """Whom to ask, in one sentence or two."""
        said = f"La délégation {self.region_name} rouvre les outils dès que l’adhésion est renouvelée"
        if self.coordinators:
            said += f" : écrivez à {listed(f'{user.full_name} ({user.email})' for user in self.coordinators)}"
        if self.facilitators:
            names = listed(user.full_name for user in self.facilitators)
            said += f". Dans votre cohorte, {names} peut aussi vous répondre"
        return f"{said}."


def listed(names):
    """« Ana », « Ana ou Luc », « Ana, Luc ou Zoé »."""
    *first, last = names
    return f"{', '.join(first)} ou {last}" if first else last


def lapse_of(organisation_id, region_id, cohort_id=None):
    """Why the tools are closed to a structure; who accompanies it in one cohort, or in each of its own."""
    today = clock.today()
    last_day, next_day = Adhesion.objects.days_around(organisation_id, today)
    own = Participation.objects.current().filter(organisation=organisation_id).values("cohort")
    people = list(Membership.objects.team_of(region_id, [cohort_id] if cohort_id else own, today))
    return Lapse(
        region_name=Region.objects.get(pk=region_id).name,
        last_day=last_day,
        next_day=next_day,
        coordinators=_named(people, Role.REGION_ADMIN),
        facilitators=_named(people, Role.FACILITATOR),
    )


def _named(memberships, role):
    """The people who hold a role, each once, in order."""
    return tuple({row.user_id: row.user for row in memberships if row.role == role}.values())
