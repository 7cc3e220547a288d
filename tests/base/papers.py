"""A document that has everything in it, for the tests of what draws documents."""

import datetime
import io
import re
import zipfile

from PIL import Image

from caprse.base import svg
from caprse.base.paper import Chart, Drawing, Facts, Heading, Logo, Paper, Points, Section, Table, Text
from caprse.base.text import NBSP

CREATED = datetime.datetime(2025, 11, 4, 9, 30, tzinfo=datetime.UTC)
LONG = (
    "Notre association accueille chaque année une soixantaine de salarié·e·s en parcours. La question des déplacements "
    "revient dans tous les bilans, et nous n’avons pas encore trouvé de réponse. "
)
LABELS = ("Gouvernance et vie démocratique", "Environnement", "Achats responsables")
SERIES = (("Novembre 2024", (1.0, 2.0, None)), ("Novembre 2025", (2.0, 2.5, 3.0)))
FORMULA = '=HYPERLINK("http://ailleurs.example";"cliquez")'
COLUMNS = ("Quoi", "Qui", "Pour quand", "Où en est-on")
ACTIONS = tuple(
    (
        FORMULA if n == 7 else f"{n}. Ouvrir un groupe d’achats avec deux structures voisines",
        "Samira",
        "30 juin",
        "faite",
    )
    for n in range(1, 41)
)


def picture(width=300, height=120):
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "#0e5a5c").save(stream, "PNG")
    return stream.getvalue()


def drawing(labels=LABELS, series=SERIES, ident="r"):
    lines = [svg.Series(name, values) for name, values in series]
    drawn = svg.picture(labels, lines, corner="Chapitre", low=0, high=4, ident=ident, title="Notre photographie")
    table = Table(
        "Notre photographie en chiffres", tuple(drawn.headers), tuple(map(tuple, drawn.rows)), frozenset({1, 2})
    )
    return Drawing(str(drawn.svg), "Radar des trois chapitres", Chart(labels, series, 0, 4), table)


def paper(**changes):
    sections = (
        Section(
            "Notre pourquoi", (Text(LONG, "lead"), Text(f"{LONG * 4}\nLa dernière phrase."), Text("Citée", "quote"))
        ),
        Section("Notre photographie", (Text("Voici où nous en sommes."), drawing()), new_page=True),
        Section("Deux chapitres", (drawing(LABELS[:2], (("Seule", (1.0, None)),), "b"),)),
        Section(
            "Nos forces",
            (
                Heading("Ce qui marche"),
                Points(tuple(f"Force n°{NBSP}{n}" for n in range(1, 21))),
                Heading("Plus fin", 4),
                Points(()),
                Facts((("Durée", "quinze mois"),)),
                Text("À garder pour nous", "notice"),
                Text("Une précision", "small"),
            ),
        ),
        Section("Notre plan", (Table("Quarante actions", COLUMNS, ACTIONS),)),
        Section("Rien à dire", ()),
        Section("", (Text("Sans titre"),), new_page=True),
        Section("Annexe", (Text("Laissée de côté"), Table("Vide", ("A", "B"), ())), aside=True),
    )
    told = {
        "title": "Synthèse de notre autodiagnostic",
        "subtitle": "Parcours CAP RSE",
        "organisation": "Régie « Les Deux Rives » & Cie",
        "created": CREATED,
        "sections": sections,
        "facts": (("Chapitres transmis", "5 sur 5"),),
        "notice": "Édition interne, ne pas diffuser",
        "context": "Cohorte Gironde",
        "logos": (Logo(picture(), "Logo de la Régie"), Logo(picture(900, 90), "Logo de la région")),
        "mentions": ("Avec le soutien du Fonds social européen plus.",),
    }
    return Paper(**{**told, **changes})


def moments_in(content):
    """Every moment an office file says in its properties, and every day its entries have: files inside it included."""
    told, days = set(), set()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            part = archive.read(entry)
            days.add(entry.date_time)
            if entry.filename == "docProps/core.xml":
                told |= set(re.findall(r">(\d{4}-\d\d-\d\dT[^<]+)<", part.decode()))
            if entry.filename.endswith(".xlsx"):
                more = moments_in(part)
                told, days = told | more[0], days | more[1]
    return told, days


MADE = ({"2025-11-04T09:30:00Z"}, {(1980, 1, 1, 0, 0, 0)})
