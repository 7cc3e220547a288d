"""Who gets what from practices: the structure's is published to its cohort, anonymous."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
practice_new               GET  302  200  403  403  200  403  403  403  403  403  403  404  404  403
practice_new               POST 302  422  403  403  422  403  403  403  403  403  403  404  404  403
path_practices             GET  302  200  200  200  200  403  403  403  403  403  200  404  404  403
path_practices             POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
practice_edit              GET  302  200  403  403  200  403  403  403  403  403  403  404  404  403
practice_edit              POST 302  422  403  403  422  403  403  403  403  403  403  404  404  403
practice_propose           GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
practice_propose           POST 302  422  403  403  422  403  403  403  403  403  403  404  404  403
practice_withdraw          GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
practice_withdraw          POST 302  302  403  403  302  403  403  403  403  403  302  404  404  403
practice_reviews           GET  302  403  403  403  403  200  200  403  403  403  403  403  403  404
practice_reviews           POST 302  403  403  403  403  405  405  403  403  403  403  403  403  405
# It was answered already: no second answer.
practice_review            GET  302  403  403  403  403  200  200  403  403  403  403  403  403  404
practice_review            POST 302  403  403  403  403  403  403  403  403  403  403  403  403  404
practices                  GET  302  200  200  200  200  200  200  200  200  403  403  200  200  200
practices                  POST 302  405  405  405  405  405  405  405  405  403  405  405  405  405
practice_card              GET  302  200  200  200  200  200  200  404  404  403  403  200  404  404
practice_card              POST 302  405  405  405  405  405  405  405  405  403  405  405  405  405
# Nobody writes to their own structure.
practice_contact           GET  302  405  405  405  405  405  405  405  405  403  405  405  405  405
practice_contact           POST 302  403  403  403  403  422  422  404  404  403  403  422  404  404
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one structure."""

    def found():
        return {"region": at.region, "public_id": at.side.practice.public_id}

    def card():
        return {"public_id": at.side.practice_card.public_id}

    return {
        "practice_new": lambda: {**at.draft, "position": 1},
        "path_practices": lambda: at.path,
        "practice_edit": found,
        "practice_propose": found,
        "practice_withdraw": found,
        "practice_reviews": lambda: {"region": at.region},
        "practice_review": found,
        "practices": dict,
        "practice_card": card,
        "practice_contact": card,
    }
