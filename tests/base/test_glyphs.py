"""What our fonts draw, and the sentence for what they do not."""

import pytest
from django.core.exceptions import ValidationError

from caprse.base import glyphs

FRENCH = "L’œuvre « naïve » d’Anaïs – 1\u00a0234,50\u00a0€ · n° 3 ÉÈÊËÇŒÆ ½ × − … “ ” —"
NEIGHBOURS = "Łódź, Škoda, Đurić, Ñandú, Åse, İzmir, Ţepeş, Ōsaka"


@pytest.mark.parametrize("text", [FRENCH, NEIGHBOURS, "1\u202f000", "deux\nlignes", ""])
def test_french_and_its_neighbours_are_drawn(text):
    assert glyphs.missing(text) == ""
    glyphs.validate_drawable(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("漢字", "U+6F22"),
        ("Jardins 🌱", "U+1F331"),
        ("abc\u202edef", "U+202E"),
        ("abc\u200bdef", "U+200B"),
        ("abc\u200d", "U+200D"),
        ("abc\u00ad", "U+00AD"),
        ("Москва", "U+041C"),
        ("مرحبا", "U+0645"),
        ("\ue000", "U+E000"),
    ],
)
def test_what_they_do_not_draw_is_refused_with_a_sentence(text, code):
    with pytest.raises(ValidationError) as refusal:
        glyphs.validate_drawable(text)
    assert refusal.value.code == "glyph"
    assert code in refusal.value.message
    assert "tapez autre chose" in refusal.value.message


def test_a_page_is_read_without_its_tags():
    assert glyphs.missing_from_page("<p title='漢'>L&#x27;été &amp; l’hiver</p>") == ""
    assert glyphs.missing_from_page("<p>L&#x6F22;</p>") == "漢"
