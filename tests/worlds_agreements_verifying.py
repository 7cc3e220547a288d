"""The fixed worlds of verifying: stub."""


def build_verifying(world, marker):
    """Called for each side once its convention is signed; `marker` stands in every text of theirs."""


class VerifyingOfWorld:
    """What one side has of verifying."""
