"""Who needs help, and why: the sentences, their weights, the order."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from autodiag.boards import helping
from autodiag.boards.cohort import Cell

TODAY = date(2025, 11, 4)
OPENED = date(2025, 10, 14)


def path(**changes):
    facts = {"adhesion_valid": True, "adhesion_ended_on": None, "has_referent": True, "late_actions": 0}
    return SimpleNamespace(**{**facts, "late_since": None, **changes})


def chapter(state="in_progress", *, answered=12, total=20, alone=False, closes_in=35, since=OPENED):
    begun = SimpleNamespace(answered=answered, total=total, alone=alone, reopened_for=None)
    return Cell(
        number=2,
        title="Chapitre 2",
        state=state,
        opens_on=OPENED,
        since=since,
        closes_on=TODAY + timedelta(days=closes_in) if closes_in is not None else None,
        extended=False,
        autodiag=begun if answered is not None else None,
        score=None,
        url="",
    )


def said(about=None, cells=(), last=TODAY):
    """The reasons as (weight, sentence), with plain spaces."""
    found = helping.reasons(about or path(), list(cells), last, TODAY)
    return [(reason.kind.weight, reason.words.replace("\xa0", " ")) for reason in found]


def test_a_structure_that_works_needs_nothing():
    assert said(cells=[chapter()]) == []


@pytest.mark.parametrize(
    ("about", "cell", "last", "weight", "words"),
    [
        (
            path(adhesion_valid=False, adhesion_ended_on=date(2025, 8, 31)),
            None,
            TODAY,
            5,
            "L’adhésion a pris fin le dimanche 31 août 2025 : les outils sont fermés à la structure.",
        ),
        (
            path(adhesion_valid=False),
            None,
            None,
            5,
            "Aucune adhésion n’est en cours : les outils sont fermés à la structure.",
        ),
        (
            path(),
            chapter("waiting", answered=None),
            None,
            5,
            "Le chapitre 2 est ouvert depuis le mardi 14 octobre 2025, mais la convention n’est pas en vigueur pour la "
            "structure.",
        ),
        (
            path(),
            chapter("late", answered=3, closes_in=-12),
            TODAY,
            5,
            "Le chapitre 2 a fermé le jeudi 23 octobre 2025, il y a 12 jours, sans être transmis : 3 critères sur 20 ont "
            "une réponse.",
        ),
        (
            path(),
            chapter("late", answered=None, closes_in=-1),
            None,
            5,
            "Le chapitre 2 a fermé le lundi 3 novembre 2025, hier, sans être transmis : il n’est pas commencé.",
        ),
        (
            path(),
            chapter(closes_in=7),
            TODAY,
            4,
            "Le chapitre 2 ferme dans 7 jours, le mardi 11 novembre 2025 : 12 critères sur 20 ont une réponse.",
        ),
        (
            path(),
            chapter(answered=1, closes_in=1),
            TODAY,
            4,
            "Le chapitre 2 ferme demain, le mercredi 5 novembre 2025 : 1 critère sur 20 a une réponse.",
        ),
        (
            path(),
            chapter(closes_in=0),
            TODAY,
            4,
            "Le chapitre 2 ferme aujourd’hui, le mardi 4 novembre 2025 : 12 critères sur 20 ont une réponse.",
        ),
        (path(has_referent=False), None, None, 4, "Personne n’est référent·e CAP RSE dans la structure."),
        (
            path(),
            chapter("not_started", answered=None, since=TODAY - timedelta(days=14)),
            None,
            3,
            "Le chapitre 2 est ouvert à la structure depuis 14 jours (le mardi 21 octobre 2025) et n’est pas commencé.",
        ),
        (
            path(),
            chapter(),
            TODAY - timedelta(days=30),
            2,
            "Rien n’a été enregistré depuis 30 jours (le dimanche 5 octobre 2025), alors que le chapitre 2 est ouvert.",
        ),
        (
            path(),
            chapter(alone=True),
            TODAY,
            1,
            "Les réponses du chapitre 2 sont toutes d’une même personne : tout repose sur elle.",
        ),
        (
            path(late_actions=1, late_since=date(2025, 10, 31)),
            None,
            TODAY,
            1,
            "1 action partagée a dépassé sa date, le vendredi 31 octobre 2025.",
        ),
        (
            path(late_actions=3, late_since=date(2025, 9, 30)),
            None,
            TODAY,
            1,
            "3 actions partagées ont dépassé leur date, la plus ancienne le mardi 30 septembre 2025.",
        ),
    ],
)
def test_each_reason_says_its_numbers_and_its_dates(about, cell, last, weight, words):
    assert said(about, [cell] if cell else [], last) == [(weight, words)]


@pytest.mark.parametrize(
    ("cell", "last"),
    [
        (chapter(closes_in=8), TODAY),
        (chapter(closes_in=None), TODAY),
        (chapter("not_started", answered=None, since=TODAY - timedelta(days=13)), None),
        (chapter(), TODAY - timedelta(days=29)),
        (chapter("done"), TODAY - timedelta(days=60)),
        (chapter("upcoming", answered=None), None),
        (chapter("before", answered=None, closes_in=-90), None),
    ],
)
def test_a_day_before_there_is_no_reason(cell, last):
    assert said(cells=[cell], last=last) == []


def test_what_nobody_can_do_is_not_held_against_them():
    """Without adhesion or clearance, a chapter not begun has one reason: what closes it."""
    lapsed = path(adhesion_valid=False, adhesion_ended_on=date(2025, 8, 31))
    assert [weight for weight, _ in said(lapsed, [chapter("not_started", answered=None)], None)] == [5]
    assert [weight for weight, _ in said(path(), [chapter("waiting", answered=None)], None)] == [5]


def test_the_heaviest_comes_first_and_weights_add_up():
    troubled = path(has_referent=False, late_actions=1, late_since=date(2025, 10, 31))
    cells = [chapter("late", answered=None, closes_in=-40), chapter(closes_in=2, alone=True)]
    found = helping.reasons(troubled, cells, TODAY - timedelta(days=31), TODAY)
    assert [reason.kind for reason in found] == [
        helping.CLOSED,
        helping.NO_REFERENT,
        helping.CLOSING,
        helping.SILENT,
        helping.ALONE,
        helping.LATE_ACTIONS,
    ]
    assert helping.weight(found) == 5 + 4 + 4 + 2 + 1 + 1
