from django.urls import path

from cohorts.views import clause, organisations

CARD = "regions/<slug:region>/structures/<pid:public_id>/"

urlpatterns = [
    path("clause-de-non-diffusion/", clause.clause, name="clause"),
    path(CARD, organisations.organisation, name="organisation"),
    path(CARD + "modifier/", organisations.organisation_edit, name="organisation_edit"),
    path(CARD + "demarches/ajouter/", organisations.approach_add, name="approach_add"),
    path(CARD + "demarches/<int:approach_pk>/retirer/", organisations.approach_remove, name="approach_remove"),
]
