from django.urls import path

from conventions.urls.places import CONVENTION
from conventions.views import choosing, template_drafts, template_imports, templates

ALL = "modeles-de-conventions/"
TEMPLATE = ALL + "<slug:key>/"
DRAFT = TEMPLATE + "brouillon/"

urlpatterns = [
    path(ALL, templates.convention_templates, name="convention_templates"),
    path("nouveau-modele-de-convention/", templates.convention_template_new, name="convention_template_new"),
    path(TEMPLATE, templates.convention_template, name="convention_template"),
    path(TEMPLATE + "comparer/", templates.convention_template_compare, name="convention_template_compare"),
    path(TEMPLATE + "commencer/", template_drafts.template_draft_start, name="template_draft_start"),
    path(DRAFT, template_drafts.template_draft, name="template_draft"),
    path(DRAFT + "reglages/", template_drafts.template_settings, name="template_settings"),
    path(DRAFT + "blancs/", template_drafts.template_blanks, name="template_blanks"),
    path(DRAFT + "articles/", template_drafts.template_articles, name="template_articles"),
    path(DRAFT + "articles/<slug:article>/", template_drafts.template_article, name="template_article"),
    path(DRAFT + "apercu/", template_drafts.template_preview, name="template_preview"),
    path(DRAFT + "apporter/", template_imports.template_import, name="template_import"),
    path(DRAFT + "publier/", template_drafts.template_publish, name="template_publish"),
    path(DRAFT + "abandonner/", template_drafts.template_drop, name="template_drop"),
    path(CONVENTION + "brouillon/atelier/", choosing.convention_workshop, name="convention_workshop"),
    path(CONVENTION + "brouillon/modele/", choosing.convention_template_choose, name="convention_template_choose"),
]
