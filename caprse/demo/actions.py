"""The demonstration: an action in full, an action proposed and refused."""


def write(cast, paths, rounds):
    """Called once the autodiagnostics are there."""


class ActionsSide:
    """What one side has here, for the replay of the matrix of access."""

    def take_away_actions(self):
        """The replay's own rows."""
