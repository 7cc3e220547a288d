"""What each column of a plan accepts. A value that cannot be taken raises `CellError`, which says what to write."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.core.exceptions import ValidationError

from autodiag.enums import ActionStatus
from autodiag.plans.columns import STEP_DONE
from caprse.base.text import NBSP, clean_text, date_in_words, normalised, number
from cohorts.enums import Visibility
from cohorts.forms.calendars import plausible_year

LINES = {"what": 300, "who": 160, "indicator": 300, "status_reason": 300, "partners": 300}
TEXTS = {"why": 10_000, "means": 10_000}
MOST_STEPS, STEP_LENGTH = 30, 200
MOST_EUROS = Decimal("9999999999.99")
FRENCH_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
FIRST_SERIAL = datetime.date(1899, 12, 30)
SERIALS = range(20_000, 80_000)  # 1954 to 2119: what a day becomes when a cell loses its format
SHIFTED = "Vos colonnes sont peut-être décalées."
STATUSES = {
    "afaire": ActionStatus.TO_DO,
    "pascommencee": ActionStatus.TO_DO,
    "encours": ActionStatus.IN_PROGRESS,
    "bloquee": ActionStatus.BLOCKED,
    "bloque": ActionStatus.BLOCKED,
    "faite": ActionStatus.DONE,
    "fait": ActionStatus.DONE,
    "terminee": ActionStatus.DONE,
    "termine": ActionStatus.DONE,
    "realisee": ActionStatus.DONE,
    "realise": ActionStatus.DONE,
    "abandonnee": ActionStatus.ABANDONED,
    "abandonne": ActionStatus.ABANDONED,
}
READERS = {
    "structure": Visibility.STRUCTURE,
    "structureseule": Visibility.STRUCTURE,
    "notrestructure": Visibility.STRUCTURE,
    "partagee": Visibility.FACILITATOR,
}


class CellError(ValueError):
    """What a cell holds cannot be taken; the message says what to write, in French."""


def bare(text):
    """A title or a word of a list without accents, case, spaces or signs, to be compared."""
    return re.sub(r"[^a-z0-9]", "", normalised(str(text)))


def said(value):
    """A value as one sees it, in quotes, cut when it is long."""
    shown = value.strftime("%d/%m/%Y") if isinstance(value, datetime.date) else " ".join(str(value).split())
    return f"«{NBSP}{shown if len(shown) <= 40 else shown[:40] + '…'}{NBSP}»"


# --- Texts --------------------------------------------------------------------------------------------------------


def text(value, title, limit, *, one_line):
    """A text; a day alone is refused: it belongs to another column."""
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        raise CellError(f"Une date dans «{NBSP}{title}{NBSP}»{NBSP}: écrivez un texte. {SHIFTED}")
    if isinstance(value, str):
        if FRENCH_DAY.fullmatch(value.strip()) or ISO_DAY.fullmatch(value.strip()):
            raise CellError(f"Une date dans «{NBSP}{title}{NBSP}»{NBSP}: écrivez un texte. {SHIFTED}")
        typed = " ".join(value.split("\n")) if one_line else value
    else:
        typed = _plain(value)
    try:
        return clean_text(typed, max_length=limit)
    except ValidationError as error:
        raise CellError(error.messages[0]) from error


def steps(value, title):
    """One step a line; those that the export says are done stay so."""
    lines = [" ".join(line.split()) for line in text(value, title, 10_000, one_line=False).split("\n")]
    found = [line for line in lines if line]
    if len(found) > MOST_STEPS:
        raise CellError(f"{len(found)} étapes{NBSP}: {MOST_STEPS} au plus, une par ligne dans la case.")
    told = [{"text": line.removesuffix(STEP_DONE).strip(), "done": line.endswith(STEP_DONE)} for line in found]
    long = next((step["text"] for step in told if len(step["text"]) > STEP_LENGTH), None)
    if long:
        raise CellError(f"L’étape {said(long)} est trop longue{NBSP}: {STEP_LENGTH} caractères au plus.")
    return [step for step in told if step["text"]]


def _plain(value):
    """A number as a text, without the « .0 » that files add."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# --- Days and amounts ---------------------------------------------------------------------------------------------


