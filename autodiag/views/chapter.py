"""Reading and filling a chapter: as a list, or one criterion at a time."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from autodiag import rules
from autodiag.models import Answer, AnswerChange, Autodiag, Comment
from autodiag.models.prepared import chapter_entries
from autodiag.presentation import Card, ChapterPage, changes_in_words
from autodiag.views.doors import autodiag_or_404
from caprse.base import clock
from caprse.base.access import REGIONAL, STRUCTURE, open_to
from cohorts.access import visible_or_404
from cohorts.roles import Permission


def chapter_page(request, autodiag, position=None):
    """Everything a chapter's pages show, read through the doors in a constant number of queries.

    With `position`, that criterion alone is read in full.
    """
    answers = Answer.objects.visible_to(request.actor).filter(autodiag=autodiag).for_pages()
    if position:
        answers = answers.filter(criterion__position=position)
        answers = answers.prefetch_related("criterion__levels", "criterion__indicators")
    version = autodiag.participation.cohort.version
    scale = {step.value: step.label for step in version.scale.all()}
    cards = [Card(answer, scale) for answer in answers]
    verdict = rules.can_answer(autodiag, clock.today())
    actor, participation = request.actor, autodiag.participation
    return ChapterPage(
        autodiag=autodiag,
        entries=chapter_entries(actor, autodiag) if position else [card.entry for card in cards],
        cards=cards,
        verdict=verdict,
        can_write=bool(verdict) and actor.can(Permission.ANSWER, participation),
        can_submit=bool(verdict) and actor.can(Permission.SUBMIT, participation),
    )


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def autodiag(request, region, public_id):
    """The chapter as a list; for who accompanies, its progress and what is shared with them."""
    found = autodiag_or_404(request, region, public_id)
    if not request.actor.is_insider(found.participation):
        return shared(request, found)
    if request.actor.adhesion_lapsed(found.participation):
        page = chapter_page(request, found)
        return render(request, "autodiag/own_words.html", {"page": page, "autodiag": found})
    request.actor.require_tools(found.participation)
    page = chapter_page(request, found)
    return render(request, "autodiag/chapter.html", {"page": page, "autodiag": found})


def shared(request, autodiag):
    """What the structure lets its facilitator read before and after it transmits."""
    request.actor.require_tools(autodiag.participation)
    if autodiag.is_submitted:
        return redirect(autodiag.url("synthesis"))
    comments = (
        Comment.objects.visible_to(request.actor)
        .filter(answer__autodiag=autodiag)
        .exclude(text="")
        .select_related("answer__criterion", "answer__updated_by")
        .order_by("answer__criterion__position")
    )
    progress = visible_or_404(Autodiag.objects.with_progress(), request.actor, pk=autodiag.pk)
    context = {"autodiag": autodiag, "comments": comments, "progress": progress}
    return render(request, "autodiag/shared.html", context)


@open_to(*STRUCTURE)
@require_GET
def criterion(request, region, public_id, position):
    """One criterion: what we already do, the level chosen by its description, the comment.

    Opened from the list of the chapter, its form alone.
    """
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.READ_DIAGNOSTIC, found.participation)
    request.actor.require_tools(found.participation)
    page = chapter_page(request, found, position)
    card = page.card(position)
    if card is None:
        raise Http404
    template = "autodiag/_criterion_in_list.html" if request.htmx else "autodiag/criterion.html"
    return render(request, template, {"page": page, "autodiag": found, "card": card})


@open_to(*STRUCTURE)
@require_GET
def history(request, region, public_id, position):
    """Who changed this answer, when, from what to what."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.READ_DIAGNOSTIC, found.participation)
    request.actor.require_tools(found.participation)
    answer = visible_or_404(
        Answer.objects.select_related("criterion").prefetch_related("criterion__levels"),
        request.actor,
        autodiag=found,
        criterion__position=position,
    )
    changes = AnswerChange.objects.visible_to(request.actor).filter(answer=answer).select_related("by")[:200]
    scale = {step.value: step.label for step in found.participation.cohort.version.scale.all()}
    context = {
        "autodiag": found,
        "answer": answer,
        "changes": changes_in_words(changes, answer.criterion.levels.all(), scale),
    }
    return render(request, "autodiag/history.html", context)
