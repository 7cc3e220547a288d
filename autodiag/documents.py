"""A chapter as plain data: what is frozen when it is transmitted, shown as a synthesis and printed as a PDF."""

from dataclasses import dataclass

from autodiag.enums import AnswerKind
from autodiag.scoring import Line, Score, score
from caprse.base.svg import Picture, Series, picture
from cohorts.enums import Visibility


def content_of(autodiag, answers, scale, *, shared_only):
    """The wording, answers and score of a chapter as JSON-ready data.

    `answers` come with criterion, section, levels and comment. With `shared_only`, comments kept to the
    structure are left out: that is what may be transmitted.
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
        "score": {"total": result.total, "weight": result.weight, "value": _written(result.value)},
    }


def _criterion(answer, *, shared_only):
    criterion = answer.criterion
    levels = [[level.value, level.description] for level in criterion.levels.all()]
    value = next((level.value for level in criterion.levels.all() if level.pk == answer.level_id), None)
    comment = getattr(answer, "comment", None)
    shown = comment and (not shared_only or comment.visibility == Visibility.FACILITATOR)
    return {
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
        "to_review": answer.to_review,
        "comment": comment.text if shown else "",
    }


def _written(value):
    return None if value is None else str(value)


def lines_of(criteria):
    """The lines a score is made of, from frozen or fresh criteria."""
    return [
        Line(code=c["code"], title=c["title"], weight=c["weight"], kind=c["kind"], value=c["value"]) for c in criteria
    ]


@dataclass(frozen=True)
class Synthesis:
    """What a page or a PDF shows of a chapter. `picture` holds the drawing and its table."""

    content: dict
    score: Score
    picture: Picture
    scale: dict

    @property
    def strengths(self):
        """Criteria at or above the chapter's score, above the first degree, best first, three at most."""
        codes = [line.code for line in self.score.strengths(above=min(self.scale))]
        by_code = {criterion["code"]: criterion for criterion in self.content["criteria"]}
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

    @property
    def rows(self):
        """Criteria with their answer in words, the numbers being those of the drawing."""
        drawn = zip(self.content["criteria"], self.picture.rows, strict=True)
        return [{**criterion, "answer": self.answer_in_words(criterion, cells[-1])} for criterion, cells in drawn]

    def answer_in_words(self, criterion, number):
        if criterion["kind"] == AnswerKind.LEVEL:
            return f"{number} – {self.scale[criterion['value']]}"
        return AnswerKind(criterion["kind"]).label.capitalize()

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
    chapter = content["chapter"]
    drawing = picture(
        [line.code for line in result.lines],
        [Series(content["structure"], [line.value for line in result.lines])],
        low=min(scale),
        high=max(scale),
        ident=ident,
        title=f"Chapitre {chapter['number']} – {chapter['title']}",
        corner="Critère",
        places=0,
    )
    return Synthesis(content=content, score=result, picture=drawing, scale=scale)


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
