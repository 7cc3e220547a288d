"""A transmission freezes the wording, the answers and the score, and tells who accompanies."""

import pytest
from django.core import mail

from autodiag.documents import content_of, lines_of, synthesis
from autodiag.enums import AnswerKind
from autodiag.models import Submission
from autodiag.scoring import score
from autodiag.services.reading import chapter_answers
from autodiag.services.submission import submit
from caprse.base import outbox
from cohorts.enums import Role, Step
from cohorts.models import StepDone
from referentiel.documents import content_hash
from tests.worlds import PRIVATE, World


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def submission(ours):
    for position in (3, 4):
        ours.save(ours.answer(position), kind=AnswerKind.UNKNOWN)
    return submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT))


def test_private_comments_are_not_transmitted(submission):
    assert PRIVATE not in str(submission.content)
    assert "Commentaire partagé" in str(submission.content)


def test_hash_is_of_the_content_kept(submission):
    stored = Submission.objects.get(pk=submission.pk)
    assert stored.content_hash == content_hash(stored.content)


def test_score_kept_is_the_score_of_the_lines_kept(submission):
    result = score(lines_of(submission.content["criteria"]))
    assert submission.content["score"] == result.explained()


def test_fact_is_written_down_once(ours, submission):
    fact = StepDone.objects.get(participation=ours.participation, step=Step.AUTODIAG_SUBMITTED, round=ours.round(2))
    assert (fact.source_ref, fact.done_by) == (ours.draft.public_id, ours.user(Role.REFERENT))


def test_referent_and_facilitator_are_told_without_any_answer(ours, submission):
    mail.outbox.clear()
    outbox.send_waiting()
    sent = {message.to[0]: message for message in mail.outbox if "chapitre 2" in message.subject}
    assert set(sent) == {"referent@ours.example.org", "facilitator@ours.example.org"}
    body = sent["facilitator@ours.example.org"].body
    assert ours.draft.url("synthesis") in body
    assert "Pratique" not in body


def test_picture_and_table_tell_the_same_numbers(ours):
    autodiag = ours.submitted
    scale = autodiag.participation.cohort.version.scale.all()
    content = content_of(autodiag, chapter_answers(autodiag), scale, shared_only=True)
    shown = synthesis(content)
    assert [row[1] for row in shown.picture.rows] == ["1", "2", "—", "—"]
    assert "1.3 sans valeur" in shown.picture.svg
    words = ["1 – Degré 1", "2 – Degré 2", "Ne sait pas", "Non applicable"]
    assert [row["answer"] for row in shown.rows] == words
    assert [label for label, _ in shown.left_out] == ["non applicable", "ne sait pas"]
    assert [c["code"] for c in shown.strengths] == ["1.2"]
