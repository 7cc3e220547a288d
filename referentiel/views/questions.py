"""Questions asked without an account: written, released and withdrawn by whom the référentiel was entrusted to."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base.access import Audience, open_to
from caprse.base.echoes import Protected, word_count
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from referentiel import rules
from referentiel.documents import protected
from referentiel.forms import NewQuestionForm, QuestionForm, ReleaseForm
from referentiel.models import SurveyQuestion, Version
from referentiel.services.questions import (
    QuestionRefused,
    delete_question,
    edit_question,
    release_question,
    withdraw_question,
    write_question,
)
from referentiel.views.drafting import by_stable_id, said_saved, status_of, typed_in


def version_in_force(request, code):
    """The newest published version, with its content; 404 when there is none."""
    request.actor.require_tools()
    versions = Version.objects.readable_by(request.audiences).with_content()
    version = versions.filter(referentiel__code=code).published().first()
    if version is None:
        raise Http404
    return version


def questions_of(request, version):
    known = SurveyQuestion.objects.readable_by(request.audiences).filter(criterion__chapter__version=version)
    return known.select_related("criterion__chapter").in_order()


def question_or_404(request, version, stable_id):
    question = by_stable_id(questions_of(request, version), stable_id)
    if question is None:
        raise Http404
    return question


def criterion_of(version, pk):
    """The criterion with its whole wording, as the version holds it."""
    return next(row for chapter in version.chapters.all() for row in chapter.criteria.all() if row.pk == pk)


@open_to(Audience.NATIONAL_STAFF)
@require_GET
def survey_questions(request, code):
    """Every question of the version in force, by chapter and criterion."""
    version = version_in_force(request, code)
    questions = list(questions_of(request, version))
    of_criterion = {}
    for question in questions:
        of_criterion.setdefault(question.criterion_id, []).append(question)
    chapters = [
        (chapter, [(row, of_criterion.get(row.pk, ())) for row in chapter.criteria.all()])
        for chapter in version.chapters.all()
    ]
    context = {
        "version": version,
        "chapters": chapters,
        "asked": sum(question.is_asked for question in questions),
        "unreleased": sum(question.released_at is None for question in questions),
        "may_edit": version.referentiel_id in request.actor.edited_referentiel_ids,
    }
    return render(request, "referentiel/questions.html", context)


@open_to(Audience.NATIONAL_STAFF)
@require_http_methods(["GET", "POST"])
def survey_question_new(request, code, stable_id):
    """Write a question about a criterion, whose wording is beside it: not to be repeated."""
    version = version_in_force(request, code)
    request.actor.require_editor(version.referentiel)
    criterion = by_stable_id([row for chapter in version.chapters.all() for row in chapter.criteria.all()], stable_id)
    if criterion is None:
        raise Http404
    form = NewQuestionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            question = write_question(criterion=criterion, by=request.actor, **form.texts())
        except QuestionRefused as refusal:
            return not_saved(request, version, str(refusal))
        messages.success(request, said_saved("La question est enregistrée"))
        return redirect("survey_question", code=code, stable_id=question.stable_id)
    context = {"version": version, "criterion": criterion, "question": None, "form": form, "stale": None}
    return render(request, "referentiel/question_edit.html", context, status=status_of(form, None))


@open_to(Audience.NATIONAL_STAFF)
@require_http_methods(["GET", "POST"])
def survey_question(request, code, stable_id):
    """Read a question; while nobody was asked, change it."""
    version = version_in_force(request, code)
    may_edit = version.referentiel_id in request.actor.edited_referentiel_ids
    if request.method == "POST":
        request.actor.require_editor(version.referentiel)
    question = by_stable_id(questions_of(request, version), stable_id)
    if question is None and request.method == "POST":
        return not_saved(request, version, "Cette question a été supprimée pendant que vous écriviez.", status=404)
    if question is None:
        raise Http404
    if request.method == "POST" and question.released_at:
        return not_saved(request, version, rules.why_not_rewritten(question))
    if request.method == "GET" and (question.released_at or not may_edit):
        context = {"version": version, "question": question, "may_edit": may_edit}
        context["criterion"] = criterion_of(version, question.criterion_id)
        return render(request, "referentiel/question.html", context)
    return edited_or_form(request, version, question)


def edited_or_form(request, version, question):
    """Save what was typed, or show the form with what it would take to release the question."""
    form, stale = QuestionForm(posted(request), question=question), None
    if request.method == "POST" and form.is_valid():
        try:
            edit_question(question=question, by=request.actor, **form.texts())
        except QuestionRefused as refusal:
            return not_saved(request, version, str(refusal))
        except StaleSave as refusal:
            stale = refusal.current
        else:
            messages.success(request, said_saved("La question est enregistrée"))
            return redirect("survey_question", code=version.referentiel.code, stable_id=question.stable_id)
    context = {"version": version, "question": question, "form": form, "stale": stale}
    context["criterion"] = criterion_of(version, question.criterion_id)
    context["theirs"] = form.differences(question_texts(stale)) if stale else []
    context |= remarks_on(version, question)
    return render(request, "referentiel/question_edit.html", context, status=status_of(form, stale))


def question_texts(question):
    return {"question": question.text, "question facile à lire": question.easy_text}


def remarks_on(version, question):
    """What keeps a question from being released, and the kind remark on its length."""
    return {
        "echo": rules.why_not_its_own(question, Protected(protected(version))),
        "hard": rules.why_hard_to_read(word_count(question.easy_text)),
    }


def not_saved(request, version, reason, status=409):
    """The question is not what it was: what was typed is shown, to be copied."""
    context = {"version": version, "reason": reason, "typed": typed_in(request)}
    return render(request, "referentiel/question_gone.html", context, status=status)


@open_to(Audience.NATIONAL_STAFF)
@require_http_methods(["GET", "POST"])
def survey_question_release(request, code, stable_id):
    """Read exactly what outsiders will read, beside the criterion it must not repeat; then let it be asked."""
    version = version_in_force(request, code)
    request.actor.require_editor(version.referentiel)
    question = question_or_404(request, version, stable_id)
    if question.released_at:
        messages.info(request, f"{rules.why_not_released(question, None)} Rien de plus n’a été fait.")
        return redirect("survey_question", code=code, stable_id=stable_id)
    form, changed, refusal = ReleaseForm(posted(request)), False, ""
    if request.method == "POST" and form.is_valid():
        try:
            release_question(question=question, by_name=request.actor.full_name, by=request.actor, **form.cleaned_data)
        except StaleSave as stale:
            question, changed = stale.current, True
        except QuestionRefused as reason:
            refusal = str(reason)
        else:
            messages.success(request, "La question est à diffuser : les prochains questionnaires peuvent la poser.")
            return redirect("survey_questions", code=code)
    context = {"version": version, "question": question, "changed": changed, "refusal": refusal}
    context["criterion"] = criterion_of(version, question.criterion_id)
    context |= remarks_on(version, question)
    status = 409 if changed else 422 if request.method == "POST" else 200
    return render(request, "referentiel/question_release.html", context, status=status)


@open_to(Audience.NATIONAL_STAFF)
@require_POST
def survey_question_withdraw(request, code, stable_id):
    """No new survey asks it; those under way keep their copy."""
    version = version_in_force(request, code)
    request.actor.require_editor(version.referentiel)
    question = question_or_404(request, version, stable_id)
    try:
        withdraw_question(question=question, by_name=request.actor.full_name, by=request.actor)
    except QuestionRefused as refusal:
        messages.info(request, f"{refusal} Rien n’a changé.")
    else:
        messages.success(
            request, "La question est retirée. Les questionnaires déjà ouverts la gardent jusqu’à leur fin."
        )
    return redirect("survey_question", code=code, stable_id=stable_id)


@open_to(Audience.NATIONAL_STAFF)
@require_POST
def survey_question_delete(request, code, stable_id):
    """Delete a question nobody was ever asked."""
    version = version_in_force(request, code)
    request.actor.require_editor(version.referentiel)
    question = question_or_404(request, version, stable_id)
    try:
        delete_question(question=question, by=request.actor)
    except QuestionRefused as refusal:
        messages.info(request, f"{refusal} Rien n’a changé.")
    else:
        messages.success(request, "La question est supprimée.")
    return redirect("survey_questions", code=code)
