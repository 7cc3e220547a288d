"""The columns of a plan in a workbook: the same list writes the export, the model to fill in, and reads the import."""

from dataclasses import dataclass

from autodiag.enums import ActionStatus
from cohorts.enums import Visibility

SHEET = "Plan d’actions"
ABOUT = "Document"  # the sheet that says what the export is
STEPS_APART = "\n"  # a step a line, in the one cell
STEP_DONE = " (faite)"  # at the end of the line of a step that is done
MARK = "#"  # a row that begins so is no action: the mark of a download, under the others


@dataclass(frozen=True)
class PlanColumn:
    """A column: the name code gives it, its title in the workbook, an example, and its width in characters."""

    key: str
    title: str
    example: str
    width: int = 24


COLUMNS = (
    PlanColumn("what", "Quoi", "Ouvrir un groupe d’achats avec deux structures voisines", 44),
    PlanColumn("why", "Pourquoi", "Nos fournisseurs sont loin et nous achetons chacun de notre côté", 44),
    PlanColumn("who", "Qui", "La responsable des achats", 26),
    PlanColumn("pilot", "Pilote (adresse e-mail)", "prenom.nom@exemple.fr", 30),
    PlanColumn("due_on", "Pour quand", "30/06/2026", 14),
    PlanColumn("starts_on", "À partir du", "05/01/2026", 14),
    PlanColumn("means", "Avec quels moyens", "Une demi-journée par mois", 36),
    PlanColumn("indicator", "À quoi nous verrons que c’est fait", "Trois commandes passées ensemble", 36),
    PlanColumn("status", "Où en est-on", ActionStatus.IN_PROGRESS.label, 16),
    PlanColumn("status_reason", "Raison", "", 30),
    PlanColumn("partners", "Partenaires", "Les deux structures voisines, la communauté de communes", 30),
    PlanColumn("budget", "Budget (euros)", "1500", 16),
    PlanColumn("criterion", "Critère", "2.3", 30),
    PlanColumn("visibility", "Qui peut lire", Visibility.STRUCTURE.label, 30),
    PlanColumn("steps", "Étapes", "Choisir les produits\nDemander trois devis", 40),
    PlanColumn("public_id", "Référence", "", 16),
)
TITLES = tuple(column.title for column in COLUMNS)
BY_KEY = {column.key: column for column in COLUMNS}
# Written by the export alone, after the others; the import leaves them aside.
MORE = (
    PlanColumn("done_on", "Faite le", "", 14),
    PlanColumn("also", "Autres critères", "", 30),
    PlanColumn("notes", "Nouvelles", "", 44),
)


def criterion_cell(code, title):
    """A criterion as its cell says it, by its code first."""
    return f"{code} {title}".strip()
