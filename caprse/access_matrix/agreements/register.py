"""Who gets what from the register of commitments."""

# fmt: off
TABLE = """
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one side."""
    return {}
