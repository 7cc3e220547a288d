"""Pages of the adoption, the reviews, the import and the export of a plan."""

from django.urls import path

from autodiag.urls.places import PATH
from autodiag.views import adoption, plan_export, plan_imports, plan_reviews

ADOPTION = PATH + "plan/adoptions/<rank:number>/"
BRING = PATH + "plan/apporter/"

urlpatterns = [
    path(PATH + "plan/adoptions/", adoption.plan_adoptions, name="plan_adoptions"),
    path(PATH + "plan/adopter/", adoption.plan_adopt, name="plan_adopt"),
    path(ADOPTION, adoption.plan_adoption, name="plan_adoption"),
    path(ADOPTION + "decision/", adoption.plan_adoption_file, name="plan_adoption_file"),
    path(PATH + "plan/relecture/", plan_reviews.plan_review, name="plan_review"),
    path(BRING, plan_imports.plan_import, name="plan_import"),
    path(BRING + "modele/", plan_imports.plan_import_model, name="plan_import_model"),
    path(BRING + "<pid:import_id>/", plan_imports.plan_import_report, name="plan_import_report"),
    path(BRING + "<pid:import_id>/confirmer/", plan_imports.plan_import_confirm, name="plan_import_confirm"),
    path(PATH + "plan/exporter/", plan_export.plan_export, name="plan_export"),
]
