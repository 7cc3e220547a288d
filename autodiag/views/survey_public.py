"""The page behind the link of a survey: for anybody who holds it, the same for all, whoever is signed in.

Nothing here reads who is asking: neither session, nor account, nor address.
"""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import loader
from django.template.context_processors import csrf
from django.views.decorators.http import require_http_methods

from autodiag.forms.surveys import ResponseForm
from autodiag.models import Respondent, Survey
from autodiag.rules import surveys as rules
from autodiag.services import surveys
from autodiag.surveying import THRESHOLD
from caprse.base import clock, links
from caprse.base.access import Audience, open_to
from caprse.base.requests import behind_personal_link, posted

GONE, TOO_MANY = 410, 429
THANKS, ALREADY = "1", "deja"
AGAIN = "Beaucoup de réponses arrivent en même temps. Attendez une minute, puis envoyez à nouveau."


@open_to(Audience.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@behind_personal_link
def survey_answer(request, code):
    """The questions; once sent, thanks. Opening the link changes nothing."""
    survey = Survey.objects.visible_to(Respondent(links.digest(code.lower()))).for_respondents().first()
    if survey is None:
        return plain_page(request, "autodiag/surveys/public_unknown.html", status=404)
    if request.method != "POST" and request.GET.get("merci") in (THANKS, ALREADY):
        return plain_page(
            request, "autodiag/surveys/public_thanks.html", survey=survey, already=request.GET["merci"] == ALREADY
        )
    form = ResponseForm(survey.questions, posted(request), easy=is_easy(request))
    verdict = rules.takes_answers(survey, clock.today())
    if request.method == "POST" and form.is_valid():
        return sent(request, survey, form)
    if not verdict:
        return ended(request, survey, verdict.reason)
    return questions_page(request, survey, form, status=422 if form.is_bound else 200)


def sent(request, survey, form):
    """Count the response, or say why it is not."""
    try:
        surveys.answer(survey=survey, choices=form.choices, number=form.form_number)
    except surveys.AlreadyCounted:
        return redirect(f"{request.path}?merci={ALREADY}{'&facile=1' if form.easy else ''}")
    except surveys.SurveyRefused as refusal:
        return ended(request, survey, str(refusal))
    except surveys.TooManyAtOnce:
        return questions_page(request, survey, form, status=TOO_MANY, warning=AGAIN)
    return redirect(f"{request.path}?merci={THANKS}{'&facile=1' if form.easy else ''}")


def questions_page(request, survey, form, *, status=200, warning=""):
    return plain_page(
        request, "autodiag/surveys/public_answer.html", survey=survey, form=form, warning=warning, status=status
    )


def ended(request, survey, reason):
    """Nothing to answer any more: why, and that what was being sent is not counted."""
    return plain_page(
        request,
        "autodiag/surveys/public_ended.html",
        survey=survey,
        reason=reason,
        lost=request.method == "POST",
        status=GONE,
    )


def is_easy(request):
    """Whether the easy-read variant is asked for."""
    return request.GET.get("facile") == "1"


def plain_page(request, template, *, status=200, **context):
    """A page drawn without the request: no context processor reads who is signed in. Robots leave it alone."""
    common = {"path": request.path, "easy": is_easy(request), "threshold": THRESHOLD, "demo_mode": settings.DEMO}
    page = loader.render_to_string(template, {**common, **context, **csrf(request)})
    response = HttpResponse(page, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
