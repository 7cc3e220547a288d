"""The picture of a chapter: drawing, table, explained score, strengths; its transmissions one by one; its PDF."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from autodiag.documents import differences
from autodiag.documents import synthesis as synthesis_of
from autodiag.models import Answer
from autodiag.rules.reviews import can_review
from autodiag.services.exports import request_synthesis_pdf
from autodiag.services.reading import reading_of
from autodiag.views.doors import autodiag_or_404
from caprse.base.access import REGIONAL, STRUCTURE, open_to
from cohorts.roles import Permission


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def synthesis(request, region, public_id):
    """What the chapter says: its last transmission, or today's answers for the people of the structure."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.READ_SUBMISSION, found.participation)
    if request.actor.adhesion_lapsed(found.participation):
        return redirect(found.get_absolute_url())
    request.actor.require_tools(found.participation)
    reading = reading_of(found, request.actor)
    if reading is None:
        raise Http404
    can_plan = request.actor.can(Permission.EDIT_PLAN, found.participation)
    ids = answer_ids(request.actor, found) if can_plan else {}
    return render(request, "autodiag/synthesis.html", shown(request, found, reading.content, reading.submission, ids))


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def submission(request, region, public_id, number):
    """One transmission as it was, whether it is intact, and what it changed of the one before."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.READ_SUBMISSION, found.participation)
    if request.actor.adhesion_lapsed(found.participation):
        return redirect(found.get_absolute_url())
    request.actor.require_tools(found.participation)
    versions = list(found.submissions.visible_to(request.actor).with_answers_to_it())
    one = next((version for version in versions if version.number == number), None)
    if one is None:
        raise Http404
    before = next((version for version in versions if version.number == number - 1), None)
    context = {
        **shown(request, found, one.content, one, {}),
        "versions": versions,
        "before": before,
        "differences": differences(before.content, one.content) if before else [],
        "is_last": one == versions[0],
    }
    return render(request, "autodiag/submission.html", context)


def shown(request, autodiag, content, submission, ids):
    """What both pages show of a content. `ids`: where an action may be created from its answers."""
    read = synthesis_of(content)
    actor, participation = request.actor, autodiag.participation
    may_review = submission is not None and actor.can(Permission.REVIEW, participation)
    return {
        "autodiag": autodiag,
        "submission": submission,
        "synthesis": read,
        "rows": with_answer_ids(read.rows, ids),
        "gaps": with_answer_ids(read.gaps, ids),
        "insider": actor.is_insider(participation),
        "can_plan": bool(ids),
        "can_review": may_review and bool(can_review(autodiag, submission)),
        "can_correct": autodiag.is_submitted and actor.can(Permission.SUBMIT, participation),
    }


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
    if not found.is_submitted and not found.is_reopened and not request.actor.is_insider(found.participation):
        raise Http404
    job = request_synthesis_pdf(autodiag=found, by=request.actor)
    return redirect("job", public_id=job.public_id)
