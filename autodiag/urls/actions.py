"""Pages of an action in full, and the actions proposed."""

from django.urls import path

from autodiag.urls.places import PATH
from autodiag.views import actions, proposals

ACTION = PATH + "plan/<pid:action_id>/"
PROPOSALS = PATH + "plan/propositions/"

urlpatterns = [
    path(PATH + "plan/nouvelle-action/", actions.action_new, name="action_new"),
    path(ACTION, actions.action, name="action"),
    path(ACTION + "modifier/", actions.action_edit, name="action_edit"),
    path(ACTION + "etapes/<int:step_pk>/", actions.action_step_toggle, name="action_step_toggle"),
    path(ACTION + "nouvelles/", actions.action_note_add, name="action_note_add"),
    path(ACTION + "nouvelles/<int:note_pk>/retirer/", actions.action_note_withdraw, name="action_note_withdraw"),
    path(PROPOSALS, proposals.proposals, name="proposals"),
    path(PROPOSALS + "<pid:proposal_id>/ajouter/", proposals.proposal_accept, name="proposal_accept"),
    path(PROPOSALS + "<pid:proposal_id>/refuser/", proposals.proposal_refuse, name="proposal_refuse"),
    path(PROPOSALS + "<pid:proposal_id>/reprendre/", proposals.proposal_reconsider, name="proposal_reconsider"),
]
