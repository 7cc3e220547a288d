"""Plain data read as a template, a template written as plain data, and what keeps one from being published."""

import re
from collections import Counter
from dataclasses import fields

from conventions.enums import CommitmentProof, EntryIntoForce, TemplateKind, VariableKind
from conventions.texts.shapes import (
    CONSENT_NAMES,
    PLACEHOLDER,
    ROLE_ORDER,
    Article,
    Clause,
    Problem,
    Template,
    Variable,
)

BRACE = re.compile(r"[{}]")
SETTINGS, VARIABLES = "settings", "variables"
# What a template says of itself beside its words, under the same names in plain data.
PLAIN = (
    *("asks_place", "kind", "entry", "entry_clause", "entry_variable", "accession_clause", "proof_clause"),
    *("expires_days", "place_variable", "identity_years"),
)
WHOLE = {TemplateKind.CONVENTION, TemplateKind.PARTNERSHIP, TemplateKind.ENGAGEMENT}


def read_template(data):
    """The template that plain data describes. Raises ValueError on an unknown role, kind, blank or clause."""
    variables = tuple(
        Variable(**{**entry, "roles": tuple(entry.get("roles", ())), "choices": tuple(entry.get("choices", ()))})
        for entry in data.get("variables", ())
    )
    articles = tuple(_article(entry, rank) for rank, entry in enumerate(data["articles"], start=1))
    settings = {name: data[name] for name in PLAIN if name in data}
    if "parties" in data:
        settings["parties"] = tuple(data["parties"])
    template = Template(data["key"], data["title"], data["consent"], variables, articles, **settings)
    if unknown := sorted(_unknown(template)):
        raise ValueError(f"template {template.key}: unknown {', '.join(unknown)}")
    return template


def _article(entry, rank):
    """An article; versions written before clauses had keys get those of their places."""
    clauses = tuple(
        Clause(
            text=clause["text"],
            roles=tuple(clause.get("roles", ())),
            heading=clause.get("heading", ""),
            key=clause.get("key") or f"c{rank}-{place}",
            proof=clause.get("proof", ""),
        )
        for place, clause in enumerate(entry["clauses"], start=1)
    )
    return Article(title=entry["title"], clauses=clauses, key=entry.get("key") or f"a{rank}")


def _unknown(template):
    """What the template names and is not declared anywhere."""
    yield from {variable.kind for variable in template.variables} - set(VariableKind.values)
    roles = {role for clause in template.clauses for role in clause.roles} | set(template.parties)
    roles |= {role for variable in template.variables for role in variable.roles}
    yield from roles - set(ROLE_ORDER)
    yield from {clause.proof for clause in template.clauses} - {"", *CommitmentProof.values}
    yield from {template.kind} - set(TemplateKind.values)
    yield from {template.entry} - set(EntryIntoForce.values)
    names = {variable.key for variable in template.variables}
    for text in (*(article.title for article in template.articles), *(clause.text for clause in template.clauses)):
        yield from set(PLACEHOLDER.findall(text)) - names
    yield from {template.entry_variable, template.place_variable} - {"", *names}
    yield from {template.entry_clause, template.accession_clause, template.proof_clause} - {"", *template.clause_keys}
    yield from set(PLACEHOLDER.findall(template.consent)) - CONSENT_NAMES


def plain(template):
    """The plain data that `read_template` reads back to the same template."""
    return {
        "key": template.key,
        "title": template.title,
        "consent": template.consent,
        **{name: getattr(template, name) for name in PLAIN},
        "parties": list(template.parties),
        "variables": [plain_row(variable) for variable in template.variables],
        "articles": [
            {
                "key": article.key,
                "title": article.title,
                "clauses": [plain_row(clause) for clause in article.clauses],
            }
            for article in template.articles
        ],
    }


def plain_row(row):
    """One variable or clause as plain data."""
    found = {field.name: getattr(row, field.name) for field in fields(row)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


# --- Before publishing ------------------------------------------------------------------------------------------


def problems(template):
    """What keeps a template from being published, each with where it is put right. Empty: nothing does."""
    return [*_about_settings(template), *_about_variables(template), *_about_articles(template)]


def _about_settings(template):
    lacking = [name for name in ("signatory", "party", "power") if f"{{{name}}}" not in template.consent]
    if lacking:
        told = ", ".join(f"{{{name}}}" for name in lacking)
        yield Problem(
            SETTINGS, f"Le consentement ne dit pas qui signe, pour qui, avec quel pouvoir : il y manque {told}."
        )
    if stray_brace(template.consent):
        yield Problem(SETTINGS, "Le consentement contient une accolade qui n’entoure aucun nom.")
    if not template.entry_clause:
        yield Problem(SETTINGS, "Dites quelle clause fixe l’entrée en vigueur.")
    if not template.proof_clause:
        yield Problem(
            SETTINGS,
            "Dites quelle clause est la convention de preuve (article 1356 du code civil) : sans elle, une "
            "signature en ligne se conteste.",
        )
    if template.entry == EntryIntoForce.DAY and not template.entry_variable:
        yield Problem(SETTINGS, "L’entrée en vigueur est à une date : dites quel blanc la porte.")
    if template.entry == EntryIntoForce.COMMITTEE and not template.identity_years:
        yield Problem(SETTINGS, "Un comité valide : dites combien d’années court l’identité visuelle.")
    kinds = {variable.key: variable.kind for variable in template.variables}
    if template.entry_variable and kinds[template.entry_variable] != VariableKind.DATE:
        yield Problem(SETTINGS, "Le blanc qui porte l’entrée en vigueur n’est pas une date.")
    if template.kind in WHOLE and not template.parties:
        yield Problem(SETTINGS, "Cochez au moins une qualité de partie dont le texte ne peut pas se passer.")


def _about_variables(template):
    used = {name for text in _texts(template) for name in PLACEHOLDER.findall(text)}
    used |= {template.entry_variable, template.place_variable}
    for variable in template.variables:
        if variable.key not in used:
            yield Problem(
                VARIABLES, f"« {variable.label} » ne sert nulle part : écrivez {{{variable.key}}} dans une clause."
            )
        if variable.kind == VariableKind.CHOICE and len(variable.choices) < 2:
            yield Problem(VARIABLES, f"« {variable.label} » est un choix : donnez au moins deux réponses.")
    for label in _twice(variable.label for variable in template.variables):
        yield Problem(VARIABLES, f"Deux blancs s’appellent « {label} ».")


def _texts(template):
    return (*(article.title for article in template.articles), *(clause.text for clause in template.clauses))


def _about_articles(template):
    if not template.articles:
        yield Problem("articles", "Le modèle n’a aucun article.")
    for title in _twice(article.title.casefold() for article in template.articles):
        yield Problem("articles", f"Deux articles s’appellent « {title} ».")
    for key in _twice(clause.key for clause in template.clauses):
        yield Problem("articles", f"Deux clauses portent le même repère, « {key} ».")
    for article in template.articles:
        if not article.clauses:
            yield Problem(article.key, f"L’article « {article.title} » n’a aucune clause.")
        for clause in article.clauses:
            if stray_brace(clause.text):
                start = clause.text[:40]
                yield Problem(article.key, f"Une accolade n’entoure aucun blanc connu, dans « {start}… ».")


def stray_brace(text):
    """Whether a brace of a text surrounds no name."""
    return bool(BRACE.search(PLACEHOLDER.sub("", text)))


def _twice(names):
    return [name for name, times in Counter(names).items() if times > 1]
