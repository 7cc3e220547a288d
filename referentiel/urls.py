from django.urls import path

from referentiel.views import drafting, groups, proposals, questions, reading

DRAFT = "referentiels/<slug:code>/brouillon/"
QUESTIONS = "referentiels/<slug:code>/questions/"
QUESTION = QUESTIONS + "<pid:stable_id>/"
LIBRARY = "referentiels/<slug:code>/actions-proposees/"
PROPOSAL = LIBRARY + "<pid:public_id>/"

urlpatterns = [
    path("referentiels/", reading.referentiels, name="referentiels"),
    path("referentiels/<slug:code>/<rank:number>/", reading.referentiel_version, name="referentiel_version"),
    path(DRAFT + "preparer/", drafting.draft_start, name="draft_start"),
    path(DRAFT + "chapitres/<pid:stable_id>/", drafting.draft_chapter, name="draft_chapter"),
    path(DRAFT + "criteres/<pid:stable_id>/", drafting.draft_criterion, name="draft_criterion"),
    path(DRAFT + "groupes/", groups.draft_voice_groups, name="draft_voice_groups"),
    path(QUESTIONS, questions.survey_questions, name="survey_questions"),
    path(QUESTIONS + "criteres/<pid:stable_id>/", questions.survey_question_new, name="survey_question_new"),
    path(QUESTION, questions.survey_question, name="survey_question"),
    path(QUESTION + "diffuser/", questions.survey_question_release, name="survey_question_release"),
    path(QUESTION + "retirer/", questions.survey_question_withdraw, name="survey_question_withdraw"),
    path(QUESTION + "supprimer/", questions.survey_question_delete, name="survey_question_delete"),
    path(LIBRARY, proposals.proposed_actions, name="proposed_actions"),
    path(LIBRARY + "criteres/<pid:stable_id>/", proposals.proposed_action_new, name="proposed_action_new"),
    path(PROPOSAL, proposals.proposed_action, name="proposed_action"),
    path(PROPOSAL + "retirer/", proposals.proposed_action_withdraw, name="proposed_action_withdraw"),
    path(PROPOSAL + "proposer/", proposals.proposed_action_offer, name="proposed_action_offer"),
]
