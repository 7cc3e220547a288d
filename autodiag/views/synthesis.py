"""The picture of a chapter: drawing, table, explained score, strengths; and its PDF."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from autodiag.documents import synthesis as synthesis_of
from autodiag.models import Answer
from autodiag.services.exports import request_synthesis_pdf
from autodiag.tasks import readable_content
from autodiag.views.doors import autodiag_or_404
from caprse.base.access import REGIONAL, STRUCTURE, open_to
from cohorts.roles import Permission


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def synthesis(request, region, public_id):
    """What the chapter says, from its frozen text once transmitted, from today's answers before."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.READ_SUBMISSION, found.participation)
    if request.actor.adhesion_lapsed(found.participation):
        return redirect(found.get_absolute_url())
    request.actor.require_tools(found.participation)
    content = readable_content(found, request.actor)
    if content is None:
        raise Http404
    shown = synthesis_of(content)
    can_plan = request.actor.can(Permission.EDIT_PLAN, found.participation)
    ids = answer_ids(request.actor, found) if can_plan else {}
    context = {
        "autodiag": found,
        "synthesis": shown,
        "rows": with_answer_ids(shown.rows, ids),
        "gaps": with_answer_ids(shown.gaps, ids),
        "insider": request.actor.is_insider(found.participation),
        "can_plan": can_plan,
    }
    return render(request, "autodiag/synthesis.html", context)


def answer_ids(actor, autodiag):
    """{code: id of the answer}: an action is created from an answer, and frozen content knows no id."""
    answers = Answer.objects.visible_to(actor).filter(autodiag=autodiag)
    return dict(answers.values_list("criterion__code", "pk"))


def with_answer_ids(rows, ids):
    return [{**row, "answer_id": ids.get(row["code"])} for row in rows]


@open_to(*STRUCTURE, *REGIONAL)
@require_POST
def synthesis_pdf(request, region, public_id):
    """Ask for the PDF: it is made in the background, the page follows it."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.EXPORT, found.participation)
    request.actor.require_tools(found.participation)
    if not found.is_submitted and not request.actor.is_insider(found.participation):
        raise Http404
    job = request_synthesis_pdf(autodiag=found, by=request.actor)
    return redirect("job", public_id=job.public_id)
