"""A chapter as plain data: what is frozen when it is transmitted, shown as a synthesis and printed as a PDF.

Contents frozen by an earlier form of the product hold fewer keys: whatever is read here may be absent.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from autodiag.enums import AnswerKind
from autodiag.scoring import Line, Score, score
from caprse.base.clock import PARIS
from caprse.base.svg import Picture, Series, bars, picture
from caprse.base.text import date_in_words, number, plural
from cohorts.enums import Visibility

# What a criterion holds since the autodiagnostic in depth, for contents frozen before.
LATER = {"stable_id": "", "strength": "", "difficulty": "", "agreement": None, "indicators": [], "evidence": []}
SUPPORTED, DECLARED = "étayé", "déclaré"


def content_of(autodiag, answers, scale, *, shared_only):
    """The wording, answers and score of a chapter as JSON-ready data.

    `answers` come from `reading.chapter_answers`. With `shared_only`, comments kept to the structure are left out:
    that is what may be transmitted. Private evidence, viewpoints, remarks and threads are never part of it.
    """
    participation = autodiag.participation
    referentiel = participation.cohort.version.referentiel
    criteria = [_criterion(answer, shared_only=shared_only) for answer in answers]
    result = score(lines_of(criteria))
    return {
        "referentiel": referentiel.title,
        "code": referentiel.code,
        "version": participation.cohort.version.number,
        "notice": referentiel.notice,
        "cohort": participation.cohort.name,
        "structure": participation.organisation.legal_name,
        "chapter": {"number": autodiag.round.chapter.number, "title": autodiag.round.chapter.title},
        "scale": [[step.value, step.label] for step in scale],
        "criteria": criteria,
        "score": result.explained(),
    }


def _criterion(answer, *, shared_only):
    criterion = answer.criterion
    levels = [[level.value, level.description] for level in criterion.levels.all()]
    value = next((level.value for level in criterion.levels.all() if level.pk == answer.level_id), None)
    comment = getattr(answer, "comment", None)
    shown = comment and (not shared_only or comment.visibility == Visibility.FACILITATOR)
    return {
        "stable_id": criterion.stable_id,
        "code": criterion.code,
        "title": criterion.title,
        "section": criterion.section.title,
        "question": criterion.question,
        "weight": criterion.weight,
        "levels": levels,
        "kind": answer.kind,
        "value": value,
        "na_reason": answer.na_reason,
        "practice": answer.practice,
        "strength": answer.strength,
        "difficulty": answer.difficulty,
        "to_review": answer.to_review,
        "comment": comment.text if shown else "",
        "agreement": _agreement(answer),
        "indicators": [_indicator(indicator) for indicator in criterion.indicators.all()],
        "evidence": [_evidence(use) for use in answer.evidence_uses.all() if is_shared(use.evidence)],
    }


def _agreement(answer):
    """The last one noted: what was agreed, why, and how many spoke; never who."""
    last = next(iter(answer.agreements.all()), None)
    if last is None:
        return None
    return {
        "kind": last.kind,
        "value": last.level.value if last.level else None,
        "reason": last.reason,
        "on": last.agreed_at.astimezone(PARIS).date().isoformat(),
        "voices": last.voices,
        "stands": last.stands(answer),
    }


def _indicator(indicator):
    """Its figures, year by year. What nobody wrote down is absent; "we do not know" is said."""
    return {
        "title": indicator.title,
        "unit": indicator.unit,
        "figures": [
            {
                "year": figure.year,
                "value": None if figure.value is None else format(figure.value.normalize(), "f"),
                "unknown": figure.unknown,
                "source": figure.source,
            }
            for figure in indicator.figures
            if figure.unknown or figure.value is not None
        ],
    }


def is_shared(evidence):
    """Whether it may be transmitted: shared by the structure, and not put away since."""
    return evidence.visibility == Visibility.FACILITATOR and evidence.archived_at is None


def _evidence(use):
    current = next(iter(use.evidence.revisions.all()), None)
    return {
        "title": use.evidence.title,
        "page": use.page,
        "number": current.number if current else None,
        "sha256": current.file.sha256 if current and current.file else "",
        "url": current.url if current else "",
    }


def lines_of(criteria):
    """The lines a score is made of, from frozen or fresh criteria."""
    return [
        Line(code=c["code"], title=c["title"], weight=c["weight"], kind=c["kind"], value=c["value"]) for c in criteria
    ]


def lines_of_answers(answers):
    """The same, from the answers themselves."""
    return [
        Line(
            code=answer.criterion.code,
            title=answer.criterion.title,
            weight=answer.criterion.weight,
            kind=answer.kind,
            value=answer.level.value if answer.level else None,
        )
        for answer in answers
    ]


@dataclass(frozen=True)
class Synthesis:
    """What a page or a PDF shows of a chapter. `picture` holds the drawing and its table."""

    content: dict
    score: Score
    picture: Picture
    scale: dict
    ident: str = "synthese"

    @property
    def strengths(self):
        """Criteria at or above the chapter's score, above the first degree, best first, three at most."""
        codes = [line.code for line in self.score.strengths(above=min(self.scale))]
        by_code = {row["code"]: row for row in self.rows}
        return [by_code[code] for code in codes]

    @property
    def gaps(self):
        """Criteria below the top degree and not among the strengths, lowest first, three at most."""
        strong = {criterion["code"] for criterion in self.strengths}
        low = [
            row
            for row in self.rows
            if row["kind"] == AnswerKind.LEVEL and row["value"] < self.highest and row["code"] not in strong
        ]
        return sorted(low, key=lambda row: (row["value"], -row["weight"]))[:3]

    @cached_property
    def rows(self):
        """Criteria with their answer in words, the numbers being those of the drawing."""
        drawn = zip(self.content["criteria"], self.picture.rows, strict=True)
        return [
            {
                **LATER,
                **criterion,
                "answer": answer_in_words(criterion, self.scale, cells[-1]),
                "agreed": agreement_in_words(criterion.get("agreement"), self.scale),
                "figures": figures_in_words(criterion.get("indicators", [])),
                "support": support_of(criterion),
            }
            for criterion, cells in drawn
        ]

    @cached_property
    def bars(self):
        """The levels again, as bars; None where the picture is made of bars already."""
        labels, series, frame = _drawn(self.content, self.score, self.scale)
        return bars(labels, series, places=0, **frame | {"ident": f"{self.ident}-barres"}) if len(labels) > 2 else None

    @property
    def left_out(self):
        """How many criteria the score leaves out, by reason: (label, count)."""
        counts = self.score.left_out
        return [
            (kind.label, counts[kind])
            for kind in (AnswerKind.NOT_APPLICABLE, AnswerKind.UNKNOWN, AnswerKind.NONE)
            if counts[kind]
        ]

    @property
    def highest(self):
        return max(self.scale)

    @property
    def lowest(self):
        return min(self.scale)


