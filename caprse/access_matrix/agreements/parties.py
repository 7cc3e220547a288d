"""Who gets what from the parties of a convention, who signs for them, refusals and paper."""

# fmt: off
TABLE = """
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one side."""
    return {}
