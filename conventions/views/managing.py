"""A convention being prepared, sent, followed and ended, by who organises the cohort."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base import clock
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from cohorts.models import Cohort
from cohorts.roles import Permission
from conventions import lifecycle, rules
from conventions.boards import party_rows
from conventions.enums import ConventionState, Nature
from conventions.forms.drafting import VariablesForm
from conventions.forms.life import CancelForm, EndForm
from conventions.models import Annex, Convention, Party, Signatory
from conventions.services import drafting, family, sending, versions, wording
from conventions.services.annexed import standing_among
from conventions.services.sending import NotReady
from conventions.services.states import WrongState
from conventions.texts import ROLE_ORDER, in_words
from conventions.views.doors import managed_or_refused

MOVED_ON = "Cette convention a changé d’état entre-temps : rien n’a été modifié. Voici où elle en est."


@open_to(Audience.REGION_ADMIN)
@require_POST
def convention_draft(request, region, slug):
    """Begin the convention of a cohort, or go on with the one that stands."""
    cohort = visible_or_404(Cohort.objects.select_related("region"), request.actor, region__slug=region, slug=slug)
    request.actor.require_coordination(Permission.MANAGE_CONVENTION, cohort.region_id)
    collective = Convention.objects.collective().standing().visible_to(request.actor).with_context()
    standing = collective.filter(cohort=cohort).first()
    if standing is None:
        try:
            standing = drafting.draft(cohort=cohort, by=request.user)
        except WrongState as refusal:
            messages.warning(request, str(refusal))
            return redirect("conventions_for_structures", region, slug)
    return redirect(standing.url("convention_edit" if standing.state == ConventionState.DRAFT else "convention"))


def differences(template, form, stale):
    """What is saved in the blanks that somebody else filled otherwise, as (label, words)."""
    typed = drafting.plain_values(form.values())
    saved = {variable: stale.variables.get(variable.key, "") for variable in template.variables if not variable.roles}
    return [
        (variable.label, in_words(variable, value) if value else "")
        for variable, value in saved.items()
        if typed[variable.key] != value
    ]


def gap_url(convention, where):
    """Where what is missing is put right: a field of this page, or the page of a party's signatory."""
    if isinstance(where, int):
        return convention.url("party", where)
    if where == "changes":
        return convention.url("amendment_changes")
    return "#parties-title" if where == "parties" else f"#id_{where}"


def draft_page(request, convention, form=None, stale=None):
    """What the page of a draft shows: blanks, parties, and what still keeps the text from being frozen."""
    template = wording.asked(convention)
    parties = list(Party.objects.visible_to(request.actor).filter(convention=convention))
    signatories = list(Signatory.objects.current().visible_to(request.actor).filter(party__convention=convention))
    by_party = {}
    for signatory in signatories:
        by_party.setdefault(signatory.party_id, []).append(signatory)
    gaps = rules.missing_before_freezing(template, convention.variables, parties, by_party)
    gaps += wording.gaps_of(convention)
    incomplete = {where for where, _ in gaps}
    initial = {**convention.variables, "revision": convention.revision}
    context = {
        "convention": convention,
        "form": form or VariablesForm(template=template, initial=initial),
        "stale": stale,
        "differences": differences(template, form, stale) if stale else [],
        "rows": party_rows(parties, signatories, []),
        "gaps": [{"sentence": sentence, "url": gap_url(convention, where)} for where, sentence in gaps],
        "incomplete": incomplete,
        "blanks_left": incomplete & {variable.key for variable in template.variables},
        "entering": family.entering(convention) if convention.nature == Nature.AMENDMENT else [],
        "what_changed": versions.what_changed(convention),
        "signs_again": versions.signs_again(convention) if convention.supersedes_id else [],
        "parties_left": incomplete & {"parties", *(party.pk for party in parties)},
    }
    status = 409 if stale else 422 if form and form.errors else 200
    return render(request, "conventions/edit.html", context, status=status)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def convention_edit(request, region, public_id):
    """Fill the blanks of a draft, name who signs."""
    convention = managed_or_refused(request, region, public_id)
    if convention.state != ConventionState.DRAFT:
        return redirect(convention)
    if request.method == "GET":
        return draft_page(request, convention)
    form = VariablesForm(posted(request), template=wording.asked(convention))
    if not form.is_valid():
        return draft_page(request, convention, form)
    try:
        revision = form.cleaned_data["revision"]
        drafting.set_variables(convention=convention, revision=revision, values=form.values(), by=request.user)
    except StaleSave as refusal:
        return draft_page(request, convention, form, stale=refusal.current)
    except WrongState:
        messages.warning(request, MOVED_ON)
        return redirect(convention)
    messages.success(request, "Le brouillon est enregistré.")
    return redirect(convention.url("convention_edit"))


