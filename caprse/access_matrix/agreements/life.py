"""Who gets what from versions, amendments, accessions, parties that leave, and who was bound by what."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
convention_life            GET  302  200  200  200  200  200  200  200  200  200  200  200  404  404
convention_life            POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
convention_bound           GET  302  200  200  200  200  200  200  200  200  200  200  200  404  404
convention_bound           POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
convention_consolidated    GET  302  200  200  200  200  200  200  200  200  200  200  200  404  404
convention_consolidated    POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
# A convention in force has no version n+1, and no deadline any more: the page leads back and says so.
convention_renew           GET  302  403  403  403  403  403  302  403  403  403  403  403  403  403
convention_renew           POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
convention_deadline        GET  302  403  403  403  403  403  302  403  403  403  403  403  403  403
convention_deadline        POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
# The convention itself brings nobody in: only an amendment being written does.
party_drop                 GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
party_drop                 POST 302  403  403  403  403  403  404  403  403  403  403  403  403  403
party_leave                GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
party_leave                POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
# Who commits an organisation asks for it to withdraw.
convention_withdraw        GET  302  403  403  403  200  403  403  200  200  200  403  403  403  403
convention_withdraw        POST 302  403  403  403  422  403  403  422  422  422  403  403  403  403
convention_amend           GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
convention_amend           POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
convention_join            GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
convention_join            POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
# An amendment that is not written any more: what it changes is read by every party, its articles change no more.
amendment_changes          GET  302  200  200  200  200  200  200  200  200  200  200  200  404  404
amendment_changes          POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
amendment_add              GET  302  403  403  403  403  403  302  403  403  403  403  403  403  403
amendment_add              POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
amendment_article          GET  302  403  403  403  403  403  302  403  403  403  403  403  403  403
amendment_article          POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
amendment_act              GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
amendment_act              POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
conventions_for_structures GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
conventions_for_structures POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
# One's own copy, by one's own link.
convention_copy            GET  200  200  200  200  200  200  200  200  200  200  200  200  200  200
convention_copy            POST 405  405  405  405  405  405  405  405  405  405  405  405  405  405
"""
# fmt: on
OF_CONVENTION = ("convention_life", "convention_bound", "convention_consolidated", "convention_renew")
OF_CONVENTION += ("convention_deadline", "convention_withdraw", "convention_amend", "convention_join")
OF_AMENDMENT = ("amendment_changes", "amendment_add")
OF_ARTICLE = ("amendment_article", "amendment_act")


def addresses(at):
    """The arguments of each route, from the objects of one side."""

    def convention():
        return {"region": at.region, "public_id": at.side.convention.public_id}

    def amendment():
        return {"region": at.region, "public_id": at.side.amendment.public_id}

    return {
        **dict.fromkeys(OF_CONVENTION, convention),
        **dict.fromkeys(OF_AMENDMENT, amendment),
        **dict.fromkeys(OF_ARTICLE, lambda: {**amendment(), "key": "objet"}),
        "party_drop": lambda: {**convention(), "party_pk": at.side.own_party.pk},
        "party_leave": lambda: {**convention(), "party_pk": at.side.own_party.pk},
        "conventions_for_structures": lambda: at.cohort,
        "convention_copy": lambda: {"token": at.side.signing_token},
    }
