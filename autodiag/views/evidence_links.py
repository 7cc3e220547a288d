"""Evidence on an answer: chosen in the library or deposited from the criterion, with the page to look at."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from autodiag import rules
from autodiag.forms.evidence import DepositForm, LinkForm, PageForm
from autodiag.models import Answer, Autodiag, Evidence, EvidenceUse
from autodiag.services.answers import RoundClosed
from autodiag.services.evidence import (
    AlreadyThere,
    NoRoom,
    PutAway,
    change_page,
    deposit,
    link_evidence,
    unlink_evidence,
)
from autodiag.views.chapter import chapter_page
from autodiag.views.doors import autodiag_or_404
from autodiag.views.evidence import library_or_404
from caprse.base import clock
from caprse.base.access import STRUCTURE, Refused, open_to
from caprse.base.ids import is_public_id
from caprse.base.requests import posted, whole_number
from caprse.base.text import NBSP
from cohorts.access import visible_or_404
from cohorts.roles import Permission

ADVICE = "Votre accompagnateur·rice peut vous aider."


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def evidence_new(request, region, public_id):
    """Bring a file or a link; `?autodiag=…&critere=…` names the answer it supports at once."""
    library = library_or_404(request, region, public_id, editing=True)
    answer = asked_answer(request, library)
    if request.method == "GET":
        return new_page(request, library, answer, DepositForm(of_answer=bool(answer)))
    form = DepositForm(request.POST, request.FILES, of_answer=bool(answer))
    if not form.is_valid():
        return new_page(request, library, answer, form)
    try:
        made = deposit(organisation=library.organisation, by=request.actor, **(form.about() | form.source()))
    except NoRoom as refusal:
        form.add_error("file", str(refusal))
        return new_page(request, library, answer, form)
    except AlreadyThere as refusal:
        return new_page(request, library, answer, form, known=refusal.evidence)
    if answer is None:
        messages.success(request, f"«{NBSP}{made.title}{NBSP}» est dans votre bibliothèque.")
        return redirect(library.url("evidence", made.public_id))
    return linked(request, answer, made, form.cleaned_data["page"], kept="Ce que vous avez déposé est gardé. ")


def asked_answer(request, library):
    """The answer of this structure that the address names, and that may be written now; None when it names none."""
    asked, position = request.GET.get("autodiag", ""), request.GET.get("critere", "")
    if not asked and not position:
        return None
    found = visible_or_404(
        Autodiag.objects.with_context(),
        request.actor,
        public_id=asked if is_public_id(asked) else "",
        participation__organisation=library.organisation,
    )
    return writable_answer(request, found, whole_number(position))


def writable_answer(request, autodiag, position):
    """The answer to a criterion, while it may be written. Raises `Refused` with the reason once it may not."""
    answer = visible_or_404(
        Answer.objects.select_related("criterion"), request.actor, autodiag=autodiag, criterion__position=position
    )
    verdict = rules.can_answer(autodiag, clock.today())
    if not verdict:
        raise Refused(verdict.reason, ADVICE)
    answer.autodiag = autodiag
    return answer


def new_page(request, library, answer, form, *, link_form=None, known=None):
    """Choose what is there already, or bring something new; `known`: the item that holds what was just brought."""
    items = linkable(request, library, answer) if answer else []
    preset = {"evidence": known.public_id, "page": form.data.get("page", "")} if known else None
    context = {
        "library": library,
        "answer": answer,
        "autodiag": answer.autodiag if answer else None,
        "form": form,
        "link_form": link_form or (LinkForm(items=items, initial=preset) if items else None),
        "known": known,
        "linkable": {item.public_id for item in items},
    }
    wrong = form.errors or known or (link_form and link_form.errors)
    return render(request, "autodiag/evidence_new.html", context, status=422 if wrong else 200)


def linkable(request, library, answer):
    """What of the library may still support this answer."""
    rows = Evidence.objects.visible_to(request.actor).filter(organisation=library.organisation).kept()
    return list(rows.exclude(uses__answer=answer).order_by("title", "pk"))


def open_criterion(request, region, public_id, position):
    """The autodiagnostic and the answer, for who may say what supports it."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.EDIT_EVIDENCE, found.participation)
    request.actor.require_tools(found.participation)
    return found, writable_answer(request, found, position)


