"""The content of a version as plain data: what is hashed when it is published, what changes from one to the next."""

import hashlib
import json
from dataclasses import dataclass


def canonical(version):
    """The wording of a version, in order, as JSON-ready data; presentation help left out."""
    return {
        "code": version.referentiel.code,
        "number": version.number,
        "scale": [[step.value, step.label] for step in version.scale.all()],
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
    """What a draft lacks: `where` (« critère 1.2 »), `what` (« la question »), and the row one completes it on."""

    kind: str
    stable_id: str
    where: str
    what: str


def missing(version):
    """Everything a draft lacks before it can be published, in reading order."""
    return [gap for chapter in version.chapters.all() for gap in _missing_in(chapter)]


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
