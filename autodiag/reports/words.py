"""What both editions say alike: dates, numbers, states of a chapter; and their drawings with their tables."""

from decimal import Decimal

from autodiag.documents import lines_of
from autodiag.scoring import score
from caprse.base.paper import Chart, Drawing, Table
from caprse.base.svg import Series, bars, radar, written
from caprse.base.text import NBSP, date_in_words, euros, number, short_date, spaced


def day(date):
    """A date in full; nothing when there is none."""
    return date_in_words(date) if date else ""


def due(date):
    """A date in a column: « 19 juillet 2025 »."""
    return short_date(date) if date else ""


def money(amount):
    """An amount in euros; nothing when there is none."""
    return "" if amount is None else euros(amount)


def exact(written_value):
    """A number kept as a text in a frozen content."""
    return Decimal(written_value)


def bounds(chapters):
    """The ends of the scale of these chapters."""
    values = [value for chapter in chapters for value, _ in chapter.content["scale"]]
    return min(values), max(values)


def score_of(chapter):
    """The explained score of a chapter."""
    return score(lines_of(chapter.content["criteria"]))


def score_in_words(result, low, high):
    """« 2,3 sur une échelle de 0 à 4 », or why there is none."""
    if result.value is None:
        return spaced("pas de score : aucun critère n’a de niveau")
    return f"{number(result.value, 1)} sur une échelle de {low} à {high}"


def state_of(chapter):
    """Where a chapter stands, in a few words."""
    if chapter.draft:
        return "en cours, non transmis"
    return f"transmis le {day(chapter.submitted_on)}" if chapter.submitted_on else "transmis"


def counted(result):
    """How many criteria count in a score: « 12 sur 20 »."""
    return f"{len(result.lines) - sum(result.left_out.values())} sur {len(result.lines)}"


def draw(labels, name, values, *, low, high, ident, title, table, as_bars=False, places=1):
    """One drawing of one series, with its table: a radar, or bars."""
    shape, size = (bars, 420) if as_bars else (radar, 280)
    svg = shape(labels, [Series(name, values)], low=low, high=high, ident=ident, title=title, places=places, size=size)
    told = f"{NBSP}; ".join(f"{label} {written(value, places)}" for label, value in zip(labels, values, strict=True))
    chart = Chart(
        labels=tuple(labels),
        series=((name, tuple(None if value is None else float(value) for value in values)),),
        low=low,
        high=high,
        as_bars=as_bars,
    )
    return Drawing(svg=svg, text=f"{title}. {told}.", chart=chart, table=table)


def of_chapters(material, ident):
    """The radar and the bars of a path, chapter by chapter, by title; a gap where nothing was begun."""
    begun = {chapter.number: (chapter, score_of(chapter)) for chapter in material.chapters}
    low, high = bounds(material.chapters)
    values = [begun[number][1].value if number in begun else None for number, _, _ in material.path]
    names = [f"{number}. {title}" for number, title, _ in material.path]
    scores = Table(
        "Le score de chaque chapitre",
        ("Chapitre", "Score"),
        tuple((name, written(value)) for name, value in zip(names, values, strict=True)),
        frozenset({1}),
    )
    states = Table(
        "Où en est chaque chapitre",
        ("Chapitre", "Où il en est", "Critères comptés"),
        tuple(
            _standing(name, begun.get(number), material.absent)
            for name, (number, _, _) in zip(names, material.path, strict=True)
        ),
        frozenset({2}),
    )
    labels, one = [short for _, _, short in material.path], material.structure
    settings = {"low": low, "high": high}
    return (
        draw(labels, one, values, ident=f"{ident}-radar", title="Nos chapitres", table=scores, **settings),
        draw(names, one, values, ident=f"{ident}-bars", title="Nos scores", table=states, as_bars=True, **settings),
    )


def _standing(name, begun, absent):
    if begun is None:
        return name, absent, "–"
    chapter, result = begun
    return name, state_of(chapter), counted(result)
