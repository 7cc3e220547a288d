"""In what order a convention is signed: those of a rank once everybody of the ranks before has."""

from django.db.models import Min

from conventions import rules
from conventions.models import Signatory


def turn_of(signatory):
    """The verdict on somebody's turn: whether all who sign before, in the whole convention, have signed."""
    convention = signatory.party.convention_id
    awaited = _awaited(convention).filter(rank__lt=signatory.rank)
    return rules.has_turn(list(awaited.order_by("party__name").values_list("party__name", flat=True).distinct()[:3]))


def rank_signing(convention):
    """The rank whose turn it is; None when nobody is awaited."""
    return _awaited(convention).aggregate(first=Min("rank"))["first"]


def whose_turn(convention):
    """Those who may sign now, in the order they were named."""
    return _awaited(convention).filter(rank=rank_signing(convention)).order_by("pk")


def _awaited(convention):
    signs = Signatory.objects.current().filter(party__convention=convention, party__left_on=None)
    return signs.filter(signature=None)
