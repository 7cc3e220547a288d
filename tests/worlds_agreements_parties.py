"""The fixed worlds of parties: stub."""


def build_parties(world, marker):
    """Called for each side once its convention is signed; `marker` stands in every text of theirs."""


class PartiesOfWorld:
    """What one side has of parties."""
