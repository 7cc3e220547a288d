"""How the pages of a convention are reached: by a right in the network, or by a link opened for one signature."""

import secrets
from datetime import datetime, timedelta
from functools import wraps

from allauth.account.adapter import get_adapter
from django.http import Http404
from django.urls import reverse

from caprse.base import clock
from caprse.base.access import Refused
from caprse.base.links import LinkHolder
from caprse.base.requests import behind_personal_link
from cohorts.access import visible_or_404
from cohorts.places import Place
from cohorts.roles import Permission
from conventions.models import Convention, Party, Signatory
from conventions.models.conventions import LINK
from conventions.services.trail import Circumstances

SESSION = "signing"
SESSION_LASTS = timedelta(hours=12)
REOPEN = "Pour lire et signer la convention, rouvrez le lien que vous avez reçu par courriel."
AGENT_LENGTH = 400
HELP_PAGE = "signature-sans-compte"  # where “Aide” leads from there


def convention_or_404(request, region, public_id):
    """The convention this person may see, under its own region's address; sets the page's place."""
    found = visible_or_404(Convention.objects.with_context(), request.actor, region__slug=region, public_id=public_id)
    request.place = place_of(request.actor, found)
    return found


def place_of(actor, convention):
    """Where a page about a convention stands: in its cohort, or in the region of a charter."""
    if convention.cohort_id:
        return Place.of_cohort(convention.cohort)
    coordinates = actor.coordinates(convention.region_id)
    url = reverse("charters", args=[convention.region.slug]) if coordinates else reverse("home")
    return Place(label=convention.region.name, url=url)


def managed_or_refused(request, region, public_id):
    """The convention, for who prepares it."""
    found = convention_or_404(request, region, public_id)
    request.actor.require_coordination(Permission.MANAGE_CONVENTION, found.region_id)
    return found


def side_of(actor, convention):
    """In whose name somebody receives a file: their party's, or the delegation of the region."""
    own = Party.objects.visible_to(actor).filter(convention=convention, organisation_id__in=actor.organisation_ids)
    party = own.order_by("pk").first()
    return party.name if party else f"Délégation {convention.region.name}"


def circumstances_of(request):
    """From where a person acts, as far as the site can tell."""
    agent = request.META.get("HTTP_USER_AGENT", "")[:AGENT_LENGTH]
    return Circumstances(ip=get_adapter().get_client_ip(request) or "", agent=agent)


def open_session(request, signatory, opening, link=None):
    """Let this browser read and sign for one signatory, for some hours. `link`: the id of the one that was opened."""
    opened = dict(request.session.get(SESSION, {}))
    opened[signatory.public_id] = {
        "signatory": signatory.pk,
        "nonce": secrets.token_urlsafe(32),
        "opening": str(opening),
        "link": link,
        "at": clock.now().isoformat(),
    }
    request.session[SESSION] = opened


def noted(request, session, public_id, refusal):
    """What this browser's session kept of a link that was opened. Refused alike when none was, or too long ago."""
    entry = request.session.get(session, {}).get(public_id)
    if entry is None or clock.now() - datetime.fromisoformat(entry["at"]) > SESSION_LASTS:
        raise Refused(
            refusal, "Vous ne retrouvez pas ce courriel ? La délégation de votre région peut vous en renvoyer un."
        )
    return entry


def signatory_in_session(request, public_id):
    """The signatory for whom this browser was opened, what was noted then, and the holder it makes."""
    entry = noted(request, SESSION, public_id, REOPEN)
    holder = LinkHolder(LINK, entry["signatory"])
    found = visible_or_404(Signatory.objects.with_context(), holder, public_id=public_id)
    return found, entry, holder


def holder_or_404(holder):
    """The signatory a link was sent to; an unknown token leads nowhere."""
    if holder is None:
        raise Http404
    return visible_or_404(Signatory.objects.with_context(), holder)


def kept_private(view):
    """View decorator: the address holds a secret, or leads to one document: no copy, no trace elsewhere."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        request.help_page = HELP_PAGE
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return behind_personal_link(wrapped)
