from django.urls import path

from conventions.urls.places import CONVENTION
from conventions.views import following, register

SIGNATORY = CONVENTION + "signatures/<pid:signatory_id>/"
REGISTER = CONVENTION + "engagements/"

urlpatterns = [
    path(CONVENTION + "signatures/", following.convention_signatures, name="convention_signatures"),
    path(SIGNATORY + "renvoyer/", following.signatory_resend, name="signatory_resend"),
    path(SIGNATORY + "courriel-revenu/", following.signatory_returned, name="signatory_returned"),
    path(CONVENTION + "delai-de-grace/", following.convention_grace, name="convention_grace"),
    path(REGISTER, register.convention_register, name="convention_register"),
    path(REGISTER + "classeur/", register.convention_register_export, name="convention_register_export"),
    path(REGISTER + "<pid:commitment_id>/attester/", register.commitment_attest, name="commitment_attest"),
    path(
        REGISTER + "attestations/<int:attestation_id>/retirer/",
        register.attestation_withdraw,
        name="attestation_withdraw",
    ),
]
