"""Who gets what from the annexes of a convention, from charters, from breaches."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
# Annexes: read by every party; prepared by who organises; a form is filled by the parties too.
annexes                    GET  302  200  200  200  200  200  200  200  200  200  200  200  404  404
annexes                    POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
annex_new                  GET  302  403  403  403  403  403  302  403  403  403  403  403  403  403
annex_new                  POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
annex                      GET  302  200  200  200  200  200  200  200  200  200  200  200  404  404
annex                      POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
annex_revise               GET  302  200  403  403  200  403  200  403  403  200  200  200  404  403
annex_revise               POST 302  422  403  403  422  403  422  403  403  422  422  422  404  403
annex_drop                 GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
annex_drop                 POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
annex_file                 GET  302  405  405  405  405  405  405  405  405  405  405  405  405  405
annex_file                 POST 302  200  200  200  200  200  200  200  200  200  200  200  404  404
signing_annexes            GET  403  403  403  403  403  403  403  403  403  403  403  403  403  403
signing_annexes            POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
signing_annex_file         GET  405  405  405  405  405  405  405  405  405  405  405  405  405  405
signing_annex_file         POST 403  403  403  403  403  403  403  403  403  403  403  403  403  403
# Charters: outside any cohort, so who follows a cohort alone sees none.
charters                   GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
charters                   POST 302  403  403  403  403  403  405  403  403  403  403  403  403  403
charter_new                GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
charter_new                POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
charter_identity           GET  302  200  200  200  200  404  200  404  404  404  200  404  404  404
charter_identity           POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
charter_validation         GET  302  403  403  403  403  403  302  403  403  403  403  403  403  403
charter_validation         POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
charter_decision           GET  302  405  405  405  405  405  405  405  405  405  405  405  405  405
charter_decision           POST 302  200  200  200  200  404  200  404  404  404  200  404  404  404
# Breaches: the party it is about and who notifies it; no other party, and nobody who accompanies.
breaches                   GET  302  200  403  200  200  403  200  403  403  200  200  200  404  403
breaches                   POST 302  405  403  405  405  403  405  403  403  405  405  405  405  403
breach_new                 GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
breach_new                 POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
breach                     GET  302  200  403  200  200  403  200  403  403  404  200  404  404  403
breach                     POST 302  422  403  403  422  403  403  403  403  404  422  404  404  403
breach_decide              GET  302  403  403  403  403  403  302  403  403  403  403  403  403  403
breach_decide              POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
breach_answer              GET  403  403  403  403  403  403  403  403  403  403  403  403  403  403
breach_answer              POST 403  403  403  403  403  403  403  403  403  403  403  403  403  403
breach_link                GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
breach_link                POST 302  302  302  302  302  302  302  302  302  302  302  302  302  302
"""
# fmt: on
OF_CONVENTION = ("annexes", "breaches")
OF_ANNEX = ("annex", "annex_revise", "annex_drop")
OF_CHARTER = ("charter_identity", "charter_validation")
OF_BREACH = ("breach", "breach_decide")


def addresses(at):
    """The arguments of each route, from the objects of one side."""
    side, region = at.side, {"region": at.region}
    return {
        **dict.fromkeys(OF_CONVENTION, lambda: {**region, "public_id": side.convention.public_id}),
        **dict.fromkeys(OF_ANNEX, lambda: {**region, "public_id": side.convention.public_id, "number": 1}),
        **dict.fromkeys(OF_CHARTER, lambda: {**region, "public_id": side.charter.public_id}),
        **dict.fromkeys(OF_BREACH, lambda: breach_of(region, side)),
        **dict.fromkeys(("charters", "charter_new"), lambda: region),
        "annex_new": lambda: {**region, "public_id": side.convention.public_id, "kind": "text"},
        "annex_file": lambda: {**region, "public_id": side.convention.public_id, "number": 2, "revision": 1},
        "signing_annexes": lambda: {"public_id": side.signatory.public_id},
        "signing_annex_file": lambda: {"public_id": side.signatory.public_id, "number": 2, "revision": 1},
        "charter_decision": lambda: {
            **region,
            "public_id": side.charter.public_id,
            "validation_pk": side.validation.pk,
        },
        "breach_new": lambda: {
            **region,
            "public_id": side.convention.public_id,
            "party_pk": side.own_party.pk,
        },
        "breach_answer": lambda: {"breach_id": side.breach.public_id},
        "breach_link": lambda: {"breach_id": side.breach.public_id, "token": side.breach_token},
    }


def breach_of(region, side):
    """The address of a breach under its convention."""
    return {**region, "public_id": side.convention.public_id, "breach_id": side.breach.public_id}
