"""Who gets what from every route, written by hand: the tests compare it with the URLs and play it.

Each line: route, method, then the status for each audience of `AUDIENCES`, all of them acting on the objects of
one structure (`ours`) except the lapsed one, who acts on their own.
"""

from django.urls import reverse

AUDIENCES = (
    "anonymous",
    "referent",
    "contributor",
    "board_member",
    "legal_representative",
    "facilitator",
    "region_admin",
    "national_staff",
    "partner",
    "lapsed",  # référent of a structure whose adhesion is over, on its own objects
    "neighbour",  # référent of another structure of the same cohort
    "stranger",  # référent of another region
    "stranger_facilitator",
)

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati part laps neig stra sfac
home                       GET  302  200  200  200  200  200  200  200  200  200  200  200  200
home                       POST 302  405  405  405  405  405  405  405  405  405  405  405  405
rights                     GET  302  200  200  200  200  200  200  200  200  200  200  200  200
rights                     POST 302  405  405  405  405  405  405  405  405  405  405  405  405
health                     GET  200  200  200  200  200  200  200  200  200  200  200  200  200
health                     POST 405  405  405  405  405  405  405  405  405  405  405  405  405
demo_mail                  GET  404  404  404  404  404  404  404  404  404  404  404  404  404
demo_mail                  POST 405  405  405  405  405  405  405  405  405  405  405  405  405
job                        GET  302  200  404  404  404  404  404  404  404  200  404  404  404
job                        POST 302  405  405  405  405  405  405  405  405  405  405  405  405
download                   GET  302  405  405  405  405  405  405  403  403  405  405  405  405
download                   POST 302  200  404  404  404  404  404  403  403  403  404  404  404
cohort                     GET  302  200  200  200  200  200  200  200  200  200  200  404  404
cohort                     POST 302  405  405  405  405  405  405  405  405  405  405  405  405
participation              GET  302  200  200  200  200  200  200  403  403  200  404  404  404
participation              POST 302  405  405  405  405  405  405  403  403  405  405  405  405
clause                     GET  302  200  200  200  200  200  200  200  200  200  200  200  200
clause                     POST 302  422  422  422  422  422  422  422  422  422  422  422  422
organisation               GET  302  200  200  200  200  200  200  403  403  200  404  404  404
organisation               POST 302  405  405  405  405  405  405  403  403  405  405  405  405
organisation_edit          GET  302  200  403  403  200  403  403  403  403  200  404  404  403
organisation_edit          POST 302  422  403  403  422  403  403  403  403  422  404  404  403
approach_add               GET  302  405  403  403  405  403  403  403  403  405  405  405  403
approach_add               POST 302  422  403  403  422  403  403  403  403  422  404  404  403
approach_remove            GET  302  405  403  403  405  403  403  403  403  405  405  405  403
approach_remove            POST 302  302  403  403  302  403  403  403  403  302  404  404  403
referentiels               GET  302  200  200  200  200  200  200  200  403  403  200  200  200
referentiels               POST 302  405  405  405  405  405  405  405  403  405  405  405  405
referentiel_version        GET  302  200  200  200  200  200  200  200  403  403  200  200  200
referentiel_version        POST 302  405  405  405  405  405  405  405  403  405  405  405  405
autodiag_start             GET  302  405  405  405  405  403  403  403  403  405  405  405  403
autodiag_start             POST 302  302  302  403  403  403  403  403  403  403  404  404  403
plan                       GET  302  200  200  200  200  200  200  403  403  200  404  404  404
plan                       POST 302  405  405  405  405  405  405  403  403  405  405  405  405
action_new                 GET  302  200  200  403  403  403  403  403  403  403  404  404  403
action_new                 POST 302  422  422  403  403  403  403  403  403  403  404  404  403
action_edit                GET  302  200  200  403  403  403  403  403  403  403  404  404  403
action_edit                POST 302  422  422  403  403  403  403  403  403  403  404  404  403
autodiag                   GET  302  200  200  200  200  200  200  403  403  200  404  404  404
autodiag                   POST 302  405  405  405  405  405  405  403  403  405  405  405  405
autodiag_submit            GET  302  200  403  403  403  403  403  403  403  403  404  404  403
autodiag_submit            POST 302  422  403  403  403  403  403  403  403  403  404  404  403
synthesis                  GET  302  200  200  200  200  200  200  403  403  302  404  404  404
synthesis                  POST 302  405  405  405  405  405  405  403  403  405  405  405  405
synthesis_pdf              GET  302  405  405  405  405  405  405  403  403  405  405  405  405
synthesis_pdf              POST 302  302  302  302  302  302  302  403  403  403  404  404  404
criterion                  GET  302  200  200  200  200  403  403  403  403  403  404  404  403
criterion                  POST 302  405  405  405  405  403  403  403  403  405  405  405  403
answer_save                GET  302  405  405  405  405  403  403  403  403  405  405  405  403
answer_save                POST 302  422  422  403  403  403  403  403  403  403  404  404  403
answer_history             GET  302  200  200  200  200  403  403  403  403  403  404  404  403
answer_history             POST 302  405  405  405  405  403  403  403  403  405  405  405  403
account_login              GET  200  302  302  302  302  302  302  302  302  302  302  302  302
account_login              POST 200  302  302  302  302  302  302  302  302  302  302  302  302
account_logout             GET  302  200  200  200  200  200  200  200  200  200  200  200  200
account_logout             POST 302  302  302  302  302  302  302  302  302  302  302  302  302
account_signup             GET  200  302  302  302  302  302  302  302  302  302  302  302  302
account_signup             POST 200  302  302  302  302  302  302  302  302  302  302  302  302
account_inactive           GET  200  200  200  200  200  200  200  200  200  200  200  200  200
account_inactive           POST 405  405  405  405  405  405  405  405  405  405  405  405  405
account_reauthenticate     GET  302  200  200  200  200  200  200  200  200  200  200  200  200
account_reauthenticate     POST 302  200  200  200  200  200  200  200  200  200  200  200  200
account_change_password    GET  302  200  200  200  200  200  200  200  200  200  200  200  200
account_change_password    POST 302  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password     GET  200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password     POST 200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password_done GET  200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password_done POST 405  405  405  405  405  405  405  405  405  405  405  405  405
account_reset_password_from_key GET  200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password_from_key POST 200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password_from_key_done GET  200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password_from_key_done POST 405  405  405  405  405  405  405  405  405  405  405  405  405
"""
# fmt: on

# The page of the mails exists in the demonstration alone.
DEMONSTRATION = {("demo_mail", "GET"): 200}


def matrix(*, demonstration=False):
    """{(route, method): {audience: expected status}}."""
    cells = {}
    for line in TABLE.strip().splitlines():
        if line.startswith("#"):
            continue
        route, method, *statuses = line.split()
        cells[route, method] = dict(zip(AUDIENCES, map(int, statuses), strict=True))
    if demonstration:
        for key, status in DEMONSTRATION.items():
            cells[key] = dict.fromkeys(AUDIENCES, status)
    return cells


def address(route, side):
    """The route's address for the objects of one structure.

    `side` has participation, organisation, draft, submitted, action, job, document and approach.
    """
    region = side.participation.cohort.region.slug
    path = {"region": region, "public_id": side.participation.public_id}
    card = {"region": region, "public_id": side.organisation.public_id}
    draft = {"region": region, "public_id": side.draft.public_id}
    submitted = {"region": region, "public_id": side.submitted.public_id}
    version = side.participation.cohort.version
    arguments = {
        "job": lambda: {"public_id": side.job.public_id},
        "download": lambda: {"region": region, "public_id": side.document.public_id},
        "cohort": lambda: {"region": region, "slug": side.participation.cohort.slug},
        "participation": lambda: path,
        "organisation": lambda: card,
        "organisation_edit": lambda: card,
        "approach_add": lambda: card,
        "approach_remove": lambda: {**card, "approach_pk": side.approach.pk},
        "referentiel_version": lambda: {"code": version.referentiel.code, "number": version.number},
        "autodiag_start": lambda: {**path, "number": side.draft.round.chapter.number},
        "plan": lambda: path,
        "action_new": lambda: path,
        "action_edit": lambda: {**path, "action_id": side.action.public_id},
        "autodiag": lambda: draft,
        "autodiag_submit": lambda: draft,
        "synthesis": lambda: submitted,
        "synthesis_pdf": lambda: submitted,
        "criterion": lambda: {**draft, "position": 1},
        "answer_save": lambda: {**draft, "position": 1},
        "answer_history": lambda: {**draft, "position": 1},
        "account_reset_password_from_key": lambda: {"uidb36": "zzz", "key": "jeton-faux"},
    }
    return reverse(route, kwargs=arguments[route]() if route in arguments else None)
