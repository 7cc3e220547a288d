"""The one place where a convention changes state."""

from conventions.models import Convention
from conventions.rules import TRANSITIONS


class WrongState(Exception):
    """The convention is no longer where this act supposed it to be; somebody went faster.

    Raised by a rule, `str()` is its reason, in French.
    """


def refuse_unless(verdict):
    """Raise WrongState with the reason of a verdict that says no."""
    if not verdict:
        raise WrongState(verdict.reason)


def lock(convention):
    """The convention as it stands, held until the end of the transaction (PostgreSQL; SQLite writes one by one)."""
    return Convention.objects.select_for_update().get(pk=convention.pk)


def move(convention, *, to, **changes):
    """Change the state along the table of transitions, in one statement, and return the convention.

    Raises WrongState when the table does not allow it or the state changed meanwhile.
    """
    if to not in TRANSITIONS[convention.state]:
        raise WrongState(f"{convention.state} → {to}")
    here = Convention.objects.filter(pk=convention.pk, state=convention.state)
    if not here.update(state=to, revision=convention.revision + 1, **changes):
        raise WrongState(f"{convention.state} → {to}")
    for name, value in {"state": to, "revision": convention.revision + 1, **changes}.items():
        setattr(convention, name, value)
    return convention
