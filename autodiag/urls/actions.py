"""Pages of an action in full, and the actions proposed."""

urlpatterns = []
