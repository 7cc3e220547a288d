"""Who gets what from the adoption, the reviews, the import and the export of a plan."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
# Adoption: what was frozen holds the actions kept to the structure, so it is the structure's alone.
plan_adoptions             GET  302  200  200  200  200  403  403  403  403  403  200  404  404  403
plan_adoptions             POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
plan_adopt                 GET  302  200  403  403  200  403  403  403  403  403  403  404  404  403
plan_adopt                 POST 302  422  403  403  422  403  403  403  403  403  403  404  404  403
plan_adoption              GET  302  200  200  200  200  403  403  403  403  403  200  404  404  403
plan_adoption              POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
plan_adoption_file         GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
plan_adoption_file         POST 302  200  200  200  200  403  403  403  403  403  200  404  404  403
# Reading over: everybody in the structure reads, who keeps the plan writes.
plan_review                GET  302  200  200  200  200  403  403  403  403  403  200  404  404  403
plan_review                POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
# A plan brought in: who keeps the plan, while the tools are open. The one of the structure waits to be confirmed.
plan_import                GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
plan_import                POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
plan_import_model          GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
plan_import_model          POST 302  200  200  403  403  403  403  403  403  403  403  404  404  403
plan_import_report         GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
plan_import_report         POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
plan_import_confirm        GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
plan_import_confirm        POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
# Export: everybody who reads the plan, or what is shared of it, takes what they read of it.
plan_export                GET  302  405  405  405  405  405  405  403  403  403  405  405  405  405
plan_export                POST 302  302  302  302  302  302  302  403  403  403  403  404  404  404
"""
# fmt: on
OF_PLAN = ("plan_adoptions", "plan_adopt", "plan_review", "plan_import", "plan_import_model")


def addresses(at):
    """The arguments of each route, from the objects of one structure."""
    return {
        "plan_export": lambda: at.path,
        **dict.fromkeys(OF_PLAN, lambda: at.path),
        **dict.fromkeys(
            ("plan_adoption", "plan_adoption_file"), lambda: {**at.path, "number": at.side.adoption.number}
        ),
        **dict.fromkeys(
            ("plan_import_report", "plan_import_confirm"),
            lambda: {**at.path, "import_id": at.side.plan_import.public_id},
        ),
    }
