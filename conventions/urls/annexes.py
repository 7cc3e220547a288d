from django.urls import path

from conventions.urls.places import CONVENTION, SIGNING
from conventions.views import annexes, breaches, charters

ANNEX = CONVENTION + "annexes/<int:number>/"
BREACH = CONVENTION + "manquements/<pid:breach_id>/"
REGION = "regions/<slug:region>/conventions-et-chartes/"
urlpatterns = [
    path(CONVENTION + "annexes/", annexes.annex_list, name="annexes"),
    path(CONVENTION + "annexes/nouvelle/<slug:kind>/", annexes.annex_new, name="annex_new"),
    path(ANNEX, annexes.annex, name="annex"),
    path(ANNEX + "reviser/", annexes.annex_revise, name="annex_revise"),
    path(ANNEX + "retirer/", annexes.annex_drop, name="annex_drop"),
    path(ANNEX + "revisions/<int:revision>/fichier/", annexes.annex_file, name="annex_file"),
    path(SIGNING + "annexes/", annexes.signing_annexes, name="signing_annexes"),
    path(
        SIGNING + "annexes/<int:number>/revisions/<int:revision>/fichier/",
        annexes.signing_annex_file,
        name="signing_annex_file",
    ),
    path(REGION, charters.charter_list, name="charters"),
    path(REGION + "nouvelle/", charters.charter_new, name="charter_new"),
    path(CONVENTION + "identite/", charters.charter_identity, name="charter_identity"),
    path(CONVENTION + "validation/", charters.charter_validation, name="charter_validation"),
    path(CONVENTION + "validation/<int:validation_pk>/decision/", charters.charter_decision, name="charter_decision"),
    path(CONVENTION + "manquements/", breaches.breach_list, name="breaches"),
    path(CONVENTION + "parties/<int:party_pk>/manquement/", breaches.breach_new, name="breach_new"),
    path(BREACH, breaches.breach, name="breach"),
    path(BREACH + "decision/", breaches.breach_decide, name="breach_decide"),
    path("manquement/<pid:breach_id>/", breaches.breach_answer, name="breach_answer"),
    path("manquement/<pid:breach_id>/lien/<str:token>/", breaches.breach_link, name="breach_link"),
]
