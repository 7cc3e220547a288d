"""URLs with one view of ours that forgot to declare who may enter."""

from django.urls import path

from caprse import urls


def undeclared(request):
    raise AssertionError("never reached")


undeclared.__module__ = "caprse.views.forgotten"
urlpatterns = [path("non-declaree/", undeclared, name="undeclared"), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
