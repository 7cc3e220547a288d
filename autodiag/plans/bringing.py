"""A plan read from a workbook: every action it holds, or everything that keeps it from being read, cell by cell."""

import difflib
import itertools
from dataclasses import dataclass, field

from autodiag.enums import EXPLAINED
from autodiag.plans import cells, opening
from autodiag.plans.columns import ABOUT, BY_KEY, COLUMNS, MORE, SHEET
from caprse.base.text import NBSP, number
from cohorts.enums import Visibility

MOST_ACTIONS = 1000
MOST_ERRORS = 100
MOST_ASIDE = 20
LOOKED_AT = 20  # lines among which a header that is not the first line is looked for
MARK = "#"  # what a line that is no action begins with, and the one we write ourselves (caprse.base.marking)
GIVEN_TO = "# Remis à "
PLAN_SHEETS = {"plan", cells.bare(SHEET)}
# Sheets of our own model, that hold no action.
EXAMPLES, ACCEPTED_VALUES = "Exemples", "Valeurs acceptées"
NOT_PLANS = {cells.bare(EXAMPLES), cells.bare(ACCEPTED_VALUES), cells.bare(ABOUT)}
LISTED = ", ".join(column.title for column in COLUMNS)


@dataclass(frozen=True)
class Known:
    """What a plan may name: people by address, criteria by code, the actions already there by reference."""

    people: dict = field(default_factory=dict)
    names: dict = field(default_factory=dict)
    criteria: dict = field(default_factory=dict)
    references: frozenset = frozenset()


@dataclass
class Reading:
    """What was read: `errors` (sheet, cell, reason), the `rows` to add, the `known` ones, what was left `aside`."""

    errors: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    known: list = field(default_factory=list)
    aside: list = field(default_factory=list)

    def report(self):
        """JSON-ready: nothing to add when anything is wrong."""
        return {
            "errors": self.errors[:MOST_ERRORS],
            "more": max(len(self.errors) - MOST_ERRORS, 0),
            "rows": [] if self.errors else self.rows,
            "known": self.known,
            "aside": _first(self.aside),
        }


def read_plan(content, known):
    """Read a workbook that was accepted. Never raises for what it holds: the reading says everything."""
    reading = Reading()
    try:
        title = _choose(opening.sheet_titles(content), reading)
        sheet = opening.read_sheet(content, title, MOST_ACTIONS + LOOKED_AT)
    except opening.Unreadable as refusal:
        return Reading(errors=[{"sheet": "", "cell": "", "reason": str(refusal)}])
    _Reader(sheet, known, reading).read()
    return reading


def _choose(titles, reading):
    """The sheet called « Plan », else the first that is not one of our examples."""
    if not titles:
        raise opening.Unreadable(opening.BROKEN)
    plain = [title for title in titles if cells.bare(title) not in NOT_PLANS] or titles
    chosen = next((title for title in plain if cells.bare(title) in PLAN_SHEETS), plain[0])
    reading.aside += [f"la feuille «{NBSP}{title[: opening.LONGEST_NAME]}{NBSP}»" for title in plain if title != chosen]
    return chosen


def _first(aside):
    """The first of what was left aside, then how many more."""
    more = len(aside) - MOST_ASIDE
    return [*aside[:MOST_ASIDE], f"et {more} autres"] if more > 0 else aside


def _titles():
    """{bare title: key}, what is in brackets being left out or not."""
    found = {}
    for column in (*COLUMNS, *MORE):
        found[cells.bare(column.title)] = column.key
        found[cells.bare(column.title.partition("(")[0])] = column.key
    return found


TITLES = _titles()
LEFT_ASIDE = {column.key for column in MORE}


