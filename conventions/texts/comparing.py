"""Two texts side by side: clause by clause, word by word."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from cohorts.enums import OrganisationKind
from conventions.enums import CommitmentProof, EntryIntoForce, VariableKind
from conventions.texts.filling import clauses_of

SAME, REMOVED, ADDED = "same", "del", "ins"
TOKEN = re.compile(r"\s+|[\w’]+|[^\w\s]")
# Beyond, comparing each word with each other takes seconds: the two texts are shown whole.
MOST_WORDS, MOST_PAIRS = 4_000, 200_000


@dataclass(frozen=True)
class ClauseChange:
    """One clause in two texts. `state`: same, changed, added, removed. `words`: (same | del | ins, text)."""

    state: str
    number_before: str
    number_after: str
    words: tuple = ()
    facts: tuple = ()

    @property
    def number(self):
        return self.number_after or self.number_before


@dataclass(frozen=True)
class ArticleChange:
    """One article in two texts; `title` in words, as a clause's."""

    state: str
    title: tuple
    clauses: tuple

    @property
    def is_same(self):
        """Whether nothing of it differs."""
        return self.state == SAME and not changed(self)

    @property
    def same_count(self):
        """How many of its clauses are the same in both texts."""
        return len(self.clauses) - len(changed(self))


@dataclass(frozen=True)
class Comparison:
    """What differs: `settings` and `variables` are (what, before, after)."""

    settings: tuple
    variables: tuple
    articles: tuple

    @property
    def is_empty(self):
        return not self.settings and not self.variables and all(article.is_same for article in self.articles)

    @property
    def same_articles(self):
        """The articles that are the same in both texts."""
        return [article for article in self.articles if article.is_same]

    @property
    def count(self):
        """How many clauses are not the same."""
        return sum(len(changed(article)) for article in self.articles)


def changed(article):
    """The clauses of an article that are not the same in both texts."""
    return [clause for clause in article.clauses if clause.state != SAME]


def matcher_of(old, new):
    """What compares two lists of words; where the same few come back so often that it would take minutes, less finely."""
    counts = Counter(new)
    pairs = sum(count * counts[word] for word, count in Counter(old).items())
    return SequenceMatcher(None, old, new, autojunk=pairs > MOST_PAIRS)


def word_changes(before, after):
    """((same | del | ins, text), …): joined without the `ins`, the first text; without the `del`, the second."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    if before == after:
        return ((SAME, before),) if before else ()
    if len(old) + len(new) > MOST_WORDS:
        return tuple((op, text) for op, text in ((REMOVED, before), (ADDED, after)) if text)
    found = []
    for op, a, b, c, d in _joined(matcher_of(old, new).get_opcodes(), old):
        if op == "equal":
            found.append((SAME, "".join(old[a:b])))
        else:
            found += [(REMOVED, "".join(old[a:b])), (ADDED, "".join(new[c:d]))]
    return tuple((op, text) for op, text in found if text)


def _joined(opcodes, old):
    """Changes with nothing but a blank between them read as one."""
    runs = []
    for op, a, b, c, d in opcodes:
        blank = op == "equal" and not "".join(old[a:b]).strip()
        if runs and (blank or op != "equal") and runs[-1][0] != "equal":
            runs[-1] = ("replace", runs[-1][1], b, runs[-1][3], d)
        else:
            runs.append((op, a, b, c, d))
    return runs


# --- Templates --------------------------------------------------------------------------------------------------


def compare(before, after):
    """What changes from one template to another, articles and clauses matched by their keys."""
    return Comparison(
        tuple(_differences(_settings(before), _settings(after))),
        tuple(_differences(_variables(before), _variables(after))),
        tuple(_articles(before, after)),
    )


def _differences(before, after):
    names = [*after, *(name for name in before if name not in after)]
    return [(name, before.get(name, ""), after.get(name, "")) for name in names if before.get(name) != after.get(name)]


def _settings(template):
    numbers = {clause.key: clause.number for clause in clauses_of(template, {})}
    labels = {variable.key: variable.label for variable in template.variables}
    return {
        "Titre": template.title,
        "Consentement": template.consent,
        "Entrée en vigueur": EntryIntoForce(template.entry).label,
        "Clause d’entrée en vigueur": numbers.get(template.entry_clause, ""),
        "Date d’entrée en vigueur": labels.get(template.entry_variable, ""),
        "Clause d’adhésion": numbers.get(template.accession_clause, "aucune"),
        "Clause de preuve": numbers.get(template.proof_clause, ""),
        "Délai de signature": f"{template.expires_days} jours" if template.expires_days else "sans limite",
        "Lieu": _place(template, labels),
        "Identité visuelle": f"{template.identity_years} ans" if template.identity_years else "",
        "Parties dont ce texte ne peut pas se passer": in_roles(template.parties),
    }


def _place(template, labels):
    if template.asks_place:
        return "demandé à chaque signataire"
    return f"fixé par « {labels[template.place_variable]} »" if template.place_variable else "non demandé"


def in_roles(roles):
    """Kinds of parties in words; none: everybody."""
    return ", ".join(OrganisationKind(role).label for role in roles) or "toutes les parties"


def _variables(template):
    """Each blank in words, under its label."""
    found = {}
    for variable in template.variables:
        said = [VariableKind(variable.kind).label, "obligatoire" if variable.required else "facultatif"]
        said += [f"proposé : {variable.default}"] if variable.default else []
        said += [f"réponses : {' / '.join(variable.choices)}"] if variable.choices else []
        said += [f"rempli par chaque partie : {in_roles(variable.roles)}"] if variable.roles else []
        said += [f"aide : {variable.help}"] if variable.help else []
        found[f"« {variable.label} » {{{variable.key}}}"] = " · ".join(said)
    return found


def _articles(before, after):
    old = {article.key: article for article in before.articles}
    new = {article.key: article for article in after.articles}
    numbers = [{item.key: item.number for item in clauses_of(template, {})} for template in (before, after)]
    for key in in_both_orders(list(old), list(new)):
        yield _article(old.get(key), new.get(key), numbers)


def in_both_orders(old, new):
    """The keys of the second list, each of the first alone put after the one it followed."""
    keys = list(new)
    for rank, key in enumerate(old):
        if key not in new:
            place = next((keys.index(former) + 1 for former in reversed(old[:rank]) if former in keys), 0)
            keys.insert(place, key)
    return keys


def _article(before, after, numbers):
    old = {clause.key: clause for clause in before.clauses} if before else {}
    new = {clause.key: clause for clause in after.clauses} if after else {}
    clauses = tuple(_clause(key, old.get(key), new.get(key), numbers) for key in in_both_orders(list(old), list(new)))
    title = word_changes(before.title if before else "", after.title if after else "")
    return ArticleChange(_state(before, after, before and after and before.title == after.title), title, clauses)


def _clause(key, before, after, numbers):
    facts = tuple(_differences(_facts(before), _facts(after))) if before and after else ()
    same = before and after and before.text == after.text and not facts
    words = word_changes(before.text if before else "", after.text if after else "")
    place = [numbers[0].get(key, "") if before else "", numbers[1].get(key, "") if after else ""]
    return ClauseChange(_state(before, after, same), *place, words, facts)


def _facts(clause):
    return {
        "Engage": in_roles(clause.roles),
        "Intertitre": clause.heading,
        "Ce qui le montre": CommitmentProof(clause.proof).label if clause.proof else "",
    }


def _state(before, after, same):
    if not before:
        return "added"
    if not after:
        return "removed"
    return SAME if same else "changed"
