"""Pages of the synthesis of a path, its priorities, its presentations."""

from django.urls import path

from autodiag.urls.places import AUTODIAG, PATH
from autodiag.views import comparing, picture, presentations, priorities

PRESENTATION = PATH + "presentations/<pid:presentation_id>/"

urlpatterns = [
    path(PATH + "synthese/", picture.path_synthesis, name="path_synthesis"),
    path(AUTODIAG + "comparaison/", comparing.synthesis_compare, name="synthesis_compare"),
    path(PATH + "priorites/", priorities.priorities, name="priorities"),
    path(PATH + "presentations/", presentations.presentations, name="presentations"),
    path(PATH + "presentations/nouvelle/", presentations.presentation_new, name="presentation_new"),
    path(PRESENTATION, presentations.presentation_edit, name="presentation_edit"),
    path(PRESENTATION + "<slug:which>/", presentations.presentation_file, name="presentation_file"),
]
