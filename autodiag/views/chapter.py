"""Reading and filling a chapter: as a list, or one criterion at a time."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from autodiag import rules
from autodiag.forms.remarks import RemarkForm
from autodiag.models import Answer, AnswerChange, Autodiag, Comment, Remark
from autodiag.models.agreeing import SHOWN, last_agreed
from autodiag.models.prepared import beside, chapter_entries
from autodiag.presentation import Card, ChapterPage, Stop, by_position, moment_in_words, standing
from autodiag.views.beside import figures_by_position, surround
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
    answers = answers.annotate(**beside(request.actor.user_id))
    if position:
        answers = answers.filter(criterion__position=position)
        answers = answers.prefetch_related("criterion__levels", "criterion__indicators").annotate(**last_agreed(SHOWN))
    version = autodiag.participation.cohort.version
    scale = {step.value: step.label for step in version.scale.all()}
    actor, participation = request.actor, autodiag.participation
    remarks = by_position(Remark.objects.visible_to(actor).of_chapter(autodiag))
    cards = [Card(answer, scale, remarks=remarks.get(answer.criterion.position)) for answer in answers]
    if position and cards:
        surround(request, autodiag, cards[0])
    verdict = rules.can_answer(autodiag, clock.today())
    may_answer, may_submit = actor.can(Permission.ANSWER, participation), actor.can(Permission.SUBMIT, participation)
    return ChapterPage(
        autodiag=autodiag,
        entries=entries_of(actor, autodiag, remarks) if position else [card.entry for card in cards],
        cards=cards,
        verdict=verdict,
        can_write=bool(verdict) and may_answer,
        can_submit=bool(verdict) and may_submit,
        may_answer=may_answer,
        may_submit=may_submit,
        may_share=actor.can(Permission.SHARE, participation),
    )


def entries_of(actor, autodiag, remarks):
    """The lines of the list of criteria, each with how many remarks stand on it."""
    entries = chapter_entries(actor, autodiag)
    return [entry._replace(remarks=standing(remarks.get(entry.position, ()))) for entry in entries]


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def autodiag(request, region, public_id):
    """The chapter as a list; for who accompanies, its progress and what is shared with them."""
    found = autodiag_or_404(request, region, public_id)
    if not request.actor.is_insider(found.participation):
        return shared(request, found)
    if request.actor.adhesion_lapsed(found.participation):
        return own_words(request, found)
    request.actor.require_tools(found.participation)
    page = chapter_page(request, found)
    stop = last_stop(request.actor, found) if page.can_write else None
    # The others stay in the page, hidden: what is saved there is still counted among them.
    hidden = {card.position for card in page.cards if not card.answer.is_mine} if only_mine(request, page) else set()
    sections = [
        (title, cards, any(card.position not in hidden for card in cards)) for title, cards in page.card_sections
    ]
    may_assign = bool(page.verdict) and request.actor.can(Permission.ASSIGN, found.participation)
    context = {"page": page, "autodiag": found, "stop": stop, "hidden": hidden, "sections": sections}
    return render(request, "autodiag/chapter.html", {**context, "may_assign": may_assign})


def only_mine(request, page):
    """Whether to show the criteria entrusted to who reads, and no other; asked where there is none, all are shown."""
    return request.GET.get("criteres") == "miens" and bool(page.mine)


def last_stop(actor, autodiag):
    """The criterion of the last answer this person saved here, or None."""
    mine = AnswerChange.objects.visible_to(actor).filter(by=actor.user_id, answer__autodiag=autodiag)
    last = (
        mine.order_by("-at", "-pk").values_list("answer__criterion__position", "answer__criterion__code", "at").first()
    )
    return Stop(*last[:2], when=moment_in_words(last[2], clock.today())) if last else None


def own_words(request, autodiag):
    """What stays readable to a structure whose adhesion is over: what it wrote itself, and nothing of the network.

    Source: convention, articles 2.1 and 3.3; its answers belong to the structure.
    """
    page = chapter_page(request, autodiag)
    figures = figures_by_position(request, autodiag)
    for card in page.cards:
        card.followed = figures.get(card.position, [])
    siblings = Autodiag.objects.visible_to(request.actor).filter(participation=autodiag.participation)
    context = {
        "page": page,
        "autodiag": autodiag,
        "chapters": siblings.with_context().order_by("round__chapter__number"),
        "lapse": request.actor.lapse(autodiag.participation),
    }
    return render(request, "autodiag/own_words.html", context)


def shared(request, autodiag):
    """What the structure lets its facilitator read before and after it transmits."""
    request.actor.require_tools(autodiag.participation)
    if autodiag.is_submitted or autodiag.is_reopened:
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
    context = {"page": page, "autodiag": found, "card": card, "remark_form": RemarkForm()}
    return render(request, template, context)
