from django.urls import path

from referentiel.views import drafting, reading

DRAFT = "referentiels/<slug:code>/brouillon/"

urlpatterns = [
    path("referentiels/", reading.referentiels, name="referentiels"),
    path("referentiels/<slug:code>/<rank:number>/", reading.referentiel_version, name="referentiel_version"),
    path(DRAFT + "preparer/", drafting.draft_start, name="draft_start"),
    path(DRAFT + "chapitres/<pid:stable_id>/", drafting.draft_chapter, name="draft_chapter"),
    path(DRAFT + "criteres/<pid:stable_id>/", drafting.draft_criterion, name="draft_criterion"),
]
