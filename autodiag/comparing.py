"""Before and after: two contents of the same chapter, criterion by criterion. Pure: no query.

A criterion is compared when people were asked the same thing: same question, same description of each level, same
scale. A score is compared on those of them that hold a level on both sides, weighted as they weigh today.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from autodiag.documents import answer_in_words, lines_of, support_of
from autodiag.enums import AnswerKind
from autodiag.scoring import score
from caprse.base.svg import COLOURS, DASHES, Picture, Series, bars, picture
from caprse.base.text import NBSP, plural

SCALE_CHANGED = "l’échelle n’est plus la même"
WORDING_CHANGED = "la rédaction du critère a changé"
OTHER_CRITERION = "ce n’est plus le même critère"
ONLY_AFTER = "ce critère n’existait pas"
ONLY_BEFORE = "ce critère n’existe plus"
SAME = "inchangé"
NUMBERS = ("", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
LEVEL, UNKNOWN, NOT_APPLICABLE, NONE = (
    AnswerKind.LEVEL,
    AnswerKind.UNKNOWN,
    AnswerKind.NOT_APPLICABLE,
    AnswerKind.NONE,
)
# What became of an answer that does not hold a level on both sides: four different things, never taken for another.
BECAME = {
    (NONE, LEVEL): "un niveau, sans réponse avant",
    (UNKNOWN, LEVEL): "un niveau, là où l’on ne savait pas",
    (NOT_APPLICABLE, LEVEL): "s’applique désormais, avec un niveau",
    (NONE, UNKNOWN): "ne sait pas, sans réponse avant",
    (LEVEL, UNKNOWN): "ne sait plus",
    (NOT_APPLICABLE, UNKNOWN): "s’applique désormais, niveau inconnu",
    (NONE, NOT_APPLICABLE): "non applicable, sans réponse avant",
    (LEVEL, NOT_APPLICABLE): "ne s’applique plus",
    (UNKNOWN, NOT_APPLICABLE): "non applicable, là où l’on ne savait pas",
    (LEVEL, NONE): "plus de réponse, un niveau avant",
    (UNKNOWN, NONE): "plus de réponse, « ne sait pas » avant",
    (NOT_APPLICABLE, NONE): "plus de réponse, non applicable avant",
}


@dataclass(frozen=True)
class Row:
    """One criterion, before and after. `before` or `after` is None where it does not exist on that side.

    `reason`: why it cannot be compared; "" when it can.
    """

    before: dict | None
    after: dict | None
    reason: str
    scale_before: dict
    scale_after: dict

    @property
    def criterion(self):
        """The criterion as it is written last."""
        return self.after or self.before

    @property
    def code(self):
        return self.criterion["code"]

    @property
    def title(self):
        return self.criterion["title"]

    @property
    def comparable(self):
        return not self.reason

    @property
    def counts(self):
        """Whether it enters both scores: it is comparable, and holds a level on both sides."""
        return self.comparable and self.before["kind"] == self.after["kind"] == LEVEL

    @property
    def before_words(self):
        return answer_in_words(self.before, self.scale_before) if self.before else ""

    @property
    def after_words(self):
        return answer_in_words(self.after, self.scale_after) if self.after else ""

    @property
    def before_support(self):
        return support_of(self.before) if self.before else ""

    @property
    def after_support(self):
        return support_of(self.after) if self.after else ""

    @property
    def degrees(self):
        """How many degrees more (or fewer, negative); None unless both hold a level."""
        if not self.counts:
            return None
        ranks = {value: rank for rank, value in enumerate(sorted(self.scale_after))}
        return ranks[self.after["value"]] - ranks[self.before["value"]]

    @property
    def direction(self):
        """up, down, same, moved (its answer is of another kind), or apart (not comparable)."""
        if not self.comparable:
            return "apart"
        if self.degrees is None:
            return "same" if self.before["kind"] == self.after["kind"] else "moved"
        return "up" if self.degrees > 0 else "down" if self.degrees < 0 else "same"

    @property
    def evolution(self):
        """In words: « un degré de plus », « non comparable : la rédaction du critère a changé »."""
        if not self.comparable:
            return f"non comparable{NBSP}: {self.reason}"
        if self.degrees is None:
            return BECAME.get((AnswerKind(self.before["kind"]), AnswerKind(self.after["kind"])), SAME)
        return degrees_in_words(self.degrees)


def degrees_in_words(degrees):
    """« un degré de plus », « deux degrés de moins », « inchangé »."""
    if not degrees:
        return SAME
    size = abs(degrees)
    written = NUMBERS[size] if size < len(NUMBERS) else str(size)
    return f"{written} {plural(size, 'degré', 'degrés')} de {'plus' if degrees > 0 else 'moins'}"


@dataclass(frozen=True)
class Compared:
    """Two contents of a chapter, side by side, the criteria in the order of the second."""

    before: dict
    after: dict
    rows: tuple
    name_before: str
    name_after: str

    @cached_property
    def drawn(self):
        """Rows that may be drawn side by side."""
        return [row for row in self.rows if row.comparable]

    @cached_property
    def counted(self):
        """Rows that enter both scores."""
        return [row for row in self.rows if row.counts]

    @property
    def apart(self):
        """Rows that cannot be compared."""
        return [row for row in self.rows if not row.comparable]

    @property
    def weights_changed(self):
        """Whether a criterion that enters the scores weighed something else before."""
        return any(row.before["weight"] != row.after["weight"] for row in self.counted)

    @cached_property
    def score_before(self):
        """Of the counted rows, each with the weight it has on the other side, so that levels alone make it move."""
        lines = lines_of([row.before for row in self.counted])
        weighted = zip(lines, self.counted, strict=True)
        return score(replace(line, weight=row.after["weight"]) for line, row in weighted)

    @cached_property
    def score_after(self):
        return score(lines_of([row.after for row in self.counted]))

    @property
    def own_scores(self):
        """Both scores as each version told them, of all its criteria."""
        return tuple(score(lines_of(content["criteria"])).value for content in (self.before, self.after))

    @property
    def tally(self):
        """{direction: how many criteria}."""
        return {
            name: sum(row.direction == name for row in self.rows) for name in ("up", "down", "same", "moved", "apart")
        }

    @cached_property
    def picture(self) -> Picture | None:
        """Radar with its two series; None when nothing may be compared."""
        return picture(*self._series, corner="Critère", places=0, **self._frame("radar")) if self.drawn else None

    @cached_property
    def bars(self):
        """The same as bars; None where the radar is bars already, or is not drawn."""
        return bars(*self._series, places=0, **self._frame("barres")) if len(self.drawn) > 2 else None

    @property
    def _series(self):
        def values(side):
            return [said["value"] if said["kind"] == LEVEL else None for said in side]

        before, after = values(row.before for row in self.drawn), values(row.after for row in self.drawn)
        labels = [row.code for row in self.drawn]
        earlier = Series(self.name_before, before, colour=COLOURS[1], dash=DASHES[1])
        return labels, [earlier, Series(self.name_after, after, colour=COLOURS[0], dash=DASHES[0])]

    def _frame(self, ident):
        scale = [value for value, _ in self.after["scale"]]
        title = f"Chapitre {self.after['chapter']['number']}, avant et après"
        return {"low": min(scale), "high": max(scale), "ident": f"avant-apres-{ident}", "title": title}


def compare(before, after, *, name_before="Avant", name_after="Après"):
    """Two contents of the same chapter, compared; any of them may have been frozen by an earlier form of the product."""
    scales = dict(before["scale"]), dict(after["scale"])
    same_scale = list(map(list, before["scale"])) == list(map(list, after["scale"]))
    rows = []
    for then, now in pairs_of(before["criteria"], after["criteria"]):
        rows.append(Row(then, now, why_not(then, now, same_scale=same_scale), *scales))
    return Compared(before, after, tuple(rows), name_before, name_after)


def pairs_of(before, after):
    """(before, after) of each criterion: by stable id, else by code; those of one side alone have None on the other."""
    left = list(before)
    found = {}
    for same in (_same_id, _same_code):
        for rank, criterion in enumerate(after):
            match = next((then for then in left if rank not in found and same(then, criterion)), None)
            if match is not None:
                found[rank] = match
                left.remove(match)
    pairs = [(found.get(rank), criterion) for rank, criterion in enumerate(after)]
    return [*pairs, *((then, None) for then in left)]


def _same_id(then, now):
    return bool(then.get("stable_id")) and then.get("stable_id") == now.get("stable_id")


def _same_code(then, now):
    return then["code"] == now["code"]


def why_not(then, now, *, same_scale):
    """Why a criterion is « non comparable »; "" when it is comparable."""
    if then is None:
        return ONLY_AFTER
    if now is None:
        return ONLY_BEFORE
    if not same_scale:
        return SCALE_CHANGED
    if wording_of(then) == wording_of(now):
        return ""
    ids = {then.get("stable_id"), now.get("stable_id")}
    return OTHER_CRITERION if len(ids) == 2 and all(ids) else WORDING_CHANGED


def wording_of(criterion):
    """What people were asked: the question, and each level as it was described."""
    return criterion["question"], tuple((value, text) for value, text in criterion["levels"])
