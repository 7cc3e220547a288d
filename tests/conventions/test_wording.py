"""The shipped templates: their shape, their blanks, what each kind of party commits to, French typography."""

import re
from collections import Counter
from itertools import pairwise
from string import Formatter

import pytest

from caprse.base.text import clean_text
from cohorts.enums import OrganisationKind
from conventions import texts
from conventions.enums import EntryIntoForce, TemplateKind, VariableKind
from conventions.texts.shapes import KEY_MAX

IN_CONSENT = {"signatory", "quality", "party", "power", "reference", "title"}
# The obligations of the network's own convention, role by role.
COMMITMENTS = {"structure": 6, "region": 5, "national": 5, "partner": 4}
CLAUSE = {"key", "text", "roles", "heading", "proof"}
VARIABLE = {"key", "label", "help", "kind", "required", "default"}


@pytest.fixture(params=texts.SHIPPED)
def template(request):
    return texts.read_template(texts.shipped(request.param))


@pytest.fixture
def data(template):
    return texts.shipped(template.key)


@pytest.fixture(scope="module")
def convention():
    return texts.read_template(texts.shipped("convention-engagements"))


def fields(text):
    """Names between braces; a stray brace raises ValueError."""
    parsed = [part for part in Formatter().parse(text) if part[1] is not None]
    assert all(not spec and not conversion for _, _, spec, conversion in parsed), text
    return {name for _, name, _, _ in parsed}


def sentences(template):
    """Everything in French that somebody reads."""
    yield template.title
    yield template.consent
    for variable in template.variables:
        yield from (variable.label, variable.help, *variable.choices)
    for article in template.articles:
        yield article.title
    for clause in template.clauses:
        yield from (clause.text, clause.heading)


def offenders(template, pattern):
    return [sentence for sentence in sentences(template) if re.search(pattern, sentence)]


# --- Shape ------------------------------------------------------------------------------------------------------


def test_nothing_keeps_it_from_being_published(template):
    assert texts.problems(template) == []


def test_it_is_read_back_as_it_is_written(template):
    assert texts.read_template(texts.plain(template)) == template


def test_it_has_its_shape(data):
    assert all(set(article) == {"key", "title", "clauses"} and article["clauses"] for article in data["articles"])
    for article in data["articles"]:
        assert [clause for clause in article["clauses"] if not {"key", "text"} <= set(clause) <= CLAUSE] == []
    assert [
        row for row in data.get("variables", ()) if not VARIABLE <= set(row) <= VARIABLE | {"roles", "choices"}
    ] == []


def test_titles_and_keys_are_distinct_and_short(template):
    lists = (
        [article.title for article in template.articles],
        [article.key for article in template.articles],
        [clause.key for clause in template.clauses],
        [variable.key for variable in template.variables],
    )
    assert all(len(names) == len(set(names)) for names in lists)
    assert [clause.key for clause in template.clauses if len(clause.key) > KEY_MAX] == []


def test_blanks_are_well_declared(template):
    for variable in template.variables:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", variable.key)
        if variable.kind == VariableKind.DATE:
            assert variable.default == ""
        if variable.kind == VariableKind.INTEGER:
            assert re.fullmatch(r"\d*", variable.default)
        if variable.kind == VariableKind.CHOICE:
            assert variable.default in ("", *variable.choices)


def test_blanks_are_declared_and_used(template):
    declared = {variable.key for variable in template.variables}
    assert declared == set().union(*(fields(clause.text) for clause in template.clauses))
    assert declared.isdisjoint(IN_CONSENT)


def test_titles_and_headings_hold_no_blank(template):
    for text in (*(article.title for article in template.articles), *(clause.heading for clause in template.clauses)):
        assert fields(text) == set()


def test_the_consent_says_who_signs_for_whom_and_what(template):
    assert fields(template.consent) == IN_CONSENT


def test_the_clauses_it_names_say_what_they_are_named_for(template):
    by_key = {clause.key: clause.text for clause in template.clauses}
    assert re.search("prend effet|partie au texte à partir|engage la structure", by_key[template.entry_clause])
    assert "1356" in by_key[template.proof_clause]
    if template.accession:
        assert "sans avenant" in by_key[template.accession_clause]