class _Reader:
    """One sheet being read."""

    def __init__(self, sheet, known, reading):
        self.sheet, self.known, self.reading = sheet, known, reading
        self.columns, self.seen = {}, {}

    def wrong(self, cell, reason):
        sheet = self.sheet.title[: opening.LONGEST_NAME]
        self.reading.errors.append({"sheet": sheet, "cell": getattr(cell, "ref", cell), "reason": reason})

    def read(self):
        lines = [line for line in self.sheet.lines if not _is_mark(line)]
        marks = [line.number for line in self.sheet.lines if _is_mark(line) and not _is_ours(line)]
        self.reading.aside += [f"la ligne {rank}, qui commence par «{NBSP}{MARK}{NBSP}»" for rank in marks]
        if not lines:
            return self.wrong("A1", f"Cette feuille est vide. Sa première ligne porte les titres{NBSP}: {LISTED}.")
        header, *rest = lines
        if not self._header_is_first(header, rest) or not self._read_header(header):
            return None
        if self.sheet.cut or len(rest) > MOST_ACTIONS:
            most = number(MOST_ACTIONS)
            first = rest[MOST_ACTIONS].first if len(rest) > MOST_ACTIONS else rest[-1].first
            self.reading.errors.clear()
            return self.wrong(
                first, f"{most} actions au plus par classeur. Partagez votre plan en plusieurs classeurs."
            )
        if not rest:
            self.wrong(f"A{header.number + 1}", "Aucune action sous les titres. Écrivez la première ici.")
        for line in rest:
            before = len(self.reading.errors)
            self._read_line(line)
            # In the order of the columns: those of one line differ by their letters alone.
            self.reading.errors[before:] = sorted(
                self.reading.errors[before:], key=lambda one: (len(one["cell"]), one["cell"])
            )
        return None

    # --- Titles ---------------------------------------------------------------------------------------------------

    def _header_is_first(self, header, rest):
        """Whether titles are on the first line; else the line where they are is named."""
        keys = _keys_of(header)
        found = header if "what" in keys else None
        if found is None and len(set(keys) - {None}) < 2:
            found = next((line for line in rest[:LOOKED_AT] if "what" in _keys_of(line)), None)
        own = {line.number for line in self.sheet.lines if _is_mark(line)}
        above = [rank for rank in range(1, found.number) if rank not in own] if found else []
        if not above:
            return True
        self.wrong(
            found.first,
            f"Les titres sont sur la ligne {found.number}{NBSP}: ils doivent être sur la première. Supprimez ce qui est "
            "au-dessus.",
        )
        return False

    def _read_header(self, header):
        """Where each column is. Says whether the rows below can be read."""
        sure = True
        width = max(len(line.cells) for line in self.sheet.lines if not _is_mark(line))
        for rank, cell in enumerate(header.cell(rank) for rank in range(width)):
            key = TITLES.get(cells.bare(cell.value)) if isinstance(cell.value, str) else None
            if cell.wrong or cell.is_blank:
                self._blank_title(rank, cell)
            elif key is None:
                self.wrong(cell, _unknown_title(cell.value))
            elif key in self.columns:
                self.wrong(cell, f"Le titre {cells.said(cell.value)} est écrit deux fois. Gardez une seule colonne.")
                sure = False
            else:
                self.columns[key] = rank
                if key in LEFT_ASIDE:
                    self.reading.aside.append(f"la colonne «{NBSP}{cell.value.strip()}{NBSP}»")
        if "what" not in self.columns:
            self.wrong(
                header.first,
                f"La colonne «{NBSP}Quoi{NBSP}» manque. La première ligne porte les titres{NBSP}: {LISTED}.",
            )
            sure = False
        return sure

    def _blank_title(self, rank, cell):
        """A column without a title is nothing, unless something is written under it."""
        under = (line.cell(rank) for line in self.sheet.lines if not _is_mark(line))
        if cell.wrong or any(not one.is_blank for one in under):
            self.wrong(cell, cell.wrong or f"Cette colonne n’a pas de titre. Écrivez l’un de ceux-ci{NBSP}: {LISTED}.")

    # --- Rows -----------------------------------------------------------------------------------------------------

    def _read_line(self, line):
        """One action; what is wrong is said cell by cell, and the rest of the line read all the same."""
        given = {key: line.cell(rank) for key, rank in self.columns.items() if key not in LEFT_ASIDE}
        if all(cell.is_blank for cell in given.values()):
            return
        reference = given.get("public_id")
        if reference is not None and not reference.is_blank and self._is_known(reference, given):
            return
        filled = {key: cell for key, cell in given.items() if key != "public_id" and not cell.is_blank}
        values = {key: self._value(key, cell) for key, cell in filled.items()}
        what = given["what"]
        if what.is_blank or values.get("what") == "":
            self.wrong(what, f"Dites ce que vous allez faire{NBSP}: une action a toujours un «{NBSP}Quoi{NBSP}».")
        self._check_together(given, values, line)
        self.reading.rows.append({"line": line.number, **self._row(values)})

    def _is_known(self, cell, given):
        """An action of the plan is left as it is: its reference says which. A wrong one is said, the rest is read."""
        typed = cells.bare(cell.value)
        if cell.wrong or typed not in self.known.references:
            self.wrong(
                cell,
                cell.wrong
                or f"Aucune action de votre plan n’a la référence {cells.said(cell.value)}. Videz la case pour ajouter "
                "cette ligne comme une action nouvelle.",
            )
            return False
        if typed in self.seen:
            self.wrong(cell, f"Cette référence est déjà en {self.seen[typed]}. Videz la case pour une action nouvelle.")
            return True
        self.seen[typed] = cell.ref
        what = given["what"]
        self.reading.known.append("" if what.wrong else str(what.value or "")[:300])
        return True

    def _value(self, key, cell):
        if cell.wrong:
            self.wrong(cell, cell.wrong)
            return None
        try:
            return self._parsed(key, cell.value)
        except cells.CellError as refusal:
            self.wrong(cell, str(refusal))
            return None

    def _parsed(self, key, value):
        title = BY_KEY[key].title
        if key in cells.LINES:
            return cells.text(value, title, cells.LINES[key], one_line=True)
        if key in cells.TEXTS:
            return cells.text(value, title, cells.TEXTS[key], one_line=False)
        if key in ("due_on", "starts_on"):
            return cells.day(value, title)
        return {
            "steps": lambda: cells.steps(value, title),
            "budget": lambda: cells.money(value, title),
            "status": lambda: cells.status(value),
            "visibility": lambda: cells.reader(value),
            "pilot": lambda: cells.pilot(value, self.known.people),
            "criterion": lambda: cells.criterion(value, self.known.criteria),
        }[key]()

    def _check_together(self, given, values, line):
        """What two cells say must hold together."""
        first, last = values.get("starts_on"), values.get("due_on")
        if first and last and last < first:
            self.wrong(given["due_on"], f"Ce jour vient avant «{NBSP}À partir du{NBSP}». Vérifiez les deux dates.")
        state, reason = values.get("status"), values.get("status_reason")
        if state in EXPLAINED and not reason and not _is_wrong(given.get("status_reason"), values, "status_reason"):
            self.wrong(
                given.get("status_reason", given["status"]),
                f"Dites pourquoi l’action est {state.label}, dans la colonne «{NBSP}Raison{NBSP}».",
            )
        elif reason and state not in EXPLAINED and not _is_wrong(given.get("status"), values, "status"):
            self.wrong(
                given["status_reason"],
                "Une raison se garde pour une action bloquée ou abandonnée. Changez son état, ou écrivez ceci dans "
                f"«{NBSP}Pourquoi{NBSP}» ou «{NBSP}Avec quels moyens{NBSP}».",
            )

    def _row(self, values):
        """The action as JSON-ready data."""
        texts = {key: values.get(key) or "" for key in (*cells.LINES, *cells.TEXTS)}
        days = {key: values[key].isoformat() if values.get(key) else None for key in ("due_on", "starts_on")}
        pilot, budget = values.get("pilot"), values.get("budget")
        return {
            **texts,
            **days,
            "pilot": pilot,
            "pilot_name": self.known.names.get(pilot, ""),
            "budget": None if budget is None else str(budget),
            "status": str(values.get("status") or "to_do"),
            "visibility": str(values.get("visibility") or Visibility.STRUCTURE),
            "criterion": values.get("criterion"),
            "steps": values.get("steps") or [],
        }


