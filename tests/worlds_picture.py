"""The fixed worlds: a priority put forward, a presentation."""


def build_picture(world, marker=""):
    """Called for each side, once its autodiagnostics are there."""


class PictureOfWorld:
    """What one side has here, for the matrix of access and the tests."""
