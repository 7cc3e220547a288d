import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.utils.safestring import SafeString

from caprse.base import svg
from caprse.base.svg import Series

NS = "{http://www.w3.org/2000/svg}"
FIVE = ["Gouvernance", "Emploi et conditions de travail", "Environnement", "Ancrage territorial", "Achats"]
SCALE = {"low": 1, "high": 5, "title": "Profil"}
TOKENS = Path(__file__).parents[2] / "static/css/tokens.css"


def parsed(drawing):
    assert isinstance(drawing, SafeString)
    return ET.fromstring(drawing)


def outlines(root, name):
    """Lines and outlines of the series, without the triangles and diamonds of the marks."""
    return [e for e in root.iter(NS + name) if "fill-opacity" in e.attrib or e.get("fill") == "none"]


def marks(root):
    """Centres of the round marks of the first series, legend left out."""
    return [(float(e.get("cx")), float(e.get("cy"))) for e in root.iter(NS + "circle") if e.get("r") == "4.5"][:-1]


def texts(root):
    return [e.text for e in root.iter(NS + "text")]


def assert_everything_inside(root):
    left, top, width, height = map(float, root.get("viewBox").split())
    for element in root.iter(NS + "text"):
        size, reach = (
            float(element.get("font-size")),
            len(element.text) * 0.5 * float(element.get("font-size")),
        )
        x, y = float(element.get("x")), float(element.get("y"))
        start = x - {"start": 0, "middle": reach / 2, "end": reach}[element.get("text-anchor")]
        assert left <= start, element.text
        assert start + reach <= left + width, element.text
        assert top <= y - size * 0.8, element.text
        assert y + size * 0.2 <= top + height, element.text


@pytest.mark.parametrize("count", range(1, 13))
def test_drawings_pass_a_strict_policy_and_hold_their_labels(count):
    labels = [f"Chapitre {n} et son intitulé un peu long" for n in range(count)]
    series = [Series(f"Structure {n}", [1 + (n + i) % 5 for i in range(count)]) for n in range(5)]
    root = parsed(svg.radar(labels, series, ident="r", **SCALE))
    allowed = {"svg", "title", "desc", "g", "rect", "circle", "line", "polygon", "polyline", "text"}
    for element in root.iter():
        assert element.tag.removeprefix(NS) in allowed
        assert not {"style", "class", "href"} & set(element.attrib)
        assert not [name for name in element.attrib if name.startswith("on")]
    assert_everything_inside(root)


def test_a_single_endless_word_is_not_clipped():
    root = parsed(svg.radar(["anticonstitutionnellement" * 8, "A", "B"], [], ident="r", **SCALE))
    assert_everything_inside(root)


def test_it_is_an_image_with_a_name_and_its_numbers_in_words():
    root = parsed(svg.radar(FIVE, [Series("Départ", [1, None, 3, Decimal("2.5"), 5])], ident="x", **SCALE))
    assert root.get("role") == "img"
    assert root.find(NS + "title").text == "Profil"
    assert root.get("aria-labelledby") == root.find(NS + "title").get("id") == "x-title"
    assert root.get("aria-describedby") == root.find(NS + "desc").get("id")
    words = root.find(NS + "desc").text.replace("\u00a0", " ")
    assert words.startswith("Échelle de 1 à 5. Départ : Gouvernance 1,0 ; ")
    assert "Emploi et conditions de travail sans valeur" in words
    assert "Ancrage territorial 2,5" in words


def test_two_drawings_on_one_page_share_no_id():
    ids = [
        {e.get("id") for e in parsed(svg.radar(FIVE, [], ident=ident, **SCALE)).iter() if e.get("id")}
        for ident in ("a", "b")
    ]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_the_minimum_is_drawn_and_a_missing_value_is_not():
    lowest = parsed(svg.radar(FIVE, [Series("A", [1, 1, 1, 1, 1])], ident="r", **SCALE))
    missing = parsed(svg.radar(FIVE, [Series("A", [1, None, 1, 1, 1])], ident="r", **SCALE))
    assert len(marks(lowest)) == 5
    assert len(marks(missing)) == 4
    assert all(x * x + y * y > 100 for x, y in marks(lowest)), "the minimum is off the centre"
    assert "sans valeur" not in texts(lowest)
    assert "sans valeur" in texts(missing)


def test_the_line_breaks_at_a_missing_value():
    whole = parsed(svg.radar(FIVE, [Series("A", [1, 2, 3, 4, 5])], ident="r", **SCALE))
    assert len(outlines(whole, "polygon")) == 1
    assert not outlines(whole, "polyline")
    broken = parsed(svg.radar(FIVE, [Series("A", [1, 2, None, 4, None])], ident="r", **SCALE))
    assert not outlines(broken, "polygon")
    runs = [len(e.get("points").split()) for e in outlines(broken, "polyline")]
    assert sorted(runs) == [1, 2]


