"""Who gets what from the documents made of a diagnostic."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
path_documents             GET  302  200  200  200  200  200  200  403  403  403  403  404  404  404
path_documents             POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
document_request           GET  302  405  405  405  405  405  405  403  403  403  405  405  405  405
document_request           POST 302  422  422  422  422  422  422  403  403  403  403  404  404  404
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one structure."""
    return {
        "path_documents": lambda: at.path,
        "document_request": lambda: at.path,
    }
