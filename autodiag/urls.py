from django.urls import path

from autodiag.views import answers, chapter, network, plan, remarks, submission, synthesis

PATH = "regions/<slug:region>/parcours/<pid:public_id>/"
AUTODIAG = "regions/<slug:region>/autodiagnostics/<pid:public_id>/"
CRITERION = AUTODIAG + "criteres/<rank:position>/"

urlpatterns = [
    path("reseau/", network.network, name="network"),
    path(
        "reseau/<slug:code>/<rank:number>/chapitres/<rank:chapter>/",
        network.network_chapter,
        name="network_chapter",
    ),
    path(PATH + "chapitres/<rank:number>/commencer/", submission.autodiag_start, name="autodiag_start"),
    path(PATH + "plan/", plan.plan, name="plan"),
    path(PATH + "plan/nouvelle-action/", plan.action_new, name="action_new"),
    path(PATH + "plan/<pid:action_id>/", plan.action_edit, name="action_edit"),
    path(AUTODIAG, chapter.autodiag, name="autodiag"),
    path(AUTODIAG + "transmettre/", submission.autodiag_submit, name="autodiag_submit"),
    path(AUTODIAG + "synthese/", synthesis.synthesis, name="synthesis"),
    path(AUTODIAG + "synthese/pdf/", synthesis.synthesis_pdf, name="synthesis_pdf"),
    path(CRITERION, chapter.criterion, name="criterion"),
    path(CRITERION + "enregistrer/", answers.answer_save, name="answer_save"),
    path(CRITERION + "historique/", chapter.history, name="answer_history"),
    path(CRITERION + "remarques/", remarks.remark_add, name="remark_add"),
    path(CRITERION + "remarques/<int:remark_pk>/retirer/", remarks.remark_withdraw, name="remark_withdraw"),
]
