"""The edition for members: the wording of the référentiel, the answers in full, what is behind each number."""

from itertools import groupby

from autodiag.documents import synthesis
from autodiag.enums import AnswerKind
from autodiag.reports import words
from autodiag.scoring import score
from caprse.base.paper import Facts, Heading, Paper, Points, Section, Table, Text
from caprse.base.svg import written
from caprse.base.text import NBSP, day_in_words, number, plural, spaced

HOW = (
    "Chaque niveau choisi est multiplié par le poids du critère ; on additionne, puis on divise par la somme des poids. "
    "Les critères sans niveau n’entrent pas dans le calcul."
)


def internal_paper(material):
    """The whole document, for the members of the network: marked, never to be shown outside."""
    chapters = [(chapter, synthesis(chapter.content, ident=f"c{chapter.number}")) for chapter in material.chapters]
    sections = [*_purpose(material)]
    if material.is_whole and chapters:
        sections.append(Section("Le parcours d’un coup d’œil", words.of_chapters(material, "parcours")))
    for chapter, read in chapters:
        sections += _picture(material, chapter, read)
    sections += _priorities(material)
    sections += _plan(material)
    sections += _presentations(material)
    for rank, (chapter, read) in enumerate(chapters):
        sections += _answers(chapter, read, new_page=rank == 0)
    return Paper(
        title=material.title,
        subtitle="Autodiagnostic – édition interne",
        organisation=material.structure,
        created=material.created,
        sections=tuple(sections),
        facts=_facts(material),
        notice=material.notice,
        context=f"{material.structure} – {material.cohort}",
        logos=material.logos,
        mentions=tuple(head.mentions for head in material.letterheads if head.mentions),
    )


def _facts(material):
    facts = [
        ("Structure", material.structure),
        ("Cohorte", material.cohort),
        ("Référentiel", f"{material.referentiel}, version {material.version}"),
    ]
    if not material.is_whole:
        facts.append(("État", words.state_of(material.chapters[0])))
    facts.append(("Document préparé", day_in_words(material.created)))
    return tuple(facts)


def _purpose(material):
    return [Section("Notre pourquoi", (Text(material.purpose, "lead"),))] if material.purpose else []


def _named(material, chapter, title):
    """A title that says of which chapter, in a document that holds several."""
    return f"Chapitre {chapter.number}{NBSP}: {title}" if material.is_whole else title[0].upper() + title[1:]


def _picture(material, chapter, read):
    """The drawing, its numbers and what the score rests on; the sub-themes, what stands out and what is left."""
    low, high = read.lowest, read.highest
    blocks = [Text(f"Score{NBSP}: {words.score_in_words(read.score, low, high)}", "lead")]
    if material.is_whole:
        blocks.append(Text(words.state_of(chapter)[0].upper() + words.state_of(chapter)[1:], "small"))
    blocks.append(_by_criterion(read, chapter))
    title = f"Chapitre {chapter.number} – {chapter.title}" if material.is_whole else "L’image du chapitre"
    found = [Section(title, tuple(blocks), new_page=material.is_whole)]
    explained = (Text(spaced(HOW)), *_quotient(read))
    found.append(Section(_named(material, chapter, "comment ce score est calculé"), explained, aside=True))
    found.append(Section(_named(material, chapter, "sous-thème par sous-thème"), (_by_section(read, chapter),)))
    if read.strengths:
        strong = [block for row in read.strengths for block in _strength(row)]
        found.append(Section(_named(material, chapter, "nos points d’appui"), tuple(strong)))
    if read.gaps:
        left = tuple(f"{row['code']} {row['title']}{NBSP}: {row['answer']}" for row in read.gaps)
        found.append(Section(_named(material, chapter, "ce qui reste à faire"), (Points(left),)))
    return found


def _by_criterion(read, chapter):
    """The levels drawn; their table holds what each adds to the sum."""
    lines = read.score.lines
    rows = [
        (f"{row['code']} {row['title']}", _answered(row), _added(line))
        for row, line in zip(read.rows, lines, strict=True)
    ]
    rows.append(("Somme", "", f"{read.score.total} pour un poids de {read.score.weight}"))
    return words.draw(
        [line.code for line in lines],
        read.content["structure"],
        [line.value for line in lines],
        low=read.lowest,
        high=read.highest,
        ident=f"c{chapter.number}-criteres",
        title=f"Chapitre {chapter.number}, critère par critère",
        table=Table("Nos réponses, et ce qu’elles comptent", ("Critère", "Réponse", "Niveau × poids"), tuple(rows)),
        places=0,
    )


def _answered(row):
    """An answer in words, with « étayé » or « déclaré » beside a level."""
    return f"{row['answer']} ({row['support']})" if row["support"] else row["answer"]


def _added(line):
    return f"{line.value} × {line.weight} = {line.points}" if line.counts else "–"


