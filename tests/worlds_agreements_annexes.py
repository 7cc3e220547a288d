"""The fixed worlds of annexes: stub."""


def build_annexes(world, marker):
    """Called for each side once its convention is signed; `marker` stands in every text of theirs."""


class AnnexesOfWorld:
    """What one side has of annexes."""