def _is_mark(line):
    """Whether a line is a remark, as the one that says to whom a copy was given: alone in its line."""
    alone = [cell for cell in line.cells if not cell.is_blank]
    return len(alone) == 1 and isinstance(alone[0].value, str) and alone[0].value.lstrip().startswith(MARK)


def _is_ours(line):
    """Whether it is the line we write ourselves at the foot of what we give."""
    return line.first.value.lstrip().startswith(GIVEN_TO)


def _keys_of(line):
    return [TITLES.get(cells.bare(cell.value)) if isinstance(cell.value, str) else None for cell in line.cells]


def _is_wrong(cell, values, key):
    """Whether a cell was filled and could not be read: it has its own error already."""
    return cell is not None and not cell.is_blank and values.get(key) is None


def _unknown_title(value):
    near = difflib.get_close_matches(cells.bare(value), TITLES, n=1, cutoff=0.6)
    column = next((one for one in itertools.chain(COLUMNS, MORE) if near and one.key == TITLES[near[0]]), None)
    hint = f" Vouliez-vous dire «{NBSP}{column.title}{NBSP}»{NBSP}?" if column else f" Les titres sont{NBSP}: {LISTED}."
    return (
        f"{cells.said(value)} n’est pas un titre que nous connaissons. Renommez cette colonne, ou supprimez-la.{hint}"
    )
