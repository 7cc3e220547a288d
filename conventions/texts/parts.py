"""A template written part by part: its settings, its blanks, its articles. Each part is read, typed, put back."""

import hashlib
import json
from dataclasses import dataclass, replace

from conventions.texts.reading import plain, plain_row
from conventions.texts.shapes import KEY_MAX, Article, Clause, Variable

SETTINGS = (
    *("title", "consent", "entry", "entry_clause", "entry_variable", "accession_clause", "proof_clause"),
    *("expires_days", "asks_place", "place_variable", "identity_years", "parties"),
)


class Gone(Exception):
    """The article is no longer in the draft."""


def fingerprint(value):
    """What a part was when somebody opened it."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=list).encode()).hexdigest()


@dataclass(frozen=True)
class SettingsPart:
    """What the template says of itself; `values` are those of `SETTINGS`."""

    values: dict

    @staticmethod
    def of(template):
        return {name: getattr(template, name) for name in SETTINGS}

    def seen(self, template):
        return fingerprint(self.of(template))

    def put(self, template):
        return replace(template, **self.values)


@dataclass(frozen=True)
class VariablesPart:
    """The blanks, in order."""

    variables: tuple

    @staticmethod
    def of(template):
        return [plain_row(variable) for variable in template.variables]

    def seen(self, template):
        return fingerprint(self.of(template))

    def put(self, template):
        names = {variable.key for variable in self.variables}
        kept = {
            name: getattr(template, name) if getattr(template, name) in names else ""
            for name in ("entry_variable", "place_variable")
        }
        return replace(
            template, variables=tuple(Variable(**_tuples(row)) for row in map(plain_row, self.variables)), **kept
        )


def _tuples(row):
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


@dataclass(frozen=True)
class ArticlePart:
    """One article: its title, its clauses in order. Clauses without a key get one that nobody has."""

    key: str
    title: str = ""
    clauses: tuple = ()

    def of(self, template):
        article = next((one for one in plain(template)["articles"] if one["key"] == self.key), None)
        if article is None:
            raise Gone
        return article

    def seen(self, template):
        return fingerprint(self.of(template))

    def put(self, template):
        taken, written = template.clause_keys, set()
        clauses = []
        for clause in self.clauses:
            key = clause.key
            if not key or key in written:
                key = free_key(f"{self.key[: KEY_MAX - 4]}-", taken)
            taken, written = taken | {key}, written | {key}
            clauses.append(replace(clause, key=key))
        article = Article(self.title, tuple(clauses), self.key)
        return with_articles(template, [article if one.key == self.key else one for one in template.articles])


@dataclass(frozen=True)
class OrderPart:
    """The list of articles: one added at the end, moved by one place, or taken out."""

    act: str
    key: str = ""
    title: str = ""

    @staticmethod
    def of(template):
        return [article.key for article in template.articles]

    def seen(self, template):
        return fingerprint(self.of(template))

    def put(self, template):
        articles = list(template.articles)
        if self.act == "add":
            key = free_key("a", {article.key for article in articles})
            text = Clause(text="À écrire.", key=free_key(f"{key}-", template.clause_keys))
            return with_articles(template, [*articles, Article(self.title, (text,), key)])
        rank = next((rank for rank, article in enumerate(articles) if article.key == self.key), None)
        if rank is None:
            raise Gone
        article = articles.pop(rank)
        if self.act != "remove":
            articles.insert(max(0, rank + (1 if self.act == "down" else -1)), article)
        return with_articles(template, articles)


def with_articles(template, articles):
    """The template with these articles; what named a clause that is gone names none."""
    keys = {clause.key for article in articles for clause in article.clauses}
    named = ("entry_clause", "accession_clause", "proof_clause")
    kept = {name: getattr(template, name) if getattr(template, name) in keys else "" for name in named}
    return replace(template, articles=tuple(articles), **kept)


def free_key(stem, taken):
    """The first of stem1, stem2 … that nobody has."""
    rank = 1
    while f"{stem}{rank}" in taken:
        rank += 1
    return f"{stem}{rank}"