def synthesis(content, *, ident="synthese"):
    """The picture, the explained score and the strengths of a chapter, from its content."""
    scale = dict(content["scale"])
    result = score(lines_of(content["criteria"]))
    labels, series, frame = _drawn(content, result, scale)
    drawing = picture(labels, series, corner="Critère", places=0, **frame | {"ident": ident})
    return Synthesis(content=content, score=result, picture=drawing, scale=scale, ident=ident)


def _drawn(content, result, scale):
    """What both drawings of a chapter are made of: labels, series, ends of the scale and title."""
    chapter = content["chapter"]
    title = f"Chapitre {chapter['number']} – {chapter['title']}"
    series = [Series(content["structure"], [line.value for line in result.lines])]
    frame = {"low": min(scale), "high": max(scale), "title": title}
    return [line.code for line in result.lines], series, frame


# --- In words -----------------------------------------------------------------------------------------------------


def support_of(criterion):
    """« étayé » for a level that evidence supports, « déclaré » for one that none does; "" where there is no level.

    The score is the same. Source: docs/decisions/0016-evidence.md.
    """
    if criterion["kind"] != AnswerKind.LEVEL:
        return ""
    return SUPPORTED if criterion.get("evidence") else DECLARED


def answer_in_words(said, scale, written=None):
    """A level with its name, or what stands in its place. `written`: the level as the drawing writes it."""
    if said["kind"] == AnswerKind.LEVEL:
        return f"{said['value'] if written is None else written} – {scale[said['value']]}"
    return AnswerKind(said["kind"]).label.capitalize()


