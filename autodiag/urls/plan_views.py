"""Pages of the views of a plan."""

urlpatterns = []
