"""The edition to be shown outside, to a general assembly, a board, partners: the structure's own words only."""

from autodiag.reports import words
from autodiag.reports.own_words import own_words
from caprse.base.paper import Facts, Heading, Paper, Points, Section, Table, Text
from caprse.base.text import NBSP, day_in_words, number, spaced


def outward_paper(material, protected):
    """The whole document, from what the structure may show; `protected`: see `own_words`."""
    own = own_words(material, protected)
    sections = []
    if own.purpose:
        sections.append(Section("Notre pourquoi", (Text(own.purpose, "lead"),)))
    sections += _results(material, own)
    sections += _practices(material, own)
    sections += _plan(own)
    if own.presentations:
        told = tuple(f"{words.day(held_on).capitalize()}{NBSP}: {to}" for to, held_on in own.presentations)
        sections.append(Section("À qui nous l’avons présenté", (Points(told),)))
    return Paper(
        title=material.title,
        subtitle="Où nous en sommes, ce que nous faisons, ce que nous allons faire",
        organisation=material.structure,
        created=material.created,
        sections=tuple(sections),
        facts=(("Cohorte", material.cohort), ("Document préparé", day_in_words(material.created))),
        context=material.structure,
        logos=own.logos,
        mentions=own.mentions,
    )


def _results(material, own):
    if material.is_whole:
        if not own.chapters:
            return []
        return [Section("Où nous en sommes", words.of_chapters(material, "parcours"))]
    chapter = own.chapters[0]
    if chapter.score is None:
        score = "Pas encore de score."
    else:
        score = f"Notre score{NBSP}: {number(chapter.score, 1)}, sur une échelle de {chapter.low} à {chapter.high}."
    facts = Facts((("Critères comptés", chapter.counted), ("État du chapitre", chapter.state)))
    how = Text(spaced("Nous nous évaluons nous-mêmes, à plusieurs : ce score est une photographie, pas une note."))
    return [Section("Où nous en sommes", (Text(score, "lead"), how, facts))]


def _practices(material, own):
    found = []
    for kind, title in (("strengths", "Nos forces"), ("practices", "Ce que nous faisons déjà")):
        blocks = []
        for chapter in own.chapters:
            texts = getattr(chapter, kind)
            if texts and material.is_whole:
                blocks.append(Heading(f"{chapter.number}. {chapter.title}"))
            if texts:
                blocks.append(Points(texts))
        if blocks:
            found.append(Section(title, tuple(blocks)))
    return found


def _plan(own):
    if not own.actions:
        return []
    rows = tuple(
        (action.what, action.why or "–", action.who or "–", words.due(action.due_on) or "–", action.status)
        for action in own.actions
    )
    columns = ("Quoi", "Pourquoi", "Qui", "Pour quand", "Où elle en est")
    return [Section("Ce que nous allons faire", (Table("Notre plan d’actions", columns, rows),))]
