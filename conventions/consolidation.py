"""A text as its amendments leave it, what each of them changes, and who was bound by what on a day. Pure: no query."""

from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher

from conventions.texts.comparing import ADDED as INSERTED
from conventions.texts.comparing import REMOVED as TAKEN_OUT
from conventions.texts.comparing import SAME, matcher_of, word_changes

REPLACED, ADDED, REMOVED, MOVED = "replaced", "added", "removed", "moved"
ACTS = {
    REPLACED: "nouvelle rédaction",
    ADDED: "article ajouté",
    REMOVED: "article supprimé",
    MOVED: "article déplacé",
}
ALIKE = 0.4  # under it, two paragraphs have nothing in common: one went, another came


@dataclass(frozen=True)
class Paragraph:
    """One clause, its blanks filled. `roles` empty: it binds every party."""

    text: str
    roles: tuple = ()
    heading: str = ""


@dataclass(frozen=True)
class Text:
    """One article under a key that it keeps when its number changes."""

    key: str
    title: str
    paragraphs: tuple


@dataclass(frozen=True)
class Span:
    """Some words of a paragraph: kept, taken out or put in."""

    words: str
    state: str = ""


@dataclass(frozen=True)
class Line:
    """One paragraph compared: `before` or `after` is empty when it came or went; `same` when no word changed."""

    paragraph: Paragraph
    before: tuple = ()
    after: tuple = ()
    same: bool = False


@dataclass(frozen=True)
class Difference:
    """What happens to one article: `number` is its number before, `place` its number afterwards, None where it is not."""

    act: str
    key: str
    title: str
    number: int | None
    place: int | None
    lines: tuple = ()
    title_before: str = ""
    also_moved: bool = False

    @property
    def words(self):
        return ACTS[self.act]


# --- The text -----------------------------------------------------------------------------------------------------


def base_texts(template, numbered):
    """The articles of a frozen text, as `numbered_articles` fills them, under the keys of its template."""
    return tuple(
        Text(
            article.key,
            filled.title,
            tuple(
                Paragraph(item.text, tuple(block.roles), block.heading if rank == 0 else "")
                for block in filled.blocks
                for rank, item in enumerate(block.items)
            ),
        )
        for article, filled in zip(template.articles, numbered, strict=True)
    )


def paragraphs_of(entry):
    """The paragraphs that an entry of `Convention.changes` writes."""
    return tuple(
        Paragraph(clause["text"], tuple(clause.get("roles", ())), clause.get("heading", ""))
        for clause in entry.get("clauses", ())
    )


def amended(texts, changes):
    """The articles once these changes are made, in order. A change to an article that is not there changes nothing."""
    result = list(texts)
    for entry in changes:
        place = next((rank for rank, text in enumerate(result) if text.key == entry["key"]), None)
        if entry["act"] == ADDED:
            if place is None:
                _put(result, entry, Text(entry["key"], entry["title"], paragraphs_of(entry)))
        elif place is None:
            continue
        elif entry["act"] == REMOVED:
            del result[place]
        elif entry["act"] == MOVED:
            _put(result, entry, result.pop(place))
        else:
            result[place] = replace(result[place], title=entry["title"], paragraphs=paragraphs_of(entry))
    return tuple(result)


def _put(result, entry, text):
    """Put an article after the one named, first when none is, last when it is gone."""
    after = entry.get("after", "")
    ranks = {other.key: rank for rank, other in enumerate(result)}
    result.insert(ranks.get(after, len(result) - 1) + 1 if after else 0, text)


# --- What changes -------------------------------------------------------------------------------------------------


def differences(before, after):
    """What happens to each article that changes, in the order of the text afterwards, those taken out at their place."""
    numbers = {text.key: rank for rank, text in enumerate(before, start=1)}
    places = {text.key: rank for rank, text in enumerate(after, start=1)}
    old, new = {text.key: text for text in before}, {text.key: text for text in after}
    moved = _moved([key for key in numbers if key in places], [key for key in places if key in numbers])
    found = []
    for key, place in places.items():
        if key not in old:
            lines = tuple(Line(p, after=(Span(p.text, "in"),)) for p in new[key].paragraphs)
            found.append((place, 1, Difference(ADDED, key, new[key].title, None, place, lines)))
        elif old[key] != new[key]:
            lines = compared(old[key].paragraphs, new[key].paragraphs)
            title_before = old[key].title if old[key].title != new[key].title else ""
            change = Difference(REPLACED, key, new[key].title, numbers[key], place, lines, title_before, key in moved)
            found.append((place, 1, change))
        elif key in moved:
            found.append((place, 1, Difference(MOVED, key, new[key].title, numbers[key], place)))
    for key, number in numbers.items():
        if key not in places:
            lines = tuple(Line(p, before=(Span(p.text, "out"),)) for p in old[key].paragraphs)
            found.append(
                (_place_of(key, numbers, places), 0, Difference(REMOVED, key, old[key].title, number, None, lines))
            )
    return [change for _, _, change in sorted(found, key=lambda row: (row[0], row[1], row[2].number or 0))]


