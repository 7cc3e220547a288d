"""Who gets what from the views of a plan."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
# The same actions in four views: who accompanies reads those shared, a lapsed structure reads its own.
plan                       GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
plan                       POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
plan_board                 GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
plan_board                 POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
plan_calendar              GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
plan_calendar              POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
plan_timeline              GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
plan_timeline              POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
# Moved, or several changed at once, by whoever keeps the plan.
plan_bulk                  GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
plan_bulk                  POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
action_move                GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
action_move                POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
"""
# fmt: on


def addresses(at):
    """The arguments of each route, from the objects of one structure."""
    views = ("plan", "plan_board", "plan_calendar", "plan_timeline", "plan_bulk")
    return {
        **dict.fromkeys(views, lambda: at.path),
        "action_move": lambda: {**at.path, "action_id": at.side.action.public_id},
    }
