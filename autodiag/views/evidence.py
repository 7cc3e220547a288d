"""The evidence library of a structure: what supports its levels, in files and links, each with its versions."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from autodiag.forms.evidence import AboutForm, SourceForm
from autodiag.models import Evidence, EvidenceRevision, EvidenceUse
from autodiag.rules.evidence import EXPIRED, validity
from autodiag.services.evidence import (
    AlreadyThere,
    NoRoom,
    archive_evidence,
    edit_evidence,
    replace_evidence,
    restore_evidence,
    weight_of,
)
from caprse.base import clock, files
from caprse.base.access import REGIONAL, STRUCTURE, open_to
from caprse.base.requests import posted
from caprse.base.text import NBSP, size_in_words
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from cohorts.models import Organisation, Participation
from cohorts.places import Place
from cohorts.roles import Permission

KEPT, OVER, AWAY = "", "expires", "ranges"
VIEWS = ((KEPT, "Dans la bibliothèque"), (OVER, "Expirés"), (AWAY, "Rangés"))


@dataclass(frozen=True)
class Library:
    """A structure's library as one person reaches it: by which path, and whether they may change it."""

    organisation: Organisation
    path: Participation
    insider: bool
    can_edit: bool
    lapse: object

    def url(self, name, *args):
        """Address of one of its pages."""
        return reverse(name, args=[self.path.cohort.region.slug, self.organisation.public_id, *args])


@dataclass(frozen=True)
class Item:
    """One item of the library, what it is worth today, and the criteria it supports."""

    evidence: Evidence
    validity: str
    uses: list


def library_or_404(request, region, public_id, *, editing=False):
    """The library of this structure, for who may read it, or change it. Sets the page's place.

    What a structure brought itself stays readable to it when its adhesion is over. Source: convention, 2.1 and 3.3.
    """
    actor = request.actor
    reached = {"region__slug": region, "organisation__public_id": public_id}
    rows = Participation.objects.with_context().visible_to(actor).filter(**reached)
    path = rows.order_by("-joined_on", "-pk").first()
    if path is None:
        raise Http404
    request.place = Place.of_participation(path)
    insider = actor.is_insider(path)
    if editing:
        actor.require(Permission.EDIT_EVIDENCE, path)
    else:
        actor.require(Permission.READ_EVIDENCE if insider else Permission.READ_SHARED_EVIDENCE, path)
    lapse = actor.lapse(path)
    if editing or not lapse:
        actor.require_tools(path)
    return Library(
        organisation=path.organisation,
        path=path,
        insider=insider,
        can_edit=actor.can(Permission.EDIT_EVIDENCE, path) and not lapse,
        lapse=lapse,
    )


def evidence_or_404(request, library, evidence_id):
    """One item of this library, with its versions."""
    return visible_or_404(
        Evidence.objects.with_revisions(request.actor).select_related("organisation"),
        request.actor,
        organisation=library.organisation,
        public_id=evidence_id,
    )


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def evidence_list(request, region, public_id):
    """Everything a structure keeps; who accompanies it sees what it shares."""
    library = library_or_404(request, region, public_id)
    by_view = {view: [] for view, _ in VIEWS}
    for item in items_of(request.actor, library):
        by_view[view_of(item)].append(item)
    view = request.GET.get("voir", KEPT)
    context = {
        "library": library,
        "items": by_view.get(view, by_view[KEPT]),
        "view": view if view in by_view else KEPT,
        "tabs": [(value, label, len(by_view[value])) for value, label in VIEWS],
        "empty": not any(by_view.values()),
        **room_of(library),
    }
    return render(request, "autodiag/evidence_list.html", context)


def items_of(actor, library):
    """The items this person may read, with what they support, in a constant number of queries."""
    mine = {"organisation": library.organisation}
    uses = {}
    for use in EvidenceUse.objects.visible_to(actor).filter(**mine).with_places():
        uses.setdefault(use.evidence_id, []).append(use)
    today = clock.today()
    found = Evidence.objects.visible_to(actor).filter(**mine).with_revisions(actor)
    return [Item(evidence, validity(evidence, today), uses.get(evidence.pk, [])) for evidence in found]


def view_of(item):
    """Under which heading an item stands."""
    if item.evidence.archived_at:
        return AWAY
    return OVER if item.validity == EXPIRED else KEPT


