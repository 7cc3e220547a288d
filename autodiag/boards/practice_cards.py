"""Practice cards as they are searched and read: by criterion, kind of structure, region, words. Pure: no query."""

from dataclasses import dataclass

from caprse.base.text import normalised
from cohorts.enums import SiaeKind

MOST = 200


@dataclass(frozen=True)
class Facets:
    """What may be looked for: (value, label) of what some card has."""

    criteria: list
    kinds: list
    regions: list


def facets(cards):
    """The choices that lead somewhere. One criterion from a version to the next is one choice, in its last words."""
    criteria, kinds, regions = {}, set(), {}
    for card in sorted(cards, key=lambda card: card.criterion.pk):
        criteria[card.criterion_stable_id] = f"{card.criterion.code} – {card.criterion.title}"
        kinds.update(card.siae_kinds)
        regions[card.region.slug] = card.region.name
    return Facets(
        criteria=sorted(criteria.items(), key=lambda choice: _in_order(choice[1])),
        kinds=[(kind.value, _capital(kind.label)) for kind in SiaeKind if kind.value in kinds],
        regions=sorted(regions.items(), key=lambda choice: normalised(choice[1])),
    )


def _in_order(label):
    """« 2.10 » after « 2.9 »."""
    code = label.partition(" ")[0]
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in code.split(".")]


def found(cards, asked):
    """Those that hold everything that is asked for; words and territories whatever their accents and capitals."""
    words = normalised(asked.get("q", "")).split()
    return [
        card
        for card in cards
        if asked.get("critere", card.criterion_stable_id) == card.criterion_stable_id
        and asked.get("region", card.region.slug) == card.region.slug
        and ("type" not in asked or asked["type"] in card.siae_kinds)
        and _holds(card, words)
    ]


def _holds(card, words):
    if not words:
        return True
    texts = (card.title, card.what, card.how, card.result, card.signed_as, card.territory, card.region.name)
    text = normalised(" ".join(texts))
    return all(word in text for word in words)


def by_chapter(cards):
    """[(heading, cards)]: chapters and criteria in order, the newest cards first in each. `cards` come newest first."""
    groups = {}
    for card in cards:
        chapter = card.criterion.chapter
        version = chapter.version
        groups.setdefault((version.referentiel.title, chapter.number), (chapter, []))[1].append(card)
    several = len({title for title, _ in groups}) > 1
    return [
        (_heading(title, chapter, several), sorted(rows, key=_position))
        for (title, _), (chapter, rows) in sorted(groups.items(), key=_key)
    ]


def _key(group):
    return group[0]


def _position(card):
    return card.criterion.position


def _heading(referentiel, chapter, several):
    said = f"Chapitre {chapter.number} – {chapter.title}"
    return f"{said} ({referentiel})" if several else said


def kinds_in_words(card):
    """The kinds of its structure, « atelier et chantier d’insertion (ACI) »."""
    known = dict(SiaeKind.choices)
    return ", ".join(known.get(kind, kind) for kind in card.siae_kinds)


def _capital(label):
    return label[0].upper() + label[1:]
