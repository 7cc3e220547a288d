"""The fixed worlds: something shared with the cohort."""


def build_sharings(world, marker=""):
    """Called for each side, once its autodiagnostics are there."""


class SharingsOfWorld:
    """What one side has here, for the matrix of access and the tests."""
