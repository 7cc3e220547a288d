"""The content of a version as plain data: what is hashed when it is published, what changes from one to the next."""

import hashlib
import json
from dataclasses import dataclass

from caprse.base.echoes import Passage, Protected
from referentiel.rules import LEAST_GROUPS

GROUPS = "voice_groups"


def canonical(version):
    """The wording of a version, in order, as JSON-ready data; presentation help left out."""
    return {
        "code": version.referentiel.code,
        "number": version.number,
        "scale": [[step.value, step.label] for step in version.scale.all()],
        "voice_groups": [[group.stable_id, group.name, group.surveyed] for group in version.voice_groups.all()],
        "chapters": [
            {
                "stable_id": chapter.stable_id,
                "number": chapter.number,
                "title": chapter.title,
                "sections": [[section.number, section.title] for section in chapter.sections.all()],
                "criteria": [_criterion(criterion) for criterion in chapter.criteria.all()],
            }
            for chapter in version.chapters.all()
        ],
    }


def _criterion(criterion):
    return {
        "stable_id": criterion.stable_id,
        "section": criterion.section.number,
        "code": criterion.code,
        "title": criterion.title,
        "question": criterion.question,
        "weight": criterion.weight,
        "levels": [[level.value, level.description] for level in criterion.levels.all()],
        "indicators": [[indicator.title, indicator.unit] for indicator in criterion.indicators.all()],
        "correspondences": [[link.framework, link.number] for link in criterion.correspondences.all()],
    }


def content_hash(data):
    """SHA-256 of JSON-ready data in one fixed spelling (sorted keys, no spaces, UTF-8)."""
    spelled = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


def stamp(version):
    """Fingerprint of all that one reads of a version, help included: what was shown is what is published."""
    return content_hash([[row["stable_id"], row["texts"]] for row in _rows(version)])


# --- What is still missing ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """What a draft lacks: `where` (« critère 1.2 »), `what` (« la question »), and the row one completes it on.

    `kind`: chapter, criterion, voice_groups, or question (one to be asked without an account, that it would give away).
    """

    kind: str
    stable_id: str
    where: str
    what: str


def missing(version, asked=()):
    """Everything a draft lacks before it can be published, in reading order.

    `asked`: the released questions it is to take over, which must not repeat its new wording.
    """
    gaps = [gap for chapter in version.chapters.all() for gap in _missing_in(chapter)]
    if len(version.voice_groups.all()) < LEAST_GROUPS:
        gaps.append(Gap(GROUPS, "", "groupes de voix", f"au moins {LEAST_GROUPS} groupes"))
    return [*gaps, *_given_away(version, asked)]


def _given_away(version, asked):
    if not asked:
        return
    wording = Protected(protected(version))
    for question in asked:
        echo = wording.echo_in(question.text) or wording.echo_in(question.easy_text)
        if echo:
            where = f"question à diffuser du critère {question.criterion.code}"
            what = f"un texte qui ne reprend pas « {echo.words} » ({echo.where})"
            yield Gap("question", question.stable_id, where, what)


def protected(version):
    """What is reserved to members in a version: every text one reads of it, but the names of its chapters."""
    for chapter in version.chapters.all():
        yield Passage(f"présentation du chapitre {chapter.number}", chapter.summary)
        for criterion in chapter.criteria.all():
            yield from _passages(criterion)


def _passages(criterion):
    where = f"critère {criterion.code}"
    yield Passage(f"titre du {where}", criterion.title, is_sentence=False)
    yield Passage(f"question du {where}", criterion.question)
    for level in criterion.levels.all():
        yield Passage(f"{where}, niveau {level.value}", level.description)
    for what, text in (
        ("pour comprendre", criterion.help),
        ("exemples", criterion.examples),
        ("ce qui peut l’appuyer", criterion.evidence_hint),
    ):
        yield Passage(f"{where}, « {what} »", text)
    for indicator in criterion.indicators.all():
        yield Passage(f"{where}, indicateur", indicator.title, is_sentence=False)
        yield Passage(f"{where}, indicateur", indicator.help)


def _missing_in(chapter):
    where = f"chapitre {chapter.number}"
    for what, text in (("le titre", chapter.title), ("le titre court", chapter.short_title)):
        if not text.strip():
            yield Gap("chapter", chapter.stable_id, where, what)
    if not chapter.criteria.all():
        yield Gap("chapter", chapter.stable_id, where, "au moins un critère")
    for criterion in chapter.criteria.all():
        yield from missing_from(criterion)


def missing_from(criterion):
    """What one criterion lacks."""
    texts = [("le titre", criterion.title), ("la question", criterion.question)]
    texts += [(f"la description du niveau {level.value}", level.description) for level in criterion.levels.all()]
    return [
        Gap("criterion", criterion.stable_id, f"critère {criterion.code}", what)
        for what, text in texts
        if not text.strip()
    ]


# --- What changes -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A chapter or criterion that differs. `texts`: (what, before, after); `state`: reworded, added or removed."""

    kind: str
    stable_id: str
    name: str
    state: str
    texts: tuple

    @property
    def what(self):
        return [label for label, _, _ in self.texts]


