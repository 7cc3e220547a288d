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
    "national_staff",  # to whom no référentiel was entrusted
    "editor",  # national staff to whom one was
    "partner",
    "lapsed",  # référent of a structure whose adhesion is over, on its own objects
    "neighbour",  # référent of another structure of the same cohort
    "stranger",  # référent of another region
    "stranger_facilitator",
)

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
home                       GET  302  200  200  200  200  200  200  200  200  200  200  200  200  200
home                       POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
rights                     GET  302  200  200  200  200  200  200  200  200  200  200  200  200  200
rights                     POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
help                       GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
help                       POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
help_page                  GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
help_page                  POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
glossary                   GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
glossary                   POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
legal_notice               GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
legal_notice               POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
privacy                    GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
privacy                    POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
accessibility              GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
accessibility              POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
health                     GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
health                     POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
demo_mail                  GET  404  404  404  404  404  404  404  404  404  404  404  404  404  404
demo_mail                  POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
job                        GET  302  200  404  404  404  404  404  404  404  404  200  404  404  404
job                        POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
download                   GET  302  405  405  405  405  405  405  403  403  403  405  405  405  405
download                   POST 302  200  404  404  404  404  404  403  403  403  403  404  404  404
cohort                     GET  302  200  200  200  200  200  200  200  200  200  200  200  404  404
cohort                     POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
cohort_board               GET  302  403  403  403  403  200  200  403  403  403  403  403  403  404
cohort_board               POST 302  403  403  403  403  405  405  403  403  403  403  403  403  405
cohort_new                 GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
cohort_new                 POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
cohort_setup               GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
cohort_setup               POST 302  403  403  403  403  403  405  403  403  403  403  403  403  403
cohort_calendar            GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
cohort_calendar            POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
cohort_participants        GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
cohort_participants        POST 302  403  403  403  403  403  405  403  403  403  403  403  403  403
structure_add              GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
structure_add              POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
facilitator_add            GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
facilitator_add            POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
partner_add                GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
partner_add                POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
clearance_exception        GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
clearance_exception        POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
clearance_end              GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
clearance_end              POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
cohort_relays              GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
cohort_relays              POST 302  403  403  403  403  403  405  403  403  403  403  403  403  403
need_new                   GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
need_new                   POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
resource_new               GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
resource_new               POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
resource_share             GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
resource_share             POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
share_withdraw             GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
share_withdraw             POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
relays                     GET  302  403  403  403  403  403  403  200  200  200  403  403  403  403
relays                     POST 302  403  403  403  403  403  403  405  405  405  403  403  403  403
need_answer                GET  302  403  403  403  403  403  403  404  404  200  403  403  403  403
need_answer                POST 302  403  403  403  403  403  403  404  404  422  403  403  403  403
resource_download          GET  302  403  403  403  403  403  403  405  405  405  403  403  403  403
resource_download          POST 302  403  403  403  403  403  403  404  404  200  403  403  403  403
participation              GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
participation              POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
notes                      GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
notes                      POST 302  403  403  403  403  422  422  403  403  403  403  404  404  404
note_edit                  GET  302  403  403  403  403  200  403  403  403  403  403  403  403  404
note_edit                  POST 302  403  403  403  403  422  403  403  403  403  403  403  403  404
round_adjust               GET  302  403  403  403  403  200  200  403  403  403  403  403  403  404
round_adjust               POST 302  403  403  403  403  422  422  403  403  403  403  403  403  404
clause                     GET  302  200  200  200  200  200  200  200  200  200  200  200  200  200
clause                     POST 302  422  422  422  422  422  422  422  422  422  422  422  422  422
organisation               GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
organisation               POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
adhesion_add               GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
adhesion_add               POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
organisation_invite        GET  302  200  403  403  200  403  200  403  403  403  200  404  404  403
organisation_invite        POST 302  422  403  403  422  403  422  403  403  403  422  404  404  403
invitation                 GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
invitation                 POST 422  403  403  403  403  403  403  403  403  403  403  403  403  403
invitation_mine            GET  302  404  404  404  404  404  404  404  404  404  404  404  404  404
invitation_mine            POST 302  404  404  404  404  404  404  404  404  404  404  404  404  404
invitation_resend          GET  302  405  403  403  405  403  405  403  403  403  405  405  405  403
invitation_resend          POST 302  302  403  403  302  403  302  403  403  403  302  404  404  403
invitation_cancel          GET  302  405  403  403  405  403  405  403  403  403  405  405  405  403
invitation_cancel          POST 302  302  403  403  302  403  302  403  403  403  302  404  404  403
pair                       GET  302  200  403  403  200  403  200  403  403  403  200  404  404  403
pair                       POST 302  422  403  403  422  403  422  403  403  403  422  404  404  403
organisation_edit          GET  302  200  403  403  200  403  403  403  403  403  200  404  404  403
organisation_edit          POST 302  422  403  403  422  403  403  403  403  403  422  404  404  403
approach_add               GET  302  405  403  403  405  403  403  403  403  403  405  405  405  403
approach_add               POST 302  422  403  403  422  403  403  403  403  403  422  404  404  403
approach_remove            GET  302  405  403  403  405  403  403  403  403  403  405  405  405  403
approach_remove            POST 302  302  403  403  302  403  403  403  403  403  302  404  404  403
network                    GET  302  403  403  403  403  403  403  200  200  403  403  403  403  403
network                    POST 302  403  403  403  403  403  403  405  405  403  403  403  403  403
network_chapter            GET  302  403  403  403  403  403  403  200  200  403  403  403  403  403
network_chapter            POST 302  403  403  403  403  403  403  405  405  403  403  403  403  403
referentiels               GET  302  200  200  200  200  200  200  200  200  403  403  200  200  200
referentiels               POST 302  405  405  405  405  405  405  405  405  403  405  405  405  405
referentiel_version        GET  302  200  200  200  200  200  200  200  200  403  403  200  200  200
referentiel_version        POST 302  405  405  405  405  405  405  405  405  403  405  405  405  405
referentiel_draft          GET  302  403  403  403  403  403  403  200  200  403  403  403  403  403
referentiel_draft          POST 302  403  403  403  403  403  403  405  405  403  403  403  403  403
draft_start                GET  302  403  403  403  403  403  403  405  405  403  403  403  403  403
draft_start                POST 302  403  403  403  403  403  403  403  302  403  403  403  403  403
draft_chapter              GET  302  403  403  403  403  403  403  403  200  403  403  403  403  403
draft_chapter              POST 302  403  403  403  403  403  403  403  422  403  403  403  403  403
draft_criterion            GET  302  403  403  403  403  403  403  403  200  403  403  403  403  403
draft_criterion            POST 302  403  403  403  403  403  403  403  422  403  403  403  403  403
draft_publish              GET  302  403  403  403  403  403  403  403  200  403  403  403  403  403
draft_publish              POST 302  403  403  403  403  403  403  403  422  403  403  403  403  403
referentiel_editors        GET  302  403  403  403  403  403  403  200  200  403  403  403  403  403
referentiel_editors        POST 302  403  403  403  403  403  403  403  422  403  403  403  403  403
editor_remove              GET  302  403  403  403  403  403  403  405  405  403  403  403  403  403
editor_remove              POST 302  403  403  403  403  403  403  403  422  403  403  403  403  403
autodiag_start             GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
autodiag_start             POST 302  302  302  403  403  403  403  403  403  403  403  404  404  403
plan                       GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
plan                       POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
action_new                 GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
action_new                 POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
action_edit                GET  302  200  200  403  403  403  403  403  403  403  403  404  404  403
action_edit                POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
autodiag                   GET  302  200  200  200  200  200  200  403  403  403  200  404  404  404
autodiag                   POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
autodiag_submit            GET  302  200  403  403  403  403  403  403  403  403  403  404  404  403
autodiag_submit            POST 302  422  403  403  403  403  403  403  403  403  403  404  404  403
synthesis                  GET  302  200  200  200  200  200  200  403  403  403  302  404  404  404
synthesis                  POST 302  405  405  405  405  405  405  403  403  403  405  405  405  405
synthesis_pdf              GET  302  405  405  405  405  405  405  403  403  403  405  405  405  405
synthesis_pdf              POST 302  302  302  302  302  302  302  403  403  403  403  404  404  404
criterion                  GET  302  200  200  200  200  403  403  403  403  403  403  404  404  403
criterion                  POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
answer_save                GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
answer_save                POST 302  422  422  403  403  403  403  403  403  403  403  404  404  403
answer_history             GET  302  200  200  200  200  403  403  403  403  403  403  404  404  403
answer_history             POST 302  405  405  405  405  403  403  403  403  403  405  405  405  403
remark_add                 GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
remark_add                 POST 302  422  422  422  422  403  403  403  403  403  403  404  404  403
# Its board member wrote it.
remark_withdraw            GET  302  405  405  405  405  403  403  403  403  403  405  405  405  403
remark_withdraw            POST 302  403  403  302  403  403  403  403  403  403  403  404  404  403
convention_draft           GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
convention_draft           POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
convention                 GET  302  200  200  200  200  200  200  200  200  200  200  200  404  404
convention                 POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
convention_pdf             GET  302  200  200  200  200  200  200  200  200  200  200  200  404  404
convention_pdf             POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
convention_edit            GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
convention_edit            POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
convention_parties         GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
convention_parties         POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
convention_preview         GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
convention_preview         POST 302  403  403  403  403  403  405  403  403  403  403  403  403  403
convention_freeze          GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
convention_freeze          POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
convention_send            GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
convention_send            POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
convention_cancel          GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
convention_cancel          POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
convention_end             GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
convention_end             POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
signatory_edit             GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
signatory_edit             POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
signing_resend             GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
signing_resend             POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
signing                    GET  403  403  403  403  403  403  403  403  403  403  403  403  403  403
signing                    POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
signing_code               GET  405  405  405  405  405  405  405  405  405  405  405  405  405  405
signing_code               POST 403  403  403  403  403  403  403  403  403  403  403  403  403  403
signing_act                GET  403  403  403  403  403  403  403  403  403  403  403  403  403  403
signing_act                POST 403  403  403  403  403  403  403  403  403  403  403  403  403  403
signing_pdf                GET  403  403  403  403  403  403  403  403  403  403  403  403  403  403
signing_pdf                POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
# The two that open a session of signing come after the pages it opens.
signing_open               GET  302  405  405  405  405  405  405  405  405  405  405  405  405  405
signing_open               POST 302  404  404  404  302  404  302  404  404  302  404  404  404  404
signing_link               GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
signing_link               POST 302  302  302  302  302  302  302  302  302  302  302  302  302  302
account_login              GET  200  302  302  302  302  302  302  302  302  302  302  302  302  302
account_login              POST 200  302  302  302  302  302  302  302  302  302  302  302  302  302
account_logout             GET  302  200  200  200  200  200  200  200  200  200  200  200  200  200
account_logout             POST 302  302  302  302  302  302  302  302  302  302  302  302  302  302
account_signup             GET  200  302  302  302  302  302  302  302  302  302  302  302  302  302
account_signup             POST 200  302  302  302  302  302  302  302  302  302  302  302  302  302
account_inactive           GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
account_inactive           POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
account_reauthenticate     GET  302  200  200  200  200  200  200  200  200  200  200  200  200  200
account_reauthenticate     POST 302  200  200  200  200  200  200  200  200  200  200  200  200  200
account_change_password    GET  302  200  200  200  200  200  200  200  200  200  200  200  200  200
account_change_password    POST 302  200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password     GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password     POST 200  200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password_done GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password_done POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
account_reset_password_from_key GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password_from_key POST 200  200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password_from_key_done GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
account_reset_password_from_key_done POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
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


