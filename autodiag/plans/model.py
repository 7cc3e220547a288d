"""The workbook one fills in to bring a plan: the columns, an example, the words that are accepted."""

from autodiag.enums import ActionStatus
from autodiag.plans.bringing import ACCEPTED_VALUES, EXAMPLES
from autodiag.plans.columns import COLUMNS, SHEET
from caprse.base.paper import Column, Sheet, Workbook
from cohorts.enums import Visibility
from referentiel.models import Criterion

ROOM = 200  # empty lines, ready to be filled in, above the mark that the file leaves with
# Not to be filled in: it names the actions that are in the plan already.
FILLED_IN = tuple(column for column in COLUMNS if column.key != "public_id")


def model_of(participation, people, created):
    """The model of one structure. `people`: those who may be named as pilots."""
    titles = tuple(Column(column.title, column.width) for column in FILLED_IN)
    return Workbook(
        title="Plan d’actions à remplir",
        organisation=participation.organisation.legal_name,
        created=created,
        sheets=(
            Sheet(SHEET, titles, ((None,) * len(titles),) * ROOM),
            Sheet(EXAMPLES, titles, (tuple(column.example or None for column in FILLED_IN),)),
            Sheet(ACCEPTED_VALUES, VALUES, tuple(_values(participation, people))),
        ),
    )


VALUES = (Column("Colonne", 30), Column("Ce qui s’écrit", 44), Column("Ce que cela veut dire", 60))


def _values(participation, people):
    for status in ActionStatus:
        yield "Où en est-on", status.label, "Sans rien, l’action est à faire" if status == ActionStatus.TO_DO else None
    for choice in Visibility:
        alone = choice == Visibility.STRUCTURE
        yield "Qui peut lire", choice.label, "Sans rien, seule votre structure la lit" if alone else None
    yield from (
        ("Pour quand, À partir du", "30/06/2026", "Le jour, le mois, l’année"),
        ("Budget (euros)", "1500", "Un nombre, sans lettres"),
        ("Étapes", "Une étape par ligne", "Dans la même case : Alt + Entrée va à la ligne"),
        ("Raison", None, "Pour une action bloquée ou abandonnée, dites pourquoi"),
    )
    for user in people:
        if user.email:
            yield "Pilote (adresse e-mail)", user.email, user.full_name
    rows = Criterion.objects.filter(chapter__version=participation.cohort.version_id)
    for code, title in rows.order_by("chapter__number", "position").values_list("code", "title"):
        yield "Critère", code, title
