"""A breach: notified by who prepares the convention, read and answered by the party alone, decided."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from caprse.base import clock, links
from caprse.base.access import Audience, Refused, open_to
from caprse.base.links import LinkHolder
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from cohorts.enums import OrganisationKind
from conventions import rules
from conventions.enums import TerminationDecision
from conventions.forms.breaches import DecisionForm, NoticeForm, ReplyForm
from conventions.models import Breach, Party, Signatory
from conventions.models.conventions import LINK
from conventions.models.life import BREACH_LINK
from conventions.services import breaches
from conventions.services.states import WrongState
from conventions.views.doors import convention_or_404, kept_private, managed_or_refused, noted

CONCERNED = (
    Audience.REGION_ADMIN,
    Audience.REFERENT,
    Audience.BOARD_MEMBER,
    Audience.LEGAL_REPRESENTATIVE,
    Audience.PARTNER,
)
ANSWERS = frozenset({Audience.REFERENT, Audience.LEGAL_REPRESENTATIVE, Audience.PARTNER})
SESSION = "breaches"
REOPEN = "Pour lire ce courrier, rouvrez le lien que vous avez reçu par courriel."


def breach_or_404(request, region, public_id, breach_id):
    """A breach one is concerned by, under its convention's address; sets the page's place."""
    convention = convention_or_404(request, region, public_id)
    return visible_or_404(Breach.objects.with_context(), request.actor, convention=convention, public_id=breach_id)


def told(breach):
    """What every page about a breach shows of it."""
    return {
        "breach": breach,
        "convention": breach.convention,
        "clause": breaches.clause_of(breach),
        "ended": breach.decision == TerminationDecision.ENDED,
        "late": breach.replied_at and breach.replied_at > clock.end_of(breach.reply_by),
        "today": clock.today(),
    }


@open_to(*CONCERNED)
@require_GET
def breach_list(request, region, public_id):
    """The breaches one is concerned by: all of them for who notifies, one's own for a party."""
    convention = convention_or_404(request, region, public_id)
    rows = Breach.objects.visible_to(request.actor).filter(convention=convention).select_related("party")
    parties = Party.objects.visible_to(request.actor).filter(convention=convention, left_on=None)
    manages = request.actor.coordinates(convention.region_id)
    context = {
        "convention": convention,
        "rows": rows.order_by("-notified_at", "-pk"),
        "manages": manages,
        "parties": parties.exclude(role=OrganisationKind.REGION).order_by("name") if manages else [],
        "verdict": rules.can_notify_breach(convention),
        "today": clock.today(),
    }
    return render(request, "conventions/breaches.html", context)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def breach_new(request, region, public_id, party_pk):
    """Notify a breach to a party: the clause, the facts, the time to reply."""
    convention = managed_or_refused(request, region, public_id)
    rows = Party.objects.visible_to(request.actor).filter(convention=convention).exclude(role=OrganisationKind.REGION)
    party = rows.filter(pk=party_pk).select_related("organisation").first()
    if party is None:
        raise Http404
    verdict = rules.can_notify_breach(convention, party)
    if request.method == "GET" and not verdict:
        messages.warning(request, verdict.reason)
        return redirect(convention.url("breaches"))
    clauses = breaches.clauses_binding(convention, party)
    at_least = breaches.time_to_reply(convention)
    initial = {"reply_by": clock.today() + at_least}
    form = NoticeForm(posted(request), clauses=clauses, at_least=at_least, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = breaches.notify_breach(party=party, by=request.user, **form.cleaned_data)
        except WrongState as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le manquement est notifié à {party.name}, seule à le lire avec vous.")
            return redirect("breach", region, public_id, made.public_id)
    context = {"convention": convention, "party": party, "form": form, "manages": True}
    return render(request, "conventions/breach_new.html", context, status=422 if form.errors else 200)


@open_to(*CONCERNED)
@require_http_methods(["GET", "POST"])
def breach(request, region, public_id, breach_id):
    """Where it stands; the party replies here."""
    found = breach_or_404(request, region, public_id, breach_id)
    answers = acts_for(request.actor, found)
    if request.method == "POST" and not answers:
        raise Refused(
            "Seules les personnes qui répondent pour cette partie peuvent envoyer sa réponse.",
            "Sa ou son référent·e, ou la personne qui la représente légalement, peut le faire.",
        )
    form = ReplyForm(posted(request))
    if request.method == "POST" and form.is_valid() and replied(request, found, form, request.user):
        return redirect("breach", region, public_id, breach_id)
    context = {
        **told(found),
        "form": form,
        "answers": answers and rules.can_reply(found, clock.today()),
        "manages": request.actor.coordinates(found.region_id),
        "may_decide": rules.can_decide(found, clock.today()),
    }
    return render(request, "conventions/breach.html", context, status=422 if form.errors else 200)


def acts_for(actor, breach):
    """Whether the person answers for the party it is about."""
    own = [held for held in actor.held if held.organisation_id == breach.party.organisation_id]
    signs = Signatory.objects.visible_to(actor).current().filter(party=breach.party_id, user_id=actor.user_id)
    return any(Audience(held.role) in ANSWERS for held in own) or signs.exists()


def replied(request, breach, form, user):
    """Send the reply; False when it is refused, the reason beside the field."""
    try:
        breaches.reply_to_breach(breach=breach, text=form.cleaned_data["text"], by=user)
    except WrongState as refusal:
        form.add_error("text", str(refusal))
        return False
    messages.success(request, "Votre réponse est envoyée à la délégation.")
    return True


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def breach_decide(request, region, public_id, breach_id):
    """Decide, once the party replied or the time to reply is over."""
    managed_or_refused(request, region, public_id)
    found = breach_or_404(request, region, public_id, breach_id)
    back = redirect("breach", region, public_id, breach_id)
    form = DecisionForm(posted(request), initial={"revision": found.revision})
    verdict = rules.can_decide(found, clock.today())
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            breaches.decide_breach(breach=found, by=request.user, **form.said())
        except StaleSave as refusal:
            stale = refusal.current
        except WrongState as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La décision est prise. La partie est prévenue, avec son motif.")
            return back
    elif request.method == "GET" and not verdict:
        messages.warning(request, verdict.reason)
        return back
    status = 409 if stale else 422 if form.errors else 200
    context = {**told(stale_with_context(request, stale) or found), "form": form, "stale": stale, "manages": True}
    return render(request, "conventions/breach_decide.html", context, status=status)


def stale_with_context(request, stale):
    """The row as it stands now, with what its page shows."""
    rows = Breach.objects.visible_to(request.actor).with_context()
    return stale and rows.filter(pk=stale.pk).first()


# --- By a personal link -------------------------------------------------------------------------------------------


@open_to(Audience.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@kept_private
def breach_link(request, breach_id, token):
    """The door of a notice's link. Opening it changes nothing: the button leads on, under an address without secret."""
    holder = links.holder(BREACH_LINK, token)
    if holder is None or holder.voided:
        raise Http404
    found = visible_or_404(Breach.objects.with_context(), holder, public_id=breach_id)
    if request.method == "POST":
        opened = dict(request.session.get(SESSION, {}))
        opened[breach_id] = {"signatory": holder.target_id, "at": clock.now().isoformat()}
        request.session[SESSION] = opened
        return redirect("breach_answer", breach_id)
    return render(request, "conventions/breach_link.html", {"breach": found, "convention": found.convention})


@open_to(Audience.PUBLIC)
@require_http_methods(["GET", "POST"])
@kept_private
def breach_answer(request, breach_id):
    """The notice, for who came by a personal link: read, and answered once."""
    holder = holder_in_session(request, breach_id)
    found = visible_or_404(Breach.objects.with_context(), holder, public_id=breach_id)
    signatory = Signatory.objects.visible_to(LinkHolder(LINK, holder.target_id)).select_related("user").get()
    form = ReplyForm(posted(request))
    if request.method == "POST" and form.is_valid() and replied(request, found, form, signatory.user):
        return redirect("breach_answer", breach_id)
    context = {**told(found), "form": form, "answers": rules.can_reply(found, clock.today()), "signatory": signatory}
    return render(request, "conventions/breach_answer.html", context, status=422 if form.errors else 200)


def holder_in_session(request, breach_id):
    """Who this browser was opened for."""
    return LinkHolder(BREACH_LINK, noted(request, SESSION, breach_id, REOPEN)["signatory"])
