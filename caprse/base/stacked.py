"""A horizontal bar cut in parts, drawn as wide as the page gives it: by presentation attributes only, like `svg`.

It has no description of its own: it stands beside the numbers it draws. The steps of the ramp are full and ordered
in grey too; what is no level is hollow, its edge dashed or plain.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from caprse.base.svg import FONT, INK, INK_SOFT, LEVELS, NAMESPACE, PAPER, SMALL_SIZE, SUNKEN

HEIGHT = 28
NARROWEST = 9  # percents under which a number does not fit in its part


class Look(NamedTuple):
    """How a part is drawn: its ground, the ink of its number, its edge, the dash of that edge."""

    ground: str
    ink: str
    edge: str
    dash: str = "none"


STEPS = tuple(Look(ground, PAPER if rank > 2 else INK, PAPER) for rank, ground in enumerate(LEVELS))
DASHED, PLAIN = Look(PAPER, INK, INK_SOFT, "4 3"), Look(SUNKEN, INK, INK_SOFT)


class Segment(NamedTuple):
    """One part of the bar: how many, drawn how."""

    number: int
    look: Look


def stacked_bar(segments: Iterable[Segment]) -> SafeString:
    """Draw the parts one after the other, each as long as its share; nothing where there is nothing."""
    segments = [segment for segment in segments if segment.number]
    total, start, drawn = sum(segment.number for segment in segments), 0, []
    for segment in segments:
        share = 100 * segment.number / total
        drawn.append(_rect(segment.look, f"{_n(start)}%", f"{_n(share)}%", HEIGHT))
        if share >= NARROWEST:
            drawn.append(_number(segment, _n(start + share / 2)))
        start += share
    return _svg("100%", HEIGHT, drawn)


def swatch(look: Look) -> SafeString:
    """A sample of a part, for the legend."""
    return _svg("22", 16, [_rect(look, "0", "22", 16)])


def _rect(look, x, width, height):
    """Hollow parts are lower than full ones, which their edge would otherwise make look taller."""
    inset = 0 if look in STEPS else 2
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="{}" stroke="{}" stroke-width="1.5" '
        'stroke-dasharray="{}"/>',
        x,
        inset,
        width,
        height - 2 * inset,
        look.ground,
        look.edge,
        look.dash,
    )


def _number(segment, middle):
    return format_html(
        '<text x="{}%" y="{}" text-anchor="middle" font-size="{}" font-weight="600" fill="{}">{}</text>',
        middle,
        HEIGHT // 2 + 5,
        SMALL_SIZE + 2,
        segment.look.ink,
        segment.number,
    )


def _svg(width, height, elements):
    inside = format_html_join("", "{}", ((element,) for element in elements))
    return format_html(
        '<svg xmlns="{}" width="{}" height="{}" overflow="visible" aria-hidden="true"><g font-family="{}">{}</g></svg>',
        NAMESPACE,
        width,
        height,
        FONT,
        inside,
    )


def _n(value):
    """A percentage, two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
