"""The fixed worlds: the figures of the first criterion of the chapter under way."""

from datetime import date
from decimal import Decimal

from autodiag.models import IndicatorValue
from autodiag.services.indicators import save_indicator_value
from caprse.base import clock
from cohorts.enums import Role
from referentiel.models import Indicator


def build_indicators(world, marker=""):
    """Two years known, the one between not known; the lapsed structure wrote none."""
    if world.draft.is_submitted:
        return
    for year, value, hour in ((2023, Decimal(12), 11), (2024, None, 12), (2025, Decimal("18.5"), 13)):
        with clock.stopped(clock.at(date(2025, 10, 22), hour)):
            save_indicator_value(
                autodiag=world.draft,
                indicator=world.indicator(),
                year=year,
                revision=0,
                by=world.actor(Role.CONTRIBUTOR),
                value=value,
                unknown=value is None,
                source=f"Source {marker}".strip(),
                comment=f"À savoir MARQUEINTIME {marker}",
            )


class IndicatorsOfWorld:
    """What one side has here, for the matrix of access and the tests."""

    def indicator(self, position=1):
        """The only one of a criterion of the chapter under way."""
        return Indicator.objects.get(criterion__chapter=self.draft.round.chapter, criterion__position=position)

    def figure(self, year=2025, position=1):
        """Its value for one year, or None."""
        rows = IndicatorValue.objects.filter(autodiag=self.draft, indicator=self.indicator(position), year=year)
        return rows.first()