def _moved(before, after):
    """The keys that do not keep their order: as few as can be, whatever came or went around."""
    kept = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    still = {before[block.a + rank] for block in kept for rank in range(block.size)}
    return set(before) - still


def _place_of(key, numbers, places):
    """Where an article that is gone stood, told in the numbers of the text afterwards."""
    earlier = [other for other, number in numbers.items() if number < numbers[key] and other in places]
    return places[earlier[-1]] + 1 if earlier else 0


def compared(before, after):
    """The paragraphs of an article, one under the other: same, changed word by word, gone, come."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    lines = []
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            lines += [Line(p, same=True) for p in before[a1:a2]]
        else:
            lines += _paired(before[a1:a2], after[b1:b2])
    return tuple(lines)


def _paired(before, after):
    """Old and new paragraphs that follow one another: each with the one it was, as far as they are alike."""
    lines, waiting = [], list(before)
    for paragraph in after:
        alike = next((old for old in waiting if _ratio(old.text, paragraph.text) >= ALIKE), None)
        if alike is None:
            lines.append(Line(paragraph, after=(Span(paragraph.text, "in"),)))
            continue
        while waiting[0] is not alike:
            lines.append(_gone(waiting.pop(0)))
        waiting.pop(0)
        lines.append(Line(paragraph, *word_by_word(alike.text, paragraph.text)))
    return lines + [_gone(paragraph) for paragraph in waiting]


def _gone(paragraph):
    return Line(paragraph, before=(Span(paragraph.text, "out"),))


def _ratio(before, after):
    return matcher_of(before.split(), after.split()).ratio()


def word_by_word(before, after):
    """Two paragraphs as spans: what went out of the first, what came in the second. Joined, each is whole again."""
    words = word_changes(before, after)
    left = tuple(Span(text, "" if op == SAME else "out") for op, text in words if op != INSERTED)
    right = tuple(Span(text, "" if op == SAME else "in") for op, text in words if op != TAKEN_OUT)
    return left, right


def in_short(change):
    """« Article 3, « Durée » : nouvelle rédaction »."""
    number = change.place if change.number is None else change.number
    told = f"Article {number}, « {change.title} » : {change.words}"
    if change.act == MOVED or change.also_moved:
        told += f", qui devient l’article {change.place}" if change.place != change.number else ""
    return told


# --- Who was bound, by what, on a day -----------------------------------------------------------------------------


@dataclass(frozen=True)
class TextFact:
    """One text and the days it holds; `until` None: it still does."""

    name: str
    since: date | None
    until: date | None = None
    sha256: str = ""
    row: object = field(default=None, compare=False)

    def holds(self, day):
        return self.since is not None and self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class PartyFact:
    """One party and the days it is bound, last one included; `by` says through which act it came in."""

    name: str
    role: str
    since: date | None
    until: date | None = None
    by: str = ""
    left_because: str = ""

    def is_bound(self, day):
        return self.since is not None and self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Bound:
    """Who was bound on a day, and by which texts; `why_nobody` says why when nobody was."""

    day: date
    texts: tuple
    parties: tuple
    why_nobody: str = ""


def bound_on(base, amendments, parties, day):
    """Who was bound by which text on this day: the convention first, then its amendments in order of effect."""
    if not base.holds(day):
        if base.since is None:
            why = "Ce texte n’est pas encore en vigueur : il n’engage personne."
        elif day < base.since:
            why = "Ce jour-là, le texte n’était pas encore en vigueur : il n’engageait personne."
        else:
            why = "Ce jour-là, le texte n’était plus en vigueur."
        return Bound(day, (), (), why)
    holding = sorted((fact for fact in amendments if fact.holds(day)), key=lambda fact: (fact.since, fact.name))
    return Bound(day, (base, *holding), tuple(party for party in parties if party.is_bound(day)))
