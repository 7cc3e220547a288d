"""Pages of practices."""

from django.urls import path

from autodiag.urls.places import CRITERION, PATH, REGION
from autodiag.views import practice_cards, practice_reviews, practices

PRACTICE = REGION + "fiches-pratiques/<pid:public_id>/"
CARD = "fiches-pratiques/<pid:public_id>/"

urlpatterns = [
    path(CRITERION + "fiche-pratique/", practices.practice_new, name="practice_new"),
    path(PATH + "fiches-pratiques/", practices.path_practices, name="path_practices"),
    path(PRACTICE + "modifier/", practices.practice_edit, name="practice_edit"),
    path(PRACTICE + "proposer/", practices.practice_propose, name="practice_propose"),
    path(PRACTICE + "retirer/", practices.practice_withdraw, name="practice_withdraw"),
    path(REGION + "fiches-a-relire/", practice_reviews.practice_reviews, name="practice_reviews"),
    path(PRACTICE + "relire/", practice_reviews.practice_review, name="practice_review"),
    path("fiches-pratiques/", practice_cards.practices, name="practices"),
    path(CARD, practice_cards.practice_card, name="practice_card"),
    path(CARD + "contacter/", practice_cards.practice_contact, name="practice_contact"),
]
