from django.urls import path

from referentiel import views

urlpatterns = [
    path("referentiels/", views.referentiels, name="referentiels"),
    path("referentiels/<slug:code>/<rank:number>/", views.referentiel_version, name="referentiel_version"),
]