def compare(before, after):
    """What `after` changes of `before` (None: everything is new), matched by stable identifier, in reading order."""
    old = {row["stable_id"]: row for row in _rows(before)} if before else {}
    new = {row["stable_id"]: row for row in _rows(after)}
    changes = [_change(old.get(key), row) for key, row in new.items()]
    gone = [Change(row["kind"], key, row["name"], "removed", ()) for key, row in old.items() if key not in new]
    return [change for change in changes if change] + gone


def _change(old, new):
    if old is None:
        return Change(new["kind"], new["stable_id"], new["name"], "added", ())
    labels = [*new["texts"], *(label for label in old["texts"] if label not in new["texts"])]
    pairs = ((label, old["texts"].get(label, ""), new["texts"].get(label, "")) for label in labels)
    texts = tuple(pair for pair in pairs if pair[1] != pair[2])
    return Change(new["kind"], new["stable_id"], new["name"], "reworded", texts) if texts else None


def _rows(version):
    yield {"kind": GROUPS, "stable_id": GROUPS, "name": "Groupes de voix", "texts": groups_texts(version)}
    for chapter in version.chapters.all():
        yield {
            "kind": "chapter",
            "stable_id": chapter.stable_id,
            "name": f"Chapitre {chapter.number} – {chapter.title}",
            "texts": chapter_texts(chapter),
        }
        for criterion in chapter.criteria.all():
            yield {
                "kind": "criterion",
                "stable_id": criterion.stable_id,
                "name": f"{criterion.code} {criterion.title}",
                "texts": criterion_texts(criterion),
            }


def groups_texts(version):
    """The groups of voices in order, one a line, as their page names them."""
    return {"groupes": "\n".join(group_in_words(group) for group in version.voice_groups.all())}


def group_in_words(group):
    """One group, and whether it may be heard without an account."""
    return f"{group.name} (peut répondre sans compte)" if group.surveyed else group.name


def groups_stamp(version):
    """Fingerprint of the groups of voices as they stand: what was shown is what is changed."""
    return content_hash([[group.stable_id, group.name, group.surveyed] for group in version.voice_groups.all()])


def chapter_texts(chapter):
    """What one reads of a chapter, named as its page does."""
    sections = {f"sous-thème {section.number}": section.title for section in chapter.sections.all()}
    return {
        "titre": chapter.title,
        "titre court": chapter.short_title,
        "présentation": chapter.summary,
        **sections,
    }


def criterion_texts(criterion):
    """What one reads of a criterion, named as its page does."""
    return {
        "titre": criterion.title,
        "question": criterion.question,
        **{f"niveau {level.value}": level.description for level in criterion.levels.all()},
        "poids": str(criterion.weight),
        "pour comprendre": criterion.help,
        "exemples": criterion.examples,
        "ce qui peut l’appuyer": criterion.evidence_hint,
        "code": criterion.code,
        "indicateurs": "\n".join(
            " ".join(filter(None, (i.title, f"({i.unit})" if i.unit else ""))) for i in criterion.indicators.all()
        ),
        "correspondances": "\n".join(str(link) for link in criterion.correspondences.all()),
    }
