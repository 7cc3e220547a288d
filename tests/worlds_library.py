"""The fixed worlds: actions proposed by national staff, on the first criterion of each référentiel."""

from datetime import date

from caprse.base import clock
from referentiel.enums import Degree
from referentiel.models import Criterion, ProposedAction
from referentiel.services.proposals import propose_action, withdraw_proposal

OFFERED, WITHDRAWN = "Inviter deux personnes à relire", "Acheter un classeur"
BY = "Équipe nationale"


def build_library(world, marker=""):
    """Two actions a référentiel: offered and publishable at its second level, withdrawn at the third."""
    referentiel = world.participation.cohort.version.referentiel
    if ProposedAction.objects.filter(referentiel=referentiel).exists():
        return
    version = world.participation.cohort.version
    criterion = Criterion.objects.get(chapter__version=version, chapter__number=1, position=1)
    low = version.scale.order_by("value").first().value
    with clock.stopped(clock.at(date(2025, 1, 20), 9)):
        propose_action(
            referentiel=referentiel,
            criterion_stable_id=criterion.stable_id,
            level=low + 1,
            what=f"{OFFERED} {marker}".strip(),
            why=f"Deux regards neufs {marker}".strip(),
            means=f"Une heure {marker}".strip(),
            indicator=f"Le texte est relu {marker}".strip(),
            effort=Degree.LOW,
            effect=Degree.HIGH,
            publishable=True,
            by_name=BY,
        )
        away = propose_action(
            referentiel=referentiel,
            criterion_stable_id=criterion.stable_id,
            level=low + 2,
            what=f"{WITHDRAWN} {marker}".strip(),
            why="",
            means="",
            indicator="",
            effort=Degree.MEDIUM,
            effect=Degree.MEDIUM,
            publishable=False,
            by_name=BY,
        )
        withdraw_proposal(proposal=away, by_name=BY)


class LibraryOfWorld:
    """What one side has here, for the matrix of access and the tests."""

    @property
    def proposal(self):
        """The action offered for the first criterion of the référentiel it follows."""
        return self._proposal(withdrawn_at=None)

    @property
    def withdrawn_proposal(self):
        """The one that was withdrawn."""
        return self._proposal(withdrawn_at__isnull=False)

    def _proposal(self, **state):
        rows = ProposedAction.objects.select_related("referentiel").order_by("pk")
        return rows.filter(referentiel=self.participation.cohort.version.referentiel, **state).first()
