"""The demonstration: something shared with the cohort."""


def write(cast, paths, rounds):
    """Called once the autodiagnostics are there."""


class SharingsSide:
    """What one side has here, for the replay of the matrix of access."""

    def take_away_sharings(self):
        """The replay's own rows."""
