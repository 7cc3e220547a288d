"""Pages of practices."""

urlpatterns = []
