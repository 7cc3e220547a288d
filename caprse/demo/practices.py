"""The demonstration: a practice put forward, another published."""


def write(cast, paths, rounds):
    """Called once the autodiagnostics are there."""


class PracticesSide:
    """What one side has here, for the replay of the matrix of access."""

    def take_away_practices(self):
        """The replay's own rows."""
