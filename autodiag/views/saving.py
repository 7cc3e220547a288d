"""What every save made as one types answers: the same statuses for an answer, a viewpoint, a figure.

`answer.js` reads these answers: 200 with the new version, 409 with both texts, 422 with the errors by field, 403 with
the reason. A plain form gets pages instead; the rules are the same.
"""

from django.http import JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from caprse.base.access import Refused
from caprse.base.text import time_in_words

# A tablet goes round a table: what one person typed is never saved under the name of the next one to sign in.
ANOTHER_PERSON = (
    "Une autre personne est maintenant connectée sur cet appareil : ce texte n’a pas été enregistré sous son nom. "
    "Reconnectez-vous, puis rechargez cette page."
)


def wants_json(request):
    """Whether the page saves by itself, and reads the answer."""
    return "application/json" in request.headers.get("Accept", "")


def may_not_save(request, participation, permission):
    """The response that refuses a save before its form is read, or None.

    In order: the right, the adhesion, the clause, then the person the page was opened for (`person`, when posted).
    Raises `Refused`, as any other page does, where no line of a form is there to say it.
    """
    request.actor.require(permission, participation)
    if wants_json(request) and (lapse := request.actor.lapse(participation)):
        return not_now(request, lapse.reason)
    request.actor.require_tools(participation)
    if request.POST.get("person", str(request.actor.user_id)) != str(request.actor.user_id):
        return not_now(request, ANOTHER_PERSON)
    return None


def not_now(request, reason, advice="Votre accompagnateur·rice peut vous aider."):
    """Nothing was written, and why: in the line of the form, or on a page of its own."""
    if wants_json(request):
        return JsonResponse({"error": reason}, status=403)
    raise Refused(reason, advice)


def saved_as(row, **more):
    """200: the new version and the server's time."""
    at = time_in_words(row.updated_at) if row.updated_at else ""
    return JsonResponse({"revision": row.revision, "saved_at": at, **more})


def invalid(form):
    """422: what is wrong, by field."""
    return JsonResponse({"errors": form.errors.get_json_data()}, status=422)


def conflicting(request, conflict, current, template, context):
    """409: both texts to choose from, in place, or on the page `template`. Nothing was written.

    `current`: the row as it stands now; `conflict`: see `autodiag.conflicts.Conflict`.
    """
    if not wants_json(request):
        return render(request, template, {**context, "conflict": conflict}, status=409)
    html = render_to_string("autodiag/_conflict.html", {"conflict": conflict}, request)
    at = time_in_words(current.updated_at) if current.updated_at else ""
    body = {"revision": current.revision, "saved_at": at, "html": html, "fields": conflict.as_json()}
    return JsonResponse(body, status=409)
