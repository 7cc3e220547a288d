"""Both editions as workbooks: the same matter, in columns."""

from autodiag.documents import synthesis
from autodiag.enums import AnswerKind
from autodiag.reports import words
from autodiag.reports.internal import cited
from autodiag.reports.own_words import own_words
from caprse.base.paper import Column, Sheet, Workbook
from caprse.base.text import day_in_words

LONG, SHORT = 60, 14
SAID = Column("Ce que c’est"), Column("Ce que nous en disons", LONG)


def internal_workbook(material):
    """Everything a document for members holds, criterion by criterion."""
    chapters = [(chapter, synthesis(chapter.content)) for chapter in material.chapters]
    sheets = [
        _about(material, material.purpose, ("Mention", material.notice), mentions=_mentions(material)),
        _scores(material),
        _answers(chapters),
        _figures(chapters),
    ]
    if material.priorities:
        sheets.append(_priorities(material))
    if material.actions is not None:
        sheets.append(_actions(material))
    sheets.append(_presentations(material))
    return _workbook(material, sheets)


def outward_workbook(material, protected):
    """What the structure may show, in columns; `protected`: see `own_words`."""
    own = own_words(material, protected)
    columns = (
        Column("Chapitre", SHORT),
        Column("Titre", 40),
        Column("Force ou pratique", SHORT),
        Column("Dans nos mots", LONG),
    )
    told = [
        (chapter.number, chapter.title, kind, text)
        for chapter in own.chapters
        for kind, texts in (("force", chapter.strengths), ("pratique", chapter.practices))
        for text in texts
    ]
    sheets = [_about(material, own.purpose, mentions=own.mentions), _scores(material)]
    sheets.append(Sheet("Ce que nous faisons", columns, told))
    if own.actions is not None:
        sheets.append(_own_actions(own.actions))
    if own.presentations:
        rows = [(held_on, to) for to, held_on in own.presentations]
        sheets.append(Sheet("Présentations", (Column("Le", SHORT), Column("À", 40)), rows))
    return _workbook(material, sheets)


def _workbook(material, sheets):
    return Workbook(
        title=material.title, organisation=material.structure, created=material.created, sheets=tuple(sheets)
    )


def _mentions(material):
    return tuple(head.mentions for head in material.letterheads if head.mentions)


def _about(material, purpose, *more, mentions):
    rows = [
        ("Document", material.title),
        ("Structure", material.structure),
        ("Cohorte", material.cohort),
        ("Document préparé", day_in_words(material.created)),
        *more,
        ("Notre pourquoi", purpose),
        *(("Mentions", mention) for mention in mentions),
    ]
    return Sheet("Document", SAID, [row for row in rows if row[1]])


def _scores(material):
    """The scores by chapter title, in either edition; a chapter of the path that is not here has none."""
    begun = {chapter.number: chapter for chapter in material.chapters}
    path = [(number, title) for number, title, _ in material.path] or [(c.number, c.title) for c in material.chapters]
    rows = [_score(number, title, begun.get(number), material.absent) for number, title in path]
    named = ("Chapitre", SHORT), ("Titre", 40), ("Score", SHORT), ("De", 8), ("À", 8), ("Critères comptés", 18)
    return Sheet("Scores", (*(Column(*one) for one in named), Column("Où il en est", 30)), rows)


def _score(number, title, chapter, absent):
    if chapter is None:
        return number, title, None, None, None, None, absent
    result = words.score_of(chapter)
    return number, title, result.value, *words.bounds([chapter]), words.counted(result), words.state_of(chapter)


