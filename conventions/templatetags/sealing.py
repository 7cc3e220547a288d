"""How far the sealing of a document is, where the state of a convention is shown."""

from django import template

from conventions.enums import ConventionState, DocumentKind
from conventions.models import FrozenDocument
from conventions.services import sealing

register = template.Library()


@register.inclusion_tag("conventions/_sealing.html", takes_context=True)
def sealing_state(context, convention):
    """The line of state of a text being made, or of one that all have signed."""
    made = convention.state == ConventionState.SIGNED and (
        FrozenDocument.objects.filter(convention=convention, kind=DocumentKind.FINAL).exists()
    )
    return {
        "convention": convention,
        "made": made,
        "waiting": None if made else sealing.waiting(convention),
        "manages": context.get("manages", False),
        "request": context.get("request"),
    }
