"""A convention read from inside the network, by the people of its parties and who accompanies them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from caprse.base.access import REGIONAL, STRUCTURE, Audience, open_to
from caprse.base.text import safe_filename
from cohorts.models import Participation
from conventions.boards import party_rows
from conventions.enums import ConventionState, DocumentKind, Opening
from conventions.models import FrozenDocument, Party, Refusal, Signatory, Signature, WrongPerson
from conventions.services import signing
from conventions.services.codes import SigningClosed
from conventions.services.renewing import newest_pdf
from conventions.views.doors import circumstances_of, convention_or_404, open_session

READERS = (*STRUCTURE, *REGIONAL, Audience.NATIONAL_STAFF, Audience.PARTNER)


@open_to(*READERS)
@require_GET
def convention(request, region, public_id):
    """The text, one's own commitments marked, who has signed and who is awaited."""
    found = convention_or_404(request, region, public_id)
    actor = request.actor
    parties = list(Party.objects.visible_to(actor).filter(convention=found).founding())
    mine = [party for party in parties if party.organisation_id in actor.organisation_ids]
    named = Signatory.objects.current().visible_to(actor).filter(party__convention=found)
    signatories = list(named.select_related("party"))
    signatures = list(Signature.objects.visible_to(actor).filter(party__convention=found).defer("drawn").order_by("pk"))
    unsigned = Party.objects.visible_to(actor).filter(convention=found).founding().unsigned()
    awaited = set(unsigned.values_list("pk", flat=True))
    documents = FrozenDocument.objects.visible_to(actor).filter(convention=found).defer("pdf")
    by_kind = {document.kind: document for document in documents}
    text = by_kind.get(DocumentKind.ORIGINAL)
    signed = {signature.signatory_id for signature in signatures}
    refusals = refusals_of(actor, found)
    context = {
        "convention": found,
        "rows": party_rows(parties, signatories, signatures, awaited, refusals),
        "signed_count": len(parties) - len(awaited),
        "text": text,
        "html": mark_safe(text.html) if text else "",  # noqa: S308  frozen from our own template
        "final": by_kind.get(DocumentKind.FINAL),
        "role": mine[0].role if mine else "",
        "manages": actor.coordinates(found.region_id),
        "mine_to_sign": to_sign(actor, found, [s for s in signatories if s.pk not in signed]),
        "left_out": left_out(actor, found, parties),
        "refusals": refusals,
    }
    return render(request, "conventions/convention.html", context)


def to_sign(actor, convention, awaited):
    """Those for whom this person signs now: their turn has come, and they did not say that somebody else should."""
    mine = [signatory for signatory in awaited if signatory.user_id == actor.user_id and signatory.sent_at]
    if not mine or convention.state != ConventionState.OPEN:
        return []
    told = WrongPerson.objects.visible_to(actor).filter(signatory__in=mine, answered_at=None)
    passed_on = set(told.values_list("signatory", flat=True))
    return [signatory for signatory in mine if signatory.pk not in passed_on]


def refusals_of(actor, convention):
    """Who refused to sign and why, for who prepares the convention."""
    if convention.state != ConventionState.REFUSED or not actor.coordinates(convention.region_id):
        return []
    rows = Refusal.objects.visible_to(actor).filter(convention=convention)
    return list(rows.select_related("signatory__party").order_by("pk"))


def left_out(actor, convention, parties):
    """Structures of the cohort that this text does not bind: they came after it was frozen."""
    if (
        not convention.cohort_id
        or convention.parent_id
        or convention.structure_id
        or not actor.accompanies(convention.cohort)
        or convention.state == ConventionState.DRAFT
    ):
        return []
    bound = [party.organisation_id for party in parties]
    later = Participation.objects.current().visible_to(actor).filter(cohort=convention.cohort)
    return list(later.exclude(organisation__in=bound).select_related("organisation", "cohort__region").order_by("pk"))


def pdf_response(document, reference):
    """The very bytes that were frozen, their seal renewed: a fingerprint vouches for them, so nothing is written on them."""
    signed = " signee" if document.kind == DocumentKind.FINAL else ""
    response = HttpResponse(newest_pdf(document), content_type="application/pdf")
    name = safe_filename(f"convention {reference}{signed}", "pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@open_to(*READERS)
@require_GET
def convention_pdf(request, region, public_id):
    """The signed document once it is there, before that the text to sign."""
    found = convention_or_404(request, region, public_id)
    documents = FrozenDocument.objects.visible_to(request.actor).filter(convention=found)
    document = documents.filter(kind=DocumentKind.FINAL).first() or documents.first()
    if document is None:
        raise Http404
    return pdf_response(document, found.reference)


@open_to(*READERS)
@require_POST
def signing_open(request, region, public_id):
    """From one's account to the signing pages, without the mail; the code is still sent by mail."""
    found = convention_or_404(request, region, public_id)
    mine = Signatory.objects.current().visible_to(request.actor).with_context()
    mine = mine.filter(party__convention=found, user_id=request.actor.user_id).order_by("pk")
    chosen = request.POST.get("signataire")
    signatory = next((row for row in mine if chosen in (None, row.public_id)), None)
    if signatory is None:
        raise Http404
    circumstances = circumstances_of(request)
    try:
        signing.open_link(signatory=signatory, circumstances=circumstances, opening=Opening.ACCOUNT)
    except SigningClosed as error:
        messages.warning(request, str(error))
        return redirect(found)
    open_session(request, signatory, Opening.ACCOUNT)
    return redirect("signing", signatory.public_id)
