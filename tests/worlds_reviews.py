"""The fixed worlds: reviews of what was transmitted."""


def build_reviews(world, marker=""):
    """What one side of the worlds has here; every text of theirs carries its marker."""


class ReviewsOfWorld:
    """What one side has here, for the matrix of access and the tests."""
