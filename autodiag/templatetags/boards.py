"""The cells of the board of a cohort. A thousand of them on a page: drawn here, since a template takes its time."""

from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join

from caprse.base import text

register = template.Library()


@register.simple_tag
def board_cells(cells):
    """The chapters of one structure: each its state in words, how far it is or its score, and its delay if any."""
    return format_html_join("", "{}{}{}", ((_opening(cell), _state(cell), _closing(cell)) for cell in cells))


def _opening(cell):
    return _written_opening(cell.number, cell.title, cell.state if cell.is_quiet else None)


def _state(cell):
    if cell.is_quiet:
        return format_html('<span class="soft">{}</span>', cell.word)
    if cell.url:
        return format_html('<a class="mark mark--{}" href="{}">{}</a>', cell.state, cell.url, cell.word)
    return format_html('<span class="mark mark--{}">{}</span>', cell.state, cell.word)


def _closing(cell):
    return _written_closing(cell.progress, cell.score, cell.closes_on if cell.extended else None)


# What many cells say alike is written once.
@lru_cache(maxsize=256)
def _written_opening(number, title, quiet_state):
    css = format_html(' class="is-{}"', quiet_state) if quiet_state else ""
    return format_html('<td data-label="{}. {}"{}><span>', number, title, css)


@lru_cache(maxsize=2048)
def _written_closing(progress, score, extended_to):
    how_far = ""
    if progress:
        how_far = format_html(' <span class="soft num nowrap">{}</span>', progress)
    elif score is not None:
        how_far = format_html(' <strong class="num nowrap">{}</strong>', text.number(score, 1))
    delay = ""
    if extended_to:
        delay = format_html(
            ' <span class="board-table__what">Délai jusqu’au {}</span>', text.date_in_words(extended_to)
        )
    return format_html("{}{}</span></td>", how_far, delay)
