"""From one's own link: refusing to sign, or saying that somebody else should."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from conventions import lifecycle, rules
from conventions.forms.signing import BackForm, RefuseForm, WrongPersonForm
from conventions.models import Refusal, WrongPerson
from conventions.services import leaving, refusing, signatories
from conventions.services.codes import SigningClosed
from conventions.services.states import WrongState
from conventions.views.doors import circumstances_of, kept_private, signatory_in_session
from conventions.views.signing import closed, signature_of


def shut(request, signatory, holder):
    """The answer when nothing can be declined any more, or None."""
    if signature_of(holder, signatory):
        return redirect("signing", signatory.public_id)
    verdict = rules.can_sign(signatory.party.convention, signatory)
    return None if verdict else closed(request, signatory, verdict.reason)


@open_to(Audience.PUBLIC)
@require_http_methods(["GET", "POST"])
@kept_private
def signing_refuse(request, public_id):
    """Refuse to sign, and say why. Sent twice, it is one refusal."""
    signatory, _, holder = signatory_in_session(request, public_id)
    refusal = Refusal.objects.visible_to(holder).filter(signatory=signatory).first()
    if refusal and request.method == "GET":
        return done(request, "conventions/refused.html", signatory, refusal=refusal)
    answer = redirect("signing_refuse", public_id) if refusal else shut(request, signatory, holder)
    if answer:
        return answer
    form = RefuseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            refusing.refuse(
                signatory=signatory, reason=form.cleaned_data["reason"], circumstances=circumstances_of(request)
            )
        except SigningClosed as error:
            return closed(request, signatory, str(error))
        return redirect("signing_refuse", public_id)
    return done(request, "conventions/refuse.html", signatory, form=form)


@open_to(Audience.PUBLIC)
@require_http_methods(["GET", "POST"])
@kept_private
def signing_back(request, public_id):
    """Go back on one's signature, before all have signed. Sent twice, it is done once."""
    signatory, _, holder = signatory_in_session(request, public_id)
    party = signatory.party
    if party.left_reason and not party.left_on:
        return done(request, "conventions/taken_back.html", signatory)
    if not signature_of(holder, signatory):
        return redirect("signing_refuse", public_id)
    if not lifecycle.can_take_back(party.convention, party):
        return redirect("signing", public_id)
    form = BackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            leaving.take_back(
                signatory=signatory, reason=form.cleaned_data["reason"], circumstances=circumstances_of(request)
            )
        except WrongState as error:
            return closed(request, signatory, str(error))
        return redirect("signing_back", public_id)
    return done(request, "conventions/take_back.html", signatory, form=form)


@open_to(Audience.PUBLIC)
@require_http_methods(["GET", "POST"])
@kept_private
def signing_wrong(request, public_id):
    """Say that one is not who should sign, and name who is. Nothing is sent to them before it was checked."""
    signatory, _, holder = signatory_in_session(request, public_id)
    answer = shut(request, signatory, holder)
    if answer:
        return answer
    told = WrongPerson.objects.visible_to(holder).filter(signatory=signatory, answered_at=None).first()
    if told:
        again = request.method == "POST"
        page = "conventions/wrong_told.html"
        return redirect("signing_wrong", public_id) if again else done(request, page, signatory, told=told)
    form = WrongPersonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            signatories.say_wrong_person(
                signatory=signatory, circumstances=circumstances_of(request), **form.cleaned_data
            )
        except SigningClosed as error:
            return closed(request, signatory, str(error))
        return redirect("signing_wrong", public_id)
    return done(request, "conventions/wrong.html", signatory, form=form)


def done(request, template, signatory, **context):
    """One of these pages, which all tell whose convention it is."""
    form = context.get("form")
    context |= {"signatory": signatory, "party": signatory.party, "convention": signatory.party.convention}
    return render(request, template, context, status=422 if form and form.errors else 200)
