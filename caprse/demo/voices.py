"""The demonstration: viewpoints, their comparison, agreements and assignments."""


def write(cast, paths, rounds):
    """What the story of the running cohort holds here, as far as it is past."""


class VoicesSide:
    """What the matrix of access is played on."""

    def take_away_voices(self):
        """The replay's own rows."""
