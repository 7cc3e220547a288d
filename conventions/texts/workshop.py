"""What a workshop wrote down, carried into a text: one more article, at its end so that no other number moves."""

from dataclasses import replace

from conventions.enums import CommitmentProof
from conventions.texts.shapes import ROLE_ORDER, Article, Clause

KEY, TITLE = "atelier", "Engagements pris à l’atelier"
BULLETS = "-–—•*· \t\u00a0"


def lines_of(text):
    """The commitments of a text somebody pasted: one a line, without what marks a list."""
    return [line for line in (row.strip().lstrip(BULLETS).strip() for row in text.splitlines()) if line]


def entry_of(commitments):
    """The article as a draft keeps it, of {role: its commitments}; None when there are none."""
    clauses = [
        {"text": text, "roles": [str(role)]} for role in ROLE_ORDER for text in commitments.get(str(role), ()) if text
    ]
    return {"act": "added", "key": KEY, "title": TITLE, "clauses": clauses, "after": ""} if clauses else None


def commitments_of(changes):
    """{role: its commitments} of what a draft keeps."""
    found = {}
    for entry in changes:
        for clause in entry["clauses"] if entry["key"] == KEY else ():
            found.setdefault(clause["roles"][0], []).append(clause["text"])
    return found


def with_workshop(template, changes):
    """The template with that article: each commitment binds its kind of party, and somebody attests it."""
    clauses, rank = [], 0
    for role, texts in commitments_of(changes).items():
        for place, text in enumerate(texts):
            rank += 1
            heading = next(one.label for one in ROLE_ORDER if one == role) if place == 0 else ""
            heading = heading[:1].upper() + heading[1:]
            clauses.append(Clause(text, (role,), heading, f"{KEY}-{rank}", str(CommitmentProof.ATTESTED)))
    return (
        replace(template, articles=(*template.articles, Article(TITLE, tuple(clauses), KEY))) if clauses else template
    )