@open_to(*STRUCTURE)
@require_POST
def evidence_link(request, region, public_id, position):
    """An item of the library supports this answer."""
    found, answer = open_criterion(request, region, public_id, position)
    library = library_or_404(request, region, found.participation.organisation.public_id, editing=True)
    own = Evidence.objects.visible_to(request.actor).filter(organisation=library.organisation)
    form = LinkForm(request.POST, items=own.order_by("title", "pk"))
    if not form.is_valid():
        return new_page(request, library, answer, DepositForm(of_answer=True), link_form=form)
    return linked(request, answer, form.chosen(), form.cleaned_data["page"])


def linked(request, answer, evidence, page, kept=""):
    """Link, then back to the criterion; what was deposited stays, even when the chapter closed meanwhile."""
    try:
        link_evidence(answer=answer, evidence=evidence, by=request.actor, page=page)
    except (RoundClosed, PutAway) as refusal:
        raise Refused(f"{kept}{refusal}", ADVICE) from refusal
    messages.success(request, f"«{NBSP}{evidence.title}{NBSP}» appuie le critère {answer.criterion.code}.")
    return redirect(f"{answer.autodiag.url('criterion', answer.criterion.position)}#justificatifs")


def use_or_404(request, answer, evidence_id):
    use = visible_or_404(
        EvidenceUse.objects.select_related("evidence", "answer"),
        request.actor,
        answer=answer,
        evidence__public_id=evidence_id,
    )
    use.answer = answer
    return use


@open_to(*STRUCTURE)
@require_POST
def evidence_unlink(request, region, public_id, position, evidence_id):
    """Take an item off this answer; it stays in the library."""
    found, answer = open_criterion(request, region, public_id, position)
    use = use_or_404(request, answer, evidence_id)
    try:
        unlink_evidence(use=use, by=request.actor)
    except RoundClosed as closed:
        raise Refused(str(closed), ADVICE) from closed
    said = f"«{NBSP}{use.evidence.title}{NBSP}» n’appuie plus ce critère. Il reste dans votre bibliothèque."
    return done(request, found, position, said)


@open_to(*STRUCTURE)
@require_POST
def evidence_page(request, region, public_id, position, evidence_id):
    """Say at which page to look."""
    found, answer = open_criterion(request, region, public_id, position)
    use = use_or_404(request, answer, evidence_id)
    form = PageForm(posted(request))
    if not form.is_valid():
        return page_again(request, found, position, use, form)
    try:
        change_page(use=use, page=form.cleaned_data["page"], by=request.actor)
    except RoundClosed as closed:
        raise Refused(str(closed), ADVICE) from closed
    return done(request, found, position, "La page est enregistrée.")


def done(request, autodiag, position, said):
    """The block alone, for a page that stays; or back to the criterion, by a plain form."""
    if request.htmx:
        return block_alone(request, autodiag, position, said=said)
    messages.success(request, said)
    return redirect(f"{autodiag.url('criterion', position)}#justificatifs")


def page_again(request, autodiag, position, use, form):
    """What was typed, with what is wrong: in its place, or on a page of its own."""
    if request.htmx:
        return block_alone(request, autodiag, position, wrong=use, form=form, status=422)
    context = {"autodiag": autodiag, "use": use, "position": position, "form": form}
    return render(request, "autodiag/evidence_page.html", context, status=422)


def block_alone(request, autodiag, position, *, said="", wrong=None, form=None, status=200):
    page = chapter_page(request, autodiag, position)
    card = page.card(position)
    context = {
        "page": page,
        "autodiag": autodiag,
        "card": card,
        "uses": card.uses,
        "said": said,
        "wrong": wrong,
        "page_form": form,
    }
    return render(request, "autodiag/_evidence_of_answer.html", context, status=status)
