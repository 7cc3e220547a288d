"""The dates of a calendar, read over and changed: one row per step."""

from dataclasses import dataclass, replace

from django import forms

from caprse.base import clock
from caprse.base.text import NBSP, LineField, date_in_words
from cohorts.calendars import ICONS, ROUND_DAYS, MeetingDate, out_of_order
from cohorts.enums import DatePrecision, MeetingMode
from cohorts.rules import is_between

FIRST_YEAR, LAST_YEAR = 1980, 2100
UNSURE = f"choisissez «{NBSP}à confirmer{NBSP}»."
DAY_MISSING = {
    DatePrecision.DATETIME: f"Donnez le jour, ou {UNSURE}",
    DatePrecision.DATE: f"Donnez le jour, ou {UNSURE}",
    DatePrecision.MONTH: f"Donnez un jour de ce mois, n’importe lequel, ou {UNSURE}",
}
HOUR_MISSING = f"Donnez l’heure, ou choisissez «{NBSP}jour{NBSP}» si elle n’est pas encore fixée."


def day_input():
    """A date field that browsers draw as a calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


NOT_A_DATE = "Cette date n’existe pas. Exemple : 30/06/2026."


def plausible_year(day):
    """Validator: a year typed with a digit missing or twice is noticed."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(f"Vérifiez l’année{NBSP}: {day.year}.")


def not_to_come(day):
    """Validator: what is noted has its day behind it, or today."""
    if day > clock.today():
        raise forms.ValidationError(f"Ce jour n’est pas encore venu{NBSP}: vous le noterez une fois passé.")


class DayField(forms.DateField):
    """A day, chosen in a calendar or typed as « 30/06/2026 », of a year that people may mean."""

    def __init__(self, *, validators=(), error_messages=None, **options):
        super().__init__(
            widget=day_input(),
            validators=[plausible_year, *validators],
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            error_messages={"invalid": NOT_A_DATE, **(error_messages or {})},
            **options,
        )


