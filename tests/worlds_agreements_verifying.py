"""Verifying in the fixed worlds: nothing of its own, the convention that was signed is what is verified."""


def build_verifying(world, marker):
    """Nothing to write: whoever verifies leaves no trace."""


class VerifyingOfWorld:
    """The signed convention of a side is its `convention`."""
