from django.urls import path

from cohorts.views import clause, exceptions, invitations, organisations, organising, pairs, participants

CARD = "regions/<slug:region>/structures/<pid:public_id>/"
COHORT = "regions/<slug:region>/cohortes/<slug:slug>/"
EXCEPTION = "regions/<slug:region>/parcours/<pid:public_id>/exception/"

urlpatterns = [
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("mes-invitations/<pid:public_id>/", invitations.invitation_mine, name="invitation_mine"),
    path("invitations-envoyees/<pid:public_id>/renvoyer/", invitations.invitation_resend, name="invitation_resend"),
    path("invitations-envoyees/<pid:public_id>/annuler/", invitations.invitation_cancel, name="invitation_cancel"),
    path("regions/<slug:region>/parcours/<pid:public_id>/binome/", pairs.pair, name="pair"),
    path("regions/<slug:region>/cohortes/nouvelle/", organising.cohort_new, name="cohort_new"),
    path(COHORT + "calendrier/", organising.cohort_calendar, name="cohort_calendar"),
    path(COHORT + "participants/", participants.cohort_participants, name="cohort_participants"),
    path(COHORT + "participants/structures/", participants.structure_add, name="structure_add"),
    path(COHORT + "participants/accompagnement/", participants.facilitator_add, name="facilitator_add"),
    path(COHORT + "participants/partenaires/", participants.partner_add, name="partner_add"),
    path(EXCEPTION, exceptions.clearance_exception, name="clearance_exception"),
    path(EXCEPTION + "<int:pk>/fin/", exceptions.clearance_end, name="clearance_end"),
    path("clause-de-non-diffusion/", clause.clause, name="clause"),
    path(CARD, organisations.organisation, name="organisation"),
    path(CARD + "inviter/", invitations.organisation_invite, name="organisation_invite"),
    path(CARD + "adhesion/", organisations.adhesion_add, name="adhesion_add"),
    path(CARD + "modifier/", organisations.organisation_edit, name="organisation_edit"),
    path(CARD + "demarches/ajouter/", organisations.approach_add, name="approach_add"),
    path(CARD + "demarches/<int:approach_pk>/retirer/", organisations.approach_remove, name="approach_remove"),
]
