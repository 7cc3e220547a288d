"""Who gets what from letterheads, stakeholders, purpose."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
# The head of a structure's documents: whoever coordinates its region sets the one of the delegation.
letterhead                 GET  302  200  403  403  200  403  403  403  403  403  200  404  404  403
letterhead                 POST 302  422  403  403  422  403  403  403  403  403  422  404  404  403
letterhead_logo            GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
letterhead_logo            POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
network_letterhead         GET  302  403  403  403  403  403  403  200  200  403  403  403  403  403
network_letterhead         POST 302  403  403  403  403  403  403  422  422  403  403  403  403  403
network_letterhead_logo    GET  302  403  403  403  403  403  403  200  200  403  403  403  403  403
network_letterhead_logo    POST 302  403  403  403  403  403  403  405  405  403  403  403  403  403
# The structure's alone: once its adhesion is over, it still reads them.
purpose                    GET  302  200  200  200  200  403  403  403  403  403  200  404  404  403
purpose                    POST 302  422  422  403  422  403  403  403  403  403  403  404  404  403
stakeholders               GET  302  200  200  200  200  403  403  403  403  403  200  404  404  403
stakeholders               POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
stakeholder_new            GET  302  200  200  403  200  403  403  403  403  403  403  404  404  403
stakeholder_new            POST 302  422  422  403  422  403  403  403  403  403  403  404  404  403
stakeholder_edit           GET  302  200  200  403  200  403  403  403  403  403  403  404  404  403
stakeholder_edit           POST 302  422  422  403  422  403  403  403  403  403  403  404  404  403
stakeholder_remove         GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
stakeholder_remove         POST 302  302  302  403  302  403  403  403  403  403  403  404  404  403
stakeholders_seed          GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
stakeholders_seed          POST 302  422  422  403  422  403  403  403  403  403  403  404  404  403
# What the launch of the cohort named.
kickoff_stakeholders       GET  302  403  403  403  403  200  200  403  403  403  403  403  403  404
kickoff_stakeholders       POST 302  403  403  403  403  422  422  403  403  403  403  403  403  404
"""
# fmt: on

OF_CARD = ("letterhead", "letterhead_logo", "purpose", "stakeholders", "stakeholder_new", "stakeholders_seed")
OF_STAKEHOLDER = ("stakeholder_edit", "stakeholder_remove")


def addresses(at):
    """The arguments of each route, from the objects of one structure."""
    return {
        **dict.fromkeys(OF_CARD, lambda: at.card),
        **dict.fromkeys(OF_STAKEHOLDER, lambda: {**at.card, "stakeholder_id": at.side.stakeholder.public_id}),
        "kickoff_stakeholders": lambda: at.cohort,
    }
