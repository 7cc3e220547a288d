"""How the pages of an autodiagnostic are reached."""

from autodiag.models import Autodiag
from cohorts.access import visible_or_404
from cohorts.places import Place


def autodiag_or_404(request, region, public_id):
    """The autodiagnostic this person may see, under its own region's address; sets the page's place."""
    autodiag = visible_or_404(
        Autodiag.objects.with_context(),
        request.actor,
        participation__region__slug=region,
        public_id=public_id,
    )
    request.place = Place.of_participation(autodiag.participation)
    return autodiag
