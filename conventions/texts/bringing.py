"""From a text that was brought to the content of a template: what was known of its clauses is kept."""

import re
from dataclasses import replace
from difflib import SequenceMatcher

from conventions.texts.reading import plain
from conventions.texts.shapes import Article

ALIKE = 0.7  # from there on, two clauses are one that was reworded
MOST_PAIRS = 40_000
ENTRY = re.compile(r"\b(prend effet|entre en vigueur|prendra effet|entrera en vigueur)\b", re.I)
PROOF = re.compile(r"\b1356\b|\bfait foi\b|convention de preuve|dossier de preuve", re.I)


def with_text(template, brought):
    """The plain content of a template whose words are replaced by a text that was brought.

    A clause that was there keeps its key and what shows it was kept; so do the clauses that the template names.
    """
    articles = list(_with_keys(template, brought.articles))
    clauses = [clause for article in articles for clause in article.clauses]
    keys = {clause.key for clause in clauses}
    names = {variable.key for variable in brought.variables}
    settings = {
        "title": brought.title,
        "articles": tuple(articles),
        "variables": brought.variables,
        "entry_clause": _named(template.entry_clause, keys, ENTRY, clauses),
        "proof_clause": _named(template.proof_clause, keys, PROOF, clauses),
        "accession_clause": template.accession_clause if template.accession_clause in keys else "",
        "entry_variable": template.entry_variable if template.entry_variable in names else "",
        "place_variable": template.place_variable if template.place_variable in names else "",
    }
    return plain(replace(template, **settings))


def _named(key, keys, pattern, clauses):
    """The clause the template names if it is still there, else the first that says the same thing."""
    if key in keys:
        return key
    return next((clause.key for clause in clauses if pattern.search(clause.text)), "")


def _with_keys(template, articles):
    """The articles under the keys they had; new ones get keys nobody has."""
    former = {clause.key: clause for clause in template.clauses}
    matched = matches(template.clauses, [clause for article in articles for clause in article.clauses])
    titles = {article.title: article.key for article in template.articles}
    free_clauses = _free("c", set(former))
    free_articles = _free("a", set(titles.values()))
    rank = 0
    for article in articles:
        clauses = []
        for clause in article.clauses:
            known = former.get(matched.get(rank))
            rank += 1
            proof = known.proof if known and known.roles == clause.roles else clause.proof
            clauses.append(replace(clause, key=known.key if known else next(free_clauses), proof=proof))
        yield Article(article.title, tuple(clauses), titles.pop(article.title, None) or next(free_articles))


def _free(letter, taken):
    rank = 0
    while True:
        rank += 1
        if (key := f"{letter}{rank}") not in taken:
            yield key


def matches(before, after):
    """{rank of a clause after: key of the one it was}: the same words first, then the most alike."""
    found, left = {}, {clause.key: clause for clause in before}
    by_text = {clause.text: clause.key for clause in reversed(before)}
    for rank, clause in enumerate(after):
        if (key := by_text.get(clause.text)) in left:
            found[rank] = key
            del left[key]
    new = [rank for rank in range(len(after)) if rank not in found]
    if len(new) * len(left) > MOST_PAIRS:
        return found
    pairs = []
    for rank in new:
        words = after[rank].text.split()
        matcher = SequenceMatcher(None, "", "")  # of a long clause, words that come back often are passed over
        matcher.set_seq2(words)
        for key, clause in left.items():
            matcher.set_seq1(clause.text.split())
            if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE:
                pairs.append((matcher.ratio(), rank, key))
    for _, rank, key in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if rank not in found and key in left:
            found[rank] = key
            del left[key]
    return found
