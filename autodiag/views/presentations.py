"""To whom the work was presented: the list, what is still to be told, each presentation with its files."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from autodiag.enums import PresentedTo
from autodiag.forms.presentations import PresentationForm
from autodiag.models import Presentation
from autodiag.rules.picture import EXPECTED, assembly_awaited
from autodiag.services.evidence import NoRoom
from autodiag.services.presentations import documents_made, edit_presentation, is_made_here, record_presentation
from autodiag.views.plan import plan_path
from caprse.base import clock, files
from caprse.base.access import STRUCTURE, open_to
from caprse.base.marking import UnmarkableFile
from caprse.base.pdf import PdfUnavailable
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from cohorts.roles import Permission

WHICH = {"document": "document", "compte-rendu": "minutes"}


@open_to(*STRUCTURE)
@require_GET
def presentations(request, region, public_id):
    """All of them, the last first; and to whom the work was not told yet."""
    found = plan_path(request, region, public_id)
    request.actor.require(Permission.READ_PLAN, found)
    rows = list(Presentation.objects.visible_to(request.actor).filter(participation=found).newest_first())
    last = {}
    for row in rows:
        last.setdefault(row.audience, row.held_on)
    lapse = request.actor.lapse(found)
    context = {
        "participation": found,
        "presentations": rows,
        "told": [(PresentedTo(audience).label, last.get(audience)) for audience in EXPECTED],
        "assembly_on": last.get(PresentedTo.ASSEMBLY),
        "assembly_awaited": assembly_awaited(last.get(PresentedTo.ASSEMBLY), clock.today()),
        "can_edit": request.actor.can(Permission.EDIT_PLAN, found) and not lapse,
        "lapse": lapse,
    }
    return render(request, "autodiag/presentations.html", context)


def writable_path(request, region, public_id):
    """The path, for who may say to whom the work was presented."""
    found = plan_path(request, region, public_id)
    request.actor.require(Permission.EDIT_PLAN, found)
    request.actor.require_tools(found)
    return found


def form_of(request, participation, known=None):
    names = ("audience", "held_on", "note", "revision")
    return PresentationForm(
        posted(request),
        request.FILES if request.method == "POST" else None,
        initial={name: getattr(known, name) for name in names} if known else {"held_on": clock.today()},
        made=documents_made(request.actor, participation),
        known=known,
    )


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def presentation_new(request, region, public_id):
    """Note that the work was presented."""
    found = writable_path(request, region, public_id)
    form = form_of(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            record_presentation(participation=found, by=request.actor, **form.fields_to_save())
        except NoRoom as refusal:
            form.add_error(None, str(refusal))
            form.choose_again()
        else:
            messages.success(request, "La présentation est notée.")
            return redirect("presentations", region=region, public_id=public_id)
    context = {"participation": found, "form": form, "presentation": None, "stale": None}
    return render(request, "autodiag/presentation.html", context, status=422 if form.errors else 200)


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def presentation_edit(request, region, public_id, presentation_id):
    """Change what is said of it; two people at once are shown both."""
    found = writable_path(request, region, public_id)
    row = presentation_or_404(request, found, presentation_id)
    form, stale = form_of(request, found, row), None
    if request.method == "POST" and form.is_valid():
        made_on = form.cleaned_data["revision"]
        said = {**form.fields_to_save(), "taken_off": form.taken_off(), "by": request.actor}
        try:
            edit_presentation(presentation=row, revision=-1 if made_on is None else made_on, **said)
        except StaleSave as refusal:
            stale = refusal.current
            form.choose_again()
        except NoRoom as refusal:
            form.add_error(None, str(refusal))
            form.choose_again()
        else:
            messages.success(request, "La présentation est enregistrée.")
            return redirect("presentations", region=region, public_id=public_id)
    context = {"participation": found, "form": form, "presentation": row, "stale": stale}
    return render(request, "autodiag/presentation.html", context, status=409 if stale else 422 if form.errors else 200)


def presentation_or_404(request, participation, presentation_id):
    rows = Presentation.objects.visible_to(request.actor).newest_first()
    row = visible_or_404(rows, request.actor, participation=participation, public_id=presentation_id)
    row.participation = participation
    return row


@open_to(*STRUCTURE)
@require_POST
def presentation_file(request, region, public_id, presentation_id, which):
    """The document or the minutes: as they were brought, or marked when the product made them."""
    found = plan_path(request, region, public_id)
    request.actor.require(Permission.READ_PLAN, found)
    row = presentation_or_404(request, found, presentation_id)
    stored = getattr(row, WHICH[which]) if which in WHICH else None
    if stored is None:
        raise Http404
    acting_for = request.actor.name_of_side(found)
    if not is_made_here(stored):
        return files.download_as_is(stored, actor=request.actor, acting_for=acting_for)
    request.actor.require(Permission.EXPORT, found)
    request.actor.require_tools(found)
    try:
        return files.download(stored, actor=request.actor, acting_for=acting_for)
    except (UnmarkableFile, PdfUnavailable) as error:
        messages.error(request, str(error))
        return redirect("presentations", region=region, public_id=public_id)
