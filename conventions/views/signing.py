"""The ceremony: a personal link, the whole text, a code, the words accepted, the signature. No account needed."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base import links, passkeys
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from caprse.base.text import masked_address
from conventions import documents, lifecycle, rules
from conventions.enums import DocumentKind, Opening
from conventions.forms.signing import SignForm
from conventions.models import FrozenDocument, Party, Signature, WrongPerson
from conventions.models.conventions import LINK
from conventions.services import codes, signing, turns
from conventions.services.codes import CodeRefused, SigningClosed
from conventions.services.signing import Act, TextChanged
from conventions.texts import consent_text, read_template
from conventions.views.doors import (
    circumstances_of,
    holder_or_404,
    kept_private,
    open_session,
    signatory_in_session,
)
from conventions.views.reading import pdf_response

GONE = 410


def closed(request, signatory, reason, title=""):
    """Nothing to sign, or nothing of what `title` says, here any more: why, and who can help."""
    region = signatory.party.convention.region
    context = {"signatory": signatory, "reason": reason, "region": region, "title": title}
    return render(request, "conventions/closed.html", context, status=GONE)


def signature_of(holder, signatory):
    return Signature.objects.visible_to(holder).filter(signatory=signatory).first()


@open_to(Audience.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@kept_private
def signing_link(request, token):
    """The door of a personal link. Opening it changes nothing, however often: only the button does."""
    holder = links.holder(LINK, token)
    signatory = holder_or_404(holder)
    convention = signatory.party.convention
    signature = signature_of(holder, signatory)
    verdict = rules.can_read(convention, signatory, signed=bool(signature), voided=holder.voided)
    if not verdict:
        return closed(request, signatory, verdict.reason)
    if request.method == "POST":
        try:
            signing.open_link(signatory=signatory, circumstances=circumstances_of(request), link=holder.link_id)
        except SigningClosed as error:
            return closed(request, signatory, str(error))
        open_session(request, signatory, Opening.LINK, link=holder.link_id)
        return redirect("signing", signatory.public_id)
    context = {
        "signatory": signatory,
        "convention": convention,
        "signature": signature,
        "address": masked_address(signatory.email),
        "token": token,
    }
    return render(request, "conventions/link.html", context)


def not_yet(holder, signatory):
    """Why this person may read but not sign yet; "" when they may."""
    if WrongPerson.objects.visible_to(holder).filter(signatory=signatory, answered_at=None).exists():
        return codes.PASSED_ON
    return turns.turn_of(signatory).reason


@open_to(Audience.PUBLIC)
@require_GET
@kept_private
def signing_page(request, public_id):
    """The whole text, one's own commitments marked; at the end, the next act or the receipt."""
    signatory, _, holder = signatory_in_session(request, public_id)
    convention = signatory.party.convention
    signature = signature_of(holder, signatory)
    verdict = rules.can_read(convention, signatory, signed=bool(signature))
    if not verdict:
        return closed(request, signatory, verdict.reason)
    texts = FrozenDocument.objects.visible_to(holder).filter(convention=convention)
    text = texts.defer("pdf").get(kind=DocumentKind.ORIGINAL)
    awaited = Party.objects.visible_to(holder).awaited().filter(convention=convention).count()
    context = {
        "signatory": signatory,
        "convention": convention,
        "signature": signature,
        "text": text,
        "html": mark_safe(text.html),  # noqa: S308  frozen from our own template
        "address": masked_address(signatory.email),
        "awaited": awaited,
        "takes_back": bool(signature) and lifecycle.can_take_back(convention, signatory.party),
        "not_yet": "" if signature else not_yet(holder, signatory),
    }
    return render(request, "conventions/signing.html", context)


@open_to(Audience.PUBLIC)
@require_POST
@kept_private
def signing_code(request, public_id):
    """Send the six digits to the signatory's own address."""
    signatory, entry, holder = signatory_in_session(request, public_id)
    if signature_of(holder, signatory):
        return redirect("signing", public_id)
    try:
        codes.ask(signatory=signatory, session=entry["nonce"], circumstances=circumstances_of(request))
    except SigningClosed as error:
        return closed(request, signatory, str(error))
    except CodeRefused as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"Un code à six chiffres part vers {masked_address(signatory.email)}.")
    return redirect("signing_act", public_id)