def _by_section(read, chapter):
    """Bars by sub-theme: each is the score of its own criteria, by the same function as the chapter's."""
    lines = dict(zip((line.code for line in read.score.lines), read.score.lines, strict=True))
    sections = [
        (title, score(lines[row["code"]] for row in rows))
        for title, rows in groupby(read.rows, key=lambda row: row["section"])
    ]
    return words.draw(
        [title for title, _ in sections],
        read.content["structure"],
        [result.value for _, result in sections],
        low=read.lowest,
        high=read.highest,
        ident=f"c{chapter.number}-themes",
        title=f"Chapitre {chapter.number}, sous-thème par sous-thème",
        table=Table(
            "Le score de chaque sous-thème",
            ("Sous-thème", "Score", "Critères comptés"),
            tuple((title, written(result.value), words.counted(result)) for title, result in sections),
            frozenset({1, 2}),
        ),
        as_bars=True,
    )


def _strength(row):
    told = "\n".join(filter(None, (row["practice"], row["strength"]))) or "Aucune pratique décrite."
    return Heading(f"{row['code']} {row['title']}"), Text(told)


def _quotient(read):
    """The division, then how many criteria it leaves out, and why."""
    result, told = read.score, []
    if result.value is not None:
        told.append(f"{result.total} ÷ {result.weight} = {number(result.value, 1)} (arrondi {result.rounding})")
    if read.left_out:
        counts = ", ".join(f"{count} {label}" for label, count in read.left_out)
        told.append(f"Laissés hors du calcul{NBSP}: {counts}.")
    return tuple(Text(line) for line in told)


def _priorities(material):
    if not material.priorities:
        return []
    rows = tuple(
        (f"{rank}. {one.code} {one.title}", one.impact or "–", one.effort or "–")
        for rank, one in enumerate(material.priorities, start=1)
    )
    table = Table("Ce que nous mettons en avant", ("Critère", "Effet attendu", "Effort"), rows)
    return [Section("Nos priorités", (table,), new_page=material.is_whole)]


def _plan(material):
    if material.actions is None:
        return []
    if not material.actions:
        return [Section("Notre plan d’actions", (Text("Pas encore d’action."),))]
    rows = tuple(
        (action.what, action.who or "–", words.due(action.due_on) or "–", action.status) for action in material.actions
    )
    count = len(rows)
    caption = f"{count} {plural(count, 'action', 'actions')}"
    table = Table(caption, ("Quoi", "Qui", "Pour quand", "Où elle en est"), rows)
    details = [block for action in material.actions for block in _action(action)]
    sections = [Section("Notre plan d’actions", (table,))]
    return [*sections, Section("Les actions, une à une", tuple(details), aside=True)] if details else sections


def _action(action):
    """What the table does not hold of an action."""
    pairs = (
        ("Critère", action.criterion),
        ("Pourquoi", action.why),
        ("À partir du", words.day(action.starts_on)),
        ("Avec quels moyens", action.means),
        ("Avec quels partenaires", action.partners),
        ("Budget", words.money(action.budget)),
        ("À quoi nous verrons que c’est fait", action.indicator),
        ("Pourquoi elle n’avance plus", action.status_reason),
    )
    told = tuple((label, text) for label, text in pairs if text)
    return (Heading(action.what), Facts(told)) if told else ()


def _presentations(material):
    if not material.presentations:
        return []
    rows = tuple(
        (words.day(one.held_on), one.to[0].upper() + one.to[1:], one.note or "–", _files(one))
        for one in material.presentations
    )
    table = Table("À qui nous l’avons présenté", ("Le", "À", "Ce qui s’est dit", "Documents"), rows)
    return [Section("Présentations", (table,))]


def _files(one):
    return "\n".join(filter(None, (one.document, one.minutes))) or "–"


def _answers(chapter, read, *, new_page):
    """Every criterion in full, in order, under its sub-theme; one chapter follows another."""
    blocks = []
    for section, rows in groupby(read.rows, key=lambda row: row["section"]):
        blocks.append(Heading(section))
        for row in rows:
            blocks += _answer(row)
    return [Section(f"Chapitre {chapter.number}, critère par critère", tuple(blocks), new_page=new_page, aside=True)]


def _answer(row):
    """One criterion: its question, the answer and what it rests on, then what the structure says of it."""
    level = dict(row["levels"]).get(row["value"], "") if row["kind"] == AnswerKind.LEVEL else ""
    agreement = row["agreement"] or {}
    pairs = (
        ("Réponse", "\n".join(filter(None, (_answered(row), spaced(level))))),
        ("Pourquoi ce critère ne s’applique pas", row["na_reason"]),
        ("Ce qui se fait déjà", row["practice"]),
        ("Une force", row["strength"]),
        ("Une difficulté", row["difficulty"]),
        ("Accord noté", "\n".join(filter(None, (spaced(row["agreed"]), agreement.get("reason", ""))))),
        *row["figures"],
        ("Justificatifs partagés", "\n".join(cited(one) for one in row["evidence"])),
        ("Commentaire partagé", row["comment"]),
    )
    told = tuple((label, text) for label, text in pairs if text)
    return Heading(f"{row['code']} {row['title']}", 4), Text(spaced(row["question"]), "quote"), Facts(told)


def cited(evidence):
    """One item of evidence, with the place where it says so."""
    return f"{evidence['title']}, {evidence['page']}" if evidence["page"] else evidence["title"]
