"""Workbooks that people might bring, for the tests of the import."""

import io
from datetime import date

import openpyxl

from autodiag.plans.columns import TITLES
from cohorts.enums import Visibility

SHEET = "Plan"
# An action that fills every column but the reference; the pilot and the criterion are those of the tests.
FULL = {
    "Quoi": "Former les encadrants",
    "Pourquoi": "Chacun fait à sa façon",
    "Qui": "L’équipe",
    "Pilote (adresse e-mail)": "Nadia@Exemple.fr",
    "Pour quand": date(2026, 6, 30),
    "À partir du": "05/01/2026",
    "Avec quels moyens": "Deux jours\nun formateur",
    "À quoi nous verrons que c’est fait": "Tous formés",
    "Où en est-on": "Bloquée",
    "Raison": "Pas de salle",
    "Partenaires": "La mairie",
    "Budget (euros)": 1200.5,
    "Critère": "2.3 Un titre",
    "Qui peut lire": Visibility.FACILITATOR.label,
    "Étapes": "Choisir la date\n\nInviter (faite)",
}


def workbook(rows, *, titles=TITLES, title=SHEET, sheets=()):
    """The bytes of a workbook: titles, then rows (lists of values, or dicts by title). `sheets`: (name, rows)."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    if titles:
        page.append(list(titles))
    for row in rows:
        page.append([row.get(name) for name in titles] if isinstance(row, dict) else list(row))
    for name, lines in sheets:
        other = book.create_sheet(name)
        for line in lines:
            other.append(list(line))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
