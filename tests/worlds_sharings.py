"""The fixed worlds: the synthesis of a chapter shown to the cohort; the neighbour shows nothing to ours."""

from datetime import date

from autodiag.enums import SharingKind
from autodiag.models import Sharing
from autodiag.services.sharings import Preview, share
from caprse.base import clock
from cohorts.enums import Role
from cohorts.models import Organisation

UNTIL = date(2026, 1, 31)


def build_sharings(world, marker=""):
    """The neighbour's is shown to the lapsed structure alone, and another one's last day has passed."""
    alone = world.key == "neighbour"
    with clock.stopped(clock.at(date(2025, 10, 22), 10)):
        kind = SharingKind.AUTODIAG if alone else SharingKind.SYNTHESIS
        to = Organisation.objects.get(legal_name="Structure échue") if alone else None
        shared(world, kind=kind, to_organisation=to, autodiag=world.submitted, text=f"Ce que nous en retenons {marker}")
        words = {"title": f"Une avancée {marker}", "text": f"Nous avons réussi ceci {marker}"}
        shared(world, kind=SharingKind.STEP_FORWARD, until=date(2025, 11, 3), **words)


class SharingsOfWorld:
    """What one side has here, for the matrix of access and the tests."""

    @property
    def sharing(self):
        """What it shows of its first chapter."""
        return self._sharings.exclude(autodiag=None).earliest("pk")

    @property
    def old_sharing(self):
        """The one whose last day was yesterday."""
        return self._sharings.filter(kind=SharingKind.STEP_FORWARD).earliest("pk")

    @property
    def _sharings(self):
        return Sharing.objects.with_context().filter(participation=self.participation)


# --- For the tests ------------------------------------------------------------------------------------------------


def shared(world, *, role=Role.REFERENT, until=UNTIL, **what):
    """Show what is previewed at this moment."""
    preview = Preview(until=until, **what)
    return share(participation=world.participation, by=world.actor(role), seen=preview.stamp, until=until, **what)
