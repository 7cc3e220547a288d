"""Preparing the next version, one text at a time: for the national staff it was entrusted to."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from caprse.base import clock, journal
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from caprse.base.text import time_in_words
from caprse.base.versioned import StaleSave
from referentiel.documents import chapter_texts, compare, criterion_texts, missing_from
from referentiel.forms import ChapterForm, CriterionForm
from referentiel.models import Version
from referentiel.services import (
    CHAPTER_EDITED,
    CRITERION_EDITED,
    NotEditable,
    edit_chapter,
    edit_criterion,
    start_draft,
)


@open_to(Audience.NATIONAL_STAFF)
@require_POST
def draft_start(request, code):
    """Copy the version in force into the next draft."""
    request.actor.require_tools()
    known = Version.objects.readable_by(request.audiences).select_related("referentiel").filter(referentiel__code=code)
    version = known.first()
    if version is None:
        raise Http404
    request.actor.require_editor(version.referentiel)
    try:
        draft = start_draft(referentiel=version.referentiel, by=request.actor)
    except ValidationError as refusal:
        messages.info(request, f"{refusal.messages[0]} Rien n’a été copié.")
        has_draft = known.drafts().exists()
        return redirect("referentiel_draft", code=code) if has_draft else redirect("referentiels")
    messages.success(
        request,
        f"Le brouillon de la version {draft.number} est prêt : il reprend tout le texte publié. "
        "Personne ne le lit en dehors de l’équipe nationale.",
    )
    return redirect("referentiel_draft", code=code)


def draft_and_published(request, code):
    """The draft and the version it is to replace, each with its content; None where there is none."""
    request.actor.require_tools()
    versions = Version.objects.readable_by(request.audiences).with_content().filter(referentiel__code=code)
    return versions.drafts().first(), versions.published().first()


def draft_to_edit(request, code):
    """The draft and the published version, for whoever may write; no draft: `draft` is None."""
    draft, published = draft_and_published(request, code)
    if draft is None and published is None:
        raise Http404
    request.actor.require_editor((draft or published).referentiel)
    if draft is None and request.method != "POST":
        raise Http404
    return draft, published


def typed_in(request):
    """What somebody wrote in a form: neither its boxes nor its numbers."""
    beside = (
        "csrfmiddlewaretoken",
        "revision",
        "next",
        "weight",
        "seen",
        "stable_id_",
        "order_",
        "surveyed_",
        "removed_",
    )
    return [value for name, value in request.POST.items() if not name.startswith(beside) and value.strip()]


def draft_is_gone(request, published):
    """The draft was published while somebody was writing: what they typed is shown, to be copied."""
    context = {"published": published, "typed": typed_in(request)}
    return render(request, "referentiel/draft_gone.html", context, status=409)


@open_to(Audience.NATIONAL_STAFF)
@require_http_methods(["GET", "POST"])
def draft_criterion(request, code, stable_id):
    """Change one criterion, the published text beside it."""
    draft, published = draft_to_edit(request, code)
    if draft is None:
        return draft_is_gone(request, published)
    around = Around(draft, published, stable_id)
    criterion = around.criterion
    form = CriterionForm(posted(request), criterion=criterion, scale=draft.scale.all())
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            edit_criterion(criterion=criterion, by=request.actor, **form.texts())
        except NotEditable:
            return draft_is_gone(request, draft)
        except StaleSave as refusal:
            stale = refusal.current
        else:
            messages.success(request, said_saved(f"Le critère {criterion.code} est enregistré"))
            onward = around.next if "next" in request.POST else None
            return redirect("draft_criterion", code=code, stable_id=(onward or criterion).stable_id)
    context = {"draft": draft, "around": around, "criterion": criterion, "form": form, "stale": stale}
    context["theirs"] = form.differences(criterion_texts(stale)) if stale else []
    context["saved_at"] = journal.last_time(CRITERION_EDITED, criterion)
    return render(request, "referentiel/criterion_edit.html", context, status=status_of(form, stale))


@open_to(Audience.NATIONAL_STAFF)
@require_http_methods(["GET", "POST"])
def draft_chapter(request, code, stable_id):
    """Change a chapter's titles and presentation."""
    draft, published = draft_to_edit(request, code)
    if draft is None:
        return draft_is_gone(request, published)
    chapter = by_stable_id(draft.chapters.all(), stable_id)
    if chapter is None:
        raise Http404
    form = ChapterForm(posted(request), chapter=chapter)
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            edit_chapter(chapter=chapter, by=request.actor, **form.texts())
        except NotEditable:
            return draft_is_gone(request, draft)
        except StaleSave as refusal:
            stale = refusal.current
        else:
            messages.success(request, said_saved(f"Le chapitre {chapter.number} est enregistré"))
            return redirect("draft_chapter", code=code, stable_id=stable_id)
    before = by_stable_id(published.chapters.all(), stable_id) if published else None
    context = {"draft": draft, "chapter": chapter, "before": before, "form": form, "stale": stale}
    context["theirs"] = form.differences(chapter_texts(stale)) if stale else []
    context["saved_at"] = journal.last_time(CHAPTER_EDITED, chapter)
    return render(request, "referentiel/chapter_edit.html", context, status=status_of(form, stale))


def status_of(form, stale):
    return 409 if stale else 422 if form.errors else 200


def said_saved(what):
    return f"{what} à {time_in_words(clock.now())}."


def by_stable_id(rows, stable_id):
    return next((row for row in rows if row.stable_id == stable_id), None)


class Around:
    """A criterion of a draft, its neighbours, and the same one as it is published."""

    def __init__(self, draft, published, stable_id):
        everything = [row for chapter in draft.chapters.all() for row in chapter.criteria.all()]
        self.criterion = by_stable_id(everything, stable_id)
        if self.criterion is None:
            raise Http404
        rank = everything.index(self.criterion)
        self.previous = everything[rank - 1] if rank else None
        self.next = everything[rank + 1] if rank + 1 < len(everything) else None
        self.chapter = next(c for c in draft.chapters.all() if c.pk == self.criterion.chapter_id)
        self.changes = {change.stable_id: change for change in compare(published, draft)}
        old = [row for chapter in published.chapters.all() for row in chapter.criteria.all()] if published else []
        self.before = by_stable_id(old, stable_id)
        self.change = self.changes.get(stable_id)

    @property
    def beside(self):
        """The criteria of the chapter with their state and its word."""
        return [(row, *draft_state(row, self.changes.get(row.stable_id))) for row in self.chapter.criteria.all()]


def draft_state(criterion, change):
    """Where a criterion of a draft stands, as a state of the look and its word."""
    if missing_from(criterion):
        return "to_review", "À compléter"
    if change is None:
        return "not_started", "Inchangé"
    return "in_progress", "Nouveau" if change.state == "added" else "Modifié"
