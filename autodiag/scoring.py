"""Scores: the one place where a number is computed. Page, PDF, export, command and board all call it.

A score is the mean of the levels chosen, weighted by criterion. Criteria not applicable, unknown or not yet
answered are left out of both sums, and every score says which ones it leaves out, and why.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from autodiag.enums import AnswerKind

TENTH, LONG = Decimal("0.1"), Decimal("0.0001")
ROUNDING = "au dixième le plus proche, une moitié exacte vers le haut"
OUT = {
    AnswerKind.NOT_APPLICABLE: "Ne s’applique pas : il sort du calcul, et son poids avec lui.",
    AnswerKind.UNKNOWN: "Ne sait pas : aucun niveau à compter, son poids ne compte pas non plus.",
    AnswerKind.NONE: "Pas encore répondu : il ne compte pas.",
}


@dataclass(frozen=True)
class Line:
    """One criterion in a score: what was answered and how much it weighs."""

    code: str
    title: str
    weight: int
    kind: str
    value: int | None = None

    @property
    def counts(self):
        """Whether it enters the score."""
        return self.kind == AnswerKind.LEVEL

    @property
    def points(self):
        return self.weight * self.value if self.counts else None

    @property
    def why_not(self):
        """Why it stays out, in words; "" when it counts."""
        return "" if self.counts else OUT[AnswerKind(self.kind)]


@dataclass(frozen=True)
class Score:
    """A score and everything that explains it."""

    lines: tuple[Line, ...]
    total: int
    weight: int
    left_out: Counter

    @property
    def value(self):
        """The rounded mean, or None when nothing counts."""
        return weighted_mean(self.total, self.weight)

    @property
    def rounding(self):
        """The rule, in words."""
        return ROUNDING

    @property
    def before_rounding(self):
        """The quotient as it is before it is rounded: (its first four decimals, whether it goes on)."""
        exact = Decimal(self.total) / Decimal(self.weight)
        cut = exact.quantize(LONG, rounding=ROUND_DOWN)
        return cut.normalize(), cut != exact

    @property
    def answered(self):
        """Criteria that received any answer: a level, "does not know" or "not applicable"."""
        return len(self.lines) - self.left_out[AnswerKind.NONE]

    def strengths(self, *, above):
        """Lines at least as high as the score and higher than `above`, best first, three at most."""
        high = [line for line in self.lines if line.counts and line.value >= self.value and line.value > above]
        return tuple(sorted(high, key=lambda line: (-line.value, -line.weight))[:3])

    def explained(self):
        """The score with its sum, line by line, as JSON-ready data. Decimals are written, never floats."""
        return {
            "value": None if self.value is None else str(self.value),
            "total": self.total,
            "weight": self.weight,
            "rounding": ROUNDING,
            "lines": [
                {
                    "code": line.code,
                    "title": line.title,
                    "weight": line.weight,
                    "kind": str(line.kind),
                    "value": line.value,
                    "counts": line.counts,
                    "points": line.points,
                    "why_not": line.why_not,
                }
                for line in self.lines
            ],
            "left_out": {name: self.left_out[kind] for kind, name in LEFT_OUT.items()},
        }


# In the words of the code; the empty answer has none of its own.
LEFT_OUT = {
    AnswerKind.NOT_APPLICABLE: "not_applicable",
    AnswerKind.UNKNOWN: "unknown",
    AnswerKind.NONE: "not_answered",
}


def weighted_mean(total, weight):
    """Σ weight × level ÷ Σ weight, rounded half up to one decimal; None when nothing weighs.

    The only place where a score is rounded.
    """
    if not weight:
        return None
    return (Decimal(total) / Decimal(weight)).quantize(TENTH, rounding=ROUND_HALF_UP)


def score(lines):
    """The explained score of some criteria."""
    lines = tuple(lines)
    counted = [line for line in lines if line.counts]
    return Score(
        lines=lines,
        total=sum(line.points for line in counted),
        weight=sum(line.weight for line in counted),
        left_out=Counter(line.kind for line in lines if not line.counts),
    )


def by_chapter(totals):
    """{participation: {chapter: score}} from the rows of `weighted_totals`; None where nothing counts."""
    scores = {}
    for row in totals:
        chapters = scores.setdefault(row["participation_id"], {})
        chapters[row["criterion__chapter_id"]] = weighted_mean(row["total"], row["weight"])
    return scores
