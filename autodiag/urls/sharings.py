"""Pages of what structures share."""

from django.urls import path

from autodiag.urls.places import COHORT, PATH, REGION
from autodiag.views import sharings

SHARING = REGION + "partages/<pid:public_id>/"

urlpatterns = [
    path(PATH + "partages/", sharings.path_sharings, name="path_sharings"),
    path(PATH + "partages/nouveau/", sharings.sharing_new, name="sharing_new"),
    path(COHORT + "partages/", sharings.sharings, name="sharings"),
    path(SHARING, sharings.sharing, name="sharing"),
    path(SHARING + "retirer/", sharings.sharing_withdraw, name="sharing_withdraw"),
]
