"""The demonstration: surveys without an account."""


def write(cast, paths, rounds):
    """What the story of the running cohort holds here, as far as it is past."""


class SurveysSide:
    """What the matrix of access is played on."""

    def take_away_surveys(self):
        """The replay's own rows."""
