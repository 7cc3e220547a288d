"""Who gets what from the library of actions proposed by national staff."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one structure."""
    return {}
