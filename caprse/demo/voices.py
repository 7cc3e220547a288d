"""The demonstration: viewpoints, their comparison, agreements and assignments."""

from caprse.demo import consensus, viewpoints


def write(cast, paths, rounds):
    """What the story of the running cohort holds here, as far as it is past."""
    viewpoints.write(cast, paths, rounds)
    consensus.write(cast, paths, rounds)


class VoicesSide:
    """What the matrix of access is played on."""

    def take_away_voices(self):
        """The replay's own rows."""
