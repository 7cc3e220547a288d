"""The fixed worlds of register: stub."""


def build_register(world, marker):
    """Called for each side once its convention is signed; `marker` stands in every text of theirs."""


class RegisterOfWorld:
    """What one side has of register."""
