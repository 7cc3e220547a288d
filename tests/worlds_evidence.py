"""The fixed worlds: the evidence library."""


def build_evidence(world, marker=""):
    """What one side of the worlds has here; every text of theirs carries its marker."""


class EvidenceOfWorld:
    """What one side has here, for the matrix of access and the tests."""
