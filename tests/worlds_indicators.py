"""The fixed worlds: values of indicators."""


def build_indicators(world, marker=""):
    """What one side of the worlds has here; every text of theirs carries its marker."""


class IndicatorsOfWorld:
    """What one side has here, for the matrix of access and the tests."""
