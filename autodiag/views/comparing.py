"""Before and after: two snapshots of a chapter, criterion by criterion."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from autodiag.comparing import compare
from autodiag.models import Submission
from autodiag.services.reading import content_now
from autodiag.services.snapshots import contents, is_same, key_of, transmissions
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
    """The transmissions of this chapter on the paths of the same structure, oldest first, then the moment."""
    chapter, path = autodiag.round.chapter, autodiag.participation
    found = [snapshot_of(one, autodiag) for one in transmissions(actor, path) if is_same(one, chapter)]
    if actor.is_insider(path) and not autodiag.is_submitted:
        found.append(Snapshot(NOW, "Réponses du moment", None))
    return found


def snapshot_of(submission, autodiag):
    own = submission.autodiag_id == autodiag.pk
    where = f"Version n°{NBSP}{submission.number}" if own else submission.participation.cohort.name
    return Snapshot(key_of(submission, autodiag), f"{where}, {day_in_words(submission.submitted_at)}", submission)


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
    kept = contents(actor, [one.submission for one in snapshots if one.submission])
    return {one.key: kept[one.submission.pk] if one.submission else content_now(autodiag) for one in snapshots}
