"""Who gets what from what structures share."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
path_sharings              GET  302  200  200  200  200  403  403  403  403  403  200  404  404  403
path_sharings              POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
sharing_new                GET  302  200  403  403  200  403  403  403  403  403  403  404  404  403
sharing_new                POST 302  422  403  403  422  403  403  403  403  403  403  404  404  403
sharings                   GET  302  200  200  200  200  200  200  403  403  403  403  200  404  404
sharings                   POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
# The structure shows it to its cohort, and to who accompanies it.
sharing                    GET  302  200  200  200  200  200  200  403  403  403  403  200  404  404
sharing                    POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
sharing_withdraw           GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
sharing_withdraw           POST 302  302  403  403  302  403  403  403  403  403  302  403  404  403
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one structure."""

    def found():
        return {"region": at.region, "public_id": at.side.sharing.public_id}

    return {
        "path_sharings": lambda: at.path,
        "sharing_new": lambda: at.path,
        "sharings": lambda: at.cohort,
        "sharing": found,
        "sharing_withdraw": found,
    }
