"""The demonstration: reviews of what was transmitted."""


def write(cast, paths, rounds):
    """What the story of the running cohort holds here, as far as it is past."""


class ReviewsSide:
    """What the matrix of access is played on."""

    def take_away_reviews(self):
        """The replay's own rows."""
