"""The fixed worlds: viewpoints, their comparison, agreements and assignments."""


def build_voices(world, marker=""):
    """What one side of the worlds has here; every text of theirs carries its marker."""


class VoicesOfWorld:
    """What one side has here, for the matrix of access and the tests."""
