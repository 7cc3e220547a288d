from django.urls import path

from conventions.urls.places import CONVENTION, PARTY
from conventions.views import amending, life

CHANGES = CONVENTION + "changements/"
urlpatterns = [
    path(CONVENTION + "vie/", life.convention_life, name="convention_life"),
    path(CONVENTION + "qui-est-lie/", life.convention_bound, name="convention_bound"),
    path(CONVENTION + "texte-consolide/", life.convention_consolidated, name="convention_consolidated"),
    path(CONVENTION + "nouvelle-version/", life.convention_renew, name="convention_renew"),
    path(CONVENTION + "delai/", life.convention_deadline, name="convention_deadline"),
    path(CONVENTION + "retrait/", life.convention_withdraw, name="convention_withdraw"),
    path(PARTY + "ne-pas-faire-entrer/", amending.party_drop, name="party_drop"),
    path(PARTY + "sortie/", life.party_leave, name="party_leave"),
    path(CONVENTION + "avenant/", amending.convention_amend, name="convention_amend"),
    path(CONVENTION + "adhesion/", amending.convention_join, name="convention_join"),
    path(CHANGES, amending.amendment_changes, name="amendment_changes"),
    path(CHANGES + "ajouter/", amending.amendment_add, name="amendment_add"),
    path(CHANGES + "articles/<slug:key>/", amending.amendment_article, name="amendment_article"),
    path(CHANGES + "articles/<slug:key>/acte/", amending.amendment_act, name="amendment_act"),
    path(
        "regions/<slug:region>/cohortes/<slug:slug>/conventions-par-structure/",
        life.conventions_for_structures,
        name="conventions_for_structures",
    ),
    path("exemplaire/<str:token>/", life.convention_copy, name="convention_copy"),
]
