"""Pages of what structures share."""

urlpatterns = []
