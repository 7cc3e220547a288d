"""The demonstration: letterhead, purpose, stakeholders."""


def write(cast, paths, rounds):
    """Called once the autodiagnostics are there."""


class IdentitySide:
    """What one side has here, for the replay of the matrix of access."""

    def take_away_identity(self):
        """The replay's own rows."""