@open_to(Audience.PUBLIC)
@require_http_methods(["GET", "POST"])
@kept_private
def signing_act(request, public_id):
    """Read over what one accepts, type the code, sign. Sending twice signs once."""
    signatory, entry, holder = signatory_in_session(request, public_id)
    convention = signatory.party.convention
    verdict = rules.can_sign(convention, signatory)
    if signature_of(holder, signatory):
        return redirect("signing", public_id)
    if not verdict:
        return closed(request, signatory, verdict.reason)
    if not_yet(holder, signatory):
        return redirect("signing", public_id)
    texts = FrozenDocument.objects.visible_to(holder).filter(convention=convention)
    text = texts.defer("pdf", "html").get(kind=DocumentKind.ORIGINAL)
    asks_place = read_template(convention.version.content).asks_place
    form = SignForm(posted(request), initial={"document_sha256": text.pdf_sha256}, asks_place=asks_place)
    try:
        if request.method == "POST" and form.is_valid() and signed(request, form, signatory, entry):
            return redirect("signing", public_id)
    except SigningClosed as error:
        return closed(request, signatory, str(error))
    context = act_context(request, signatory, text, form)
    return render(request, "conventions/act.html", context, status=422 if form.errors else 200)


def has_account(request, signatory):
    """Whether who signs is signed in as themselves: their passkey may then sign too."""
    return request.user.is_authenticated and request.user.pk == signatory.user_id


def act_context(request, signatory, text, form):
    """What the last page shows: the terms in full, and what a passkey would sign of them."""
    convention = signatory.party.convention
    template = read_template(convention.version.content)
    consent = consent_text(template, reference=convention.reference, party=signatory.party, signatory=signatory)
    challenge = passkeys.challenge_of(text.pdf_sha256, documents.sha256(consent))
    return {
        "challenge": passkeys.encoded(challenge) if has_account(request, signatory) else "",
        "signatory": signatory,
        "convention": convention,
        "text": text,
        "form": form,
        "consent": consent,
        "address": masked_address(signatory.email),
    }


def signed(request, form, signatory, entry):
    """Sign; when it is refused, say why beside the field, and nothing is signed."""
    act = Act(
        session=entry["nonce"],
        opening=entry["opening"],
        link=entry.get("link"),
        document_sha256=form.cleaned_data["document_sha256"],
        digits=form.cleaned_data["code"],
        circumstances=circumstances_of(request),
        place=form.cleaned_data.get("place", ""),
        drawn=form.cleaned_data["drawn"],
        passkey=form.cleaned_data["passkey"] if has_account(request, signatory) else "",
        origin=f"{request.scheme}://{request.get_host()}",
    )
    try:
        signing.sign(signatory=signatory, act=act)
    except CodeRefused as error:
        form.add_error("code", str(error))
    except passkeys.NotSignedByPasskey as error:
        form.add_error(None, str(error))
    except TextChanged:
        form.add_error(None, "Le texte affiché n’est plus celui à signer. Rien n’est signé : relisez-le d’abord.")
    return not form.errors


@open_to(Audience.PUBLIC)
@require_GET
@kept_private
def signing_pdf(request, public_id):
    """The very PDF that is signed; the signed document once all have."""
    signatory, _, holder = signatory_in_session(request, public_id)
    convention = signatory.party.convention
    verdict = rules.can_read(convention, signatory, signed=bool(signature_of(holder, signatory)))
    if not verdict:
        return closed(request, signatory, verdict.reason)
    visible = FrozenDocument.objects.visible_to(holder).filter(convention=convention)
    document = visible.filter(kind=DocumentKind.FINAL).first() or visible.get(kind=DocumentKind.ORIGINAL)
    return pdf_response(document, convention.reference)