def _answers(chapters):
    columns = (
        ("Chapitre", SHORT),
        ("Sous-thème", 24),
        ("Critère", SHORT),
        ("Titre", 40),
        ("Question", LONG),
        ("Niveau", SHORT),
        ("Réponse", 24),
        ("Description du niveau", LONG),
        ("Poids", SHORT),
        ("Points", SHORT),
        ("Appui", SHORT),
        ("Pourquoi ce critère ne s’applique pas", 40),
        ("Ce qui se fait déjà", LONG),
        ("Une force", LONG),
        ("Une difficulté", LONG),
        ("Accord noté", 40),
        ("Pourquoi cet accord", 40),
        ("Justificatifs partagés", 40),
        ("Commentaire partagé", LONG),
    )
    rows = [
        _answer(chapter, row, line)
        for chapter, read in chapters
        for row, line in zip(read.rows, read.score.lines, strict=True)
    ]
    return Sheet("Réponses", tuple(Column(*one) for one in columns), rows)


def _answer(chapter, row, line):
    levelled = row["kind"] == AnswerKind.LEVEL
    return (
        chapter.number,
        row["section"],
        row["code"],
        row["title"],
        row["question"],
        row["value"] if levelled else None,
        row["answer"],
        dict(row["levels"]).get(row["value"], "") if levelled else "",
        row["weight"],
        line.points,
        row["support"],
        row["na_reason"],
        row["practice"],
        row["strength"],
        row["difficulty"],
        row["agreed"],
        (row["agreement"] or {}).get("reason", ""),
        "\n".join(cited(one) for one in row["evidence"]),
        row["comment"],
    )


def _figures(chapters):
    rows = [
        (row["code"], indicator["title"], indicator["unit"], figure["year"], *_value(figure), figure["source"])
        for _, read in chapters
        for row in read.rows
        for indicator in row["indicators"]
        for figure in indicator["figures"]
    ]
    named = ("Critère", SHORT), ("Indicateur", 40), ("Unité", SHORT), ("Année", SHORT), ("Valeur", SHORT)
    columns = (*(Column(*one) for one in named), Column("Nous ne savons pas", 18), Column("Source", 40))
    return Sheet("Indicateurs", columns, rows)


def _value(figure):
    if figure["unknown"] or figure["value"] is None:
        return None, "nous ne savons pas" if figure["unknown"] else ""
    return words.exact(figure["value"]), ""


def _priorities(material):
    named = ("Rang", SHORT), ("Critère", SHORT), ("Titre", 40), ("Effet attendu", 18), ("Effort", 18)
    rows = [
        (rank, one.code, one.title, one.impact, one.effort) for rank, one in enumerate(material.priorities, start=1)
    ]
    return Sheet("Priorités", tuple(Column(*one) for one in named), rows)


def _actions(material):
    named = (
        ("Quoi", LONG),
        ("Critère", 40),
        ("Pourquoi", LONG),
        ("Qui", 24),
        ("À partir du", SHORT),
        ("Pour quand", SHORT),
        ("Avec quels moyens", 40),
        ("Avec quels partenaires", 40),
        ("Budget, en euros", SHORT),
        ("À quoi nous verrons que c’est fait", 40),
        ("Où elle en est", SHORT),
        ("Pourquoi elle n’avance plus", 40),
    )
    rows = [
        (
            *(one.what, one.criterion, one.why, one.who, one.starts_on, one.due_on, one.means, one.partners),
            *(one.budget, one.indicator, one.status, one.status_reason),
        )
        for one in material.actions
    ]
    return Sheet("Plan d’actions", tuple(Column(*one) for one in named), rows)


def _own_actions(actions):
    named = (
        *(("Quoi", LONG), ("Pourquoi", LONG), ("Qui", 24), ("Pour quand", SHORT), ("Avec quels moyens", 40)),
        *(("À quoi nous verrons que c’est fait", 40), ("Où elle en est", SHORT)),
    )
    rows = [(a.what, a.why, a.who, a.due_on, a.means, a.indicator, a.status) for a in actions]
    return Sheet("Plan d’actions", tuple(Column(*one) for one in named), rows)


def _presentations(material):
    named = ("Le", SHORT), ("À", 40), ("Ce qui s’est dit", LONG), ("Document présenté", 40), ("Compte rendu", 40)
    rows = [(one.held_on, one.to, one.note, one.document, one.minutes) for one in material.presentations]
    return Sheet("Présentations", tuple(Column(*one) for one in named), rows)
