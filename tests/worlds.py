"""The two fixed worlds every test sees."""


def build_worlds():
    """Build the rows of both worlds."""
