"""An amendment being written, article by article; a structure that joins by a bulletin."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from conventions import consolidation, lifecycle
from conventions.enums import ConventionState, Nature
from conventions.forms.life import ArticleForm, JoinForm, MoveForm, NewArticleForm
from conventions.models import Party
from conventions.services import amending, family
from conventions.services.amending import NoSuchChange
from conventions.services.states import WrongState
from conventions.texts import ROLE_ORDER
from conventions.views.doors import convention_or_404, managed_or_refused
from conventions.views.managing import MOVED_ON
from conventions.views.reading import READERS

STALE = "Quelqu’un a modifié cet avenant pendant que vous écriviez : rien n’a été perdu ni écrasé. Relisez, puis recommencez."
FROZEN_MEANWHILE = "Cet avenant n’est plus un brouillon : rien n’y a été changé. Ce que vous avez écrit est encore ici, pour le copier."


def amendment_or_404(convention):
    if convention.nature != Nature.AMENDMENT:
        raise Http404
    return convention


def drafted_or_404(request, region, public_id):
    """An amendment that this person writes."""
    return amendment_or_404(managed_or_refused(request, region, public_id))


@open_to(Audience.REGION_ADMIN)
@require_POST
def convention_amend(request, region, public_id):
    """Begin an amendment, or go on with the one being written."""
    convention = managed_or_refused(request, region, public_id)
    try:
        amendment = amending.draft_amendment(convention=convention, by=request.user)
    except WrongState as refusal:
        messages.warning(request, str(refusal))
        return redirect(convention.url("convention_life"))
    return redirect(amendment.url("amendment_changes"))


@open_to(*READERS)
@require_GET
def amendment_changes(request, region, public_id):
    """What an amendment changes, before and after; while it is written, article by article."""
    amendment = amendment_or_404(convention_or_404(request, region, public_id))
    writes = request.actor.coordinates(amendment.region_id) and amendment.state == ConventionState.DRAFT
    texts = consolidation.amended(family.text_before(amendment), amendment.changes)
    context = {
        "convention": amendment,
        "changes": family.changes_of(amendment),
        "writes": writes,
        "texts": texts if writes else (),
        "acts": {entry["key"]: entry["act"] for entry in amendment.changes},
    }
    return render(request, "conventions/changes.html", context)


def runs_of(text):
    """(words, roles, heading, paragraphs) of each run of clauses that bind the same parties."""
    runs = []
    for paragraph in text.paragraphs:
        if runs and not paragraph.heading and runs[-1][1] == paragraph.roles:
            runs[-1][3].append(paragraph.text)
            continue
        runs.append((named(paragraph), paragraph.roles, paragraph.heading, [paragraph.text]))
    return runs


def named(paragraph):
    """Whom a run of clauses binds, as the label of its field."""
    who = ", ".join(role.label for role in ROLE_ORDER if role in paragraph.roles)
    if paragraph.heading:
        return f"{paragraph.heading} ({who})" if who else paragraph.heading
    return f"Ce qui engage : {who}" if who else "Paragraphes communs à toutes les parties"


def saved(request, amendment, change, revision, form):
    """Write a change; what keeps it from being written is said on the form, which keeps what was typed."""
    try:
        amending.set_change(amendment=amendment, revision=revision, change=change, by=request.user)
    except StaleSave as refusal:
        form.stale = refusal.current
        form.add_error(None, STALE)
    except NoSuchChange as refusal:
        form.add_error(None, str(refusal))
    except WrongState:
        form.add_error(None, FROZEN_MEANWHILE)
    else:
        messages.success(request, "Le changement est enregistré.")
        return redirect(amendment.url("amendment_changes"))
    return None


def stale_of(form):
    """The amendment as somebody else left it meanwhile, or None."""
    return getattr(form, "stale", None)


def status_of(form):
    return 409 if stale_of(form) else 422 if form.errors else 200


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def amendment_article(request, region, public_id, key):
    """Write an article in new words."""
    amendment = drafted_or_404(request, region, public_id)
    if request.method == "GET" and amendment.state != ConventionState.DRAFT:
        return redirect(amendment.url("amendment_changes"))
    before = {text.key: text for text in family.text_before(amendment)}
    now = consolidation.amended(tuple(before.values()), amendment.changes)
    text = next((one for one in now if one.key == key), None)
    if text is None:
        raise Http404
    initial = {"revision": amendment.revision, "title": text.title}
    form = ArticleForm(posted(request), runs=runs_of(text), initial=initial)
    if request.method == "POST" and form.is_valid():
        change = {"key": key, "title": form.cleaned_data["title"], "clauses": form.clauses()}
        change |= {"act": "replaced"} if key in before else {"act": "added", "after": place_of(amendment, key)}
        if response := saved(request, amendment, change, form.cleaned_data["revision"], form):
            return response
    stale = stale_of(form)
    if stale:
        text = next(
            (one for one in consolidation.amended(tuple(before.values()), stale.changes) if one.key == key), text
        )
    context = {"convention": amendment, "form": form, "text": text, "stale": stale}
    return render(request, "conventions/article.html", context, status=status_of(form))


def place_of(amendment, key):
    """After which article the one being added stands already."""
    return next((entry.get("after", "") for entry in amendment.changes if entry["key"] == key), "")


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def amendment_add(request, region, public_id):
    """Add an article."""
    amendment = drafted_or_404(request, region, public_id)
    if request.method == "GET" and amendment.state != ConventionState.DRAFT:
        return redirect(amendment.url("amendment_changes"))
    texts = consolidation.amended(family.text_before(amendment), amendment.changes)
    places = [(text.key, f"Après l’article {rank}, « {text.title} »") for rank, text in enumerate(texts, start=1)]
    initial = {"revision": amendment.revision, "after": texts[-1].key if texts else ""}
    roles = [(role.value, role.label.capitalize()) for role in ROLE_ORDER]
    form = NewArticleForm(posted(request), places=places, roles=roles, initial=initial)
    if request.method == "POST" and form.is_valid():
        response = saved(request, amendment, form.change(), form.cleaned_data["revision"], form)
        if response:
            return response
    context = {"convention": amendment, "form": form, "stale": stale_of(form)}
    return render(request, "conventions/article.html", context, status=status_of(form))


@open_to(Audience.REGION_ADMIN)
@require_POST
def amendment_act(request, region, public_id, key):
    """Take an article out, put it back as it was, or move it."""
    amendment = drafted_or_404(request, region, public_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Rien n’a été changé : rouvrez la page et recommencez.")
        return redirect(amendment.url("amendment_changes"))
    revision, act = form.cleaned_data["revision"], form.cleaned_data["act"]
    try:
        if act == "restored":
            amending.drop_change(amendment=amendment, revision=revision, key=key, by=request.user)
        else:
            change = {"act": "removed", "key": key} if act == "removed" else moved(amendment, key, act)
            amending.set_change(amendment=amendment, revision=revision, change=change, by=request.user)
    except StaleSave:
        messages.warning(request, STALE)
    except NoSuchChange as refusal:
        messages.warning(request, str(refusal))
    except WrongState:
        messages.warning(request, MOVED_ON)
    return redirect(amendment.url("amendment_changes"))


def moved(amendment, key, way):
    """The change that moves an article one place up or down; NoSuchChange when it is at the end."""
    keys = [text.key for text in consolidation.amended(family.text_before(amendment), amendment.changes)]
    if key not in keys:
        raise NoSuchChange("Cet article n’est pas dans le texte.")
    rank = keys.index(key)
    target = rank - 1 if way == "up" else rank + 1
    if not 0 <= target < len(keys):
        raise NoSuchChange("Cet article est déjà au bout du texte.")
    others = [one for one in keys if one != key]
    return {"act": "moved", "key": key, "after": others[target - 1] if target else ""}


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def convention_join(request, region, public_id):
    """A structure joins by a bulletin, only if the text says so; else the page says that an amendment is needed."""
    convention = managed_or_refused(request, region, public_id)
    verdict = lifecycle.can_adhere(convention, family.template_of(convention).accession)
    open_ = convention.state == ConventionState.IN_FORCE and not convention.parent_id
    structures = amending.may_join(convention) if open_ else []
    form = JoinForm(posted(request) if open_ else None, structures=structures)
    if request.method == "POST" and form.is_valid():
        enters = amending.draft_accession if verdict else amending.bring_in
        try:
            text = enters(convention=convention, structure=form.chosen(), by=request.user)
        except WrongState as refusal:
            messages.warning(request, str(refusal))
            return redirect(convention.url("convention_life"))
        return redirect(text.url("convention_edit" if text.state == ConventionState.DRAFT else "convention"))
    context = {"convention": convention, "form": form, "verdict": verdict, "structures": structures}
    refused = form.errors or (request.method == "POST" and not open_)
    return render(request, "conventions/join.html", context, status=422 if refused else 200)


@open_to(Audience.REGION_ADMIN)
@require_POST
def party_drop(request, region, public_id, party_pk):
    """Leave out of an amendment being written a structure that was to enter by it."""
    amendment = drafted_or_404(request, region, public_id)
    party = visible_or_404(
        Party.objects.select_related("convention", "organisation"), request.actor, convention=amendment, pk=party_pk
    )
    try:
        amending.leave_out(party=party, by=request.user)
    except WrongState:
        messages.warning(request, MOVED_ON)
        return redirect(amendment)
    messages.success(request, f"{party.name} n’entre plus par cet avenant.")
    return redirect(amendment.url("convention_edit"))
