"""What a file must hold to become a version. Pure: plain data in, sentences out."""

import re

from caprse.base.text import normalised
from referentiel.models import Chapter, Criterion, Indicator, Referentiel, ScaleStep, Section, VoiceGroup
from referentiel.rules import LEAST_GROUPS, MOST_GROUPS

# Texts of each kind of row: (key of the file, whether it must be there). Lengths are the columns'.
TEXTS = {
    Referentiel: (("title", True), ("notice", False)),
    ScaleStep: (("label", True),),
    VoiceGroup: (("name", True),),
    Chapter: (("title", True), ("short_title", False)),
    Section: (("title", True),),
    Criterion: (("code", True), ("title", True), ("question", True)),
    Indicator: (("title", True), ("unit", False)),
}
ONLY = {"scale": {"value", "label"}, "voice_groups": {"name", "surveyed"}, "indicators": {"title", "unit", "help"}}
FREE = {Chapter: ("summary",), Criterion: ("help", "examples", "evidence_hint"), Indicator: ("help",)}
LISTS = ("scale", "voice_groups", "chapters", "sections", "criteria", "indicators")
SMALL = 32_767


def problems(data):
    """What is to be put right before importing, one French sentence each; empty when nothing is."""
    found = [*_misplaced(data, "le référentiel"), *_texts(Referentiel, data, "le référentiel")]
    if not (isinstance(data.get("code"), str) and re.fullmatch(r"[-a-zA-Z0-9_]{1,30}", data["code"])):
        found.append(
            "le référentiel : « code » manque, ou a autre chose que des lettres sans accent, chiffres et tirets"
        )
    scale = _rows(data, "scale")
    if len(scale) < 2:
        found.append("le référentiel : « scale » doit avoir au moins deux degrés")
    for step in scale:
        where = f"le degré {step.get('value', '?')}"
        found += [
            *_number(step, "value", where, least=0),
            *_texts(ScaleStep, step, where),
            *_unknown(step, "scale", where),
        ]
    if len({str(step.get("value")) for step in scale}) < len(scale):
        found.append("le référentiel : deux degrés ont la même valeur")
    found += _in_groups(data)
    if not _rows(data, "chapters"):
        found.append("le référentiel : aucun chapitre (« chapters »)")
    found += _twice(_rows(data, "chapters"), "number", "le référentiel")
    for chapter in _rows(data, "chapters"):
        found += _in_chapter(chapter, len(scale))
    return found


def _in_groups(data):
    """The groups of voices; a file that gives none gets the usual ones."""
    groups = _rows(data, "voice_groups")
    if "voice_groups" in data and not LEAST_GROUPS <= len(groups) <= MOST_GROUPS:
        yield f"le référentiel : « voice_groups » doit avoir de {LEAST_GROUPS} à {MOST_GROUPS} groupes"
    for rank, group in enumerate(groups, start=1):
        where = f"le groupe de voix {rank}"
        yield from _texts(VoiceGroup, group, where)
        yield from _unknown(group, "voice_groups", where)
        if not isinstance(group.get("surveyed", False), bool):
            yield f"{where} : « surveyed » doit être true ou false"
    names = [normalised(group["name"]) for group in groups if isinstance(group.get("name"), str)]
    if len(set(names)) < len(names):
        yield "le référentiel : deux groupes de voix ont le même nom"


def _in_chapter(chapter, levels):
    where = f"le chapitre {chapter.get('number', '?')}"
    yield from _number(chapter, "number", where)
    yield from _texts(Chapter, chapter, where)
    sections = _rows(chapter, "sections")
    yield from _twice(sections, "number", where)
    criteria = [criterion for section in sections for criterion in _rows(section, "criteria")]
    yield from _twice(criteria, "code", where)
    if not criteria:
        yield f"{where} : aucun critère (« sections », puis « criteria »)"
    for section in sections:
        part = f"{where}, sous-thème {section.get('number', '?')}"
        yield from _number(section, "number", part)
        yield from _texts(Section, section, part)
    for criterion in criteria:
        yield from _in_criterion(criterion, levels)


def _in_criterion(criterion, levels):
    where = f"le critère {criterion.get('code', '?')}"
    yield from _texts(Criterion, criterion, where)
    described = criterion.get("levels")
    if not (isinstance(described, list) and all(isinstance(text, str) for text in described)):
        yield f"{where} : « levels » doit être une liste de textes"
    elif len(described) != levels:
        yield f"{where} : {levels} niveaux attendus, {len(described)} trouvés"
    if "weight" in criterion:
        yield from _number(criterion, "weight", where)
    for key in ("iso", "odd"):
        numbers = criterion.get(key, [])
        if not (isinstance(numbers, list) and all(_is_number(number) for number in numbers)):
            yield f"{where} : « {key} » doit être une liste de numéros"
        elif len(set(numbers)) < len(numbers):
            yield f"{where} : « {key} » cite deux fois le même numéro"
    for indicator in _rows(criterion, "indicators"):
        yield from _texts(Indicator, indicator, f"{where}, un indicateur")
        yield from _unknown(indicator, "indicators", f"{where}, un indicateur")


def _unknown(row, kind, where):
    for key in sorted(set(row) - ONLY[kind]):
        yield f"{where} : « {key} » n’existe pas"


def _misplaced(data, where):
    """Lists that hold something else than tables, however deep: what would be skipped without a word."""
    for key in LISTS:
        if key in data and _rows(data, key) != data[key]:
            yield f"{where} : « {key} » doit être une liste de tables"
        for row in _rows(data, key):
            yield from _misplaced(row, f"{where}, {key} {row.get('number', row.get('code', row.get('title', '?')))}")


def _rows(data, key):
    rows = data.get(key, [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _texts(model, row, where):
    for key, required in TEXTS[model]:
        text = row.get(key, "")
        longest = model._meta.get_field(key).max_length
        if not isinstance(text, str):
            yield f"{where} : « {key} » n’est pas un texte"
        elif required and not text.strip():
            yield f"{where} : « {key} » manque"
        elif len(text) > longest:
            yield f"{where} : « {key} » dépasse {longest} caractères"
    for key in FREE.get(model, ()):
        if not isinstance(row.get(key, ""), str):
            yield f"{where} : « {key} » n’est pas un texte"
    for key, value in row.items():
        if any(isinstance(text, str) and "\0" in text for text in (value if isinstance(value, list) else [value])):
            yield f"{where} : « {key} » contient un caractère nul"


def _is_number(value, least=1):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= SMALL


def _number(row, key, where, least=1):
    if not _is_number(row.get(key), least):
        yield f"{where} : « {key} » doit être un nombre entier, à partir de {least}"


def _twice(rows, key, where):
    values = [str(row.get(key)) for row in rows]
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield f"{where} : « {key} » {value} apparaît deux fois"
