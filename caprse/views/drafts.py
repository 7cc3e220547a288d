"""The draft of a référentiel as a whole, and its publication: its texts, who writes it, the cohorts it leaves alone."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from caprse.base import clock
from caprse.base.access import Audience, open_to
from caprse.base.text import plural
from cohorts.models import Cohort, EditorGrant
from referentiel.documents import compare, missing, missing_from, stamp
from referentiel.models import Criterion, SurveyQuestion
from referentiel.services import CHANGED_MEANWHILE, publish
from referentiel.views.drafting import draft_and_published, draft_state


@dataclass(frozen=True)
class Line:
    """A criterion of the draft, what changed in it and where it stands, as a state of the look and its word."""

    criterion: Criterion
    change: object
    state: str
    word: str


def draft_or_404(request, code):
    draft, published = draft_and_published(request, code)
    if draft is None:
        raise Http404
    return draft, published


@open_to(Audience.NATIONAL_STAFF)
@require_GET
def referentiel_draft(request, code):
    """Chapters and criteria of the draft, what changed since the published version, who writes it."""
    draft, published = draft_or_404(request, code)
    changes = {change.stable_id: change for change in compare(published, draft)}
    chapters = [
        (chapter, changes.get(chapter.stable_id), [line_of(row, changes) for row in chapter.criteria.all()])
        for chapter in draft.chapters.all()
    ]
    lines = [line for _, _, of_chapter in chapters for line in of_chapter]
    unfinished = [line for line in lines if missing_from(line.criterion)]
    editors = EditorGrant.objects.visible_to(request.actor).effective(clock.now())
    context = {
        "draft": draft,
        "published": published,
        "chapters": chapters,
        "total": len(lines),
        "unfinished": unfinished,
        "complete": len(lines) - len(unfinished),
        "changes": changes,
        "may_edit": draft.referentiel_id in request.actor.edited_referentiel_ids,
        "editors": editors.filter(content_object=draft.referentiel).with_names(),
    }
    return render(request, "referentiel/draft.html", context)


def line_of(criterion, changes):
    change = changes.get(criterion.stable_id)
    return Line(criterion, change, *draft_state(criterion, change))


@open_to(Audience.NATIONAL_STAFF)
@require_http_methods(["GET", "POST"])
def draft_publish(request, code):
    """Read what changes, then freeze it: the next cohorts start on it, the others stay where they are."""
    draft, published = draft_and_published(request, code)
    if draft is None:
        return already_published(request, published)
    request.actor.require_editor(draft.referentiel)
    questions = SurveyQuestion.objects.readable_by(request.audiences).released()
    asked = questions.filter(criterion__chapter__version=published).select_related("criterion")
    changes, gaps = compare(published, draft), missing(draft, asked=list(asked) if published else ())
    running = running_on(request.actor, draft.referentiel)
    confirmed = request.POST.get("confirm") == "yes"
    refusal = None
    if request.method == "POST" and confirmed and changes and not gaps:
        refusal = published_or_refused(request, draft)
        if refusal is None:
            messages.success(request, said_published(draft.number, running))
            return redirect("referentiel_version", code=code, number=draft.number)
    changed = refusal is not None and refusal.code == CHANGED_MEANWHILE
    context = {
        **{"draft": draft, "published": published, "changes": changes, "gaps": gaps, "running": running},
        **{"refusal": refusal, "unconfirmed": request.method == "POST" and not confirmed, "stamp": stamp(draft)},
    }
    status = 409 if changed else 422 if request.method == "POST" else 200
    return render(request, "referentiel/publish.html", context, status=status)


def already_published(request, published):
    """The form sent twice, or by two people: the version is there. Merely opened, the page is gone."""
    if published is None or request.method != "POST":
        raise Http404
    messages.info(request, f"La version {published.number} est déjà publiée : rien de plus n’a été fait.")
    return redirect("referentiel_version", code=published.referentiel.code, number=published.number)


def published_or_refused(request, draft):
    """Publish what the person read; the reason when it cannot be."""
    try:
        publish(version=draft, by_name=request.actor.full_name, by=request.actor, seen=request.POST.get("seen", ""))
    except ValidationError as refusal:
        return refusal
    return None


def running_on(actor, referentiel):
    """How many cohorts under way follow a version of this référentiel."""
    cohorts = Cohort.objects.visible_to(actor).filter(version__referentiel=referentiel)
    return cohorts.filter(Q(ends_on=None) | Q(ends_on__gte=clock.today())).count()


def said_published(number, running):
    """What publishing means, in a sentence or two."""
    said = f"La version {number} est publiée : sa rédaction ne change plus, et les nouvelles cohortes la trouveront en premier."
    if running:
        stay = plural(running, "cohorte en cours reste sur sa version", "cohortes en cours restent sur leur version")
        said += f" {running} {stay}."
    return said
