"""What a draft is written from: a template or a newer version of the same, and what a workshop wrote down."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from conventions.enums import ConventionState, Nature
from conventions.forms.drafting import WorkshopForm
from conventions.forms.templates import ChooseForm
from conventions.models import ConventionTemplate, Party
from conventions.services import drafting
from conventions.services.states import WrongState
from conventions.texts.workshop import commitments_of
from conventions.views.doors import managed_or_refused


def versions_for(actor, convention):
    """The versions a draft may be written from: the one in force of each template of its kind, and its own."""
    rows = ConventionTemplate.objects.with_versions().visible_to(actor).filter(kind=convention.version.template.kind)
    found = []
    for template in rows.order_by("title"):
        if template.newest and template.region_id in (None, convention.region_id):
            found.append((template, template.newest))
    return found


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def convention_template_choose(request, region, public_id):
    """Choose what a draft is written from; blanks of the same name keep what they say."""
    convention = managed_or_refused(request, region, public_id)
    if convention.state != ConventionState.DRAFT:
        messages.warning(request, "Ce texte n’est plus un brouillon : son modèle ne change plus.")
        return redirect(convention)
    found = versions_for(request.actor, convention)
    form = ChooseForm(posted(request), versions=found, initial={"version": convention.version_id})
    if request.method == "POST" and form.is_valid():
        version = next(row for template, row in found if row.pk == int(form.cleaned_data["version"]))
        try:
            drafting.change_template(convention=convention, version=version, by=request.user)
        except WrongState:
            messages.warning(request, "Ce texte n’est plus un brouillon : son modèle ne change plus.")
            return redirect(convention)
        messages.success(request, "Le brouillon suit ce modèle. Les blancs de même nom ont gardé ce qu’ils disaient.")
        return redirect(convention.url("convention_edit"))
    context = {"convention": convention, "form": form, "manages": True}
    return render(request, "conventions/template_choose.html", context, status=422 if form.errors else 200)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def convention_workshop(request, region, public_id):
    """Carry into a draft what a workshop wrote down, by kind of party."""
    convention = managed_or_refused(request, region, public_id)
    if convention.state != ConventionState.DRAFT or convention.nature != Nature.CONVENTION:
        messages.warning(request, "Les engagements de l’atelier se reprennent dans le brouillon d’une convention.")
        return redirect(convention)
    parties = Party.objects.visible_to(request.actor).filter(convention=convention)
    written = commitments_of(convention.changes)
    roles = {*parties.order_by("role").values_list("role", flat=True).distinct(), *written}
    initial = {role: "\n".join(texts) for role, texts in written.items()} | {"revision": convention.revision}
    form, stale = WorkshopForm(posted(request), roles=roles, initial=initial), None
    if request.method == "POST" and form.is_valid():
        try:
            return carried(request, convention, form)
        except StaleSave as refusal:
            stale = refusal.current
    context = {"convention": convention, "form": form, "stale": stale}
    context["theirs"] = commitments_of(stale.changes).values() if stale else ()
    status = 409 if stale else 422 if form.errors else 200
    return render(request, "conventions/workshop.html", context, status=status)


def carried(request, convention, form):
    revision, commitments = form.cleaned_data["revision"], form.commitments()
    try:
        drafting.set_workshop(convention=convention, revision=revision, commitments=commitments, by=request.user)
    except WrongState:
        messages.warning(request, "Ce texte n’est plus un brouillon : rien n’a été changé.")
        return redirect(convention)
    messages.success(request, "Les engagements de l’atelier sont dans le brouillon, au dernier article.")
    return redirect(convention.url("convention_edit"))
