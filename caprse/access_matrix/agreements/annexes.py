"""Who gets what from the annexes of a convention."""

# fmt: off
TABLE = """
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one side."""
    return {}
