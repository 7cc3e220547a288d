"""Who gets what from versions, amendments, accessions, breaches and ends."""

# fmt: off
TABLE = """
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one side."""
    return {}
