from django.urls import path

from cohorts.views import (
    clause,
    delays,
    editors,
    entrusted,
    exceptions,
    invitations,
    letterheads,
    notes,
    organisations,
    organising,
    pairs,
    participants,
    purpose,
    relays,
    stakeholders,
)

CARD = "regions/<slug:region>/structures/<pid:public_id>/"
COHORT = "regions/<slug:region>/cohortes/<slug:slug>/"
RELAYS = COHORT + "partenaires/"
MAP = CARD + "parties-prenantes/"
STAKEHOLDER = MAP + "<pid:stakeholder_id>/"
KICKOFF = COHORT + "parties-prenantes-du-lancement/"
EXCEPTION = "regions/<slug:region>/parcours/<pid:public_id>/exception/"
NOTES = "regions/<slug:region>/parcours/<pid:public_id>/suivi/"
DELAY = "regions/<slug:region>/parcours/<pid:public_id>/chapitres/<rank:number>/delai/"

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
    path(RELAYS, relays.cohort_relays, name="cohort_relays"),
    path(RELAYS + "besoins/nouveau/", relays.need_new, name="need_new"),
    path(RELAYS + "ressources/nouvelle/", relays.resource_new, name="resource_new"),
    path(RELAYS + "ressources/<pid:public_id>/confier/", relays.resource_share, name="resource_share"),
    path(RELAYS + "ressources-confiees/<pid:public_id>/reprendre/", relays.share_withdraw, name="share_withdraw"),
    path("relais/", entrusted.relays, name="relays"),
    path("relais/besoins/<pid:public_id>/", entrusted.need_answer, name="need_answer"),
    path("relais/ressources/<pid:public_id>/", entrusted.resource_download, name="resource_download"),
    path(EXCEPTION, exceptions.clearance_exception, name="clearance_exception"),
    path(EXCEPTION + "<int:pk>/fin/", exceptions.clearance_end, name="clearance_end"),
    path("referentiels/<slug:code>/redaction/", editors.referentiel_editors, name="referentiel_editors"),
    path("referentiels/<slug:code>/redaction/<pid:public_id>/retirer/", editors.editor_remove, name="editor_remove"),
    path(NOTES, notes.notes, name="notes"),
    path(NOTES + "<pid:note_id>/", notes.note_edit, name="note_edit"),
    path(DELAY, delays.round_adjust, name="round_adjust"),
    path("clause-de-non-diffusion/", clause.clause, name="clause"),
    path(CARD, organisations.organisation, name="organisation"),
    path(CARD + "inviter/", invitations.organisation_invite, name="organisation_invite"),
    path(CARD + "adhesion/", organisations.adhesion_add, name="adhesion_add"),
    path(CARD + "modifier/", organisations.organisation_edit, name="organisation_edit"),
    path(CARD + "demarches/ajouter/", organisations.approach_add, name="approach_add"),
    path(CARD + "demarches/<int:approach_pk>/retirer/", organisations.approach_remove, name="approach_remove"),
    path(CARD + "en-tete/", letterheads.letterhead, name="letterhead"),
    path(CARD + "en-tete/logo/", letterheads.letterhead_logo, name="letterhead_logo"),
    path("reseau/en-tete/", letterheads.network_letterhead, name="network_letterhead"),
    path("reseau/en-tete/logo/", letterheads.network_letterhead_logo, name="network_letterhead_logo"),
    path(CARD + "notre-pourquoi/", purpose.purpose, name="purpose"),
    path(MAP, stakeholders.stakeholders, name="stakeholders"),
    path(MAP + "nouvelle/", stakeholders.stakeholder_new, name="stakeholder_new"),
    path(MAP + "commencer/", stakeholders.stakeholders_seed, name="stakeholders_seed"),
    path(STAKEHOLDER, stakeholders.stakeholder_edit, name="stakeholder_edit"),
    path(STAKEHOLDER + "retirer/", stakeholders.stakeholder_remove, name="stakeholder_remove"),
    path(KICKOFF, stakeholders.kickoff_stakeholders, name="kickoff_stakeholders"),
]
