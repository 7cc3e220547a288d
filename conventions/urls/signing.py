from django.urls import path

from conventions.urls.places import CONVENTION, PARTY, SIGNING
from conventions.views import managing, reading, signatories, signing

urlpatterns = [
    path("regions/<slug:region>/cohortes/<slug:slug>/convention/", managing.convention_draft, name="convention_draft"),
    path(CONVENTION, reading.convention, name="convention"),
    path(CONVENTION + "convention.pdf", reading.convention_pdf, name="convention_pdf"),
    path(CONVENTION + "signer/", reading.signing_open, name="signing_open"),
    path(CONVENTION + "brouillon/", managing.convention_edit, name="convention_edit"),
    path(CONVENTION + "brouillon/parties/", managing.convention_parties, name="convention_parties"),
    path(CONVENTION + "apercu/", managing.convention_preview, name="convention_preview"),
    path(CONVENTION + "figer/", managing.convention_freeze, name="convention_freeze"),
    path(CONVENTION + "envoyer/", managing.convention_send, name="convention_send"),
    path(CONVENTION + "retirer/", managing.convention_cancel, name="convention_cancel"),
    path(CONVENTION + "fin/", managing.convention_end, name="convention_end"),
    path(PARTY, signatories.signatory_edit, name="signatory_edit"),
    path("signer/<str:token>/", signing.signing_link, name="signing_link"),
    path(SIGNING, signing.signing_page, name="signing"),
    path(SIGNING + "code/", signing.signing_code, name="signing_code"),
    path(SIGNING + "signer/", signing.signing_act, name="signing_act"),
    path(SIGNING + "convention.pdf", signing.signing_pdf, name="signing_pdf"),
]
