"""The references of the ratios: the least a page and a save can cost on this machine, same middleware, same data.

A page: session, user, a join of 12 rows, a template of 60 radios. A save: session, user, CSRF, an atomic guarded
update, a fragment.
"""

from functools import cache

from django.db import transaction
from django.db.models import F
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from autodiag.models import Answer

PAGE = """<!DOCTYPE html><html lang="fr"><title>Page</title><form>{% for answer in answers %}<fieldset>
<legend>{{ answer.criterion.code }} {{ answer.criterion.question }}</legend>{% for value in values %}
<label><input type="radio" name="r{{ answer.pk }}" value="{{ value }}"> {{ answer.criterion.title }} {{ value }}
</label>{% endfor %}</fieldset>{% endfor %}</form></html>"""
FRAGMENT = "<p>Enregistré, version {{ revision }}</p>"


@cache
def template(source):
    """Compiled once, as the loader of a real page does."""
    return engines["django"].from_string(source)


def page(request):
    """Twelve answers with their criterion, five radios each."""
    answers = Answer.objects.filter(updated_by=request.user).select_related("criterion")[:12]
    return HttpResponse(template(PAGE).render({"answers": answers, "values": range(5)}, request))


def save(request, pk):
    """One guarded update."""
    with transaction.atomic():
        revision = int(request.POST["revision"])
        Answer.objects.filter(pk=pk, revision=revision).update(revision=F("revision") + 1, practice="Texte")
    return HttpResponse(template(FRAGMENT).render({"revision": revision + 1}))


urlpatterns = [
    path("bare/page/", page),
    path("bare/save/<int:pk>/", save),
    path("", include("caprse.urls")),
]
