"""Who gets what from the templates of conventions and their drafts."""

# fmt: off
TABLE = """
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one side."""
    return {}
