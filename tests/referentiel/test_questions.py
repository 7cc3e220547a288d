"""Questions asked without an account: texts of their own, released once, carried from version to version."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from caprse.base import clock
from caprse.base.access import Audience
from caprse.base.models import AuditEvent
from caprse.base.versioned import StaleSave
from referentiel.documents import missing
from referentiel.models import SurveyQuestion
from referentiel.rules import why_hard_to_read
from referentiel.services import publish, start_draft
from referentiel.services.questions import (
    QuestionRefused,
    delete_question,
    edit_question,
    release_question,
    withdraw_question,
    write_question,
)
from tests.harness.threads import at_once, raised_at_once
from tests.referentiel.test_drafts import criterion_of, published, reword, whole

TEXT, EASY = "Vous demande-t-on votre avis avant de changer vos horaires ?", "Vous demande-t-on votre avis ?"
WORDING = "Comment la structure associe-t-elle chaque personne à ses choix ?"


@pytest.fixture
def version(db):
    return published()


@pytest.fixture
def criterion(version):
    return criterion_of(version)


@pytest.fixture
def question(criterion):
    return write_question(criterion=criterion, text=TEXT, easy_text=EASY)


@pytest.fixture
def released(question):
    return release_question(question=question, by_name="Nadia")


def of(version):
    return SurveyQuestion.objects.filter(criterion__chapter__version=version)


def asked():
    return list(SurveyQuestion.objects.released().filter(criterion__chapter__version__referentiel__code="NEUF"))


def verbs(question):
    return list(AuditEvent.objects.filter(target_id=question.pk).order_by("pk").values_list("verb", flat=True))


# --- Written, changed, deleted ------------------------------------------------------------------------------------


def test_a_question_is_written_and_nobody_is_asked_yet(question, criterion):
    assert (question.text, question.easy_text, question.position) == (TEXT, EASY, 1)
    assert not question.is_asked
    assert asked() == []
    assert write_question(criterion=criterion, text="Autre ?", easy_text="Autre ?").position == 2


def test_the_same_question_sent_twice_is_one(question, criterion):
    assert write_question(criterion=criterion, text=TEXT, easy_text=EASY) == question
    assert list(of(criterion.chapter.version)) == [question]
    assert verbs(question).count("survey_question.written") == 1


def test_the_same_question_sent_by_several_at_once_is_one(committed_db):
    criterion = criterion_of(published())
    given = at_once(*[lambda: write_question(criterion=criterion, text=TEXT, easy_text=EASY).pk] * 3)
    assert set(given) == {of(criterion.chapter.version).get().pk}


def test_a_question_is_changed_until_released(question):
    edit_question(question=question, revision=0, text="Mieux dite ?", easy_text=EASY)
    with pytest.raises(StaleSave) as refusal, transaction.atomic():
        edit_question(question=question, revision=0, text="La seconde ?", easy_text=EASY)
    assert refusal.value.current.text == "Mieux dite ?"
    release_question(question=question, by_name="Nadia")
    with pytest.raises(QuestionRefused, match="ne change plus"), transaction.atomic():
        edit_question(question=question, revision=2, text="Trop tard ?", easy_text=EASY)
    question.refresh_from_db()
    assert question.text == "Mieux dite ?"


def test_a_question_never_released_is_deleted_another_is_withdrawn(question, criterion):
    other = write_question(criterion=criterion, text="Autre ?", easy_text="Autre ?")
    release_question(question=other, by_name="Nadia")
    delete_question(question=question)
    with pytest.raises(QuestionRefused, match="se retire"), transaction.atomic():
        delete_question(question=other)
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        SurveyQuestion.objects.filter(pk=other.pk).delete()
    assert list(of(criterion.chapter.version)) == [other]


def test_deleted_by_somebody_else_meanwhile_it_is_said(question):
    delete_question(question=SurveyQuestion.objects.get(pk=question.pk))
    for act in (
        lambda: edit_question(question=question, revision=0, text="Autre ?", easy_text=EASY),
        lambda: release_question(question=question, by_name="Nadia"),
        lambda: delete_question(question=question),
    ):
        with pytest.raises(QuestionRefused, match="supprimée"), transaction.atomic():
            act()


def test_it_is_written_about_the_version_in_force_alone(version, question):
    draft = start_draft(referentiel=version.referentiel)
    with pytest.raises(QuestionRefused, match="version en vigueur"), transaction.atomic():
        write_question(criterion=criterion_of(draft), text="Au brouillon ?", easy_text="Non ?")
    reword(criterion_of(draft), question="Autrement ?")
    publish(version=draft, by_name="Nadia")
    with pytest.raises(QuestionRefused, match="version en vigueur"), transaction.atomic():
        release_question(question=question, by_name="Nadia")
    assert asked() == []


# --- Released -----------------------------------------------------------------------------------------------------


def test_released_it_is_asked_signed_and_never_changes(released):
    assert (released.released_by, released.released_at) == ("Nadia", clock.now())
    assert asked() == [released]
    for change in ({"text": "Autre ?"}, {"easy_text": "Autre ?"}, {"released_at": None, "released_by": ""}):
        with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
            SurveyQuestion.objects.filter(pk=released.pk).update(**change)
    with pytest.raises(QuestionRefused, match="déjà à diffuser"), transaction.atomic():
        release_question(question=released, by_name="Paul")
    released.refresh_from_db()
    assert (released.text, released.released_by) == (TEXT, "Nadia")


def test_what_is_released_is_what_was_read(question):
    edit_question(question=question, revision=0, text="Changée depuis ?", easy_text=EASY)
    with pytest.raises(StaleSave), transaction.atomic():
        release_question(question=question, revision=0, by_name="Nadia")
    assert asked() == []
    assert release_question(question=question, revision=1, by_name="Nadia").is_asked


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("question du critère 2.3", {"question": WORDING}),
        ("critère 2.3, niveau 1", {"levels": {1: WORDING}}),
        ("critère 2.3, « pour comprendre »", {"help": WORDING}),
        ("critère 2.3, « exemples »", {"examples": WORDING}),
        ("critère 2.3, « ce qui peut l’appuyer »", {"evidence_hint": WORDING}),
        ("titre du critère 2.3", {"title": "Associer chaque personne à ses choix dans la structure"}),
    ],
)
@pytest.mark.parametrize("which", ["text", "easy_text"])
def test_repeating_any_text_of_the_version_is_refused_with_the_words(version, where, change, which):
    draft = start_draft(referentiel=version.referentiel)
    reword(criterion_of(draft, "2.3"), **change)
    publish(version=draft, by_name="Nadia")
    said = change.get("title", WORDING).upper().rstrip(" ?")
    texts = {"text": TEXT, "easy_text": EASY, which: f"Franchement, {said} ?"}
    question = write_question(criterion=criterion_of(draft), **texts)
    with pytest.raises(QuestionRefused) as refusal, transaction.atomic():
        release_question(question=question, by_name="Nadia")
    assert said in str(refusal.value)
    assert where in str(refusal.value)
    assert ("facile à lire reprend" in str(refusal.value)) == (which == "easy_text")
    assert asked() == []


@pytest.mark.parametrize("text", ["Question 1.1 ?", "critere 1.1", "Description 1.1 degré 2"])
def test_a_whole_criterion_is_refused_however_short(criterion, text):
    question = write_question(criterion=criterion, text=text, easy_text=EASY)
    with pytest.raises(QuestionRefused, match="reprend le référentiel"), transaction.atomic():
        release_question(question=question, by_name="Nadia")


@pytest.mark.parametrize(("words", "said"), [(15, ""), (16, "16 mots")])
def test_a_long_easy_text_is_remarked_not_refused(criterion, words, said):
    assert said in why_hard_to_read(words)
    assert bool(why_hard_to_read(words)) == bool(said)
    question = write_question(criterion=criterion, text=TEXT, easy_text="mot " * words)
    assert release_question(question=question, by_name="Nadia").is_asked


def test_two_people_releasing_at_once_release_it_once(committed_db):
    question = write_question(criterion=criterion_of(published()), text=TEXT, easy_text=EASY)
    acts = [lambda name=name: release_question(question=question, by_name=name) for name in ("Nadia", "Paul")]
    raised = raised_at_once(*acts)
    assert sorted(type(refusal).__name__ for refusal in raised) == ["NoneType", "QuestionRefused"]
    assert verbs(question).count("survey_question.released") == 1


def test_releasing_while_a_version_is_published_is_in_it_or_refused(committed_db):
    version = published()
    question = write_question(criterion=criterion_of(version), text=TEXT, easy_text=EASY)
    draft = start_draft(referentiel=version.referentiel)
    raised = raised_at_once(
        lambda: publish(version=draft, by_name="Nadia"), lambda: release_question(question=question, by_name="Paul")
    )
    assert raised[0] is None
    assert of(draft).get().is_asked == (raised[1] is None)


# --- Withdrawn ----------------------------------------------------------------------------------------------------


def test_withdrawn_it_is_asked_no_more_and_keeps_its_text(released):
    withdraw_question(question=released, by_name="Paul")
    released.refresh_from_db()
    assert (released.text, released.withdrawn_by, released.is_asked) == (TEXT, "Paul", False)
    assert asked() == []
    with pytest.raises(QuestionRefused, match="déjà retirée"), transaction.atomic():
        withdraw_question(question=released, by_name="Nadia")
    with pytest.raises(QuestionRefused, match="déjà retirée"), transaction.atomic():
        release_question(question=released, by_name="Nadia")
    assert verbs(released)[-1] == "survey_question.withdrawn"


def test_a_draft_is_not_withdrawn(question):
    with pytest.raises(QuestionRefused, match="supprimer"), transaction.atomic():
        withdraw_question(question=question, by_name="Nadia")


# --- From version to version --------------------------------------------------------------------------------------


def next_version(version, **change):
    draft = start_draft(referentiel=version.referentiel)
    reword(criterion_of(draft), **(change or {"question": "Autrement dite ?"}))
    return draft


def test_the_next_version_keeps_every_question_as_it_stands(version, criterion, released):
    draft = next_version(version)
    # Written, released and withdrawn while the draft was being prepared: kept as well.
    late = write_question(criterion=criterion, text="Écrite après ?", easy_text="Après ?")
    gone = write_question(criterion=criterion, text="Bientôt retirée ?", easy_text="Retirée ?")
    withdraw_question(question=release_question(question=gone, by_name="Nadia"), by_name="Paul")
    publish(version=draft, by_name="Nadia")
    states = of(draft).in_order().values_list("stable_id", "text", "released_at", "released_by", "withdrawn_by")
    assert list(states) == [
        (released.stable_id, TEXT, released.released_at, "Nadia", ""),
        (late.stable_id, "Écrite après ?", None, "", ""),
        (gone.stable_id, "Bientôt retirée ?", clock.now(), "Nadia", "Paul"),
    ]
    assert of(version).count() == 3


def test_withdrawing_reaches_the_cohorts_of_older_versions(version, released):
    draft = next_version(version)
    publish(version=draft, by_name="Nadia")
    withdraw_question(question=of(draft).get(), by_name="Paul")
    assert asked() == []
    assert of(version).get().withdrawn_by == "Paul"


def test_a_new_wording_that_gives_a_question_away_stops_publication(version, criterion, released):
    draft = next_version(version, question=f"Et puis {TEXT.lower()}")
    [gap] = missing(whole(draft), asked=[released])
    assert (gap.kind, gap.stable_id) == ("question", released.stable_id)
    with pytest.raises(ValidationError, match="question à diffuser du critère 1.1"), transaction.atomic():
        publish(version=draft, by_name="Nadia")
    withdraw_question(question=released, by_name="Nadia")
    assert publish(version=draft, by_name="Nadia").number == 2


@pytest.mark.parametrize("count", [1, 3])
def test_publishing_costs_the_same_with_one_question_or_three(version, criterion, queries, count):
    for rank in range(count):
        question = write_question(criterion=criterion, text=f"Numéro {rank} ?", easy_text="Oui ?")
        release_question(question=question, by_name="Nadia")
    draft = next_version(version)
    with queries(16):
        publish(version=draft, by_name="Nadia")
    assert of(draft).count() == count


def test_who_reads_them(question, criterion):
    other = write_question(criterion=criterion, text="Autre ?", easy_text="Autre ?")
    release_question(question=other, by_name="Nadia")
    known = of(criterion.chapter.version)
    assert set(known.readable_by({Audience.NATIONAL_STAFF})) == {question, other}
    assert set(known.readable_by({Audience.REFERENT})) == {other}
    assert not SurveyQuestion.objects.readable_by({Audience.PARTNER, Audience.SIGNED_IN}).exists()
