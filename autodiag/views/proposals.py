"""The actions the library proposes from the levels chosen: taken as they are, adapted, refused, thought over again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from autodiag.forms.actions import RefusalForm
from autodiag.forms.plan import ActionForm
from autodiag.models.offering import criterion_of, levels_chosen, offers_to
from autodiag.services.proposals import (
    AlreadyInPlan,
    ProposalWithdrawn,
    accept_proposal,
    reconsider_proposal,
    refuse_if_withdrawn,
    refuse_proposal,
    words_of,
)
from autodiag.views.action_parts import choices_for, form_page, path_of_plan
from caprse.base.access import STRUCTURE, open_to
from caprse.base.ids import is_public_id
from caprse.base.requests import posted
from caprse.base.text import NBSP
from cohorts.roles import Permission
from referentiel.models import ProposedAction


@open_to(*STRUCTURE)
@require_GET
def proposals(request, region, public_id):
    """What the library proposes to this structure, and what it answered already."""
    participation = path_of_plan(request, region, public_id)
    request.actor.require(Permission.READ_PLAN, participation)
    request.actor.require_tools(participation)
    return page(request, participation)


def page(request, participation, *, withdrawn="", wrong=None, form=None, status=200):
    """The proposals; `withdrawn`: said of one that is no more; `wrong` and `form`: a refusal that was not understood."""
    context = {
        "participation": participation,
        "offers": offers_to(request.actor, request.audiences, participation),
        "can_edit": request.actor.can(Permission.EDIT_PLAN, participation),
        "withdrawn": withdrawn,
        "wrong": wrong,
        "form": form,
    }
    return render(request, "autodiag/proposals.html", context, status=status)


def asked_proposal(request, participation, public_id):
    """A proposal of the library this structure follows, and its criterion. Raises `ProposalWithdrawn`, or 404."""
    referentiel = participation.cohort.version.referentiel_id
    public_id = public_id if is_public_id(public_id) else ""
    rows = ProposedAction.objects.readable_by(request.audiences).offered()
    proposal = rows.filter(public_id=public_id, referentiel=referentiel).first()
    if proposal is None:
        refuse_if_withdrawn(public_id=public_id, referentiel_id=referentiel)
        raise Http404
    criterion = criterion_of(participation, proposal)
    if criterion is None:
        raise Http404
    return proposal, criterion


@open_to(*STRUCTURE)
@require_POST
def proposal_accept(request, region, public_id, proposal_id):
    """Put a proposal in the plan in its own words."""
    participation = path_of_plan(request, region, public_id, editing=True)
    try:
        proposal, criterion = asked_proposal(request, participation, proposal_id)
        accept_proposal(participation=participation, proposal=proposal, criterion=criterion, by=request.actor)
    except ProposalWithdrawn as refusal:
        return page(request, participation, withdrawn=str(refusal), status=409)
    said = f"«{NBSP}{proposal.what}{NBSP}» est dans votre plan. Il reste à dire qui, et pour quand"
    messages.success(request, f"{said}{NBSP}: ouvrez-la sous «{NBSP}Déjà répondu{NBSP}», en bas de cette page.")
    return back(region, public_id, criterion)


@open_to(*STRUCTURE)
@require_POST
def proposal_refuse(request, region, public_id, proposal_id):
    """Say that a proposal is not for this structure."""
    participation = path_of_plan(request, region, public_id, editing=True)
    try:
        proposal, criterion = asked_proposal(request, participation, proposal_id)
        form = RefusalForm(request.POST)
        if not form.is_valid():
            return page(request, participation, wrong=proposal.pk, form=form, status=422)
        refuse_proposal(participation=participation, proposal=proposal, by=request.actor, **form.cleaned_data)
    except ProposalWithdrawn as refusal:
        return page(request, participation, withdrawn=str(refusal), status=409)
    except AlreadyInPlan:
        messages.info(request, "Cette action est déjà dans votre plan : si elle ne se fera pas, dites-la abandonnée.")
    else:
        messages.success(request, "C’est noté. Vous la retrouverez en bas de page, si vous changez d’avis.")
    return back(region, public_id, criterion)


@open_to(*STRUCTURE)
@require_POST
def proposal_reconsider(request, region, public_id, proposal_id):
    """Have a refused proposal offered again."""
    participation = path_of_plan(request, region, public_id, editing=True)
    try:
        proposal, criterion = asked_proposal(request, participation, proposal_id)
    except ProposalWithdrawn as refusal:
        return page(request, participation, withdrawn=str(refusal), status=409)
    reconsider_proposal(participation=participation, proposal=proposal, by=request.actor)
    messages.success(request, f"«{NBSP}{proposal.what}{NBSP}» vous est de nouveau proposée.")
    return back(region, public_id, criterion)


def back(region, public_id, criterion):
    """Where one was on the page."""
    return redirect(reverse("proposals", args=[region, public_id]) + f"#critere-{criterion.stable_id}")


# --- Adapted ------------------------------------------------------------------------------------------------------


def adapt(request, participation):
    """The form of a new action, filled with the words of a proposal: what is saved answers the proposal."""
    choices = choices_for(request.actor, participation)
    try:
        proposal, criterion = asked_proposal(request, participation, request.GET["proposition"])
        form = ActionForm(posted(request), choices=choices, initial=words_of(proposal))
        if request.method == "POST" and form.is_valid():
            said = {"criterion": criterion, "by": request.actor, **form.fields_to_save()}
            accept_proposal(participation=participation, proposal=proposal, **said)
            messages.success(request, "L’action est dans votre plan, dans vos mots.")
            return back(*address_of(participation), criterion)
    except ProposalWithdrawn as refusal:
        if request.method == "GET":
            return page(request, participation, withdrawn=str(refusal), status=409)
        return on_its_own(request, participation, ActionForm(request.POST, choices=choices), refusal)
    except AlreadyInPlan as there:
        said = {"criterion": criterion, "proposal": proposal, "already": there.action}
        return form_page(request, participation, form, status=409, **said)
    status = 422 if form.errors else 200
    return form_page(request, participation, form, criterion=criterion, proposal=proposal, status=status)


def on_its_own(request, participation, form, refusal):
    """What was typed from a proposal that is no more: it may still become an action of the structure's own."""
    form.is_valid()
    answers = levels_chosen(request.actor, participation)
    answer = next((row for row in answers if row.criterion.stable_id == refusal.criterion_stable_id), None)
    post_to = reverse("action_new", args=address_of(participation)) + (f"?reponse={answer.pk}" if answer else "")
    said = {"criterion": answer.criterion if answer else None, "withdrawn": str(refusal), "post_to": post_to}
    return form_page(request, participation, form, status=409, **said)


def address_of(participation):
    """The arguments of the pages of a path."""
    return [participation.cohort.region.slug, participation.public_id]
