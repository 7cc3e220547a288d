"""Who gets what from the register of commitments, and from the page that follows the signatures."""

# fmt: off
TABLE = """
#                               anon refe cont boar lega faci regi nati edit part laps neig stra sfac
# Following the signatures, and giving time: whoever prepares the conventions of the region.
convention_signatures      GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
convention_signatures      POST 302  403  403  403  403  403  405  403  403  403  403  403  403  403
signatory_resend           GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
signatory_resend           POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
signatory_returned         GET  302  403  403  403  403  403  405  403  403  403  403  403  403  403
signatory_returned         POST 302  403  403  403  403  403  302  403  403  403  403  403  403  403
convention_grace           GET  302  403  403  403  403  403  200  403  403  403  403  403  403  403
convention_grace           POST 302  403  403  403  403  403  422  403  403  403  403  403  403  403
# The register: each party its own; who accompanies, all of it.
convention_register        GET  302  200  200  200  200  200  200  200  200  200  200  200  404  404
convention_register        POST 302  405  405  405  405  405  405  405  405  405  405  405  405  405
convention_register_export GET  302  405  405  405  405  405  405  405  405  405  405  405  405  405
convention_register_export POST 302  200  200  200  200  200  200  200  200  200  403  200  404  404
commitment_attest          GET  302  200  403  403  200  200  200  404  404  404  200  404  404  404
commitment_attest          POST 302  422  403  403  422  422  422  404  404  404  422  404  404  404
# One's own words are taken back by oneself alone.
attestation_withdraw       GET  302  405  405  405  405  405  405  405  405  405  405  405  405  405
attestation_withdraw       POST 302  302  403  403  403  403  403  404  404  404  302  404  404  404
"""
# fmt: on
OF_CONVENTION = ("convention_signatures", "convention_grace", "convention_register", "convention_register_export")


def addresses(at):
    """The arguments of each route, from the objects of one side."""

    def convention():
        return {"region": at.region, "public_id": at.side.convention.public_id}

    return {
        **dict.fromkeys(OF_CONVENTION, convention),
        **dict.fromkeys(
            ("signatory_resend", "signatory_returned"),
            lambda: {**convention(), "signatory_id": at.side.own_signatory.public_id},
        ),
        "commitment_attest": lambda: {**convention(), "commitment_id": at.side.commitment.public_id},
        "attestation_withdraw": lambda: {**convention(), "attestation_id": at.side.attestation.pk},
    }
