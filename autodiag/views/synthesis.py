"""The picture of a chapter: drawing, table, explained score, strengths; its transmissions one by one; its PDF."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from autodiag.documents import DECLARED, SUPPORTED, differences
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
    own = own_answers(request.actor, found, reading) if request.actor.is_insider(found.participation) else {}
    return render(request, "autodiag/synthesis.html", shown(request, found, reading.content, reading.submission, own))


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


def shown(request, autodiag, content, submission, own):
    """What both pages show of a content. `own`: its answers as they stand, for the people of the structure."""
    read = synthesis_of(content)
    actor, participation = request.actor, autodiag.participation
    may_review = submission is not None and actor.can(Permission.REVIEW, participation)
    rows = with_own(read.rows, own)
    return {
        "autodiag": autodiag,
        "submission": submission,
        "synthesis": read,
        "rows": rows,
        "gaps": with_own(read.gaps, own),
        "supported": sum(row["support"] == SUPPORTED for row in rows),
        "declared": sum(row["support"] == DECLARED for row in rows),
        "insider": actor.is_insider(participation),
        "can_plan": bool(own) and actor.can(Permission.EDIT_PLAN, participation),
        "can_review": may_review and bool(can_review(autodiag, submission)),
        "can_correct": autodiag.is_submitted and actor.can(Permission.SUBMIT, participation),
    }


def own_answers(actor, autodiag, reading):
    """{code: (id of the answer, whether evidence supports it now, kept private or not)}: a content knows neither."""
    if reading.is_draft:
        return {answer.criterion.code: (answer.pk, is_supported(answer)) for answer in reading.answers}
    answers = Answer.objects.visible_to(actor).filter(autodiag=autodiag).values_list("criterion__code", "pk")
    return {code: (pk, False) for code, pk in answers}


def is_supported(answer):
    """Whether evidence that was not put away supports an answer read by `reading_of`."""
    return any(use.evidence.archived_at is None for use in answer.evidence_uses.all())


def with_own(rows, own):
    """The rows with the id an action is created from; for its people, private evidence supports a draft too."""
    found = []
    for row in rows:
        pk, supported = own.get(row["code"], (None, False))
        found.append({**row, "answer_id": pk, "support": SUPPORTED if supported and row["support"] else row["support"]})
    return found


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
