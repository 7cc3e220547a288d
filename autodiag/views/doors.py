"""How the pages of an autodiagnostic are reached."""

from django.http import Http404

from autodiag.models.prepared import visible_autodiag
from cohorts.places import Place


def autodiag_or_404(request, region, public_id):
    """The autodiagnostic this person may see, under its own region's address; sets the page's place."""
    autodiag = visible_autodiag(request.actor, region=region, public_id=public_id)
    if autodiag is None:
        raise Http404
    request.place = Place.of_participation(autodiag.participation)
    return autodiag


def chapter_around(request, answer):
    """The chapter of an answer read to be saved, with all that a whole page shows of it."""
    found = answer.autodiag
    return autodiag_or_404(request, found.participation.cohort.region.slug, found.public_id)
