"""Surveys without an account, for who organises them: opening, handing out, following, ending, reading."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from autodiag.forms.surveys import SurveyForm
from autodiag.models import Survey
from autodiag.rules import surveys as rules
from autodiag.services import surveys
from autodiag.surveying import THRESHOLD, sms
from autodiag.views.doors import autodiag_or_404
from caprse.base import clock
from caprse.base.access import STRUCTURE, Refused, open_to
from caprse.base.qr import qr_svg
from caprse.base.requests import posted, whole_number
from cohorts.access import visible_or_404
from cohorts.places import Place
from cohorts.roles import Permission
from referentiel.models import SurveyQuestion

RENEWED = "Le lien est remplacé : l’ancien ne s’ouvre plus. Imprimez de nouvelles cartes."
NOT_RENEWED = "Rien n’a changé : ce lien avait déjà été remplacé. Le lien ci-dessous est le bon."
CLOSED = "Le questionnaire est clos."
ASK = "Votre référent·e CAP RSE peut vous aider."


def survey_or_404(request, region, public_id):
    """The survey of one's structure, under its own region's address; sets the page's place."""
    found = visible_or_404(
        Survey.objects.for_pages(), request.actor, public_id=public_id, participation__region__slug=region
    )
    request.place = Place.of_participation(found.autodiag.participation)
    return found


def to_run_or_404(request, region, public_id):
    """The same, for who runs surveys, the tools being open."""
    found = survey_or_404(request, region, public_id)
    request.actor.require(Permission.RUN_SURVEY, found.participation)
    request.actor.require_tools(found.autodiag.participation)
    return found


def require_reading(request, participation):
    """Reading: the tools are open, or the adhesion is over and what the structure's people said stays theirs."""
    request.actor.require(Permission.READ_DIAGNOSTIC, participation)
    if not request.actor.adhesion_lapsed(participation):
        request.actor.require_tools(participation)


def may_run(request, participation):
    return request.actor.can(Permission.RUN_SURVEY, participation) and request.actor.tools_open(participation)


def link_of(survey):
    """The address to hand out; None when the secret of the site has changed since."""
    code = surveys.code_of(survey)
    return code and settings.BASE_URL + reverse("survey_answer", args=[code]).rstrip("/")


@open_to(*STRUCTURE)
@require_GET
def survey_list(request, region, public_id):
    """The surveys about a chapter, the newest first, with how many people answered each."""
    found = autodiag_or_404(request, region, public_id)
    require_reading(request, found.participation)
    rows = Survey.objects.visible_to(request.actor).filter(autodiag=found).for_pages().newest_first()
    context = {
        "autodiag": found,
        "surveys": rows,
        "verdict": rules.can_open(found, questions_of(request, found).exists(), clock.today()),
        "may_run": may_run(request, found.participation),
        "today": clock.today(),
        "threshold": THRESHOLD,
    }
    return render(request, "autodiag/surveys/list.html", context)


def questions_of(request, autodiag):
    """The questions that would be asked, read as whoever works with the tools reads them."""
    asked = SurveyQuestion.objects.readable_by(request.audiences).released()
    return asked.filter(criterion__chapter=autodiag.round.chapter_id)


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def survey_new(request, region, public_id):
    """Choose the group and the last day, read the questions over, open."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.RUN_SURVEY, found.participation)
    request.actor.require_tools(found.participation)
    questions = list(questions_of(request, found).select_related("criterion"))
    verdict = rules.can_open(found, bool(questions), clock.today())
    groups = found.participation.cohort.version.voice_groups.order_by("-surveyed", "position")
    form = SurveyForm(posted(request), groups=groups)
    if form.is_bound and form.is_valid():
        try:
            opened = surveys.open_survey(autodiag=found, by=request.actor, **form.to_open())
        except surveys.SurveyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le questionnaire est ouvert. Il reste à le faire connaître.")
            return redirect("survey", region, opened.public_id)
    context = {"autodiag": found, "form": form, "questions": questions, "verdict": verdict, "threshold": THRESHOLD}
    return render(request, "autodiag/surveys/new.html", context, status=422 if form.is_bound else 200)


@open_to(*STRUCTURE)
@require_GET
def survey(request, region, public_id):
    """One survey: how to hand it out while it is open, what it says once it is closed."""
    found = survey_or_404(request, region, public_id)
    require_reading(request, found.autodiag.participation)
    runs = may_run(request, found.autodiag.participation)
    link = link_of(found) if found.is_open and runs else None
    name = found.autodiag.participation.organisation.legal_name
    context = {
        "survey": found,
        "autodiag": found.autodiag,
        "may_run": runs,
        "received": f"{found.received} sur {found.expected}" if found.expected else found.received,
        "link": link,
        "sms": link and sms(name, link, found.closes_on),
        "qr": link and qr_svg(link),
        "result": next(iter(surveys.results_of(request.actor, [found])), None),
        "is_over": clock.today() > found.closes_on,
        "threshold": THRESHOLD,
    }
    return render(request, "autodiag/surveys/survey.html", context)


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def survey_close(request, region, public_id):
    """End a survey, after having read what it does."""
    found = to_run_or_404(request, region, public_id)
    if request.method == "POST":
        surveys.close(survey=found, by=request.actor)
        messages.success(request, CLOSED)
        return redirect(found)
    if not found.is_open:
        return redirect(found)
    context = {"survey": found, "autodiag": found.autodiag, "threshold": THRESHOLD}
    return render(request, "autodiag/surveys/close.html", context)


@open_to(*STRUCTURE)
@require_POST
def survey_renew(request, region, public_id):
    """Replace the link, when the one on the page is still the one in force."""
    found = to_run_or_404(request, region, public_id)
    number = request.POST.get("number", "")
    try:
        renewed = surveys.renew_link(survey=found, number=whole_number(number), by=request.actor)
    except surveys.SurveyRefused as refusal:
        raise Refused(str(refusal), ASK) from refusal
    if renewed.code_number != found.code_number:
        messages.success(request, RENEWED)
    else:
        messages.info(request, NOT_RENEWED)
    return redirect(found)
