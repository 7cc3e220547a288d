"""Where the pages of conventions are."""

CONVENTION = "regions/<slug:region>/conventions/<pid:public_id>/"
PARTY = CONVENTION + "parties/<int:party_pk>/"
SIGNATORY = CONVENTION + "signataires/<pid:signatory_id>/"
SIGNING = "signature/<pid:public_id>/"
