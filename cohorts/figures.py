"""The map of stakeholders: importance upwards, influence to the right, three steps each. Pure: no query."""

from caprse.base.svg import GRID, INK_SOFT, PAPER, Canvas, text_width

STEPS = (1, 2, 3)
WORDS = {1: "petite", 2: "moyenne", 3: "grande"}
NEAR, NEAR_FROM = "#e2efed", 4  # --accent-soft: those to talk with first, when both add up to more
CELL, LEAST_HEIGHT, MARGIN, LINE = 156, 84, 12, 19
SIZE, AXIS_SIZE = 15, 14
MOST_LINES = 9
TITLE = "Carte des parties prenantes"


def stakeholder_map(placed, *, ident="carte-parties-prenantes"):
    """Draw those that are placed: objects with `name`, `importance` and `influence`, in the order to be written."""
    cells = {(up, right): [] for up in STEPS for right in STEPS}
    for one in placed:
        cells[one.importance, one.influence].append(one.name)
    lines = {place: cell_lines(names) for place, names in cells.items()}
    canvas, y = Canvas(), 0.0
    canvas.text(-70, -16, "↑ Importance pour nous", size=AXIS_SIZE, fill=INK_SOFT, weight="600")
    for up in reversed(STEPS):
        height = max(LEAST_HEIGHT, *(len(lines[up, right]) * LINE + 2 * MARGIN for right in STEPS))
        canvas.text(-12, y + height / 2 + 5, WORDS[up], anchor="end", size=AXIS_SIZE, fill=INK_SOFT)
        for rank, right in enumerate(STEPS):
            _cell(canvas, rank * CELL, y, height, lines[up, right], near=up + right > NEAR_FROM)
        y += height
    for rank, right in enumerate(STEPS):
        canvas.text((rank + 0.5) * CELL, y + 22, WORDS[right], anchor="middle", size=AXIS_SIZE, fill=INK_SOFT)
    canvas.text(3 * CELL, y + 44, "Influence sur nous →", anchor="end", size=AXIS_SIZE, fill=INK_SOFT, weight="600")
    return canvas.svg(ident, TITLE, in_words(cells))


def narrow_map(placed):
    """The same map for a narrow screen, which no drawing fits: [(importance in words, [(names, near)])]."""
    return [
        (
            WORDS[up],
            [
                ([one.name for one in placed if (one.importance, one.influence) == (up, right)], up + right > NEAR_FROM)
                for right in STEPS
            ],
        )
        for up in reversed(STEPS)
    ]


def in_words(cells):
    """The same, for those who do not see it."""
    told = [
        f"Importance {WORDS[up]}, influence {WORDS[right]} : {', '.join(cells[up, right])}."
        for up in reversed(STEPS)
        for right in reversed(STEPS)
        if cells[up, right]
    ]
    return " ".join(told) or "Personne n’est encore placé sur la carte."


def cell_lines(names):
    """The lines of a cell: (text, whether a name begins there). Names are whole, those left over are counted."""
    kept = []
    for rank, name in enumerate(names):
        lines = [(text, first == 0) for first, text in enumerate(wrapped(name, CELL - 2 * MARGIN - 12))]
        left = len(names) - rank
        room = MOST_LINES - len(kept) - (1 if left > 1 else 0)
        if len(lines) > room:
            return [*kept, (f"et {left} {'autre' if left == 1 else 'autres'}", False)]
        kept += lines
    return kept


def wrapped(text, width):
    """The text in lines no wider than this; a word that is longer is cut."""
    lines, line = [], ""
    for word in text.split():
        if line and text_width(f"{line} {word}", SIZE) <= width:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        while text_width(word, SIZE) > width:
            fits = next(end for end in range(len(word) - 1, 0, -1) if text_width(word[:end], SIZE) <= width)
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [*lines, line] if line else lines


def _cell(canvas, x, y, height, lines, *, near):
    canvas.reach(x, y, x + CELL, y + height)
    canvas.add("rect", x=x, y=y, width=CELL, height=height, fill=NEAR if near else PAPER, stroke=GRID)
    for rank, (text, begins) in enumerate(lines):
        base = y + MARGIN + rank * LINE + SIZE
        if begins:
            canvas.add("circle", cx=x + MARGIN + 3, cy=base - 5, r=3, fill=INK_SOFT)
        canvas.text(x + MARGIN + 12, base, text, size=SIZE)
