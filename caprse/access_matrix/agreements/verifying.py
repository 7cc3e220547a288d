"""Who gets what from the public verification of a document: everybody the same, nobody is recognised."""

# fmt: off
TABLE = """
verify                     GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
verify                     POST 422  422  422  422  422  422  422  422  422  422  422  422  422  422
verify_code                GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
verify_code                POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one side."""
    return {"verify_code": lambda: {"code": at.side.convention.public_id}}
