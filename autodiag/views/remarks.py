"""Remarks on a criterion: what people of a structure say to each other, beside the answer."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from autodiag.forms.remarks import RemarkForm
from autodiag.models import Answer, Remark
from autodiag.services.remarks import NotTheAuthor, withdraw_remark, write_remark
from autodiag.views.chapter import chapter_page
from autodiag.views.doors import autodiag_or_404
from caprse.base.access import STRUCTURE, Refused, open_to
from cohorts.access import visible_or_404
from cohorts.roles import Permission

WRITTEN = "Votre remarque est enregistrée : toute votre structure peut la lire."
WITHDRAWN = "Votre remarque est retirée : son texte est effacé."


def open_criterion(request, region, public_id, position):
    """The autodiagnostic and the answer a remark is about, for who may write one."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.REMARK, found.participation)
    request.actor.require_tools(found.participation)
    return found, visible_or_404(Answer, request.actor, autodiag=found, criterion__position=position)


@open_to(*STRUCTURE)
@require_POST
def remark_add(request, region, public_id, position):
    """Write a remark; refused, it comes back as it was typed."""
    found, answer = open_criterion(request, region, public_id, position)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return page_again(request, found, position, form)
    write_remark(answer=answer, text=form.cleaned_data["text"], by=request.actor)
    return done(request, found, position, WRITTEN)


@open_to(*STRUCTURE)
@require_POST
def remark_withdraw(request, region, public_id, position, remark_pk):
    """Take back one's own remark."""
    found, answer = open_criterion(request, region, public_id, position)
    remark = visible_or_404(Remark, request.actor, answer=answer, pk=remark_pk)
    try:
        withdraw_remark(remark=remark, by=request.actor)
    except NotTheAuthor as refusal:
        raise Refused(
            "Cette remarque est d’une autre personne : seul·e son auteur·rice peut la retirer.",
            "Parlez-en avec la personne qui l’a écrite.",
        ) from refusal
    return done(request, found, position, WITHDRAWN)


def done(request, autodiag, position, said):
    """The remarks alone, for a page that stays; or back to the criterion, by a plain form."""
    if request.htmx:
        return remarks_alone(request, autodiag, position, RemarkForm(), said=said)
    messages.success(request, said)
    return redirect(f"{autodiag.url('criterion', position)}#remarques")


def page_again(request, autodiag, position, form):
    """What was typed, with what is wrong."""
    if request.htmx:
        return remarks_alone(request, autodiag, position, form, status=422)
    page = chapter_page(request, autodiag, position)
    context = {"page": page, "autodiag": autodiag, "card": page.card(position), "remark_form": form}
    return render(request, "autodiag/criterion.html", context, status=422)


def remarks_alone(request, autodiag, position, form, *, said="", status=200):
    page = chapter_page(request, autodiag, position)
    context = {"page": page, "autodiag": autodiag, "card": page.card(position), "remark_form": form, "said": said}
    return render(request, "autodiag/_remarks.html", context, status=status)