@open_to(Audience.REGION_ADMIN)
@require_POST
def convention_parties(request, region, public_id):
    """Take up the cohort's participants as they are now."""
    convention = managed_or_refused(request, region, public_id)
    try:
        drafting.add_participants(convention=convention, by=request.user)
    except WrongState:
        messages.warning(request, MOVED_ON)
        return redirect(convention)
    messages.success(request, "Les parties sont celles de la cohorte.")
    return redirect(convention.url("convention_edit"))


@open_to(Audience.REGION_ADMIN)
@require_GET
def convention_preview(request, region, public_id):
    """The text as each kind of party will read it."""
    convention = managed_or_refused(request, region, public_id)
    role = request.GET.get("partie", "")
    html = wording.original_html(
        convention,
        parties=Party.objects.visible_to(request.actor).filter(convention=convention),
        annexes=standing_among(Annex.objects.visible_to(request.actor).standing().filter(convention=convention)),
    )
    context = {
        "convention": convention,
        "html": mark_safe(html),  # noqa: S308  drawn and escaped by our own template
        "role": role if role in ROLE_ORDER else ROLE_ORDER[0].value,
        "roles": ROLE_ORDER,
    }
    return render(request, "conventions/preview.html", context)


@open_to(Audience.REGION_ADMIN)
@require_POST
def convention_freeze(request, region, public_id):
    """Have the text made once and for all, when nothing is missing."""
    convention = managed_or_refused(request, region, public_id)
    try:
        sending.freeze(convention=convention, by=request.user)
    except NotReady:
        messages.warning(request, "Le texte n’est pas figé : il manque encore ce qui est listé en bas de la page.")
        return redirect(convention.url("convention_edit"))
    except WrongState:
        messages.warning(request, MOVED_ON)
    return redirect(convention)


@open_to(Audience.REGION_ADMIN)
@require_POST
def convention_send(request, region, public_id):
    """Open the frozen text to its signatories."""
    convention = managed_or_refused(request, region, public_id)
    if not (verdict := lifecycle.can_send(convention, clock.today())):
        messages.warning(request, verdict.reason)
        return redirect(convention)
    try:
        sending.send(convention=convention, by=request.user)
    except WrongState:
        messages.warning(request, MOVED_ON)
    else:
        messages.success(request, "La convention est envoyée : chaque signataire reçoit son lien personnel.")
    return redirect(convention)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def convention_cancel(request, region, public_id):
    """Take a convention back before all have signed, with a reason."""
    convention = managed_or_refused(request, region, public_id)
    form = CancelForm(posted(request))
    if not (verdict := sending.may_cancel(convention)):
        messages.warning(request, verdict.reason)
        return redirect(convention)
    if request.method == "POST" and form.is_valid():
        try:
            sending.cancel(convention=convention, reason=form.cleaned_data["reason"], by=request.user)
        except WrongState:
            messages.warning(request, MOVED_ON)
        else:
            messages.success(request, "La convention est retirée. Vous pouvez en préparer une autre.")
        return redirect(convention)
    context = {"convention": convention, "form": form}
    return render(request, "conventions/cancel.html", context, status=422 if form.errors else 200)


def ended(request, convention, form):
    try:
        sending.end(convention=convention, by=request.user, **form.cleaned_data)
    except WrongState:
        messages.warning(request, MOVED_ON)
    else:
        messages.success(request, "La convention a pris fin. Toutes les parties sont prévenues.")
    return redirect(convention)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def convention_end(request, region, public_id):
    """Put an end to a convention in force: rounds close, tools stay open to members."""
    convention = managed_or_refused(request, region, public_id)
    if convention.state != ConventionState.IN_FORCE:
        messages.warning(request, "Seule une convention en vigueur prend fin.")
        return redirect(convention)
    form = EndForm(posted(request), initial={"last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        verdict = rules.can_end(convention, form.cleaned_data["last_day"], clock.today())
        if verdict:
            return ended(request, convention, form)
        form.add_error("last_day", verdict.reason)
    context = {"convention": convention, "form": form}
    return render(request, "conventions/end.html", context, status=422 if form.errors else 200)
