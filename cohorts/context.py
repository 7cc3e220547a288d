"""What every page shows around its content: where we are, for whom we act."""

from django.conf import settings
from django.urls import reverse

from caprse.base import clock
from caprse.base.text import date_in_words
from cohorts.enums import Role

# Invented content is said to be so on every page of the demonstration.
DEMO_NOTICE = "Référentiel de démonstration – n’est pas le référentiel CAP RSE"


def navigation(request):
    """The dict `nav` of the layout. A view adds precision by setting `request.place`."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    place = getattr(request, "place", None)
    return {
        "nav": {
            "user_name": user.full_name if signed_in else "",
            "context_label": place.label if place else "",
            "context_url": place.url if place else reverse("home"),
            "acting_for": acting_for(request.actor, place) if signed_in else "",
            "referentiel_notice": (place and place.notice) or (DEMO_NOTICE if settings.DEMO else ""),
            "reads_referentiels": signed_in and any(m.role != Role.PARTNER for m in request.actor.held),
            "demo_mode": settings.DEMO,
            "demo_today": date_in_words(clock.today()) if settings.DEMO else "",
        }
    }


def acting_for(actor, place):
    """In whose name this person acts on this page, with their role, in words."""
    organisation_id = place.organisation_id if place else None
    held = [m for m in actor.held if m.organisation_id == organisation_id] or list(actor.held)
    if not held:
        return ""
    first = held[0]
    others = {m.organisation_id or m.cohort_id for m in held} - {first.organisation_id or first.cohort_id}
    if others and not place:
        return ""
    return f"{first.name} – {Role(first.role).label}"
