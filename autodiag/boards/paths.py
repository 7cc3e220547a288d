"""A structure's path: its chapters, their state, what may be worked on now. Pure: the rows come from the doors."""

from dataclasses import dataclass

from autodiag import rules
from caprse.base.text import date_in_words
from cohorts.rules import closing_day


@dataclass(frozen=True)
class PathRound:
    """One chapter on a structure's path."""

    round: object
    autodiag: object
    state: str
    verdict: object
    closes_on: object

    @property
    def delay(self):
        """What became of its last day, for a round that carries an extension."""
        day = date_in_words(self.closes_on) if self.closes_on else ""
        if self.closes_on is None or self.closes_on == self.round.closes_on:
            return "Revenu à la date de la cohorte"
        return f"Délai accordé jusqu’au {day}"


def path_rounds(participation, rounds, autodiags, cleared, today):
    """The rounds of a structure with their state, and whether they may be worked on now."""
    by_round = {autodiag.round_id: autodiag for autodiag in autodiags}
    rows = []
    for round_ in rounds:
        autodiag = by_round.get(round_.pk)
        if autodiag:
            autodiag.participation = participation
        verdict = rules.can_work_in_round(round_, participation.cohort, cleared, round_.extended_to, today)
        rows.append(
            PathRound(
                round=round_,
                autodiag=autodiag,
                state=path_state(round_, autodiag, verdict, today),
                verdict=verdict,
                closes_on=closing_day(round_, round_.extended_to),
            )
        )
    return rows


def next_to_work_on(rows):
    """The first chapter that may be worked on now and is not transmitted, or None."""
    waiting = (row for row in rows if row.verdict and not (row.autodiag and row.autodiag.is_submitted))
    return next(waiting, None)


def path_state(round_, autodiag, verdict, today):
    """A state of the look for one chapter of a path."""
    if autodiag and autodiag.is_submitted:
        return "done"
    if round_.opens_on is None or today < round_.opens_on:
        return "upcoming"
    closes_on = closing_day(round_, getattr(round_, "extended_to", None))
    if closes_on and today > closes_on:
        return "late"
    return "in_progress" if autodiag else "not_started"
