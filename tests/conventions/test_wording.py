"""The template of the convention: its shape, its variables, what each kind of party commits to, French typography."""

import re
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest

from caprse.base.text import clean_text
from cohorts.enums import OrganisationKind
from conventions.enums import VariableKind

PATH = Path(__file__).parents[2] / "conventions" / "content" / "convention-engagements.toml"
TEMPLATE = tomllib.loads(PATH.read_text(encoding="utf-8"))
VARIABLES = TEMPLATE["variables"]
ARTICLES = TEMPLATE["articles"]
CLAUSES = [clause for article in ARTICLES for clause in article["clauses"]]
IN_CONSENT = {"signatory", "quality", "party", "power", "reference", "title"}
# The obligations of the network's own convention, role by role.
COMMITMENTS = {"structure": 6, "region": 5, "national": 5, "partner": 4}


def fields(text):
    """Names between braces; a stray brace raises ValueError."""
    parsed = [part for part in Formatter().parse(text) if part[1] is not None]
    assert all(not spec and not conversion for _, _, spec, conversion in parsed), text
    return {name for _, name, _, _ in parsed}


def sentences():
    """Everything in French that somebody reads."""
    yield TEMPLATE["title"]
    yield TEMPLATE["consent"]
    for variable in VARIABLES:
        yield from (variable["label"], variable["help"])
    for article in ARTICLES:
        yield article["title"]
    for clause in CLAUSES:
        yield from (clause["text"], clause.get("heading", ""))


def offenders(pattern):
    return [sentence for sentence in sentences() if re.search(pattern, sentence)]


# --- Shape ------------------------------------------------------------------------------------------------------


def test_the_template_has_its_shape():
    assert set(TEMPLATE) == {"key", "title", "consent", "variables", "articles"}
    assert TEMPLATE["key"] == PATH.stem
    assert [article for article in ARTICLES if set(article) != {"title", "clauses"} or not article["clauses"]] == []
    assert [clause for clause in CLAUSES if not {"text"} <= set(clause) <= {"text", "roles", "heading"}] == []
    assert [
        variable for variable in VARIABLES if set(variable) != {"key", "label", "help", "kind", "required", "default"}
    ] == []


def test_titles_and_keys_are_distinct():
    for names in ([article["title"] for article in ARTICLES], [variable["key"] for variable in VARIABLES]):
        assert len(names) == len(set(names))


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable["key"])
def test_a_variable_is_well_declared(variable):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", variable["key"])
    assert variable["kind"] in VariableKind.values
    assert isinstance(variable["required"], bool)
    assert variable["label"]
    if variable["kind"] == VariableKind.DATE:
        assert variable["default"] == ""
    if variable["kind"] == VariableKind.INTEGER:
        assert re.fullmatch(r"\d*", variable["default"])


def test_the_planned_duration_is_fifteen_months_unless_changed():
    assert [variable["default"] for variable in VARIABLES if variable["key"] == "months"] == ["15"]


def test_variables_are_declared_and_used():
    declared = {variable["key"] for variable in VARIABLES}
    assert declared == set().union(*(fields(clause["text"]) for clause in CLAUSES))
    assert declared.isdisjoint(IN_CONSENT)


def test_titles_and_headings_hold_no_variable():
    for text in (*(article["title"] for article in ARTICLES), *(clause.get("heading", "") for clause in CLAUSES)):
        assert fields(text) == set()


def test_the_consent_says_who_signs_for_whom_and_what():
    assert fields(TEMPLATE["consent"]) == IN_CONSENT


# --- Commitments ------------------------------------------------------------------------------------------------


def test_roles_are_those_of_parties():
    assert set(COMMITMENTS) == set(OrganisationKind.values)
    named = [role for clause in CLAUSES for role in clause.get("roles", [])]
    assert set(named) == set(COMMITMENTS)


def test_each_role_has_its_own_commitments():
    own = [article for article in ARTICLES if any("heading" in clause for clause in article["clauses"])]
    assert [article["title"] for article in own] == ["Engagements des parties"]
    found = Counter(clause["roles"][0] for clause in own[0]["clauses"] if len(clause.get("roles", [])) == 1)
    assert {role: found[role] for role in COMMITMENTS if found[role] < COMMITMENTS[role]} == {}


def test_a_heading_opens_a_group_of_the_same_roles():
    for article in ARTICLES:
        for before, clause in pairwise([{}, *article["clauses"]]):
            if "heading" in clause:
                assert clause["roles"]
                assert clause["roles"] != before.get("roles"), clause["heading"]
    headings = [clause["heading"] for clause in CLAUSES if "heading" in clause]
    assert len(headings) == len(set(headings)) == len(COMMITMENTS)


# --- Typography -------------------------------------------------------------------------------------------------


def test_apostrophes_and_quotes_are_typographic():
    assert offenders(r"['\"`´]") == []


def test_a_no_break_space_goes_before_high_punctuation_and_inside_quotes():
    assert offenders(r"(?<!\u00a0)[:;?!»]|«(?!\u00a0)") == []


def test_there_is_no_other_odd_blank_and_no_markup():
    assert offenders(r"[^\S \u00a0]|[ \u00a0]{2}|[*#<>\[\]]|\b_|_\b|\.\.") == []


def test_texts_are_stored_as_free_text_is():
    assert [sentence for sentence in sentences() if clean_text(sentence, max_length=2000) != sentence] == []


def test_a_clause_is_made_of_full_sentences():
    texts = [TEMPLATE["consent"], *(clause["text"] for clause in CLAUSES)]
    assert [text for text in texts if not text.endswith(".")] == []
    assert [text for text in texts if not re.match(r"[A-ZÀÉ{]", text)] == []
