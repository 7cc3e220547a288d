"""Who may enter: the closed list of audiences, the declaration every view carries, and the two locks on it.

Knows no model: the audiences of a request are computed by the policy above (`cohorts.access`).
"""

import logging
from enum import StrEnum
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core import checks
from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, URLResolver, get_resolver

logger = logging.getLogger(__name__)
OURS = ("caprse.", "referentiel.", "cohorts.", "autodiag.", "conventions.")
_explanations = []


class Audience(StrEnum):
    """Kinds of people a view may open to. A person often belongs to several."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    REFERENT = "referent"
    CONTRIBUTOR = "contributor"
    BOARD_MEMBER = "board_member"
    LEGAL_REPRESENTATIVE = "legal_representative"
    FACILITATOR = "facilitator"
    REGION_ADMIN = "region_admin"
    NATIONAL_STAFF = "national_staff"
    PARTNER = "partner"


STRUCTURE = (
    Audience.REFERENT,
    Audience.CONTRIBUTOR,
    Audience.BOARD_MEMBER,
    Audience.LEGAL_REPRESENTATIVE,
)
REGIONAL = (Audience.FACILITATOR, Audience.REGION_ADMIN)


class Refused(PermissionDenied):
    """An insider without the right: says why, in French, and whom to ask.

    Parameters: `reason`, a sentence; `contact`, a sentence naming who can help.
    """

    def __init__(self, reason, contact=""):
        super().__init__(reason)
        self.reason = reason
        self.contact = contact


def explains_refusals(function):
    """Register `function(audiences, allowed) -> Refused | None`: why these people are not let in where others are."""
    _explanations.append(function)
    return function


def refusal(audiences, allowed):
    """The refusal of somebody a view does not open to, in the words of the first floor that has some."""
    told = (explain(audiences, allowed) for explain in _explanations)
    return next(filter(None, told), Refused("Cette page est réservée à d’autres rôles que le vôtre."))


def open_to(*audiences):
    """Declare who may enter a view: `PUBLIC` alone opens it to strangers, anything else asks to sign in."""
    if not audiences:
        raise ValueError("open_to() needs at least one audience")
    allowed = frozenset(audiences)

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if Audience.PUBLIC not in allowed and allowed.isdisjoint(request.audiences):
                raise refusal(request.audiences, allowed)
            return view(request, *args, **kwargs)

        guarded.audience = allowed
        return login_not_required(guarded) if Audience.PUBLIC in allowed else guarded

    return decorate


def routes(resolver=None, prefix=""):
    """Every route of the site: (path, name, view)."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.name, entry.callback


def is_ours(view):
    """Whether a view is written in this product (not in a library)."""
    return getattr(getattr(view, "view_class", view), "__module__", "").startswith(OURS)


def every_route_declares_its_audience(app_configs, **kwargs):
    """System check: `check`, `migrate` and `runserver` refuse a view without declared audience."""
    return [
        checks.Error(f"{path!r} → {view.__module__}.{view.__name__} declares no audience", id="caprse.E001")
        for path, _, view in routes()
        if is_ours(view) and not hasattr(view, "audience")
    ]


class AudienceMiddleware:
    """Fails closed at run time: a view of ours without declaration answers 403."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if is_ours(view) and not hasattr(view, "audience"):
            logger.error("view without audience: %s.%s", view.__module__, view.__name__)
            raise PermissionDenied
