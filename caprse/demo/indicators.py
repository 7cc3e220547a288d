"""The demonstration: values of indicators."""


def write(cast, paths, rounds):
    """What the story of the running cohort holds here, as far as it is past."""


class IndicatorsSide:
    """What the matrix of access is played on."""

    def take_away_indicators(self):
        """The replay's own rows."""
