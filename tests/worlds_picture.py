"""The fixed worlds: two priorities, one put forward; a presentation to the board, with its minutes."""

from datetime import date

from autodiag.enums import PresentedTo
from autodiag.models import Presentation, Priority
from autodiag.services.presentations import record_presentation
from autodiag.services.priorities import Chosen, save_priorities
from caprse.base import clock
from caprse.base.uploads import accept
from cohorts.enums import Role
from referentiel.enums import Degree

SAID, MINUTES = "Ce qui s’est dit au conseil MARQUEINTIME", "Compte rendu du conseil."


def build_picture(world, marker=""):
    """The référent puts the first criterion of the chapter transmitted forward, and weighs the second."""
    with clock.stopped(clock.at(date(2025, 10, 22), 10)):
        by, path = world.actor(Role.REFERENT), world.participation
        first, second = (
            world.autodiag(1).answers.order_by("criterion__position").values_list("criterion_id", flat=True)[:2]
        )
        chosen = [Chosen(first, Degree.HIGH, Degree.LOW, True, 0), Chosen(second, Degree.MEDIUM, Degree.HIGH, False, 0)]
        save_priorities(participation=path, by=by, chosen=chosen)
        record_presentation(
            participation=path,
            by=by,
            audience=PresentedTo.BOARD,
            held_on=date(2025, 10, 21),
            note=f"{SAID}{marker}",
            minutes=accept(f"conseil {marker or 'ours'}.txt", f"{MINUTES} {marker}".strip().encode()),
        )


class PictureOfWorld:
    """What one side has here, for the matrix of access and the tests."""

    @property
    def priority(self):
        """The one put forward."""
        return Priority.objects.get(participation=self.participation, slot__isnull=False)

    @property
    def presentation(self):
        """To the board."""
        rows = Presentation.objects.newest_first()
        return rows.get(participation=self.participation, audience=PresentedTo.BOARD)
