"""What is relayed and given to an organisation, read by its people: a partner's, the national head's."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base import clock
from caprse.base.access import Audience, open_to
from caprse.base.marking import UnmarkableFile
from caprse.base.pdf import PdfUnavailable
from caprse.base.requests import posted
from cohorts.access import visible_or_404
from cohorts.forms.relays import AnswerForm
from cohorts.models import Need, Share
from cohorts.services.relays import AlreadyAnswered, answer_need, hand_over

READERS = (Audience.PARTNER, Audience.NATIONAL_STAFF)


class NoLongerGiven(Http404):
    """A resource that is not, or no longer, given: says so without saying whether it exists."""

    reason = "Cette ressource ne vous est pas confiée, ou ne l’est plus : la région a pu la reprendre, ou son dernier jour est passé."
    contact = "Demandez à la délégation de la région de vous la confier de nouveau."


def needs_of(actor):
    """The needs relayed to the person's organisations, and to no other."""
    return Need.objects.visible_to(actor).filter(organisation_id__in=actor.relayed_organisation_ids)


def shares_of(actor):
    """The resources given today to the person's organisations, and to no other."""
    rows = Share.objects.visible_to(actor).filter(organisation_id__in=actor.relayed_organisation_ids)
    return rows.in_force(clock.today())


def entrusted(actor, cohort):
    """For the page of a cohort: how many needs wait and are answered, how many resources; None for anybody else."""
    if not actor.relayed_organisation_ids:
        return None
    needs = list(needs_of(actor).filter(cohort=cohort).values_list("answered_at", flat=True))
    waiting = needs.count(None)
    resources = shares_of(actor).filter(cohort=cohort).count()
    return {"waiting": waiting, "answered": len(needs) - waiting, "resources": resources}


@open_to(*READERS)
@require_GET
def relays(request):
    """Needs that wait first, then resources, then the needs already answered."""
    actor = request.actor
    needs = list(needs_of(actor).with_context())
    context = {
        "waiting": [need for need in reversed(needs) if not need.answered_at],
        "answered": [need for need in needs if need.answered_at],
        "shares": list(shares_of(actor).with_context()),
        "clause_accepted": actor.clause_accepted,
        "several": len(actor.relayed_organisation_ids) > 1,
    }
    return render(request, "cohorts/entrusted.html", context)


@open_to(*READERS)
@require_http_methods(["GET", "POST"])
def need_answer(request, public_id):
    """Read a need and answer it, once; whoever comes second reads the first answer and keeps their own text."""
    organisations = request.actor.relayed_organisation_ids
    found = visible_or_404(
        Need.objects.with_context(), request.actor, organisation_id__in=organisations, public_id=public_id
    )
    form, late = AnswerForm(posted(request)), False
    if form.is_valid():
        try:
            answer_need(need=found, answer=form.cleaned_data["answer"], by=request.user)
        except AlreadyAnswered as first:
            found, late = first.need, True
        else:
            messages.success(request, f"Votre réponse est envoyée à {found.relayed_by.full_name}. Merci !")
            return redirect("relays")
    context = {"need": found, "form": form, "late": late}
    status = 409 if late else 422 if form.errors else 200
    return render(request, "cohorts/need_answer.html", context, status=status)


@open_to(*READERS)
@require_POST
def resource_download(request, public_id):
    """A resource given to the person's organisation, marked in its name. The clause comes first."""
    share = shares_of(request.actor).with_context().filter(public_id=public_id).first()
    if share is None:
        raise NoLongerGiven
    request.actor.require_clause("de recevoir ce document", back="relays")
    try:
        return hand_over(share=share, actor=request.actor)
    except (UnmarkableFile, PdfUnavailable) as error:
        messages.error(request, f"{error} Rien n’a été téléchargé.")
        return redirect("relays")
