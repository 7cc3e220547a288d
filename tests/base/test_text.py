import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from caprse.base import text

UTC = datetime.UTC


def refused(value, max_length=100):
    with pytest.raises(ValidationError) as caught:
        text.clean_text(value, max_length=max_length)
    return caught.value


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("  Bonjour \n", "Bonjour"),
        ("un\r\ndeux\rtrois\u2028quatre", "un\ndeux\ntrois\nquatre"),
        ("a\tb", "a\tb"),
        ("e\u0301te\u0301", "été"),
        ("Bravo 👩‍🌾 ❤️ 🏳️‍🌈", "Bravo 👩‍🌾 ❤️ 🏳️‍🌈"),
        ("coopéra\u00adtive", "coopéra\u00adtive"),
        ("\u200d\ufe0f \u3164", ""),
        ("", ""),
    ],
)
def test_accepted_text(value, kept):
    assert text.clean_text(value, max_length=100) == kept


@pytest.mark.parametrize("char", ["\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9f", "\uffff"])
def test_control_characters_are_refused(char):
    assert refused(f"avant{char}après").code == "control"


@pytest.mark.parametrize("char", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"))
def test_marks_that_turn_the_reading_are_refused(char):
    assert refused(f"facture{char}fdp.exe").code == "bidi"


@pytest.mark.parametrize(
    ("char", "code"),
    [("\u200b", "zero_width"), ("\ufeff", "zero_width"), ("\ud83d", "surrogate"), ("\x00", "null")],
)
def test_other_hidden_characters_are_refused(char, code):
    assert refused(f"avant{char}après").code == code


def test_a_refusal_says_where_the_invisible_mark_is():
    message = refused("Première ligne\nNotre charte\u200bsociale").message
    assert "U+200B" in message
    assert "Notre charte" in message
    assert "Première" not in message


def test_a_mark_at_the_very_start_is_placed_too():
    assert "en début de ligne" in refused("\ufeffBonjour").message


def test_length_counts_what_is_kept():
    assert text.clean_text("  " + "e\u0301" * 10 + "  ", max_length=10) == "é" * 10
    error = refused("x" * 12345, max_length=2000)
    assert error.code == "too_long"
    assert "12\u202f345 caractères" in error.message
    assert "2\u202f000" in error.message


def test_text_field_speaks_our_message_and_never_cuts_a_paste():
    field = text.TextField(max_length=5)
    assert field.clean(" a\r\nb ") == "a\nb"
    with pytest.raises(ValidationError, match="6 caractères"):
        field.clean("abcdef")
    assert "maxlength" not in field.widget.attrs
    assert field.widget.attrs["data-max-length"] == "5"


@pytest.mark.parametrize("blank", ["   ", "\n", "\u200d"])
def test_a_required_field_refuses_what_nobody_sees(blank):
    with pytest.raises(ValidationError) as caught:
        text.TextField(max_length=5).clean(blank)
    assert caught.value.code == "required"
    assert text.TextField(max_length=5, required=False).clean(blank) == ""


@pytest.mark.parametrize("value", ["a\nb", "a\r\nb", "a\u2029b"])
def test_line_field_refuses_new_lines(value):
    with pytest.raises(ValidationError) as caught:
        text.LineField(max_length=50).clean(value)
    assert caught.value.code == "newline"


def test_line_field_forgives_an_outer_new_line():
    assert text.LineField(max_length=50).clean("Régie de quartier\n") == "Régie de quartier"


def test_normalised_orders_french_words():
    expected = ["Éclat", "ecole", "l'appui", "L’Atelier", "oeuf", "Œuvre", "zèbre"]
    assert sorted(["zèbre", *expected[:-1]], key=text.normalised) == expected
    assert text.normalised("  Cœur\u00a0d’Ex  Æquo ") == "coeur d'ex aequo"


def test_every_day_of_a_year_is_written():
    first = datetime.date(2025, 1, 1)
    words = [text.date_in_words(first + datetime.timedelta(days=n)) for n in range(365)]
    assert len(set(words)) == 365
    assert [w for w in words if " 1er " in w] == [
        "mercredi 1er janvier 2025",
        "samedi 1er février 2025",
        "samedi 1er mars 2025",
        "mardi 1er avril 2025",
        "jeudi 1er mai 2025",
        "dimanche 1er juin 2025",
        "mardi 1er juillet 2025",
        "vendredi 1er août 2025",
        "lundi 1er septembre 2025",
        "mercredi 1er octobre 2025",
        "samedi 1er novembre 2025",
        "lundi 1er décembre 2025",
    ]
    assert words[97] == "mardi 8 avril 2025"
    assert words[364] == "mercredi 31 décembre 2025"
    assert text.month_in_words(datetime.date(2026, 7, 31)) == "juillet 2026"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime.datetime(2025, 4, 8, 13, 30, tzinfo=UTC), "mardi 8 avril 2025, 15 h 30"),
        (datetime.datetime(2025, 12, 31, 23, 0, tzinfo=UTC), "jeudi 1er janvier 2026, 0 h"),
        (datetime.datetime(2025, 1, 6, 9, 5, tzinfo=text.PARIS), "lundi 6 janvier 2025, 9 h 05"),
        (datetime.datetime(2025, 1, 6, 10, 0, tzinfo=text.PARIS), "lundi 6 janvier 2025, 10 h"),
    ],
)
def test_moments_are_told_in_paris_time(moment, words):
    assert text.datetime_in_words(moment).replace("\u00a0", " ") == words
    assert text.time_in_words(moment).replace("\u00a0", " ") == words.split(", ")[1]
    assert " " not in text.time_in_words(moment)


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        text.datetime_in_words(datetime.datetime(2025, 4, 8, 13, 30))


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (0, 0, "0"),
        (1234567, 0, "1 234 567"),
        (Decimal("1234.5"), 2, "1 234,50"),
        (2.5, 0, "3"),
        (2.675, 2, "2,68"),
        (-1234.5, 1, "−1 234,5"),
        (Decimal("-0.04"), 1, "0,0"),
    ],
)
def test_numbers(value, places, written):
    assert text.number(value, places) == written.replace(" ", "\u202f")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_only_finite_numbers_are_written(value):
    with pytest.raises(ValueError, match="finite"):
        text.number(value, 1)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 octet"),
        (1, "1 octet"),
        (512, "512 octets"),
        (1500, "1,5 ko"),
        (12_000_000, "12 Mo"),
        (999_960, "1 Mo"),
        (1_234_567_890, "1,2 Go"),
    ],
)
def test_sizes(size, words):
    assert text.size_in_words(size).replace("\u00a0", " ") == words


@pytest.mark.parametrize(("n", "word"), [(0, "jour"), (1, "jour"), (1.5, "jour"), (2, "jours"), (40, "jours")])
def test_plural_begins_at_two(n, word):
    assert text.plural(n, "jour", "jours") == word


@pytest.mark.parametrize(
    ("title", "extension", "name"),
    [
        ("Synthèse – Cœur d’Ouvrage (2025)", "pdf", "synthese-coeur-d-ouvrage-2025.pdf"),
        ("../../etc/passwd", ".TXT", "etc-passwd.txt"),
        ("👍", "pdf", "document.pdf"),
        ("CON", "csv", "document-con.csv"),
        ('a"\r\nSet-Cookie: x', "pdf", "a-set-cookie-x.pdf"),
    ],
)
def test_safe_filename(title, extension, name):
    assert text.safe_filename(title, extension) == name


def test_safe_filename_stays_short():
    name = text.safe_filename("très long " * 30, "xlsx")
    assert len(name) <= 80
    assert name.endswith(".xlsx")
