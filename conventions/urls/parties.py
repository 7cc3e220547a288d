from django.urls import path

from conventions.urls.places import PARTY, SIGNATORY, SIGNING
from conventions.views import declining, parties, signatories

urlpatterns = [
    path(PARTY + "fiche/", parties.party, name="party"),
    path(PARTY + "signataires/", signatories.signatory_add, name="signatory_add"),
    path(SIGNATORY, signatories.signatory_change, name="signatory_change"),
    path(SIGNATORY + "retirer/", signatories.signatory_remove, name="signatory_remove"),
    path(SIGNATORY + "demande/", parties.wrong_person_dismiss, name="wrong_person_dismiss"),
    path(SIGNATORY + "exemplaire/", parties.signatory_copy, name="signatory_copy"),
    path(SIGNATORY + "papier/", parties.signature_paper, name="signature_paper"),
    path(SIGNATORY + "pieces/<str:what>/", parties.signatory_file, name="signatory_file"),
    path(SIGNING + "refuser/", declining.signing_refuse, name="signing_refuse"),
    path(SIGNING + "se-raviser/", declining.signing_back, name="signing_back"),
    path(SIGNING + "autre-personne/", declining.signing_wrong, name="signing_wrong"),
]
