"""A text that repeats another is found whatever its case, accents, punctuation, plurals; a text of its own is not."""

import pytest

from caprse.base.echoes import Passage, Protected, word_count

QUESTION = "Comment l’équipe associe-t-elle les salarié·e·s en parcours aux décisions de la structure ?"
LEVEL = "Nous en parlons parfois"
TITLE = "La parole de l’équipe"
PASSAGES = (
    Passage("question du critère 1.2", QUESTION),
    Passage("critère 1.2, niveau 1", LEVEL),
    Passage("titre du critère 1.2", TITLE, is_sentence=False),
)


@pytest.fixture(scope="module")
def wording():
    return Protected(PASSAGES)


@pytest.mark.parametrize(
    "text",
    [
        QUESTION,
        "COMMENT L'EQUIPE ASSOCIE T ELLE LES SALARIEES",
        "Dites-moi : les salarié.e.s en parcours aux décisions de la structure, est-ce vrai ?",
        "les salariés en parcours, aux décisions… de la structures",
        "les salarié(e)s en parcours aux de\u0301cisions de la structure",
        "les salarié·e·s en par\u00adcours aux déci\u200dsions de la structure",
        "équipe associe-t-elle les salariées en",
    ],
)
def test_six_words_in_a_row_are_an_echo(wording, text):
    echo = wording.echo_in(text)
    assert echo.where == "question du critère 1.2"


def test_the_echo_quotes_what_was_typed_and_no_more(wording):
    echo = wording.echo_in("Vous dit-on si LES SALARIÉ.E.S, en parcours, aux décisions de la structure viennent ?")
    assert echo.words == "LES SALARIÉ.E.S, en parcours, aux décisions de la structure"


@pytest.mark.parametrize(
    "text",
    [
        "Vous demande-t-on votre avis ?",
        "des salarié·e·s en parcours aux décisions pour notre structure",  # five in a row
        "La parole de l’équipe compte-t-elle pour vous ?",  # a title may be inside a longer text
        "",
        "?!…",
        "🙂",
    ],
)
def test_a_text_of_its_own_is_not(wording, text):
    assert wording.echo_in(text) is None


@pytest.mark.parametrize("text", ["la parole de l'équipe", "La Parole, de l’équipe !", "nous en parlons parfois."])
def test_a_whole_passage_is_an_echo_however_short(wording, text):
    assert wording.echo_in(text).words == text


def test_a_whole_short_sentence_is_found_inside_another(wording):
    assert wording.echo_in("Diriez-vous : nous en parlons parfois ?").where == "critère 1.2, niveau 1"


@pytest.mark.parametrize("text", ["mot " * 50_000, "\u00ad" * 100_000, "·" * 100_000, "l'" * 50_000])
def test_a_very_long_text_is_read_all_the_same(wording, text):
    assert wording.echo_in(text) is None


@pytest.mark.parametrize(("text", "words"), [("Qu’est-ce que l’on vous dit ?", 6), ("Les salarié·e·s", 2), ("", 0)])
def test_words_are_counted_as_people_do(text, words):
    assert word_count(text) == words
