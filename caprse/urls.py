"""Every address of the site. Ours first, then allauth's few pages, under French names."""

from allauth.account import views as account
from django.urls import include, path, re_path

from caprse.views import account as sign_in
from caprse.views import boards, demo, drafts, errors, files, followup_board, health, help, home, legal, setup

urlpatterns = [
    path("", home.home, name="home"),
    path("qui-peut-quoi/", home.rights, name="rights"),
    path("aide/", help.help_index, name="help"),
    path("aide/glossaire/", help.glossary, name="glossary"),
    path("aide/<slug:slug>/", help.help_page, name="help_page"),
    path("mentions-legales/", legal.notice, name="legal_notice"),
    path("donnees-personnelles/", legal.privacy, name="privacy"),
    path("accessibilite/", legal.accessibility, name="accessibility"),
    path("sante/", health.health, name="health"),
    path("demonstration/courriels/", demo.demo_mail, name="demo_mail"),
    path("travaux/<pid:public_id>/", files.job, name="job"),
    path("regions/<slug:region>/fichiers/<pid:public_id>/", files.download, name="download"),
    path("", include("cohorts.urls")),
    path("regions/<slug:region>/cohortes/<slug:slug>/", boards.cohort, name="cohort"),
    path("regions/<slug:region>/cohortes/<slug:slug>/suivi/", followup_board.cohort_board, name="cohort_board"),
    path("regions/<slug:region>/cohortes/<slug:slug>/organisation/", setup.cohort_setup, name="cohort_setup"),
    path("regions/<slug:region>/parcours/<pid:public_id>/", boards.participation, name="participation"),
    path("referentiels/<slug:code>/brouillon/", drafts.referentiel_draft, name="referentiel_draft"),
    path("referentiels/<slug:code>/brouillon/publier/", drafts.draft_publish, name="draft_publish"),
    path("", include("referentiel.urls")),
    path("", include("autodiag.urls")),
    path("", include("conventions.urls")),
    path("connexion/", sign_in.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inscription/", account.signup, name="account_signup"),
    path("compte-inactif/", account.account_inactive, name="account_inactive"),
    path("confirmer-mot-de-passe/", account.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/enregistre/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