def day(value, title):
    """A day: a date of the workbook, or 30/06/2026 in letters."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if not isinstance(value, datetime.date):
        value = _typed_day(value, title)
    try:
        plausible_year(value)
    except ValidationError as error:
        raise CellError(error.messages[0]) from error
    return value


def _typed_day(value, title):
    example = f"Écrivez le jour, le mois et l’année{NBSP}: 30/06/2026."
    if isinstance(value, int | float):
        serial = int(value) if abs(value) < SERIALS.stop else 0
        if serial in SERIALS:
            meant = date_in_words(FIRST_SERIAL + datetime.timedelta(days=serial))
            raise CellError(
                f"{said(_plain(value))} est un nombre, pas une date (ce serait le {meant}). Mettez la case au format "
                f"«{NBSP}Date{NBSP}». {example}"
            )
        raise CellError(f"{said(_plain(value))} est un nombre, pas une date. {example}")
    typed = str(value).strip()
    if "@" in typed:
        raise CellError(f"Une adresse e-mail dans «{NBSP}{title}{NBSP}». {SHIFTED} {example}")
    french, iso = FRENCH_DAY.fullmatch(typed), ISO_DAY.fullmatch(typed)
    if not french and not iso:
        raise CellError(f"{said(value)} n’est pas une date que nous savons lire. {example}")
    parts = [int(part) for part in (french or iso).groups()]
    year, month, rank = reversed(parts) if french else parts
    try:
        return datetime.date(year, month, rank)
    except ValueError as error:
        raise CellError(f"La date {said(value)} n’existe pas. {example}") from error


def money(value, title):
    """Euros, to the cent."""
    if isinstance(value, int | float | Decimal):
        typed = str(value)
    elif isinstance(value, str):
        typed = re.sub(r"(\s|€|euros?$)", "", value.strip(), flags=re.I).replace(",", ".")
    else:
        raise CellError(f"Une date dans «{NBSP}{title}{NBSP}». {SHIFTED} Écrivez un nombre, par exemple 1500.")
    try:
        amount = Decimal(typed)
    except InvalidOperation as error:
        raise CellError(f"{said(value)} n’est pas un nombre. Écrivez un montant en euros, par exemple 1500.") from error
    if not amount.is_finite() or amount.copy_abs() > MOST_EUROS:  # abs() computes, and overflows
        raise CellError(f"Ce montant est trop grand{NBSP}: {number(MOST_EUROS, 2)} au plus.")
    if amount < 0:
        raise CellError("Un budget n’est pas négatif. Écrivez un montant en euros, par exemple 1500.")
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


# --- Words of a list ----------------------------------------------------------------------------------------------


def status(value):
    """A state of an action, by its word."""
    known = STATUSES | {bare(choice.label): choice for choice in ActionStatus}
    return _one_of(value, known, [choice.label for choice in ActionStatus])


def reader(value):
    """Who may read an action, by its words."""
    known = READERS | {bare(choice.label): choice for choice in Visibility}
    return _one_of(value, known, [choice.label for choice in Visibility])


def _one_of(value, known, labels):
    found = known.get(bare(value)) if isinstance(value, str) else None
    if found is None:
        listed = ", ".join(f"«{NBSP}{label}{NBSP}»" for label in labels)
        raise CellError(f"{said(value)} n’est pas dans la liste. Écrivez l’un de ces mots{NBSP}: {listed}.")
    return found


def pilot(value, people):
    """A person of the structure, by their e-mail address. `people`: {address in lower case: id}."""
    typed = value.strip().removeprefix("mailto:").lower() if isinstance(value, str) else ""
    if typed in people:
        return people[typed]
    if "@" in typed:
        raise CellError(
            f"{said(value)} n’est l’adresse de personne dans votre structure. Écrivez celle d’un·e collègue qui a un "
            f"compte ici, ou videz la case et mettez son nom dans «{NBSP}Qui{NBSP}»."
        )
    raise CellError(
        f"{said(value)} n’est pas une adresse e-mail. Écrivez l’adresse d’un·e collègue qui a un compte ici, ou videz "
        f"la case et mettez son nom dans «{NBSP}Qui{NBSP}»."
    )


def criterion(value, criteria):
    """A criterion of the référentiel, by its code, its title after it or not. `criteria`: {code: ids}."""
    if isinstance(value, datetime.date):
        raise CellError(
            "Votre tableur a pris ce code pour une date. Mettez la case au format «\u00a0Texte\u00a0», puis écrivez le "
            "code, par exemple 2.3."
        )
    code = _plain(value).strip()
    if not isinstance(value, str) and len(criteria.get(f"{code}0", ())) and code in criteria:
        raise CellError(
            f"{said(code)} se lit de deux façons ({code} ou {code}0). Mettez la case au format «{NBSP}Texte{NBSP}», "
            "puis écrivez le code."
        )
    found = criteria.get(code) or criteria.get(code.split()[0].rstrip(":–-"), ())
    if not found:
        raise CellError(
            f"Aucun critère de votre référentiel n’a le code {said(code)}. Écrivez un code de la feuille «{NBSP}Valeurs "
            f"acceptées{NBSP}» du modèle, ou videz la case."
        )
    if len(found) > 1:
        raise CellError(
            f"Plusieurs critères ont le code {said(code)}. Videz la case{NBSP}: vous relierez l’action à son critère "
            "depuis le plan."
        )
    return found[0]
