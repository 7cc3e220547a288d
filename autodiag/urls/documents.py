"""Pages of the documents made of a diagnostic."""

urlpatterns = []