# Routes whose address says no more than the object they are about.
OF_COHORT = ("cohort", "cohort_board", "cohort_setup", "cohort_calendar", "cohort_participants")
OF_COHORT += ("structure_add", "facilitator_add", "partner_add", "convention_draft")
OF_COHORT += ("cohort_relays", "need_new", "resource_new")
OF_PATH = ("participation", "pair", "clearance_exception", "notes", "plan", "action_new")
OF_CARD = ("organisation", "organisation_edit", "organisation_invite", "adhesion_add", "approach_add")
OF_DRAFT = ("autodiag", "autodiag_submit")
OF_CRITERION = ("criterion", "answer_save", "answer_history", "remark_add")
OF_SUBMITTED = ("synthesis", "synthesis_pdf")
OF_CONVENTION = ("convention", "convention_pdf", "signing_open", "convention_end")
OF_DRAFT_CONVENTION = ("convention_edit", "convention_parties", "convention_preview")
OF_DRAFT_CONVENTION += ("convention_freeze", "convention_send", "convention_cancel")
OF_DRAFT_PARTY = ("signatory_edit", "signing_resend")
# The same for everybody.
OF_NOBODY = {
    "help_page": lambda: {"slug": "referent"},
    "account_reset_password_from_key": lambda: {"uidb36": "zzz", "key": "jeton-faux"},
}
OF_SIGNATORY = ("signing", "signing_code", "signing_act", "signing_pdf")
OF_INVITATION = ("invitation_mine", "invitation_resend", "invitation_cancel")


