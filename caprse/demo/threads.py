"""The demonstration: exchanges on a criterion with who accompanies the structure."""


def write(cast, paths, rounds):
    """What the story of the running cohort holds here, as far as it is past."""


class ThreadsSide:
    """What the matrix of access is played on."""

    def take_away_threads(self):
        """The replay's own rows."""
