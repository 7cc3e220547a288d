"""The demonstration: an adopted plan, its rhythm and reviews, a plan brought in."""


def write(cast, paths, rounds):
    """Called once the autodiagnostics are there."""


class PlanningSide:
    """What one side has here, for the replay of the matrix of access."""

    def take_away_planning(self):
        """The replay's own rows."""
