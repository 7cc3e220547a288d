"""What every page shows around its content: where we are, for whom we act."""

from django.conf import settings
from django.urls import reverse

from caprse.base import clock
from caprse.base.text import date_in_words
from cohorts.enums import Role

# Invented content is said to be so on every page of the demonstration.
DEMO_NOTICE = "Référentiel de démonstration – n’est pas le référentiel CAP RSE"
# The page of help written for each role, as its address names it.
HELP_PAGES = {
    Role.REFERENT: "referent",
    Role.CONTRIBUTOR: "contribution",
    Role.BOARD_MEMBER: "conseil-administration",
    Role.LEGAL_REPRESENTATIVE: "representation-legale",
    Role.FACILITATOR: "accompagnement",
    Role.REGION_ADMIN: "coordination-regionale",
    Role.NATIONAL_STAFF: "equipe-nationale",
    Role.PARTNER: "partenaire",
}


def navigation(request):
    """The dict `nav` of the layout. A view adds precision by setting `request.place`, or `request.help_page`."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    place = getattr(request, "place", None)
    acting = acting_as(request.actor, place) if signed_in else None
    return {
        "nav": {
            "user_name": user.full_name if signed_in else "",
            "context_label": place.label if place else "",
            "context_url": place.url if place else reverse("home"),
            "acting_for": f"{acting.name} – {Role(acting.role).label}" if acting else "",
            "help_url": help_url(getattr(request, "help_page", ""), acting),
            "referentiel_notice": (place and place.notice) or (DEMO_NOTICE if settings.DEMO else ""),
            "reads_referentiels": signed_in and any(m.role != Role.PARTNER for m in request.actor.held),
            "sees_network": signed_in and request.actor.is_national,
            "writes_templates": signed_in and (request.actor.is_national or bool(request.actor.coordinated_region_ids)),
            "reads_relays": signed_in and bool(request.actor.relayed_organisation_ids),
            "demo_mode": settings.DEMO,
            "demo_today": date_in_words(clock.today()) if settings.DEMO else "",
        }
    }


def acting_as(actor, place):
    """The role in which this person acts on this page; None when several could be meant."""
    held = list(actor.held)
    if place:
        own = [m for m in held if m.organisation_id and m.organisation_id == place.organisation_id]
        held = own or [m for m in held if m.cohort_id and m.cohort_id == place.cohort_id] or held
    if not held:
        return None
    first = held[0]
    others = {m.organisation_id or m.cohort_id for m in held} - {first.organisation_id or first.cohort_id}
    return None if others and not place else first


def help_url(page, acting):
    """Where “Aide” leads: the page a view names, else the one of the role, else all of them."""
    slug = page or (acting and HELP_PAGES[acting.role])
    return reverse("help_page", args=[slug]) if slug else reverse("help")
