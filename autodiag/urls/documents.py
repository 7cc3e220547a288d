"""Pages of the documents made of a diagnostic."""

from django.urls import path

from autodiag.urls.places import PATH
from autodiag.views import documents

urlpatterns = [
    path(PATH + "documents/", documents.path_documents, name="path_documents"),
    path(PATH + "documents/preparer/", documents.document_request, name="document_request"),
]
