"""The demonstration: actions proposed by national staff."""


def write(cast, paths, rounds):
    """Called once the autodiagnostics are there."""


class LibrarySide:
    """What one side has here, for the replay of the matrix of access."""

    def take_away_library(self):
        """The replay's own rows."""
