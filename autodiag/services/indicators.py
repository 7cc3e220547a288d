"""Values of indicators: one a year, each save on its version, each with its line of history."""

from django.db import IntegrityError, transaction

from autodiag import rules
from autodiag.models import Autodiag, IndicatorChange, IndicatorValue
from autodiag.models.indicators import figure_beside, with_figure
from autodiag.rules.indicators import can_hold_a_value
from autodiag.services.answers import RoundClosed
from caprse.base import clock, journal
from caprse.base.versioned import StaleSave, guarded_update

FIELDS = ("value", "unknown", "source", "comment")


class ImpossibleYear(ValueError):
    """No figure can be about this year; the message says why, in French."""


def figure_of(row):
    """What a value holds, as it is compared and kept in history: numbers as plain text, "" for none."""
    return {**{name: getattr(row, name) for name in FIELDS}, "value": plain(row.value)}


def plain(value):
    """A number without the zeros that storage adds: "12.5", "0", "" when there is none."""
    if value is None:
        return ""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def blank(autodiag, indicator, year):
    """What stands before anything is written: not in the database."""
    return IndicatorValue(
        region_id=autodiag.region_id,
        participation_id=autodiag.participation_id,
        autodiag=autodiag,
        indicator=indicator,
        year=year,
        updated_at=None,
    )


@transaction.atomic
def save_indicator_value(*, autodiag, indicator, year, revision, by, value, unknown, source, comment):
    """Write the figure of one year, made on `revision` (0: the first), with its history line.

    `value` is a Decimal or None; `unknown` says "we do not know", which is neither zero nor nothing. Saving the same
    values writes nothing. Returns the row. Raises `ImpossibleYear`, `RoundClosed` when the chapter is not open,
    `StaleSave` when somebody saved in between, were it the first time for both.
    """
    if not (verdict := can_hold_a_value(year, clock.today())):
        raise ImpossibleYear(verdict.reason)
    # Locked: a transmission comes before, and refuses this save, or after, with it.
    chapters = Autodiag.objects.select_for_update(of=("self",)).with_context()
    locked = with_figure(chapters, indicator, year).get(pk=autodiag.pk)
    if not (verdict := rules.can_answer(locked, clock.today())):
        raise RoundClosed(verdict.reason)
    row = figure_beside(locked) or blank(locked, indicator, year)
    before = figure_of(row)
    fields = {"value": value, "unknown": unknown, "source": source, "comment": comment}
    after = {**fields, "value": plain(value)}
    if after == before and revision == row.revision:
        return row
    now = clock.now()
    _write(row, revision, {**fields, "updated_at": now, "updated_by_id": by.user_id})
    changed = [name for name in FIELDS if after[name] != before[name]]
    IndicatorChange.objects.create(
        region_id=row.region_id,
        participation_id=row.participation_id,
        indicator_value=row,
        revision=row.revision,
        at=now,
        by_id=by.user_id,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    details = {"revision": row.revision, "year": year, "fields": changed}
    journal.record("indicator.saved", row, by=by, details=details)
    return row


def _write(row, revision, changes):
    """The guarded statement itself; the first save of a year makes its row: of two at once, one is first."""
    if row.pk:
        guarded_update(row, revision=revision, **changes)
        return
    if revision != 0:
        raise StaleSave(row)
    for name, value in changes.items():
        setattr(row, name, value)
    row.revision = 1
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as refused:
        first = IndicatorValue.objects.filter(autodiag=row.autodiag, indicator=row.indicator, year=row.year).first()
        if first is None:
            raise
        raise StaleSave(first) from refused
