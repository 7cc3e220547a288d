"""Who gets what from the library of actions proposed by national staff."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
proposed_actions           GET  302  403  403  403  403  403  403  200  200  403  403  403  403  403
proposed_actions           POST 302  403  403  403  403  403  403  405  405  403  403  403  403  403
proposed_action_new        GET  302  403  403  403  403  403  403  403  200  403  403  403  403  403
proposed_action_new        POST 302  403  403  403  403  403  403  403  422  403  403  403  403  403
proposed_action            GET  302  403  403  403  403  403  403  200  200  403  403  403  403  403
proposed_action            POST 302  403  403  403  403  403  403  403  422  403  403  403  403  403
proposed_action_withdraw   GET  302  403  403  403  403  403  403  405  405  403  403  403  403  403
proposed_action_withdraw   POST 302  403  403  403  403  403  403  403  302  403  403  403  403  403
proposed_action_offer      GET  302  403  403  403  403  403  403  405  405  403  403  403  403  403
proposed_action_offer      POST 302  403  403  403  403  403  403  403  302  403  403  403  403  403
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one structure."""
    offered = ("proposed_action", "proposed_action_withdraw")
    return {
        **dict.fromkeys(offered, lambda: {"code": at.code, "public_id": at.side.proposal.public_id}),
        "proposed_actions": lambda: {"code": at.code},
        "proposed_action_new": lambda: {"code": at.code, "stable_id": at.side.proposal.criterion_stable_id},
        "proposed_action_offer": lambda: {"code": at.code, "public_id": at.side.withdrawn_proposal.public_id},
    }
