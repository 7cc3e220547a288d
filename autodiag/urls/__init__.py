from autodiag.urls import actions, diagnostics, documents, picture, plan_views, planning, practices, sharings

urlpatterns = [
    *diagnostics.urlpatterns,
    *documents.urlpatterns,
    *picture.urlpatterns,
    *actions.urlpatterns,
    *plan_views.urlpatterns,
    *planning.urlpatterns,
    *sharings.urlpatterns,
    *practices.urlpatterns,
]
