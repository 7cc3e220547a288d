"""The places of one chapter, from any of its pages: what is written, thought, agreed, asked, said, drawn."""

from dataclasses import dataclass

from django import template

from cohorts.roles import Permission

register = template.Library()


@dataclass(frozen=True)
class Place:
    """One place: where it is, its name, what opens it, and the routes it stands for."""

    route: str
    label: str
    icon: str
    permission: Permission
    routes: frozenset


def _place(route, label, icon, permission, *others):
    return Place(route, label, icon, permission, frozenset({route, *others}))


PLACES = (
    _place("autodiag", "Réponses", "pencil", Permission.READ_DIAGNOSTIC, "assignments", "autodiag_submit"),
    _place("viewpoints", "Points de vue", "users", Permission.GIVE_VIEWPOINT, "comparison_open"),
    _place("surveys", "Questionnaires", "question", Permission.READ_DIAGNOSTIC, "survey", "survey_new"),
    _place("gaps", "Écarts", "half", Permission.SEE_GAPS),
    _place("agreements", "Accord", "handshake", Permission.READ_DIAGNOSTIC),
    _place("threads", "Échanges", "comment", Permission.DISCUSS, "thread"),
    _place("synthesis", "Synthèse", "chart", Permission.READ_SUBMISSION, "submission"),
)


@register.inclusion_tag("autodiag/_chapter_nav.html", takes_context=True)
def chapter_nav(context, autodiag):
    """The places this person may open, where there are several; the one they are in is marked. No query."""
    actor, here = context["request"].actor, context["request"].resolver_match.url_name
    held = actor.permissions_on(autodiag.participation)
    insider = actor.is_insider(autodiag.participation)
    places = [
        (place, autodiag.url(place.route), here in place.routes)
        for place in PLACES
        if place.permission in held and (insider or place.route != "synthesis" or autodiag.is_submitted)
    ]
    # One place alone leads nowhere: the page itself says where to go.
    return {"places": places if len(places) > 1 else (), "chapter": autodiag.round.chapter}
