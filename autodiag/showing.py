"""What a structure shows of its work to others: reduced to what it agreed to show, frozen, and drawn again.

Names of people, comments, evidence and reasons given in a meeting are never part of it.
"""

from dataclasses import dataclass

from autodiag.documents import Synthesis, synthesis
from autodiag.enums import SharingKind
from referentiel.documents import content_hash

HEAD = ("referentiel", "version", "structure", "chapter", "scale", "score")
NEUTRAL = {"na_reason": "", "practice": "", "to_review": False, "comment": "", "question": "", "levels": []}
OF_SYNTHESIS = ("code", "title", "section", "weight", "kind", "value", "practice", "strength")
OF_AUTODIAG = (*OF_SYNTHESIS, "question", "levels", "na_reason", "difficulty", "indicators")
OF_AGREEMENT = ("kind", "value", "on", "voices", "stands")


def content_to_show(kind, content):
    """What is frozen of a transmission: its synthesis, or the whole without comments, evidence and reasons.

    `content`: that of the transmission; None for what is told in words, of which nothing more is kept.
    """
    if content is None:
        return {}
    whole = kind == SharingKind.AUTODIAG
    names = OF_AUTODIAG if whole else OF_SYNTHESIS
    shown = {name: content[name] for name in HEAD}
    shown["criteria"] = [_reduced(criterion, names, whole) for criterion in content["criteria"]]
    return shown


def _reduced(criterion, names, whole):
    kept = {name: criterion[name] for name in names if name in criterion}
    agreement = criterion.get("agreement") if whole else None
    if agreement:
        kept["agreement"] = {name: agreement[name] for name in OF_AGREEMENT} | {"reason": ""}
    if "indicators" in kept:
        kept["indicators"] = [_without_sources(indicator) for indicator in kept["indicators"]]
    return kept


def _without_sources(indicator):
    """Where a figure comes from is a note of the structure to itself: it may name people."""
    return {**indicator, "figures": [{**figure, "source": ""} for figure in indicator["figures"]]}


def stamp(shown):
    """Fingerprint of what was previewed: only that may be shown."""
    return content_hash(
        {
            "kind": str(shown["kind"]),
            "to": shown["to_organisation"].pk if shown["to_organisation"] else None,
            "title": shown["title"],
            "text": shown["text"],
            "until": shown["until"].isoformat(),
            "content": shown["content"],
        }
    )


@dataclass(frozen=True)
class Shown:
    """What a page shows: words, and a chapter drawn again when there is one. `whole`: answer by answer too."""

    title: str
    text: str
    synthesis: Synthesis | None
    whole: bool


def drawn(kind, title, text, content):
    """The same for the preview and for who reads it: both come from the frozen content."""
    chapter = None
    if content:
        criteria = [{**NEUTRAL, **criterion} for criterion in content["criteria"]]
        chapter = synthesis({**content, "criteria": criteria}, ident="partage")
    return Shown(title=title, text=text, synthesis=chapter, whole=kind == SharingKind.AUTODIAG)
