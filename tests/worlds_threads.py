"""The fixed worlds: exchanges on a criterion with who accompanies the structure."""


def build_threads(world, marker=""):
    """What one side of the worlds has here; every text of theirs carries its marker."""


class ThreadsOfWorld:
    """What one side has here, for the matrix of access and the tests."""
