"""Writes on the questions asked without an account: texts of their own, released by whoever the référentiel is entrusted to.

They are written about the version in force; the next one takes them over when it is published.
"""

from django.db import transaction
from django.db.models import Max

from caprse.base import clock, journal
from caprse.base.echoes import Protected
from caprse.base.versioned import guarded_update
from referentiel import rules
from referentiel.documents import protected
from referentiel.enums import VersionState
from referentiel.models import Referentiel, SurveyQuestion, Version


class QuestionRefused(Exception):
    """This cannot be done to the question now; the message is French, for the reader."""


@transaction.atomic
def write_question(*, criterion, text, easy_text, by=None):
    """Write a question about a criterion of the version in force. Returns the question, not asked to anybody yet.

    The same words sent twice are one question. Raises `QuestionRefused` when a newer version is in force.
    """
    _hold(criterion.chapter.version_id)
    known = SurveyQuestion.objects.filter(criterion=criterion)
    same = known.filter(text=text, easy_text=easy_text, withdrawn_at=None).first()
    if same:
        return same
    last = known.aggregate(last=Max("position"))["last"] or 0
    question = SurveyQuestion.objects.create(criterion=criterion, position=last + 1, text=text, easy_text=easy_text)
    journal.record("survey_question.written", question, by=by, details={"criterion": criterion.pk})
    return question


@transaction.atomic
def edit_question(*, question, revision, text, easy_text, by=None):
    """Change a question nobody was asked yet. Returns it.

    Raises `StaleSave` when somebody saved in between, `QuestionRefused` once it is released.
    """
    question = _held(question)
    _refuse(rules.why_not_rewritten(question))
    guarded_update(question, revision=revision, text=text, easy_text=easy_text)
    journal.record("survey_question.edited", question, by=by)
    return question


@transaction.atomic
def release_question(*, question, by_name, revision=None, by=None):
    """Let surveys ask a question: from now on its text never changes. Returns it.

    `revision` is that of the text the person read. Raises `QuestionRefused` when it repeats the référentiel or is
    released already, `StaleSave` when it has changed since.
    """
    question = _held(question)
    version = Version.objects.with_content().get(pk=question.criterion.chapter.version_id)
    _refuse(rules.why_not_released(question, Protected(protected(version))))
    now = {"released_at": clock.now(), "released_by": by_name}
    guarded_update(question, revision=question.revision if revision is None else revision, **now)
    journal.record("survey_question.released", question, by=by)
    return question


@transaction.atomic
def withdraw_question(*, question, by_name, by=None):
    """No new survey asks this question, whatever the version its cohort follows. Returns it.

    Surveys under way keep their copy. Raises `QuestionRefused` when it is not released, or already withdrawn.
    """
    question = _held(question)
    _refuse(rules.why_not_withdrawn(question))
    everywhere = _of_all_versions(question).filter(released_at__isnull=False, withdrawn_at=None)
    everywhere.update(withdrawn_at=clock.now(), withdrawn_by=by_name)
    question.refresh_from_db(fields=["withdrawn_at", "withdrawn_by"])
    journal.record("survey_question.withdrawn", question, by=by)
    return question


@transaction.atomic
def delete_question(*, question, by=None):
    """Delete a question that was never released. Raises `QuestionRefused` for any other."""
    question = _held(question)
    _refuse(rules.why_not_deleted(question))
    journal.record("survey_question.deleted", question, by=by, details={"criterion": question.criterion_id})
    _of_all_versions(question).filter(released_at=None).delete()


def carry(questions, version):
    """Write questions again under the same criteria of a version, as they stand. For `publish`, which holds it."""
    criteria = {
        criterion.stable_id: criterion for chapter in version.chapters.all() for criterion in chapter.criteria.all()
    }
    kept = [field.attname for field in SurveyQuestion._meta.concrete_fields if not field.primary_key]
    kept.remove("criterion_id")
    SurveyQuestion.objects.bulk_create(
        SurveyQuestion(
            criterion=criteria[question.criterion.stable_id], **{name: getattr(question, name) for name in kept}
        )
        for question in questions
        if question.criterion.stable_id in criteria
    )


def questions_of(version):
    """Every question of a version, in order, each with its criterion."""
    known = SurveyQuestion.objects.filter(criterion__chapter__version=version)
    return known.select_related("criterion__chapter").in_order()


def _held(question):
    """The question as it stands, its référentiel held until the end."""
    _hold(question.criterion.chapter.version_id)
    found = SurveyQuestion.objects.select_related("criterion__chapter").filter(pk=question.pk).first()
    if found is None:
        raise QuestionRefused(rules.DELETED)
    return found


def _hold(version_id):
    """Hold the référentiel, so that no version of it is published meanwhile."""
    referentiel = Referentiel.objects.select_for_update(of=("self",)).get(versions=version_id)
    published = referentiel.versions.filter(state=VersionState.PUBLISHED)
    newest = published.order_by("-number").values_list("pk", flat=True).first()
    if newest != version_id:
        raise QuestionRefused(rules.NOT_IN_FORCE)


def _of_all_versions(question):
    versions = Version.objects.filter(referentiel__versions=question.criterion.chapter.version_id)
    return SurveyQuestion.objects.filter(stable_id=question.stable_id, criterion__chapter__version__in=versions)


def _refuse(reason):
    if reason:
        raise QuestionRefused(reason)
