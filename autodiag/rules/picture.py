"""What people may decide of the picture, and what is still to be told of it. Pure: no query."""

from dateutil.relativedelta import relativedelta

from autodiag.enums import AnswerKind, PresentedTo
from caprse.base.text import NBSP
from cohorts.rules import YES, Verdict

MOST_PRIORITIES = 6
TOO_MANY = (
    "Six priorités au plus : c’est ce qui se mène vraiment. Rien n’a été enregistré, et vos choix sont gardés sur cette "
    "page : retirez une priorité avant d’en mettre une autre en avant."
)
# Groups to whom the work is presented every year, or that always hear of it. Source: OSE charter, law of 31 July 2014.
EXPECTED = (PresentedTo.ASSEMBLY, PresentedTo.BOARD, PresentedTo.STAFF, PresentedTo.CSE)


def can_put_forward(count):
    """Whether that many criteria may be put forward together."""
    return YES if count <= MOST_PRIORITIES else Verdict(False, TOO_MANY.replace(" :", f"{NBSP}:"))


def has_room(kind, value, highest, *, difficulty, spread):
    """Whether there is room to progress on a criterion: under the top, difficult, or seen differently by its people."""
    return (kind == AnswerKind.LEVEL and value < highest) or bool(difficulty) or bool(spread)


def assembly_awaited(last_on, today):
    """Whether twelve months went by since the work was presented to the general assembly; `last_on` None: never."""
    return last_on is None or last_on < today - relativedelta(years=1)