class MeetingDateForm(forms.Form):
    """When one step takes place. `seen` is the date that was shown, for a save made on an older one to be noticed."""

    precision = forms.ChoiceField(
        label="Ce que vous savez",
        choices=[(value, label[0].upper() + label[1:]) for value, label in DatePrecision.choices],
    )
    day = forms.DateField(label="Jour", widget=day_input(), validators=[plausible_year])
    hour = forms.TimeField(label="Heure", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    as_written = LineField(
        label="En toutes lettres",
        max_length=60,
        required=False,
        help_text=f"Par exemple «{NBSP}Juillet 2026{NBSP}?{NBSP}».",
    )
    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    use_required_attribute = False

    def full_clean(self):
        """What is required depends on the precision; the page never calls a day or an hour optional."""
        precision = self["precision"].data if self.is_bound else None
        day, hour = self.fields["day"], self.fields["hour"]
        day.required = precision in DAY_MISSING
        day.error_messages["required"] = DAY_MISSING.get(precision, "")
        hour.required = precision == DatePrecision.DATETIME
        hour.error_messages["required"] = HOUR_MISSING
        super().full_clean()
        day.required = hour.required = True

    @property
    def when(self):
        """The date as it will be kept: no words for a certain one, the first day of a month. None while it is wrong."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        precision, day, words = data["precision"], data["day"], data["as_written"]
        if precision == DatePrecision.UNKNOWN:
            return MeetingDate(as_written=words)
        if precision == DatePrecision.MONTH:
            return MeetingDate(precision, day.replace(day=1), as_written=words)
        return MeetingDate(precision, day, data["hour"] if precision == DatePrecision.DATETIME else None)


@dataclass(frozen=True)
class Row:
    """One step and the form of its date."""

    title: str
    icon: str
    mode: str
    shown: str
    past: bool
    changed: bool
    form: MeetingDateForm


class CalendarForm:
    """Every step of a calendar. `steps` have kind, title, mode and when; `data` is what was posted, or None."""

    def __init__(self, steps, data=None):
        self.steps, self.is_bound = list(steps), data is not None
        self.rows = [self._row(rank, step, data) for rank, step in enumerate(self.steps, start=1)]
        self.checked = False

    def _row(self, rank, step, data):
        when = step.when
        form = MeetingDateForm(
            data,
            prefix=f"etape-{rank}",
            initial={
                "precision": when.precision,
                "day": when.day,
                "hour": when.hour,
                "as_written": when.as_written,
                "seen": when.stamp,
            },
        )
        shown = (data is not None and form.when) or when
        return Row(
            title=step.title,
            icon=ICONS[step.kind],
            mode=MeetingMode(step.mode).label,
            shown=shown.in_words(),
            past=shown.last_day < clock.today(),
            changed=shown != when,
            form=form,
        )

    @property
    def dates(self):
        """The date of every step, None for those to be put right."""
        return [row.form.when for row in self.rows]

    def is_valid(self):
        """Whether every date can be kept, and in this order."""
        if not self.is_bound:
            return False
        if not self.checked:
            self.checked = True
            self._check_order()
        return not any(row.form.errors for row in self.rows)

    def _check_order(self):
        steps = [(row.title, when) for row, when in zip(self.rows, self.dates, strict=True)]
        for rank, (late, early) in out_of_order(steps).items():
            self.rows[rank].form.add_error(
                "day",
                f"«{NBSP}{late[0]}{NBSP}» ({late[1].in_words()}) ne peut pas venir avant "
                f"«{NBSP}{early[0]}{NBSP}» ({early[1].in_words()}). Changez l’une des deux dates.",
            )

    def planned(self):
        """The proposed steps, with the dates that were read over."""
        return [replace(step, when=when) for step, when in zip(self.steps, self.dates, strict=True)]

    @property
    def error_lines(self):
        """What the summary at the top lists: each line leads to its field."""
        return [
            {"target": bound.id_for_label, "label": "" if row.title in error else row.title, "text": error}
            for row in self.rows
            for bound in row.form
            for error in bound.errors
        ]


@dataclass(frozen=True)
class Closing:
    """A round under way that new dates would close: which, how many structures work in it, what it becomes."""

    round: object
    structures: int
    opens_on: object
    closes_on: object


class ChangedCalendarForm(CalendarForm):
    """The calendar of a cohort that exists: its rounds follow, and closing one under way is asked twice.

    `meetings` are its steps, `rounds` its rounds with their chapter, `working` counts the structures at work by
    round id.
    """

    def __init__(self, meetings, data=None, *, rounds, working):
        super().__init__(meetings, data)
        self.rounds = {round_.chapter_id: round_ for round_ in rounds}
        self.working = working
        self.confirmation = data.get("confirm", "") if data else ""

    def is_valid(self):
        return super().is_valid() and (not self.closing or self.confirmation == self.signature)

    def by_meeting(self):
        """The dates as `change_dates` takes them."""
        return {
            meeting.pk: (row.form.cleaned_data["seen"], when)
            for meeting, row, when in zip(self.steps, self.rows, self.dates, strict=True)
        }

    def _moved_rounds(self):
        """Each round whose visio or regroupement moves, with the days it takes and the rank of its last moved step."""
        moved = {}
        for rank, (meeting, when) in enumerate(zip(self.steps, self.dates, strict=True)):
            round_ = self.rounds.get(meeting.chapter_id)
            if round_ and when and meeting.kind in ROUND_DAYS and when != meeting.when:
                now = {name: getattr(round_, name) for name in ROUND_DAYS.values()}
                days = moved.get(round_, (now, rank))[0]
                moved[round_] = ({**days, ROUND_DAYS[meeting.kind]: when.certain_day}, rank)
        return moved

    def _check_order(self):
        super()._check_order()
        for round_, (days, rank) in self._moved_rounds().items():
            opens_on, closes_on = days["opens_on"], days["closes_on"]
            if opens_on and closes_on and closes_on < opens_on and not self.rows[rank].form.errors:
                self.rows[rank].form.add_error(
                    "day",
                    f"Le chapitre {round_.chapter.number} ouvrirait le {date_in_words(opens_on)}, après sa fermeture, "
                    f"le {date_in_words(closes_on)}.",
                )

    @property
    def closing(self):
        """The rounds open today that these dates would close."""
        if any(row.form.errors for row in self.rows):
            return []
        today = clock.today()
        return [
            Closing(round_, self.working.get(round_.pk, 0), days["opens_on"], days["closes_on"])
            for round_, (days, _) in self._moved_rounds().items()
            if is_between(today, round_.opens_on, round_.closes_on) and not is_between(today, **days)
        ]

    @property
    def signature(self):
        """What a confirmation is given for: asked again when other dates are posted."""
        return ",".join(f"{one.round.pk}:{one.opens_on}:{one.closes_on}" for one in self.closing)

    def tell_stale(self, current):
        """Say at each step somebody changed in between what its date is now. `current`: {rank: the date}."""
        for rank, when in current.items():
            self.rows[rank].form.add_error(
                "day",
                f"Quelqu’un a changé cette date pendant que vous écriviez{NBSP}: c’est maintenant {when.in_words()}. "
                "Gardez la vôtre ou reprenez celle-ci, puis enregistrez.",
            )


def rebased(meetings, data, current):
    """What was posted, as if on the dates that stand now; steps the person had left alone show those.

    `current`: {rank from 0: the `MeetingDate` that stands}.
    """
    fresh = data.copy()
    posted = CalendarForm(meetings, data)
    for rank, when in current.items():
        prefix, form = f"etape-{rank + 1}", posted.rows[rank].form
        if form.when is not None and form.when.stamp == form.cleaned_data["seen"]:
            values = {"precision": when.precision, "day": when.day, "hour": when.hour, "as_written": when.as_written}
            fresh.update({f"{prefix}-{name}": value or "" for name, value in values.items()})
        fresh[f"{prefix}-seen"] = when.stamp
    return fresh
