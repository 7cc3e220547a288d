"""Pages of the views of a plan."""

from django.urls import path

from autodiag.urls.places import PATH
from autodiag.views import plan_moves, plan_views

urlpatterns = [
    path(PATH + "plan/", plan_views.plan, name="plan"),
    path(PATH + "plan/colonnes/", plan_views.plan_board, name="plan_board"),
    path(PATH + "plan/calendrier/", plan_views.plan_calendar, name="plan_calendar"),
    path(PATH + "plan/frise/", plan_views.plan_timeline, name="plan_timeline"),
    path(PATH + "plan/modifier-plusieurs/", plan_moves.plan_bulk, name="plan_bulk"),
    path(PATH + "plan/<pid:action_id>/deplacer/", plan_moves.action_move, name="action_move"),
]
