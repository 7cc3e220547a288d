"""Who writes a référentiel: entrusted by name, taken back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from caprse.base import clock
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from cohorts.access import visible_or_404
from cohorts.enums import Role
from cohorts.forms.editors import EntrustForm
from cohorts.models import EditorGrant, Membership
from cohorts.models.memberships import current
from cohorts.services.grants import NotEditable, entrust, take_back
from referentiel.models import Version


def referentiel_or_404(request, code):
    request.actor.require_tools()
    known = Version.objects.readable_by(request.audiences).select_related("referentiel").filter(referentiel__code=code)
    version = known.order_by("-number").first()
    if version is None:
        raise Http404
    return version.referentiel


def grants_of(actor, referentiel):
    return EditorGrant.objects.visible_to(actor).effective(clock.now()).filter(content_object=referentiel).with_names()


def national_staff(actor):
    """The people of the national staff, by name."""
    rows = Membership.objects.visible_to(actor).filter(current(clock.today()), role=Role.NATIONAL_STAFF)
    people = {row.user_id: row.user for row in rows.select_related("user")}
    return sorted(people.values(), key=lambda user: (user.last_name, user.first_name, user.pk))


@open_to(Audience.NATIONAL_STAFF)
@require_http_methods(["GET", "POST"])
def referentiel_editors(request, code):
    """Who edits this référentiel and until when; an editor entrusts it to a colleague."""
    found = referentiel_or_404(request, code)
    if request.method == "POST":
        request.actor.require_editor(found)
    grants = list(grants_of(request.actor, found))
    editors = {grant.user_id for grant in grants}
    form = EntrustForm(posted(request), people=national_staff(request.actor), editors=editors)
    if request.method == "POST" and form.is_valid():
        chosen = form.grant()
        try:
            entrust(referentiel=found, by=request.user, **chosen)
        except NotEditable as refusal:
            form.add_error("until" if chosen["expires_at"] else "person", str(refusal))
        else:
            messages.success(request, f"{chosen['user'].full_name} peut rédiger ce référentiel dès maintenant.")
            return redirect("referentiel_editors", code=code)
    return shown(request, found, grants, form, status=422 if form.errors else 200)


@open_to(Audience.NATIONAL_STAFF)
@require_POST
def editor_remove(request, code, public_id):
    """Take the right back, at once; somebody who can edit always remains."""
    found = referentiel_or_404(request, code)
    request.actor.require_editor(found)
    grant = visible_or_404(
        EditorGrant.objects.select_related("user"), request.actor, content_object=found, user__public_id=public_id
    )
    try:
        take_back(referentiel=found, user=grant.user, by=request.user)
    except NotEditable as refusal:
        grants = list(grants_of(request.actor, found))
        form = EntrustForm(people=national_staff(request.actor), editors={row.user_id for row in grants})
        return shown(request, found, grants, form, status=422, refusal=str(refusal))
    messages.success(request, f"{grant.user.full_name} ne rédige plus ce référentiel. Ses textes restent.")
    return redirect("referentiel_editors", code=code)


def shown(request, referentiel, grants, form, *, status, refusal=""):
    may_edit = referentiel.pk in request.actor.edited_referentiel_ids
    context = {"referentiel": referentiel, "grants": grants, "form": form, "may_edit": may_edit, "refusal": refusal}
    return render(request, "cohorts/editors.html", context, status=status)
