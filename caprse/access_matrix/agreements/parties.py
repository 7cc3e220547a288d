"""Who gets what from the parties of a convention, who signs for them, refusals and paper."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
party                      GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
party                      POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
signatory_add              GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
signatory_add              POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
signatory_change           GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
signatory_change           POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
wrong_person_dismiss       GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
wrong_person_dismiss       POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
# A draft is signed by nobody yet: the page says so and leads back.
signature_paper            GET  302  403  403  403  403  403  302  403  403  403  403  403  403  403
signature_paper            POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
# No document shows the power of this one.
signatory_file             GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
signatory_file             POST 302  403  403  403  403  403  404  403  403  403  403  403  403  403
# A draft has no copy to send.
signatory_copy             GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
signatory_copy             POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
signatory_remove           GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
signatory_remove           POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
signing_refuse             GET  403  403  403  403  403  403  403  403  403  403  403  403  403  403
signing_refuse             POST 403  403  403  403  403  403  403  403  403  403  403  403  403  403
signing_back               GET  403  403  403  403  403  403  403  403  403  403  403  403  403  403
signing_back               POST 403  403  403  403  403  403  403  403  403  403  403  403  403  403
signing_wrong              GET  403  403  403  403  403  403  403  403  403  403  403  403  403  403
signing_wrong              POST 403  403  403  403  403  403  403  403  403  403  403  403  403  403
"""
# fmt: on
OF_SIGNATORY = ("signatory_change", "wrong_person_dismiss", "signature_paper", "signatory_remove", "signatory_copy")


def addresses(at):
    """The arguments of each route, from the objects of one side."""
    draft = lambda: {"region": at.region, "public_id": at.side.draft_convention.public_id}  # noqa: E731
    of_party = lambda: {**draft(), "party_pk": at.side.draft_party.pk}  # noqa: E731
    of_signatory = lambda: {**draft(), "signatory_id": at.side.draft_signatory.public_id}  # noqa: E731
    return {
        **dict.fromkeys(("party", "signatory_add"), of_party),
        **dict.fromkeys(OF_SIGNATORY, of_signatory),
        "signatory_file": lambda: {**of_signatory(), "what": "pouvoir"},
        **dict.fromkeys(
            ("signing_refuse", "signing_back", "signing_wrong"), lambda: {"public_id": at.side.signatory.public_id}
        ),
    }
