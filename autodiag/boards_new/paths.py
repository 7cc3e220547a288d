"""Where structures stand, chapter by chapter: rows for the boards. Pure: the querysets come from the doors."""

from dataclasses import dataclass

from autodiag import rules
from autodiag.enums import AutodiagState
from autodiag.scoring import by_chapter
from cohorts.rules import was_over_on_joining


@dataclass(frozen=True)
class Cell:
    """One structure in one round: a state of the look, the score once transmitted, the page.

    The state is "before" when the round was over before the structure joined.

    `autodiag` is None before its start; it counts its answers (`with_progress`).
    """

    round: object
    autodiag: object
    state: str
    score: object
    url: str


@dataclass(frozen=True)
class Row:
    participation: object
    cells: list


def cohort_rows(participations, rounds, autodiags, submitted_answers, cleared):
    """One row per structure, one cell per round, in three queries whatever the number of structures.

    `cleared`: the ids of the structures whose rounds may open, or None when nothing is asked for.
    """
    participations = list(participations)
    if not participations:
        return []
    by_round = {(a.participation_id, a.round_id): a for a in autodiags}
    scores = by_chapter(submitted_answers.filter(participation__in=participations).weighted_totals())
    return [
        Row(
            participation,
            [
                _cell(participation, round_, by_round.get((participation.pk, round_.pk)), scores, cleared)
                for round_ in rounds
            ],
        )
        for participation in sorted(participations, key=lambda p: p.organisation.legal_name)
    ]


def _cell(participation, round_, autodiag, scores, cleared):
    if autodiag is None:
        return Cell(round_, None, _state_before_start(participation, round_, cleared), None, "")
    autodiag.participation = participation
    submitted = autodiag.state == AutodiagState.SUBMITTED
    return Cell(
        round=round_,
        autodiag=autodiag,
        state="done" if submitted else "in_progress",
        score=scores.get(participation.pk, {}).get(round_.chapter_id) if submitted else None,
        url=autodiag.url("synthesis" if submitted else "autodiag"),
    )


def _state_before_start(participation, round_, cleared):
    if was_over_on_joining(round_, participation):
        return "before"
    return "not_started" if cleared is None or participation.pk in cleared else "waiting"


@dataclass(frozen=True)
class PathRound:
    """One chapter on a structure's path."""

    round: object
    autodiag: object
    state: str
    verdict: object
    closes_on: object


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
                closes_on=rules.closing_day(round_, round_.extended_to),
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
    closes_on = rules.closing_day(round_, getattr(round_, "extended_to", None))
    if closes_on and today > closes_on:
        return "late"
    return "in_progress" if autodiag else "not_started"
