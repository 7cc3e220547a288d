"""What is printed of a survey, cards and sheets, and the sheets typed in one after the other."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from autodiag.enums import SurveyChoice
from autodiag.forms.surveys import EMPTY_SHEET, ResponseForm
from autodiag.rules import surveys as rules
from autodiag.services import surveys
from autodiag.surveying import THRESHOLD
from autodiag.views.surveys import ASK, link_of, to_run_or_404
from caprse.base.access import STRUCTURE, Refused, open_to
from caprse.base.qr import qr_svg
from caprse.base.requests import posted, whole_number

A_PAGE = 8  # cards on a sheet of A4
COUNTED = "Feuille {} enregistrée."
COUNTED_BEFORE = "Cette feuille était déjà enregistrée : elle ne compte qu’une fois."
TAKEN_BACK = "La dernière feuille est retirée. Vous pouvez la saisir à nouveau."
NOT_TAKEN_BACK = "Rien n’a été retiré : une feuille a été saisie ou retirée entre-temps. Vérifiez le nombre ci-dessous."


def printed(survey, template, **context):
    """A page to print, handed to people whom no clause binds: drawn without the request, no name, no mark on it."""
    organisation = survey.autodiag.participation.organisation
    common = {"survey": survey, "organisation": organisation, "threshold": THRESHOLD, "demo_mode": settings.DEMO}
    return HttpResponse(loader.render_to_string(template, {**common, **context}))


@open_to(*STRUCTURE)
@require_GET
@never_cache
def survey_cards(request, region, public_id):
    """A page of cards to cut out and join to payslips, with the link and its QR code."""
    found = to_run_or_404(request, region, public_id)
    require_open(found)
    link = link_of(found)
    if link is None:
        return redirect(found)
    cards = range(A_PAGE)
    pages = -(-found.expected // A_PAGE) if found.expected else None
    return printed(
        found,
        "autodiag/surveys/cards.html",
        link=link,
        shown=link.split("://")[-1],
        qr=qr_svg(link),
        cards=cards,
        a_page=A_PAGE,
        pages=pages,
    )


@open_to(*STRUCTURE)
@require_GET
@never_cache
def survey_sheet(request, region, public_id):
    """The questions on paper, for who prefers it; in easy-read with `?facile=1`."""
    found = to_run_or_404(request, region, public_id)
    require_open(found)
    easy = request.GET.get("facile") == "1"
    return printed(
        found,
        "autodiag/surveys/sheet.html",
        easy=easy,
        form=ResponseForm(found.questions, easy=easy),
        choices=SurveyChoice,
    )


def require_open(survey):
    """Nothing is handed out of a survey that is closed."""
    verdict = rules.can_change(survey)
    if not verdict:
        raise Refused(verdict.reason, ASK)


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def survey_entry(request, region, public_id):
    """Type a sheet in, then the next one."""
    found = to_run_or_404(request, region, public_id)
    form = ResponseForm(found.questions, posted(request), empty=EMPTY_SHEET)
    refused = "" if found.is_open else rules.OVER
    if form.is_bound and form.is_valid() and not refused:
        try:
            surveys.enter_sheet(survey=found, choices=form.choices, number=form.form_number)
        except surveys.AlreadyCounted:
            messages.info(request, COUNTED_BEFORE)
            return redirect(found.url("survey_entry"))
        except surveys.SurveyRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, COUNTED.format(found.sheets + 1))
            return redirect(found.url("survey_entry"))
    context = {"survey": found, "autodiag": found.autodiag, "form": form, "refused": refused}
    status = (409 if refused else 422) if form.is_bound else 200
    return render(request, "autodiag/surveys/entry.html", context, status=status)


@open_to(*STRUCTURE)
@require_POST
def survey_entry_undo(request, region, public_id):
    """Take the last paper sheet back, when it still is the last one the page showed."""
    found = to_run_or_404(request, region, public_id)
    sheets = whole_number(request.POST.get("sheets", "")) or 0
    try:
        done = surveys.take_back_sheet(survey=found, sheets=sheets, by=request.actor)
    except surveys.SurveyRefused as refusal:
        raise Refused(str(refusal), ASK) from refusal
    if done:
        messages.success(request, TAKEN_BACK)
    else:
        messages.info(request, NOT_TAKEN_BACK)
    return redirect(found.url("survey_entry"))
