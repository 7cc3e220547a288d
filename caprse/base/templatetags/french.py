"""Dates, hours and numbers in words, for templates."""

from django import template

from caprse.base import text

register = template.Library()
register.filter("date_in_words", text.date_in_words)
register.filter("datetime_in_words", text.datetime_in_words)
register.filter("day_in_words", text.day_in_words)
register.filter("time_in_words", text.time_in_words)
register.filter("month_in_words", text.month_in_words)


@register.filter
def tenth(value):
    """A score with its decimal comma, or a dash when there is none."""
    return "–" if value is None else text.number(value, 1)


@register.filter
def decimals(value):
    """A number with all its decimals, as French writes them."""
    return text.number(value, max(0, -value.as_tuple().exponent))


@register.filter(is_safe=True)
def spaced(value):
    """Our own sentences with the no-break spaces that French asks for around « : ; ? ! »."""
    return text.spaced(str(value))
