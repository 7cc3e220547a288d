"""The demonstration: the evidence library."""


def write(cast, paths, rounds):
    """What the story of the running cohort holds here, as far as it is past."""


class EvidenceSide:
    """What the matrix of access is played on."""

    def take_away_evidence(self):
        """The replay's own rows."""
