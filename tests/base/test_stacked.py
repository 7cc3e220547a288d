"""The bar cut in parts: lengths are shares, what is no level is told apart without colour."""

import re

from caprse.base.stacked import DASHED, PLAIN, STEPS, Segment, stacked_bar, swatch


def rects(svg):
    return re.findall(r'<rect x="([^"]+)"[^>]*? width="([^"]+)"', svg)


def test_each_part_is_as_long_as_its_share():
    bar = stacked_bar([Segment(1, STEPS[0]), Segment(0, STEPS[1]), Segment(3, STEPS[2]), Segment(4, DASHED)])
    assert rects(bar) == [("0%", "12.5%"), ("12.5%", "37.5%"), ("50%", "50%")]
    assert re.findall(r">(\d+)</text>", bar) == ["1", "3", "4"]


def test_a_number_that_does_not_fit_is_left_to_the_table():
    bar = stacked_bar([Segment(1, STEPS[0]), Segment(19, STEPS[1])])
    assert re.findall(r">(\d+)</text>", bar) == ["19"]


def test_nothing_is_an_empty_bar():
    assert rects(stacked_bar([])) == []


def test_levels_are_ordered_in_grey_and_the_rest_is_hollow():
    def grey(colour):
        return sum(int(colour[i : i + 2], 16) * weight for i, weight in ((1, 0.3), (3, 0.6), (5, 0.1)))

    shades = [grey(look.ground) for look in STEPS]
    assert shades == sorted(shades, reverse=True)
    assert {DASHED.dash, PLAIN.dash} == {"4 3", "none"}
    assert all(look.edge != STEPS[0].edge for look in (DASHED, PLAIN))


def test_no_style_class_or_script():
    drawn = stacked_bar([Segment(1, STEPS[0]), Segment(1, PLAIN)]) + swatch(DASHED)
    assert not re.search(r"style|class|script|\bon\w+=", drawn.replace("font-weight", ""))
