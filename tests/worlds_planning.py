"""The fixed worlds: an adopted plan, its rhythm and reviews, a plan brought in."""


def build_planning(world, marker=""):
    """Called for each side, once its autodiagnostics are there."""


class PlanningOfWorld:
    """What one side has here, for the matrix of access and the tests."""
