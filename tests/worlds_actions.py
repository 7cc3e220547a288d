"""The fixed worlds: an action in full, an action proposed and refused."""


def build_actions(world, marker=""):
    """Called for each side, once its autodiagnostics are there."""


class ActionsOfWorld:
    """What one side has here, for the matrix of access and the tests."""
