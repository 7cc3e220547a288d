"""Texts: numbered, filled, compared; a text in Markdown that a network brings, good and hostile."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from conventions import texts
from conventions.texts.bringing import matches, with_text
from conventions.texts.comparing import changed, compare, word_changes
from conventions.texts.markdown import BYTES, CLAUSES, read_markdown

CONVENTION = texts.read_template(texts.shipped("convention-engagements"))
CHARTER = texts.read_template(texts.shipped("charte-engagement"))
BROUGHT = """# Convention du réseau

Les parties se sont réunies le {{Jour de la réunion : date}}.

## Article 1 : Objet

Le projet s’appelle « {{Nom du projet}} » et dure {{Durée : nombre}} mois.

## Article 2 – Engagements

### 2.1 Engagements des structures participantes

- Venir aux journées.
- Dire **ce qui** va et ce qui ne va pas.

### 2.2 Engagements du Conseil des sages

- Veiller.

### Moyens [délégation régionale, partenaire]

1. Une salle, {{Rythme : choix : chaque mois / chaque trimestre}}.

### Règles communes

Chacun écoute.

## Article 3 : Entrée en vigueur

La convention prend effet à la dernière signature. Fait à ____.

## Signatures

| Nom | Signature |
|-----|-----------|
"""
NAMES = {"Conseil des sages": "partner"}


def read(text, **more):
    return read_markdown(text.encode(), **more)


def reasons(text, **more):
    return [(error.line, error.reason) for error in read(text, **more).errors]


# --- Filled and numbered ----------------------------------------------------------------------------------------


def test_clauses_are_cited_by_article_block_and_letter():
    numbers = {item.key: item.number for item in texts.clauses_of(CONVENTION, {})}
    assert [numbers[key] for key in ("objet", "structure-journees", "region-journees")] == ["1.1", "2.2 a", "2.3 a"]
    assert texts.number_of(CONVENTION, "adhesion") == "6.2"
    assert texts.number_of(CONVENTION, "inconnue") == texts.number_of(CONVENTION, "") == ""


def test_a_blank_of_each_party_is_said_in_its_own_words():
    parties = [
        SimpleNamespace(role="structure", name="Les Ateliers", values={"committed": "le tri {identity}"}),
        SimpleNamespace(role="structure", name="Du Pain", values={}),
        SimpleNamespace(role="region", name="Délégation", values={"committed": "rien"}),
    ]
    values = texts.with_party_values(CHARTER, {"identity": "OSER"}, parties)
    said = next(item.text for item in texts.clauses_of(CHARTER, values) if item.key == "a-ce-jour")
    assert "Du Pain\u00a0: [Ma structure s’est engagée, à ce jour, sur…]" in said
    assert said.endswith("Les Ateliers\u00a0: le tri {identity}")
    alone = texts.with_party_values(CHARTER, {}, parties[:1])
    said = next(item.text for item in texts.clauses_of(CHARTER, alone) if item.key == "a-ce-jour")
    assert said.endswith("engagée.\nle tri {identity}")


def test_a_blank_left_empty_on_purpose_is_no_blank_in_the_text():
    variable = next(one for one in CHARTER.variables if one.key == "assembly")
    assert texts.in_words(variable, "") == "non précisé"
    assert texts.in_words(replace(variable, required=True), "") == "[Mois de l’assemblée générale]"


def test_commitments_are_those_of_a_role_and_of_everybody():
    partnership = texts.read_template(texts.shipped("charte-partenariat"))
    keys = {role: [item.key for item in texts.commitments_of(partnership, {}, role)] for role in ("region", "partner")}
    assert "commun-moyens" in keys["region"]
    assert "commun-moyens" in keys["partner"]
    assert "partner-rythme" in keys["partner"]
    assert "partner-rythme" not in keys["region"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"entry_clause": ""}, "entrée en vigueur"),
        ({"proof_clause": ""}, "article 1356"),
        ({"consent": "J’accepte."}, "{signatory}"),
        ({"entry": "day"}, "quel blanc la porte"),
        ({"entry": "committee"}, "combien d’années"),
        ({"entry_variable": "project"}, "n’est pas une date"),
        ({"parties": ()}, "qualité de partie"),
    ],
)
def test_what_keeps_a_template_from_being_published(change, words):
    assert any(words in problem.sentence for problem in texts.problems(replace(CONVENTION, **change)))


# --- Compared ---------------------------------------------------------------------------------------------------


def test_words_added_and_removed_give_both_texts_back():
    before, after = "La structure vient aux journées.", "La structure vient à toutes les journées, à l’heure."
    words = word_changes(before, after)
    assert "".join(text for op, text in words if op != "ins") == before
    assert "".join(text for op, text in words if op != "del") == after
    assert ("same", "La structure vient ") in words
    assert [op for op, _ in words].count("del") < len(before.split())


def test_a_clause_added_removed_or_changed_is_found_by_its_key():
    article = CONVENTION.articles[0]
    clauses = (replace(article.clauses[1], text="Autre chose."), article.clauses[2], texts.Clause("Neuve.", key="new"))
    after = replace(CONVENTION, articles=(replace(article, clauses=clauses), *CONVENTION.articles[1:]), expires_days=10)
    found = compare(CONVENTION, after)
    assert [(c.state, c.number_before, c.number_after) for c in changed(found.articles[0])] == [
        ("removed", "1.1", ""),
        ("changed", "1.2", "1.1"),
        ("added", "", "1.3"),
    ]
    assert found.settings == (("Délai de signature", "60 jours", "10 jours"),)
    assert found.count == 3
    assert all(not changed(article) for article in found.articles[1:])


def test_the_same_text_has_no_difference_and_a_role_alone_is_one():
    assert compare(CONVENTION, CONVENTION).is_empty
    article = CONVENTION.articles[0]
    clauses = (replace(article.clauses[0], roles=("partner",)), *article.clauses[1:])
    after = replace(CONVENTION, articles=(replace(article, clauses=clauses), *CONVENTION.articles[1:]))
    assert changed(compare(CONVENTION, after).articles[0])[0].facts == (("Engage", "toutes les parties", "partenaire"),)


# --- Brought ----------------------------------------------------------------------------------------------------


def test_a_good_text_becomes_articles_roles_and_blanks():
    brought = read(BROUGHT, names=NAMES)
    assert brought.errors == ()
    assert brought.title == "Convention du réseau"
    assert [article.title for article in brought.articles] == ["Préambule", "Objet", "Engagements", "Entrée en vigueur"]
    engaged = [(clause.roles, clause.heading) for clause in brought.articles[2].clauses]
    assert engaged == [
        (("structure",), "Engagements des structures participantes"),
        (("structure",), ""),
        (("partner",), "Engagements du Conseil des sages"),
        (("region", "partner"), "Moyens"),
        ((), "Règles communes"),
    ]
    assert brought.articles[2].clauses[1].text == "Dire ce qui va et ce qui ne va pas."
    assert [(one.key, one.kind) for one in brought.variables] == [
        ("jour_de_la_reunion", "date"),
        ("nom_du_projet", "line"),
        ("duree", "integer"),
        ("rythme", "choice"),
        ("fait_a", "line"),
    ]
    assert brought.variables[3].choices == ("chaque mois", "chaque trimestre")
    assert "Signatures" in brought.notices[0]


def test_a_text_put_in_a_template_keeps_what_was_known_of_its_clauses():
    former = texts.read_template(with_text(CONVENTION, read(BROUGHT, names=NAMES)))
    assert former.clause_keys.isdisjoint({"objet"})
    again = read(
        BROUGHT.replace("Chacun écoute.", "Chacun écoute les autres.").replace("- Venir", "- Rester\n- Venir"),
        names=NAMES,
    )
    keys = {clause.text: clause.key for clause in former.clauses}
    after = texts.read_template(with_text(former, again))
    later = {clause.text: clause.key for clause in after.clauses}
    assert later["Venir aux journées."] == keys["Venir aux journées."]
    assert later["Rester"] not in keys.values()
    assert len(after.clause_keys) == len(after.clauses)
    entry = next(clause for clause in after.clauses if clause.key == after.entry_clause)
    assert "prend effet" in entry.text


def test_the_same_clause_reworded_is_the_same_clause():
    before = [texts.Clause("La structure vient à chaque journée collective du parcours.", key="venir")]
    after = [texts.Clause("La structure vient à chaque journée collective de son parcours.")]
    assert matches(before, after) == {0: "venir"}
    assert matches(before, [texts.Clause("Le comité valide le dossier.")]) == {}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("## Objet\nUne clause.", 1, "n’a pas de titre"),
        ("# T\n\n## Objet\n", 3, "n’a aucune clause"),
        ("# T\n## Objet\nUne.\n## OBJET\nDeux.", 4, "s’appelle déjà"),
        ("# T\n## Objet\n### Engagements du maire\n- Venir.", 3, "qualité de partie"),
        ("# T\n## Objet\n### Moyens [structure, mairie]\n- Venir.", 3, "« mairie »"),
        ("# T\n## Objet\nUne <b>clause</b>.", 3, "HTML"),
        ("# T\n## Objet\n<script>alert(1)</script>", 3, "HTML"),
        ("# T\n## Objet\nBon.\nLe {{jour", 4, "n’est pas fermé"),
        ("# T\n## Objet\nLe {jour}", 3, "accolade"),
        ("# T\n## Objet\nLe {{ }}", 3, "n’a pas de nom"),
        ("# T\n## Objet\nLe {{Jour : couleur}}", 3, "« couleur »"),
        ("# T\n## Objet\nLe {{Jour : date}} et {{Jour : nombre}}", 3, "deux façons"),
        ("# T\n## Objet\nUne {{Voie : choix : seule}}", 3, "au moins deux réponses"),
        ("# T\n## Objet\nUn \u202emot.", 3, "sens de lecture"),
        ("# T\n## Objet\nUn\u200bmot.", 3, "invisible"),
        ("# T\n## Objet\nUn\x00mot.", 3, "nul"),
        ("# T\n## Objet\n#### Trop loin\nUn.", 3, "trop profond"),
        ("# T\n# U\n## Objet\nUn.", 2, "Un seul titre"),
        ("# T\n## Objet\n```\ncode\n```", 3, "code"),
        ("# T\n## Objet\n![x](y.png)", 3, "image"),
        ("# T\n## Objet {{x}}\nUn.", 2, "ne porte pas de blanc"),
        ("# T\n## Objet\n" + "mot " * 600, 3, "2\u202f000"),
        ("# Titre seul", 0, "aucun article"),
    ],
)
def test_each_mistake_is_told_at_its_line(text, line, words):
    told = reasons(text)
    assert any(rank == line and words in reason for rank, reason in told), told


def test_a_file_that_is_no_text_is_refused_whole():
    for content in (b"", b"  \n", b"%PDF-1.7\xff\xfe\x00", b"\x89PNG\r\n\x1a\n\xff", b"PK\x03\x04\xff\xff"):
        errors = read_markdown(content).errors
        assert [error.line for error in errors] == [0]


def test_two_hundred_pages_are_refused_at_once_and_many_mistakes_are_capped():
    assert "maximum" in read_markdown(b"# T\n" + b"mot " * (BYTES // 3)).errors[0].reason
    many = "# T\n## Objet\n" + "\n\n".join(f"Clause {rank}." for rank in range(CLAUSES + 1))
    assert any("clauses ; le maximum" in reason for _, reason in reasons(many))
    assert len(read("# T\n## Objet\n" + "\n".join("- Un <b>." for _ in range(3_000))).errors) == 100


@pytest.mark.parametrize("words", ["_", "mot ____ ", "{{Nom}} ", "____"])
def test_a_hundred_pages_of_blanks_are_read_to_the_end(words):
    """Each blank read again for the next one, it would take half an hour."""
    brought = read("# T\n## Objet\n" + words * ((BYTES - 100) // len(words)))
    assert brought.errors or brought.clauses


def test_clauses_that_repeat_a_few_words_are_compared_whole():
    """Each word compared with each other, it would take half a minute for one clause."""
    before, after = "a " * 1_000, "a b " * 500
    found = word_changes(before, after)
    assert "".join(text for op, text in found if op != "ins") == before
    assert "".join(text for op, text in found if op != "del") == after


def test_two_blanks_that_have_no_name_are_two_blanks_whatever_the_words_before():
    words = "représentée aux présentes par sa présidente Madame"
    brought = read(f"# T\n## Objet\nLa structure, {words} ____.\n\nLa délégation, {words} ____.")
    first, second = brought.variables
    assert first.key != second.key
    assert first.label != second.label
    assert [clause.text.count("{") for clause in brought.clauses] == [1, 1]


def test_marks_of_markdown_never_reach_the_text():
    brought = read("# T\n## Objet\nUn **mot**, _deux_, `trois`, [quatre](https://exemple.org). L'heure : 8 h.")
    assert brought.articles[0].clauses[0].text == (
        "Un mot, deux, trois, quatre (https://exemple.org). L’heure\u00a0: 8 h."
    )
