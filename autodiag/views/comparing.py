"""Before and after: two snapshots of a chapter, criterion by criterion."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from autodiag.comparing import compare
from autodiag.models import Submission
from autodiag.services.reading import content_now
from autodiag.views.doors import autodiag_or_404
from caprse.base.access import REGIONAL, STRUCTURE, open_to
from caprse.base.text import NBSP, day_in_words
from cohorts.roles import Permission

NOW = "maintenant"


@dataclass(frozen=True)
class Snapshot:
    """One of the moments a chapter may be read at. `submission` None: the answers of the moment."""

    key: str
    name: str
    submission: Submission | None


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def synthesis_compare(request, region, public_id):
    """Two of them side by side; the last two unless others are asked for."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.READ_SUBMISSION, found.participation)
    if request.actor.adhesion_lapsed(found.participation):
        return redirect(found.get_absolute_url())
    request.actor.require_tools(found.participation)
    snapshots = snapshots_of(request.actor, found)
    context = {
        "autodiag": found,
        "snapshots": snapshots,
        "insider": request.actor.is_insider(found.participation),
        "compared": None,
    }
    before, after = asked(request, snapshots)
    if before:
        contents = contents_of(request.actor, found, {before, after})
        names = {"name_before": before.name, "name_after": after.name}
        context |= {
            "before": before,
            "after": after,
            "compared": compare(contents[before.key], contents[after.key], **names),
        }
    return render(request, "autodiag/synthesis_compare.html", context)


def snapshots_of(actor, autodiag):
    """The transmissions of this chapter on the paths of the same structure, oldest first, then the moment.

    A chapter of another path is the same when it has the number or the stable id of this one, in the same référentiel.
    """
    chapter, path = autodiag.round.chapter, autodiag.participation
    rows = Submission.objects.visible_to(actor).filter(participation__organisation=path.organisation_id)
    rows = rows.filter(autodiag__round__chapter__version__referentiel=path.cohort.version.referentiel_id)
    read = rows.select_related("autodiag__round__chapter", "participation__cohort").defer("content")
    found = [snapshot_of(one, autodiag) for one in read.order_by("submitted_at", "pk") if is_same(one, chapter)]
    if actor.is_insider(path) and not autodiag.is_submitted:
        found.append(Snapshot(NOW, "Réponses du moment", None))
    return found


def is_same(submission, chapter):
    """Whether a transmission is of this chapter, or of what it was on another path."""
    other = submission.autodiag.round.chapter
    return other.stable_id == chapter.stable_id or other.number == chapter.number


def snapshot_of(submission, autodiag):
    day = day_in_words(submission.submitted_at)
    if submission.autodiag_id == autodiag.pk:
        return Snapshot(str(submission.number), f"Version n°{NBSP}{submission.number}, {day}", submission)
    key = f"{submission.autodiag.public_id}-{submission.number}"
    return Snapshot(key, f"{submission.participation.cohort.name}, {day}", submission)


def asked(request, snapshots):
    """The two snapshots the address names, the last two by default; 404 for one that is not there.

    Nothing to compare (None, None) where there are not two.
    """
    by_key = {snapshot.key: snapshot for snapshot in snapshots}
    keys = [request.GET.get(name, "") for name in ("avant", "apres")]
    if not all(key in by_key for key in keys if key):
        raise Http404
    if len(snapshots) < 2:
        return None, None
    return [by_key[key] if key else last for key, last in zip(keys, snapshots[-2:], strict=True)]


def contents_of(actor, autodiag, snapshots):
    """{key: content} of some snapshots, the transmissions in one query."""
    ids = {one.submission.pk for one in snapshots if one.submission}
    kept = {row.pk: row.content for row in Submission.objects.visible_to(actor).filter(pk__in=ids)}
    return {one.key: kept[one.submission.pk] if one.submission else content_now(autodiag) for one in snapshots}
