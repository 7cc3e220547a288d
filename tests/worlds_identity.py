"""The fixed worlds: letterhead, purpose, stakeholders."""


def build_identity(world, marker=""):
    """Called for each side, once its autodiagnostics are there."""


class IdentityOfWorld:
    """What one side has here, for the matrix of access and the tests."""
