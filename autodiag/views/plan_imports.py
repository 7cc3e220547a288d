"""A plan kept elsewhere, brought in: the model to fill in, the file, what is wrong cell by cell, then the actions."""

from datetime import date, timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from autodiag.enums import ActionStatus, ImportState
from autodiag.forms.plan_imports import PlanImportForm
from autodiag.models import PlanImport
from autodiag.plans.freezing import money
from autodiag.services.plan_imports import (
    NotReady,
    ReadsOtherwise,
    bring_plan,
    codes_of,
    confirm_import,
    make_model,
    read_again,
    same_words,
)
from autodiag.views.adoption import own_path
from caprse.base import clock, files
from caprse.base.access import STRUCTURE, open_to
from caprse.base.requests import posted
from caprse.base.text import plural
from cohorts.access import visible_or_404
from cohorts.roles import Permission

LONG_READING = timedelta(minutes=10)
LISTED = 12


def bringing_path(request, region, public_id):
    """The structure's path, for who keeps its plan, while its tools are open."""
    participation = own_path(request, region, public_id, Permission.EDIT_PLAN)
    request.actor.require_tools(participation)
    return participation


def import_or_404(request, participation, import_id):
    found = visible_or_404(
        PlanImport.objects.select_related("file", "created_by", "confirmed_by"),
        request.actor,
        participation=participation,
        public_id=import_id,
    )
    found.participation = participation
    return found


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def plan_import(request, region, public_id):
    """How it works, the model, the file; then what it says is read in the background."""
    participation = bringing_path(request, region, public_id)
    form = PlanImportForm(posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        brought = bring_plan(participation=participation, by=request.actor, upload=form.upload)
        return redirect("plan_import_report", region=region, public_id=public_id, import_id=brought.public_id)
    rows = PlanImport.objects.visible_to(request.actor).filter(participation=participation)
    context = {
        "participation": participation,
        "form": form,
        "imports": rows.select_related("file", "created_by").order_by("-pk")[:LISTED],
    }
    return render(request, "autodiag/plan_import.html", context, status=422 if form.errors else 200)


@open_to(*STRUCTURE)
@require_POST
def plan_import_model(request, region, public_id):
    """The workbook to fill in; it names the criteria of the référentiel, so it is marked like every tool."""
    participation = bringing_path(request, region, public_id)
    stored = make_model(participation=participation, by=request.actor)
    return files.download(stored, actor=request.actor, acting_for=request.actor.name_of_side(participation))


@open_to(*STRUCTURE)
@require_GET
def plan_import_report(request, region, public_id, import_id):
    """What was read: the errors by cell, or the actions that would be added. It refreshes itself while it is read."""
    participation = bringing_path(request, region, public_id)
    brought = import_or_404(request, participation, import_id)
    report = brought.report
    rows = report.get("rows", [])
    context = {
        "participation": participation,
        "brought": brought,
        "reading": brought.state == ImportState.READING,
        "lost": brought.state == ImportState.READING and clock.now() - brought.created_at > LONG_READING,
        "errors": report.get("errors", []),
        "more": report.get("more", 0),
        "rows": [told(row, codes) for codes in [codes_of(rows)] for row in rows],
        "known": report.get("known", []),
        "aside": report.get("aside", []),
        "twins": same_words(brought) if brought.state == ImportState.READY else [],
    }
    template = "autodiag/_plan_import_state.html" if request.htmx else "autodiag/plan_import_report.html"
    return render(request, template, context)


def told(row, codes):
    """A row as it is shown before it enters the plan."""
    return row | {
        "due_on": date.fromisoformat(row["due_on"]) if row["due_on"] else None,
        "status_label": ActionStatus(row["status"]).label.capitalize(),
        "code": codes.get(row["criterion"], ""),
        "money": money(row["budget"]) if row["budget"] else "",
    }


@open_to(*STRUCTURE)
@require_POST
def plan_import_confirm(request, region, public_id, import_id):
    """Every action enters the plan, or none."""
    participation = bringing_path(request, region, public_id)
    brought = import_or_404(request, participation, import_id)
    report_url = reverse("plan_import_report", args=[region, public_id, import_id])
    try:
        done = confirm_import(brought=brought, by=request.actor)
    except NotReady:
        messages.info(request, "Rien n’a été ajouté : voyez d’abord ce qui suit.")
        return redirect(report_url)
    except ReadsOtherwise:
        read_again(brought=brought)
        messages.info(request, "Quelque chose a changé depuis la lecture de ce classeur. Relisez, puis confirmez.")
        return redirect(report_url)
    count = len(done.report["rows"])
    added = f"{count} {plural(count, 'action est entrée', 'actions sont entrées')} dans votre plan."
    messages.success(request, added if count else "Votre plan n’a pas changé : tout y était déjà.")
    return redirect("plan", region=region, public_id=public_id)
