"""Saving answers: versions, history, journal; nothing is written over, nothing is written late."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from autodiag.enums import AnswerKind
from autodiag.models import Answer, AnswerChange, Comment
from autodiag.services.answers import RoundClosed, start
from autodiag.services.submission import NotReady, submit
from caprse.base import clock
from caprse.base.models import AuditEvent
from caprse.base.versioned import StaleSave
from cohorts.enums import Role, Visibility
from cohorts.models import StepDone
from tests.harness.threads import raised_at_once
from tests.worlds import World


@pytest.fixture
def ours(db):
    return World("ours")


def test_starting_makes_one_empty_answer_per_criterion_and_says_so(ours):
    participation = ours.participation
    with clock.stopped(clock.at(date(2025, 11, 5))):
        permanent = participation.organisation.participations.exclude(pk=participation.pk).get()
        round_ = permanent.cohort.rounds.get()
        first = start(participation=permanent, round=round_, by=ours.actor(Role.REFERENT))
        again = start(participation=permanent, round=round_, by=ours.actor(Role.CONTRIBUTOR))
    assert first.pk == again.pk
    assert list(first.answers.values_list("kind", "revision")) == [("", 0)] * 4
    assert StepDone.objects.filter(participation=permanent, source_ref=first.public_id).count() == 1


def test_save_moves_the_version_and_keeps_before_and_after(ours):
    answer = ours.answer(3)
    ours.save(answer, kind=AnswerKind.UNKNOWN, practice="Un carnet de bord")
    answer = ours.answer(3)
    assert (answer.kind, answer.practice, answer.revision) == ("unknown", "Un carnet de bord", 1)
    change = AnswerChange.objects.get(answer=answer)
    assert change.before == {"kind": "", "practice": ""}
    assert change.after == {"kind": "unknown", "practice": "Un carnet de bord"}
    assert (change.by, change.at) == (ours.user(Role.REFERENT), clock.now())


def test_journal_holds_ids_and_no_text(ours):
    ours.save(ours.answer(3), kind=AnswerKind.UNKNOWN, practice="Texte confidentiel")
    event = AuditEvent.objects.filter(verb="answer.saved").latest("pk")
    assert event.details == {"revision": 1, "fields": ["kind", "practice"]}
    assert event.participation_id == ours.participation.pk
    assert event.actor_id == ours.user(Role.REFERENT).pk


def test_saving_the_same_values_writes_nothing(ours):
    before = AnswerChange.objects.count()
    answer = ours.answer(1)
    ours.save(answer)
    assert AnswerChange.objects.count() == before
    assert ours.answer(1).revision == answer.revision


def test_stale_save_is_refused_and_shows_what_stands(ours):
    mine, theirs = ours.answer(3), ours.answer(3)
    ours.save(theirs, by=Role.CONTRIBUTOR, practice="Texte de la collègue")
    with pytest.raises(StaleSave) as refusal:
        ours.save(mine, practice="Mon texte")
    assert refusal.value.current.practice == "Texte de la collègue"
    assert ours.answer(3).practice == "Texte de la collègue"


def test_level_leaves_with_its_kind(ours):
    answer = ours.answer(1)
    assert answer.level_id
    ours.save(answer, kind=AnswerKind.NOT_APPLICABLE, na_reason="Pas de véhicule")
    answer = ours.answer(1)
    assert (answer.kind, answer.level_id, answer.na_reason) == ("not_applicable", None, "Pas de véhicule")
    ours.save(answer, kind=AnswerKind.UNKNOWN)
    assert ours.answer(1).na_reason == ""


def test_comment_has_its_own_visibility(ours):
    ours.save(ours.answer(3), comment="À demander au CA", comment_visibility=Visibility.FACILITATOR)
    ours.save(ours.answer(3), comment="Réservé", comment_visibility=Visibility.STRUCTURE)
    comment = Comment.objects.get(answer=ours.answer(3))
    assert (comment.text, comment.visibility) == ("Réservé", "structure")


def test_four_different_things_are_held_apart_by_the_database(ours):
    answer = ours.answer(3)
    for wrong in ({"kind": "level"}, {"kind": "not_applicable"}, {"kind": "unknown", "na_reason": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.filter(pk=answer.pk).update(**wrong)


@pytest.mark.parametrize("moment", [datetime(2025, 12, 10, 0, 1), datetime(2025, 10, 13, 23, 59)])
def test_closed_round_refuses_and_keeps_everything(ours, clock_at, moment):
    answer = ours.answer(3)
    clock_at(moment.replace(tzinfo=clock.PARIS))
    with pytest.raises(RoundClosed, match="Ce chapitre ouvre|a fermé"):
        ours.save(answer, practice="Trop tôt ou trop tard")
    assert ours.answer(3).practice == ""


def test_last_minute_of_the_last_day_is_still_open(ours, clock_at):
    clock_at(clock.at(date(2025, 12, 9), 23, 59))
    ours.save(ours.answer(3), practice="Juste à temps")
    assert ours.answer(3).practice == "Juste à temps"


def complete(ours):
    for position in (3, 4):
        ours.save(ours.answer(position), kind=AnswerKind.UNKNOWN)


def test_transmitted_chapter_refuses_late_saves(ours):
    complete(ours)
    late = ours.answer(1)
    submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    with pytest.raises(RoundClosed, match="transmis"):
        ours.save(late, practice="Ajout tardif")


def test_two_people_at_once_one_is_refused_none_is_lost(committed_db):
    ours = World("ours")
    answers = [ours.answer(3), ours.answer(3)]
    works = [lambda a=a, t=t: ours.save(a, practice=t) for a, t in zip(answers, ("Texte A", "Texte B"), strict=True)]
    errors = raised_at_once(*works)
    assert sorted(type(error).__name__ for error in errors) == ["NoneType", "StaleSave"]
    saved = ours.answer(3)
    assert saved.practice == ("Texte A" if errors[0] is None else "Texte B")
    assert saved.revision == AnswerChange.objects.filter(answer=saved).count() == 1


def test_a_save_during_the_transmission_is_in_it_or_refused(committed_db):
    ours = World("ours")
    complete(ours)
    answer = ours.answer(1)
    errors = raised_at_once(
        lambda: ours.save(answer, practice="Écrit pendant l’envoi"),
        lambda: submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT)),
    )
    assert errors[1] is None
    assert errors[0] is None or isinstance(errors[0], RoundClosed)
    frozen = ours.draft.submissions.get().content["criteria"][0]["practice"]
    assert frozen == ours.answer(1).practice


def test_incomplete_chapter_is_not_transmitted_and_stays_open(ours):
    with pytest.raises(NotReady) as refusal:
        submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    assert [one.code for one in refusal.value.missing] == ["2.3", "2.4"]
    assert not ours.draft.is_submitted
    ours.save(ours.answer(3), practice="On continue")