def room_of(library):
    """What the files weigh and may weigh: for the structure alone."""
    if not library.insider:
        return {"room": None}
    used, total = weight_of(library.organisation), settings.UPLOAD_STRUCTURE_BYTES
    return {"room": {"used": used, "total": total, "words": f"{size_in_words(used)} sur {size_in_words(total)}"}}


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def evidence(request, region, public_id, evidence_id):
    """One item: what it shows, all its versions, what it supports."""
    library = library_or_404(request, region, public_id)
    found = evidence_or_404(request, library, evidence_id)
    uses = EvidenceUse.objects.visible_to(request.actor).filter(evidence=found).with_places()
    item = Item(found, validity(found, clock.today()), list(uses))
    return render(request, "autodiag/evidence.html", {"library": library, "item": item, "evidence": found})


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def evidence_edit(request, region, public_id, evidence_id):
    """Change what is said of an item; two people at once are shown both."""
    library = library_or_404(request, region, public_id, editing=True)
    found = evidence_or_404(request, library, evidence_id)
    names = ("title", "note", "visibility", "valid_from", "valid_until", "revision")
    form = AboutForm(posted(request), initial={name: getattr(found, name) for name in names})
    stale = None
    if request.method == "POST" and form.is_valid():
        made_on = form.cleaned_data["revision"]
        try:
            edit_evidence(evidence=found, revision=-1 if made_on is None else made_on, by=request.actor, **form.about())
        except StaleSave as refusal:
            stale = refusal.current
        else:
            messages.success(request, "Le justificatif est enregistré.")
            return redirect(library.url("evidence", evidence_id))
    context = {"library": library, "evidence": found, "form": form, "stale": stale}
    return render(request, "autodiag/evidence_edit.html", context, status=409 if stale else 422 if form.errors else 200)


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def evidence_replace(request, region, public_id, evidence_id):
    """Bring a new version; those before stay, and can be downloaded."""
    library = library_or_404(request, region, public_id, editing=True)
    found = evidence_or_404(request, library, evidence_id)
    dates = {"valid_from": found.valid_from, "valid_until": found.valid_until}
    form = SourceForm(posted(request), request.FILES if request.method == "POST" else None, initial=dates)
    known = None
    if request.method == "POST" and form.is_valid():
        try:
            current = replace_evidence(evidence=found, by=request.actor, **form.source())
        except NoRoom as refusal:
            form.add_error("file", str(refusal))
        except AlreadyThere as refusal:
            known = refusal.evidence
        else:
            messages.success(request, f"La version {current.number} est en place. Les précédentes sont gardées.")
            return redirect(library.url("evidence", evidence_id))
    context = {"library": library, "evidence": found, "form": form, "known": known}
    return render(request, "autodiag/evidence_replace.html", context, status=422 if form.errors or known else 200)


@open_to(*STRUCTURE)
@require_POST
def evidence_archive(request, region, public_id, evidence_id):
    """Put an item away."""
    library = library_or_404(request, region, public_id, editing=True)
    found = evidence_or_404(request, library, evidence_id)
    archive_evidence(evidence=found, by=request.actor)
    messages.success(request, f"«{NBSP}{found.title}{NBSP}» est rangé. Il reste là où il sert, et se ressort.")
    return redirect(library.url("evidence", evidence_id))


@open_to(*STRUCTURE)
@require_POST
def evidence_restore(request, region, public_id, evidence_id):
    """Take an item out again."""
    library = library_or_404(request, region, public_id, editing=True)
    found = evidence_or_404(request, library, evidence_id)
    restore_evidence(evidence=found, by=request.actor)
    messages.success(request, f"«{NBSP}{found.title}{NBSP}» est de nouveau dans la bibliothèque.")
    return redirect(library.url("evidence", evidence_id))


@open_to(*STRUCTURE, *REGIONAL)
@require_POST
def evidence_download(request, region, public_id, evidence_id, number):
    """One version, as it was brought: the structure's own document, registered like every file that leaves."""
    library = library_or_404(request, region, public_id)
    reached = {"evidence__public_id": evidence_id, "organisation": library.organisation, "number": number}
    revision = visible_or_404(
        EvidenceRevision.objects.select_related("file"), request.actor, file__isnull=False, **reached
    )
    acting_for = request.actor.name_of_side(library.path)
    return files.download_as_is(revision.file, actor=request.actor, acting_for=acting_for)
