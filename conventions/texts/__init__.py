"""A convention as words: what a template holds, how it is read, filled, numbered, compared. Pure: no query, no drawing."""

from conventions.texts.filling import (
    clauses_of,
    commitments_of,
    consent_text,
    fill,
    in_order,
    in_words,
    number_of,
    numbered_articles,
    variables_of_party,
    with_party_values,
)
from conventions.texts.reading import plain, problems, read_template
from conventions.texts.shapes import (
    CONSENT_NAMES,
    PLACEHOLDER,
    ROLE_ORDER,
    Article,
    Block,
    Clause,
    NumberedArticle,
    NumberedClause,
    Problem,
    Template,
    Variable,
)
from conventions.texts.shipping import CONTENT, SHIPPED, shipped

__all__ = [
    "CONSENT_NAMES",
    "CONTENT",
    "PLACEHOLDER",
    "ROLE_ORDER",
    "SHIPPED",
    "Article",
    "Block",
    "Clause",
    "NumberedArticle",
    "NumberedClause",
    "Problem",
    "Template",
    "Variable",
    "clauses_of",
    "commitments_of",
    "consent_text",
    "fill",
    "in_order",
    "in_words",
    "number_of",
    "numbered_articles",
    "plain",
    "problems",
    "read_template",
    "shipped",
    "variables_of_party",
    "with_party_values",
]
