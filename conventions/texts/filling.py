"""A template with its blanks filled and its clauses numbered."""

import datetime

from caprse.base.text import NBSP, date_in_words, number
from conventions.enums import VariableKind
from conventions.texts.shapes import PLACEHOLDER, ROLE_ORDER, Block, NumberedArticle, NumberedClause

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def in_words(variable, value):
    """The value of a variable as it is read in the text; one to fill shows as such."""
    if value in (None, ""):
        return f"[{variable.label}]" if variable.required else "non précisé"
    try:
        if variable.kind == VariableKind.DATE:
            return date_in_words(datetime.date.fromisoformat(value))
        return number(int(value)) if variable.kind == VariableKind.INTEGER else str(value)
    except ValueError:  # typed while this blank asked for something else
        return str(value)


def fill(text, values):
    """Put the values in the text, once: a value that looks like a blank stays as it was typed."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def in_order(parties):
    """Parties by kind, then by name."""
    return sorted(parties, key=lambda party: (ROLE_ORDER.index(party.role), party.name.casefold()))


def variables_of_party(template, party):
    """The blanks that this party fills for itself."""
    return [variable for variable in template.variables if party.role in variable.roles]


def with_party_values(template, variables, parties):
    """The values of the whole text: of a blank that each party fills, what each has said, by name when several have."""
    said = {}
    for variable in (variable for variable in template.variables if variable.roles):
        mine = [party for party in in_order(parties) if party.role in variable.roles]
        words = [(party.name, in_words(variable, party.values.get(variable.key))) for party in mine]
        lines = [f"{name}{NBSP}: {value}" for name, value in words] if len(words) > 1 else [value for _, value in words]
        said[variable.key] = "\n".join(lines)
    return {**variables, **said}


def numbered_articles(template, variables):
    """The articles with their blanks filled, their clauses grouped by role and numbered."""
    values = {variable.key: _value(variable, variables.get(variable.key)) for variable in template.variables}
    return [
        NumberedArticle(rank, fill(article.title, values), tuple(_blocks(article, rank, values)))
        for rank, article in enumerate(template.articles, start=1)
    ]


def _value(variable, value):
    """What each party has said is in words already."""
    return value if variable.per_party and value else in_words(variable, value)


def _blocks(article, rank, values):
    groups = []
    for clause in article.clauses:
        if groups and clause.roles and not clause.heading and groups[-1][0].roles == clause.roles:
            groups[-1].append(clause)
        else:
            groups.append([clause])
    for place, group in enumerate(groups, start=1):
        block = f"{rank}.{place}"
        items = tuple(
            NumberedClause(
                clause.key,
                block if len(group) == 1 else f"{block} {_letter(order)}",
                fill(clause.text, values),
                clause.roles,
                clause.proof,
            )
            for order, clause in enumerate(group)
        )
        yield Block(block, group[0].heading, group[0].roles, items)


def _letter(order):
    """a, b … z, aa, ab …: as a list numbered by letters counts."""
    high, low = divmod(order, len(LETTERS))
    return (_letter(high - 1) if high else "") + LETTERS[low]


def clauses_of(template, variables):
    """Every clause as it is cited, in order."""
    articles = numbered_articles(template, variables)
    return [item for article in articles for block in article.blocks for item in block.items]


def number_of(template, key):
    """The number under which a clause is cited, or "" when the text has none of this key."""
    return next((item.number for item in clauses_of(template, {}) if key and item.key == key), "")


def commitments_of(template, variables, role):
    """The clauses by which a party of this kind commits itself: what the register of commitments follows."""
    return [item for item in clauses_of(template, variables) if item.proof and (not item.roles or role in item.roles)]


def consent_text(template, *, reference, party, signatory):
    """The words a signatory accepts, with their own name, quality and power."""
    return fill(
        template.consent,
        {
            "signatory": signatory.full_name,
            "quality": signatory.quality,
            "party": party.name,
            "power": signatory.power,
            "reference": reference,
            "title": template.title,
        },
    )
