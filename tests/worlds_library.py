"""The fixed worlds: actions proposed by national staff."""


def build_library(world, marker=""):
    """Called for each side, once its autodiagnostics are there."""


class LibraryOfWorld:
    """What one side has here, for the matrix of access and the tests."""
