"""The fixed worlds: a practice put forward, another published."""


def build_practices(world, marker=""):
    """Called for each side, once its autodiagnostics are there."""


class PracticesOfWorld:
    """What one side has here, for the matrix of access and the tests."""
