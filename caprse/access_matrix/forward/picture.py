"""Who gets what from the synthesis of a path, its priorities, its presentations."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one structure."""
    return {}
