"""Pages of the synthesis of a path, its priorities, its presentations."""

urlpatterns = []