def agreement_in_words(agreement, scale):
    """What a meeting agreed on, how many viewpoints were compared, and whether the answer changed since."""
    if not agreement:
        return ""
    voices = agreement["voices"]
    compared = f", {voices} {plural(voices, 'point de vue comparé', 'points de vue comparés')}" if voices else ""
    since = "" if agreement["stands"] else " La réponse a changé depuis."
    return f"{answer_in_words(agreement, scale)}, le {date_in_words(_day(agreement['on']))}{compared}.{since}"


def figures_in_words(indicators):
    """[(indicator, its figures in words)] for those that have some."""
    told = [
        (indicator, "\n".join(_figure(f, indicator["unit"]) for f in indicator["figures"])) for indicator in indicators
    ]
    return [(indicator["title"], words) for indicator, words in told if words]


def _figure(figure, unit):
    value = "nous ne savons pas" if figure["unknown"] else f"{_plain(figure['value'])} {unit}".strip()
    source = f" ({figure['source']})" if figure["source"] else ""
    return f"{figure['year']} : {value}{source}"


def _plain(written):
    """A stored decimal as French writes it, no digit lost."""
    value = Decimal(written)
    return number(value, max(0, -value.as_tuple().exponent))


def _day(written):
    return date.fromisoformat(written)


def said_of(criterion, scale):
    """{label: words} of everything a criterion says, for two versions to be compared and read."""
    evidence = criterion.get("evidence", [])
    return {
        "Réponse": answer_in_words(criterion, scale),
        "Pourquoi ce critère ne s’applique pas": criterion["na_reason"],
        "Ce qui se fait déjà": criterion["practice"],
        "Une force": criterion.get("strength", ""),
        "Une difficulté": criterion.get("difficulty", ""),
        "Commentaire partagé": criterion["comment"],
        "Accord": _agreed(criterion.get("agreement"), scale),
        **dict(figures_in_words(criterion.get("indicators", []))),
        "Justificatifs partagés": "\n".join(_cited(one) for one in evidence),
    }


def _agreed(agreement, scale):
    return f"{agreement_in_words(agreement, scale)}\n{agreement['reason']}" if agreement else ""


def _cited(evidence):
    words = evidence["title"] + (f", {evidence['page']}" if evidence["page"] else "")
    return f"{words}, version {evidence['number']}" if (evidence["number"] or 0) > 1 else words


@dataclass(frozen=True)
class Difference:
    """One criterion that two transmissions tell differently: (label, before, after) for each thing that changed."""

    code: str
    title: str
    said: tuple


def differences(before, after):
    """What a transmission changes of the one before, criterion by criterion, in words."""
    scale = dict(after["scale"])
    earlier = {criterion["code"]: criterion for criterion in before["criteria"]}
    found = []
    for criterion in after["criteria"]:
        now = said_of(criterion, scale)
        then = said_of(earlier[criterion["code"]], dict(before["scale"])) if criterion["code"] in earlier else {}
        labels = [*now, *(label for label in then if label not in now)]
        pairs = ((label, then.get(label, ""), now.get(label, "")) for label in labels)
        said = tuple(pair for pair in pairs if pair[1] != pair[2])
        if said:
            found.append(Difference(criterion["code"], criterion["title"], said))
    return found


def path_picture(chapters, scores, *, structure, scale):
    """The radar of a whole path: one axis per chapter, a gap where nothing was transmitted."""
    return picture(
        [chapter.short_title for chapter in chapters],
        [Series(structure, [scores.get(chapter.pk) for chapter in chapters])],
        low=min(scale),
        high=max(scale),
        ident="parcours",
        title="Chapitres transmis",
        size=340,
        corner="Chapitre",
    )