def test_each_template_is_of_its_kind():
    kinds = {key: texts.read_template(texts.shipped(key)).kind for key in texts.SHIPPED}
    assert sorted(kinds.values()) == sorted(TemplateKind.values)


# --- Commitments ------------------------------------------------------------------------------------------------


def test_the_planned_duration_is_fifteen_months_unless_changed(convention):
    assert [variable.default for variable in convention.variables if variable.key == "months"] == ["15"]


def test_roles_are_those_of_parties(convention):
    assert set(COMMITMENTS) == set(OrganisationKind.values)
    assert {role for clause in convention.clauses for role in clause.roles} == set(COMMITMENTS)


def test_each_role_has_its_own_commitments(convention):
    own = [article for article in convention.articles if any(clause.heading for clause in article.clauses)]
    assert [article.title for article in own] == ["Engagements des parties"]
    found = Counter(clause.roles[0] for clause in own[0].clauses if len(clause.roles) == 1)
    assert {role: found[role] for role in COMMITMENTS if found[role] < COMMITMENTS[role]} == {}


def test_every_clause_of_one_role_says_how_it_is_followed(convention):
    assert [clause.key for clause in convention.clauses if clause.roles and not clause.proof] == []
    for role, least in COMMITMENTS.items():
        assert len(texts.commitments_of(convention, {}, role)) >= least


def test_the_convention_says_refusal_exit_and_termination(convention):
    keys = convention.clause_keys
    assert {"refus", "delai", "retrait", "manquement", "manquement-reponse", "resiliation"} <= keys
    assert (convention.entry, convention.expires_days) == (EntryIntoForce.LAST_SIGNATURE, 60)


def test_a_heading_opens_a_group_of_the_same_roles(template):
    for article in template.articles:
        for before, clause in pairwise([None, *article.clauses]):
            if clause.heading:
                assert clause.roles
                assert before is None or clause.roles != before.roles, clause.heading


def test_signing_the_engagement_charter_grants_nothing():
    charter = texts.read_template(texts.shipped("charte-engagement"))
    by_key = {clause.key: clause.text for clause in charter.clauses}
    assert (charter.entry, charter.identity_years, charter.asks_place) == (EntryIntoForce.COMMITTEE, 3, True)
    assert "ne donne aucun droit" in by_key["identite-signature"]
    assert "trois ans, comptés du jour de cette validation" in by_key["identite-duree"]
    assert [one.key for one in charter.variables if one.per_party] == ["committed", "assembly"]


def test_the_partner_charter_binds_two_and_follows_at_three():
    charter = texts.read_template(texts.shipped("charte-partenariat"))
    assert charter.parties == ("region", "partner")
    assert {role for clause in charter.clauses for role in clause.roles} == {"region", "partner"}
    assert {"suivi-trois", "annexes-revision", "manquement", "resiliation"} <= charter.clause_keys
    assert charter.place_variable == "place"


# --- Typography -------------------------------------------------------------------------------------------------


def test_apostrophes_and_quotes_are_typographic(template):
    assert offenders(template, r"['\"`´]") == []


def test_a_no_break_space_goes_before_high_punctuation_and_inside_quotes(template):
    assert offenders(template, r"(?<!\u00a0)[:;?!»]|«(?!\u00a0)") == []


def test_there_is_no_other_odd_blank_and_no_markup(template):
    assert offenders(template, r"[^\S \u00a0\n]|[ \u00a0]{2}|[*#<>\[\]]|\b_|_\b|\.\.") == []
    assert [s for s in sentences(template) if "\n" in s and not re.search(r"\n\{\w+\}$", s)] == []


def test_texts_are_stored_as_free_text_is(template):
    assert [sentence for sentence in sentences(template) if clean_text(sentence, max_length=2000) != sentence] == []


def test_a_clause_is_made_of_full_sentences(template):
    found = [template.consent, *(clause.text for clause in template.clauses)]
    assert [text for text in found if not re.search(r"(\.|\})$", text)] == []
    assert [text for text in found if not re.match(r"[A-ZÀÉ{]", text)] == []
