"""What an amendment changes, word by word, and who was bound by which text on a day. Pure."""

from datetime import date

import pytest

from conventions import consolidation as c
from conventions.consolidation import Paragraph, PartyFact, Text, TextFact

OBJECT = Text("objet", "Objet", (Paragraph("Le projet dure quinze mois."), Paragraph("Il suit un référentiel.")))
PLEDGES = Text("engagements", "Engagements", (Paragraph("La structure vient aux journées.", ("structure",)),))
END = Text("fin", "Fin", (Paragraph("Le texte prend fin avec le projet."),))
BASE = (OBJECT, PLEDGES, END)


def clause(text, roles=(), heading=""):
    return {"text": text, "roles": list(roles), "heading": heading}


def whole(spans):
    return "".join(span.words for span in spans)


def test_replaced_article_shows_only_the_words_that_change_and_both_texts_whole():
    change = {
        "act": "replaced",
        "key": "objet",
        "title": "Objet",
        "clauses": [clause("Le projet dure dix-huit mois."), clause("Il suit un référentiel.")],
    }
    after = c.amended(BASE, [change])
    (difference,) = c.differences(BASE, after)
    assert (difference.act, difference.number, difference.place) == ("replaced", 1, 1)
    changed, same = difference.lines
    assert whole(changed.before) == "Le projet dure quinze mois."
    assert whole(changed.after) == "Le projet dure dix-huit mois."
    assert [s.words.strip() for s in changed.before if s.state] == ["quinze"]
    assert [s.words.strip() for s in changed.after if s.state] == ["dix-huit"]
    assert same.same
    assert same.paragraph.text == "Il suit un référentiel."


def test_a_paragraph_taken_out_and_another_put_in_are_not_said_to_be_the_same_one():
    clauses = [clause("Tout autre chose, sans rapport aucun."), clause("Il suit un référentiel.")]
    after = c.amended(BASE, [{"act": "replaced", "key": "objet", "title": "Objet", "clauses": clauses}])
    lines = c.differences(BASE, after)[0].lines
    told = [(whole(line.before), whole(line.after)) for line in lines if not line.same]
    assert ("Le projet dure quinze mois.", "") in told
    assert ("", "Tout autre chose, sans rapport aucun.") in told


def test_a_moved_article_says_its_two_numbers_and_no_other_article_is_said_to_change():
    after = c.amended(BASE, [{"act": "moved", "key": "fin", "after": ""}])
    assert [text.key for text in after] == ["fin", "objet", "engagements"]
    (difference,) = c.differences(BASE, after)
    assert (difference.act, difference.key, difference.number, difference.place) == ("moved", "fin", 3, 1)
    assert difference.lines == ()


def test_moved_and_rewritten_is_one_change_that_says_both():
    changes = [
        {"act": "replaced", "key": "fin", "title": "Durée et fin", "clauses": [clause("Le texte prend fin ce jour.")]},
        {"act": "moved", "key": "fin", "after": "objet"},
    ]
    (difference,) = c.differences(BASE, c.amended(BASE, changes))
    assert difference.act == "replaced"
    assert difference.also_moved
    assert (difference.title_before, difference.title) == ("Fin", "Durée et fin")
    assert (difference.number, difference.place) == (3, 2)
    assert "devient l’article 2" in c.in_short(difference)


def test_a_removed_article_keeps_its_number_and_its_words_and_the_next_ones_do_not_move():
    after = c.amended(BASE, [{"act": "removed", "key": "engagements"}])
    (difference,) = c.differences(BASE, after)
    assert (difference.act, difference.number, difference.place) == ("removed", 2, None)
    assert whole(difference.lines[0].before) == "La structure vient aux journées."
    assert difference.lines[0].after == ()


def test_an_added_article_goes_after_the_one_named_and_shows_whom_it_binds():
    change = {
        "act": "added",
        "key": "a1-1",
        "title": "Neuf",
        "after": "objet",
        "clauses": [clause("Un mot.", ["region"])],
    }
    after = c.amended(BASE, [change])
    assert [text.key for text in after] == ["objet", "a1-1", "engagements", "fin"]
    (difference,) = c.differences(BASE, after)
    assert (difference.act, difference.number, difference.place) == ("added", None, 2)
    assert difference.lines[0].paragraph.roles == ("region",)


def test_a_clause_that_binds_others_with_the_same_words_is_a_change():
    clauses = [clause("La structure vient aux journées.", ["partner"])]
    change = {"act": "replaced", "key": "engagements", "title": "Engagements", "clauses": clauses}
    assert [d.act for d in c.differences(BASE, c.amended(BASE, [change]))] == ["replaced"]


def test_the_same_words_are_no_change_and_an_article_that_is_gone_is_not_changed():
    same = {"act": "replaced", "key": "fin", "title": "Fin", "clauses": [clause("Le texte prend fin avec le projet.")]}
    assert c.differences(BASE, c.amended(BASE, [same])) == []
    assert c.amended(BASE, [{"act": "removed", "key": "ailleurs"}]) == BASE


# --- Who was bound ----------------------------------------------------------------------------------------------

D = date
AGREED = TextFact("Convention", D(2025, 3, 1), D(2026, 6, 30))
AMENDED = TextFact("Avenant", D(2025, 9, 1), D(2026, 6, 30))
UNSIGNED = TextFact("Autre avenant", None)
PARTIES = (
    PartyFact("Fondatrice", "structure", D(2025, 3, 1), D(2026, 6, 30)),
    PartyFact("Sortie", "structure", D(2025, 3, 1), D(2025, 10, 15)),
    PartyFact("Adhérente", "structure", D(2025, 11, 2), D(2026, 6, 30)),
)


@pytest.mark.parametrize(
    ("day", "texts", "names"),
    [
        (D(2025, 2, 28), [], []),
        (D(2025, 3, 1), ["Convention"], ["Fondatrice", "Sortie"]),
        (D(2025, 8, 31), ["Convention"], ["Fondatrice", "Sortie"]),
        (D(2025, 9, 1), ["Convention", "Avenant"], ["Fondatrice", "Sortie"]),
        (D(2025, 10, 15), ["Convention", "Avenant"], ["Fondatrice", "Sortie"]),
        (D(2025, 10, 16), ["Convention", "Avenant"], ["Fondatrice"]),
        (D(2025, 11, 2), ["Convention", "Avenant"], ["Fondatrice", "Adhérente"]),
        (D(2026, 6, 30), ["Convention", "Avenant"], ["Fondatrice", "Adhérente"]),
        (D(2026, 7, 1), [], []),
    ],
)
def test_who_was_bound_by_which_text_on_each_side_of_every_date(day, texts, names):
    bound = c.bound_on(AGREED, [UNSIGNED, AMENDED], PARTIES, day)
    assert [fact.name for fact in bound.texts] == texts
    assert [party.name for party in bound.parties] == names
    assert bool(bound.why_nobody) == (texts == [])


def test_a_text_never_signed_by_all_binds_nobody_on_any_day():
    bound = c.bound_on(UNSIGNED, [], PARTIES, D(2025, 9, 1))
    assert (bound.texts, bound.parties) == ((), ())
    assert "n’engage personne" in bound.why_nobody