def test_a_value_missing_from_one_of_two_series_names_it():
    root = parsed(svg.radar(FIVE, [Series("A", [1] * 5), Series("B", [None] + [2] * 4)], ident="r", **SCALE))
    assert "B\u00a0: sans valeur" in texts(root)


def test_a_drawing_without_any_value_stays_a_drawing():
    root = parsed(svg.radar(FIVE, [Series("A", [None] * 5)], ident="r", **SCALE))
    assert marks(root) == []
    assert texts(root).count("sans valeur") == 5


def test_series_differ_without_colour():
    root = parsed(svg.radar(FIVE, [Series(str(n), [n + 1] * 5) for n in range(4)], ident="r", **SCALE))
    dashes = [e.get("stroke-dasharray") for e in outlines(root, "polygon")]
    assert len(set(dashes)) == 4


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>\"'&", "</title><img src=x onerror=y>", "a\u202eb]]>"])
def test_hostile_texts_are_only_text(hostile):
    drawing = svg.radar([hostile, "B", "C"], [Series(hostile, [1, 2, 3])], ident="r", low=1, high=5, title=hostile)
    root = parsed(drawing)
    assert root.find(NS + "title").text == hostile
    assert "<script" not in drawing
    assert "<img" not in drawing


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_axes_become_bars(count):
    series = [Series("A", [1, 5][:count]), Series("B", [None, 3][:count])]
    drawing = svg.radar(FIVE[:count], series, ident="r", **SCALE)
    root = parsed(drawing)
    assert drawing == svg.bars(FIVE[:count], series, ident="r", **SCALE)
    assert not list(root.iter(NS + "circle"))
    assert "1,0" in texts(root)
    assert "sans valeur" in texts(root)
    assert_everything_inside(root)


def test_the_shortest_bar_shows():
    root = parsed(svg.bars(["A"], [Series("S", [1])], ident="r", **SCALE))
    filled = [e for e in root.iter(NS + "rect") if e.get("fill") == svg.COLOURS[0]]
    assert float(filled[0].get("width")) > 10


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0, 4, "0 1 2 3 4"),
        (1, 5, "1 2 3 4 5"),
        (0, 100, "0 20 40 60 80 100"),
        (0, 1, "0 1"),
        (0, Decimal("0.5"), "0 0,1 0,2 0,3 0,4 0,5"),
    ],
)
def test_rings_are_told(low, high, told):
    root = parsed(svg.radar(["A", "B", "C"], [], low=low, high=high, ident="r", title="t"))
    assert [text for text in texts(root) if text[0].isdigit()] == told.split()


def test_picture_and_table_tell_the_same():
    series = [Series("Départ", [1, None, Decimal("2.25")]), Series("Arrivée", [2, 3, 4])]
    picture = svg.picture(["A", "B", "C"], series, corner="Chapitre", ident="r", **SCALE)
    assert picture.headers == ["Chapitre", "Départ", "Arrivée"]
    assert picture.rows == [["A", "1,0", "2,0"], ["B", "—", "3,0"], ["C", "2,3", "4,0"]]
    assert picture.svg == svg.radar(["A", "B", "C"], series, ident="r", **SCALE)
    assert svg.data_table(["A", "B", "C"], series, corner="Chapitre") == (picture.headers, picture.rows)


@pytest.mark.parametrize(
    ("change", "values", "series"),
    [
        ({}, [1, 2], {}),
        ({}, [0, 2, 3], {}),
        ({}, [1, float("nan"), 3], {}),
        ({"ident": 'a"><script'}, [1, 2, 3], {}),
        ({"low": 5}, [5, 5, 5], {}),
        ({}, [1, 2, 3], {"colour": 'red" onload="x'}),
        ({}, [1, 2, 3], {"dash": "a"}),
    ],
)
def test_what_does_not_fit_is_refused(change, values, series):
    with pytest.raises(ValueError, match=r"\w"):
        svg.radar(["A", "B", "C"], [Series("S", values, **series)], **({"ident": "r", **SCALE} | change))


def test_the_same_data_give_the_same_drawing():
    series = [Series("S", [1, None, 3, 4, 5])]
    assert svg.radar(FIVE, series, ident="r", **SCALE) == svg.radar(FIVE, series, ident="r", **SCALE)


def test_colours_are_those_of_the_tokens():
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", TOKENS.read_text().split("@media")[0]))
    assert tuple(light[f"level-{n}"] for n in range(5)) == svg.LEVELS
    assert tuple(light[name] for name in ("accent", "turn", "blue", "amber")) == svg.COLOURS
    assert (light["ink"], light["ink-soft"], light["sunken"]) == (svg.INK, svg.INK_SOFT, svg.SUNKEN)