OF_REFERENTIEL = ("referentiel_draft", "draft_start", "draft_publish", "referentiel_editors")


def draft_party_of(region, side):
    """The address of a party of the draft."""
    return {"region": region, "public_id": side.draft_convention.public_id, "party_pk": side.draft_party.pk}


def relays_of(cohort, side):
    """The arguments of the pages about one need and one resource of a partner."""
    return {
        "resource_share": lambda: {**cohort, "public_id": side.share.resource.public_id},
        "share_withdraw": lambda: {**cohort, "public_id": side.share.public_id},
        "need_answer": lambda: {"public_id": side.need.public_id},
        "resource_download": lambda: {"public_id": side.share.public_id},
    }


def address(route, side):
    """The route's address for the objects of one structure.

    `side` has participation, organisation, draft_chapter, draft_criterion and editor of its référentiel, draft, submitted, action, job, document, approach, clearance (an exception), note,
    invitation and its token, need and share (a partner's), convention (in force), draft_convention and its draft_party, signatory and signing_token.
    """
    region = side.participation.cohort.region.slug
    cohort = {"region": region, "slug": side.participation.cohort.slug}
    path = {"region": region, "public_id": side.participation.public_id}
    card = {"region": region, "public_id": side.organisation.public_id}
    draft = {"region": region, "public_id": side.draft.public_id}
    submitted = {"region": region, "public_id": side.submitted.public_id}
    version = side.participation.cohort.version
    arguments = {
        **dict.fromkeys(OF_COHORT, lambda: cohort),
        **dict.fromkeys(OF_PATH, lambda: path),
        **dict.fromkeys(OF_CARD, lambda: card),
        **dict.fromkeys(OF_DRAFT, lambda: draft),
        **dict.fromkeys(OF_CRITERION, lambda: {**draft, "position": 1}),
        **dict.fromkeys(OF_SUBMITTED, lambda: submitted),
        **dict.fromkeys(OF_INVITATION, lambda: {"public_id": side.invitation.public_id}),
        **dict.fromkeys(OF_CONVENTION, lambda: {"region": region, "public_id": side.convention.public_id}),
        **dict.fromkeys(OF_DRAFT_CONVENTION, lambda: {"region": region, "public_id": side.draft_convention.public_id}),
        **dict.fromkeys(OF_DRAFT_PARTY, lambda: draft_party_of(region, side)),
        **dict.fromkeys(OF_SIGNATORY, lambda: {"public_id": side.signatory.public_id}),
        **dict.fromkeys(OF_REFERENTIEL, lambda: {"code": version.referentiel.code}),
        "draft_chapter": lambda: {"code": version.referentiel.code, "stable_id": side.draft_chapter.stable_id},
        "draft_criterion": lambda: {"code": version.referentiel.code, "stable_id": side.draft_criterion.stable_id},
        "editor_remove": lambda: {"code": version.referentiel.code, "public_id": side.editor.public_id},
        "signing_link": lambda: {"token": side.signing_token},
        "job": lambda: {"public_id": side.job.public_id},
        "download": lambda: {"region": region, "public_id": side.document.public_id},
        "cohort_new": lambda: {"region": region},
        **relays_of(cohort, side),
        "note_edit": lambda: {**path, "note_id": side.note.public_id},
        "round_adjust": lambda: {**path, "number": side.draft.round.chapter.number},
        "clearance_end": lambda: {**path, "pk": side.clearance.pk},
        "invitation": lambda: {"token": side.invitation_token},
        "approach_remove": lambda: {**card, "approach_pk": side.approach.pk},
        "referentiel_version": lambda: {"code": version.referentiel.code, "number": version.number},
        "network_chapter": lambda: {"code": version.referentiel.code, "number": version.number, "chapter": 1},
        "autodiag_start": lambda: {**path, "number": side.draft.round.chapter.number},
        "remark_withdraw": lambda: {**draft, "position": side.remark.position, "remark_pk": side.remark.pk},
        "action_edit": lambda: {**path, "action_id": side.action.public_id},
        **OF_NOBODY,
    }
    return reverse(route, kwargs=arguments[route]() if route in arguments else None)
