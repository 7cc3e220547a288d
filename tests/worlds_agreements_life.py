"""The fixed worlds of life: stub."""


def build_life(world, marker):
    """Called for each side once its convention is signed; `marker` stands in every text of theirs."""


class LifeOfWorld:
    """What one side has of life."""
