"""Who gets what from the synthesis of a path, its priorities, its presentations."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
path_synthesis             GET  302  200  200  200  200  200  200  403  403  403  302  404  404  404
path_synthesis             POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
synthesis_compare          GET  302  200  200  200  200  200  200  403  403  403  302  404  404  404
synthesis_compare          POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
# The structure's own: who accompanies it reads neither. Its adhesion over, it still reads what it chose and noted.
priorities                 GET  302  200  200  200  200  403  403  403  403  403  200  404  404  403
priorities                 POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
presentations              GET  302  200  200  200  200  403  403  403  403  403  200  404  404  403
presentations              POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
presentation_new           GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
presentation_new           POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
presentation_edit          GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
presentation_edit          POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
presentation_file          GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
presentation_file          POST 302  200  200  200  200  403  403  403  403  403  200  404  404  403
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one structure."""

    def presentation():
        return {**at.path, "presentation_id": at.side.presentation.public_id}

    return {
        "path_synthesis": lambda: at.path,
        "synthesis_compare": lambda: at.submitted,
        "priorities": lambda: at.path,
        "presentations": lambda: at.path,
        "presentation_new": lambda: at.path,
        "presentation_edit": presentation,
        "presentation_file": lambda: {**presentation(), "which": "compte-rendu"},
    }
