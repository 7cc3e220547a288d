"""The fixed worlds: surveys without an account."""


def build_surveys(world, marker=""):
    """What one side of the worlds has here; every text of theirs carries its marker."""


class SurveysOfWorld:
    """What one side has here, for the matrix of access and the tests."""
