"""Pages of the adoption, the reviews, the import and the export of a plan."""

urlpatterns = []
