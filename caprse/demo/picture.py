"""The demonstration: a priority put forward, a presentation."""


def write(cast, paths, rounds):
    """Called once the autodiagnostics are there."""


class PictureSide:
    """What one side has here, for the replay of the matrix of access."""

    def take_away_picture(self):
        """The replay's own rows."""
