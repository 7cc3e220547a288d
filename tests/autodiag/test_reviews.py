"""What is answered to a transmission, and how a chapter is corrected: one effect, whoever asks at the same moment."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from autodiag.enums import Decision, ReopeningCause
from autodiag.models import Answer, Reopening, Review, Submission
from autodiag.services.answers import RoundClosed
from autodiag.services.reading import reading_of
from autodiag.services.reviews import NotReopenable, NotReviewable, reopen
from autodiag.services.submission import NotAllowedNow, ReasonMissing, submit
from caprse.base import clock, outbox
from caprse.base.models import AuditEvent
from cohorts.enums import Role, Step
from cohorts.models import RoundExtension, StepDone
from cohorts.services.organising import NotPossible
from tests.harness.threads import at_once
from tests.worlds import World
from tests.worlds_reviews import REASONS, answer_to

WHY = "Nous avons retrouvé les chiffres."


@pytest.fixture
def ours(db):
    return World("ours")


def facts(ours):
    rows = StepDone.objects.filter(participation=ours.participation, step=Step.AUTODIAG_SUBMITTED, round=ours.round(2))
    return list(rows.order_by("pk").values_list("void_reason", flat=True))


# --- Answering to it ----------------------------------------------------------------------------------------------


def test_taking_note_changes_nothing_of_the_chapter(ours):
    made = answer_to(ours.transmit(), Decision.NOTED, "Merci !")
    assert (made.decided_by_name, ours.draft.is_submitted) == (ours.user(Role.FACILITATOR).full_name, True)
    assert facts(ours) == [""]
    assert not Reopening.objects.exists()


def test_returning_opens_the_chapter_again_and_takes_the_fact_back(ours):
    submission = ours.transmit()
    answer_to(submission)
    draft = ours.draft
    assert (draft.is_submitted, draft.is_reopened, draft.submitted_at, draft.submitted_by) == (False, True, None, None)
    assert not Answer.objects.filter(autodiag=draft, frozen=True).exists()
    assert facts(ours) == ["Chapitre renvoyé avec des raisons"]
    reopening = Reopening.objects.get(submission=submission)
    assert (reopening.cause, reopening.reason) == (ReopeningCause.RETURN, REASONS)
    ours.save(ours.answer(3), practice="On complète")
    verbs = (
        AuditEvent.objects.filter(participation_id=ours.participation.pk).order_by("-pk").values_list("verb", flat=True)
    )
    assert {"submission.reviewed", "autodiag.reopened"} <= set(verbs[:4])
    assert not any(REASONS in str(event.details) for event in AuditEvent.objects.all())


def test_what_was_transmitted_stays_word_for_word(ours):
    submission = ours.transmit()
    before = (submission.content, submission.content_hash)
    answer_to(submission)
    ours.save(ours.answer(1), practice="Tout autre chose")
    stored = Submission.objects.get(pk=submission.pk)
    assert (stored.content, stored.content_hash, stored.is_intact) == (*before, True)


def test_referents_are_told_in_a_mail_without_the_reasons(ours):
    submission = ours.transmit()
    outbox.send_waiting()
    mail.outbox.clear()
    answer_to(submission)
    outbox.send_waiting()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["referent@ours.example.org"], "CAP RSE\u00a0: un retour sur votre chapitre 2")
    assert ours.draft.get_absolute_url() in sent.body
    assert REASONS not in sent.body
    assert "refus" not in sent.body


def test_a_correction_says_what_changed_and_gets_the_next_number(ours):
    answer_to(ours.transmit())
    with pytest.raises(ReasonMissing):
        ours.transmit()
    assert not ours.draft.is_submitted
    second = ours.transmit(reason=WHY)
    assert (second.number, second.reason) == (2, WHY)
    assert facts(ours) == ["Chapitre renvoyé avec des raisons", ""]
    outbox.send_waiting()
    assert any("a transmis de nouveau le chapitre 2" in sent.subject for sent in mail.outbox)
    assert answer_to(second, Decision.NOTED, "").submission == second


def test_a_closed_round_asks_for_a_new_last_day_in_the_same_act(ours, clock_at):
    submission = ours.transmit()
    clock_at(clock.at(date(2025, 12, 20), 10))
    with pytest.raises(NotPossible):
        answer_to(submission, closes_on=date(2025, 12, 15))
    assert (Review.objects.filter(submission=submission).exists(), ours.draft.is_submitted) == (False, True)
    answer_to(submission, closes_on=date(2026, 1, 15))
    assert RoundExtension.objects.get(participation=ours.participation).closes_on == date(2026, 1, 15)
    ours.save(ours.answer(3), practice="À temps")


def test_returning_a_closed_chapter_without_a_day_is_refused_whole(ours, clock_at):
    submission = ours.transmit()
    clock_at(clock.at(date(2025, 12, 20), 10))
    with pytest.raises(NotPossible):
        answer_to(submission)
    assert ours.draft.is_submitted


def test_a_structure_that_could_not_answer_is_not_sent_back(ours):
    submission = ours.transmit()
    ours.participation.clearances.filter(since__lte=clock.today()).update(until=clock.today() - timedelta(days=1))
    with pytest.raises(NotReviewable, match="convention"):
        answer_to(submission)
    assert answer_to(submission, Decision.NOTED, "").decision == Decision.NOTED


def test_an_older_version_is_no_longer_answered_to(ours):
    first = ours.transmit()
    reopen(autodiag=ours.draft, reason=WHY, by=ours.actor(Role.REFERENT))
    ours.transmit(reason=WHY)
    with pytest.raises(NotReviewable, match="la n° 2"):
        answer_to(first)


def test_the_same_answer_twice_is_one(ours):
    submission = ours.transmit()
    assert answer_to(submission).pk == answer_to(submission).pk
    assert Review.objects.filter(submission=submission).count() == 1


# --- Correcting ---------------------------------------------------------------------------------------------------


def test_a_structure_takes_up_again_what_it_transmitted_even_noted(ours):
    submission = ours.transmit()
    answer_to(submission, Decision.NOTED, "")
    reopen(autodiag=ours.draft, reason=WHY, by=ours.actor(Role.REFERENT))
    assert ours.draft.reopened_for == ReopeningCause.CORRECTION
    assert facts(ours) == ["Chapitre repris par la structure pour le corriger"]
    with pytest.raises(NotReviewable):
        answer_to(submission)


def test_once_its_round_is_closed_it_asks_who_accompanies_it(ours, clock_at):
    ours.transmit()
    clock_at(clock.at(date(2025, 12, 20), 10))
    with pytest.raises(NotReopenable, match="a fermé"):
        reopen(autodiag=ours.draft, reason=WHY, by=ours.actor(Role.REFERENT))
    assert ours.draft.is_submitted


def test_what_was_never_transmitted_is_not_taken_up_again(ours):
    with pytest.raises(NotReopenable, match="pas encore été transmis"):
        reopen(autodiag=ours.draft, reason=WHY, by=ours.actor(Role.REFERENT))


def test_who_accompanies_reads_the_last_version_while_it_is_corrected(ours):
    submission = ours.transmit()
    reopen(autodiag=ours.draft, reason=WHY, by=ours.actor(Role.REFERENT))
    ours.save(ours.answer(1), practice="Brouillon de correction")
    read = reading_of(ours.draft, ours.actor(Role.FACILITATOR))
    assert (read.submission, read.content) == (submission, submission.content)
    own = reading_of(ours.draft, ours.actor(Role.BOARD_MEMBER))
    assert (own.is_draft, own.content["criteria"][0]["practice"]) == (True, "Brouillon de correction")


def test_a_reopened_chapter_leaves_the_aggregates_until_it_is_transmitted_again(ours):
    ours.transmit()
    actor = ours.actor(Role.FACILITATOR)
    mine = Answer.objects.aggregates_for(actor).filter(participation=ours.participation)
    chapters = set(mine.values_list("criterion__chapter__number", flat=True))
    reopen(autodiag=ours.draft, reason=WHY, by=ours.actor(Role.REFERENT))
    left = set(mine.all().values_list("criterion__chapter__number", flat=True))
    ours.transmit(reason=WHY)
    assert (chapters, left) == ({1, 2}, {1})
    assert set(mine.all().values_list("criterion__chapter__number", flat=True)) == {1, 2}


# --- At the same moment -------------------------------------------------------------------------------------------


def kinds(results):
    return sorted(type(result).__name__ for result in results)


def test_transmitted_twice_at_once_is_one(committed_db):
    ours = World("ours")
    ours.complete()
    draft, by = ours.draft, ours.actor(Role.REFERENT)
    results = at_once(*[lambda: submit(autodiag=draft, by=by)] * 3)
    assert kinds(results) == ["NotAllowedNow", "NotAllowedNow", "Submission"]
    assert all("transmis" in str(one) for one in results if isinstance(one, NotAllowedNow))
    assert Submission.objects.filter(autodiag=draft).count() == 1


def test_of_two_reviewers_one_wins_and_the_other_is_told(committed_db):
    ours = World("ours")
    submission = ours.transmit()
    who = [ours.actor(Role.FACILITATOR), ours.actor(Role.REGION_ADMIN)]
    acts = [
        lambda by=by, decision=decision: answer_to(submission, decision, REASONS, by)
        for by, decision in zip(who, (Decision.NOTED, Decision.RETURNED), strict=True)
    ]
    results = at_once(*acts)
    assert kinds(results) == ["NotReviewable", "Review"]
    made = Review.objects.get(submission=submission)
    assert made.decided_by_name in str(next(one for one in results if isinstance(one, NotReviewable)))
    assert ours.draft.is_submitted == (made.decision == Decision.NOTED)


def test_returned_while_the_structure_takes_it_up_again_opens_once(committed_db):
    ours = World("ours")
    submission, draft = ours.transmit(), ours.draft
    facilitator, referent = ours.actor(Role.FACILITATOR), ours.actor(Role.REFERENT)
    results = at_once(
        lambda: answer_to(submission, by=facilitator), lambda: reopen(autodiag=draft, reason=WHY, by=referent)
    )
    assert kinds(results) in (["NotReopenable", "Review"], ["NotReviewable", "Reopening"])
    assert Reopening.objects.filter(submission=submission).count() == 1
    assert facts(ours) != [""]


def test_taken_up_again_twice_at_once_is_one(committed_db):
    ours = World("ours")
    submission, draft, by = ours.transmit(), ours.draft, ours.actor(Role.REFERENT)
    given = at_once(*[lambda: reopen(autodiag=draft, reason=WHY, by=by).pk] * 3)
    assert set(given) == {Reopening.objects.get(submission=submission).pk}


def test_a_save_while_the_chapter_is_returned_is_refused_or_comes_after(committed_db):
    ours = World("ours")
    submission, late = ours.transmit(), ours.answer(1)
    facilitator = ours.actor(Role.FACILITATOR)
    results = at_once(lambda: answer_to(submission, by=facilitator), lambda: ours.save(late, practice="Trop tôt"))
    assert isinstance(results[0], Review)
    assert isinstance(results[1], (RoundClosed, Answer))
    assert submission.content == Submission.objects.get(pk=submission.pk).content


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("autodiag_review", "UPDATE"),
        ("autodiag_review", "DELETE"),
        ("autodiag_reopening", "UPDATE"),
        ("autodiag_reopening", "DELETE"),
    ],
)
def test_what_was_said_is_never_changed(ours, table, change):

    answer_to(ours.transmit())
    sql = f"UPDATE {table} SET region_id = region_id" if change == "UPDATE" else f"DELETE FROM {table}"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
