"""Practices as others read them: searched across the network, by scope, and never more than was agreed to be told."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from autodiag.boards.practice_cards import MOST, by_chapter, facets, found, kinds_in_words
from autodiag.forms.practices import ContactForm, SearchForm
from autodiag.models import PracticeCard
from autodiag.services.contacts import CannotContact, contact_structure, may_contact
from caprse.base.access import REGIONAL, STRUCTURE, Audience, Refused, open_to
from cohorts.access import visible_or_404
from cohorts.places import Place
from cohorts.roles import Permission, roles_with

MODERATORS = roles_with(Permission.MODERATE_PRACTICES)
READERS = (*STRUCTURE, *REGIONAL, Audience.NATIONAL_STAFF)
SENT = "Votre message est envoyé. La structure le reçoit avec votre nom et votre courriel, et vous répond si elle le souhaite."
UNSENT = "Votre message n’a pas été envoyé."


def place(notice=""):
    return Place(label="Fiches pratiques", url=reverse("practices"), notice=notice)


@open_to(*READERS)
@require_GET
def practices(request):
    """Every card this person may read, by chapter; filtered by criterion, kind of structure, region, words."""
    request.actor.require_tools()
    rows = PracticeCard.objects.visible_to(request.actor)
    cards = list(rows.select_related("region", "criterion__chapter__version__referentiel"))
    notices = dict.fromkeys(card.criterion.chapter.version.referentiel.notice for card in cards)
    request.place = place(" · ".join(filter(None, notices)))
    offered = facets(cards)
    form = SearchForm(request.GET, criteria=offered.criteria, kinds=offered.kinds, regions=offered.regions)
    rows = found(cards, form.asked())
    for card in rows[:MOST]:
        card.kinds = kinds_in_words(card)
    context = {
        "form": form,
        "total": len(cards),
        "count": len(rows),
        "most": MOST,
        "filters": list(form.in_words()),
        "groups": by_chapter(rows[:MOST]),
        "moderated": sorted({held.region_slug for held in request.actor.held if held.role in MODERATORS}),
    }
    return render(request, "autodiag/practices.html", context)


def card_or_404(request, public_id):
    """A card this person may read today. Withdrawn, there is none."""
    request.actor.require_tools()
    card = visible_or_404(
        PracticeCard.objects.select_related(
            "region", "criterion__chapter__version__referentiel", "practice__participation"
        ),
        request.actor,
        public_id=public_id,
    )
    request.place = place(card.criterion.chapter.version.referentiel.notice)
    return card


@open_to(*READERS)
@require_GET
@never_cache
def practice_card(request, public_id):
    """One practice, as its region moderated it."""
    return card_page(request, card_or_404(request, public_id), ContactForm())


def card_page(request, card, form):
    own = card.practice.participation.organisation_id in request.actor.structure_ids
    context = {
        "card": card,
        "kinds": kinds_in_words(card),
        "own": own,
        "form": form,
        "contact": may_contact(card=card, by=request.actor) if card.contact else None,
    }
    return render(request, "autodiag/practice_card.html", context, status=422 if form.errors else 200)


@open_to(*READERS)
@require_POST
def practice_contact(request, public_id):
    """Write to the structure of a practice: it knows who asks; who asks knows no more than the card says."""
    card = card_or_404(request, public_id)
    form = ContactForm(request.POST)
    try:
        if form.is_valid():
            contact_structure(card=card, text=form.cleaned_data["text"], by=request.actor)
        elif not (verdict := may_contact(card=card, by=request.actor)):
            raise CannotContact(verdict.reason)
    except CannotContact as refusal:
        raise Refused(str(refusal), UNSENT) from refusal
    if form.errors:
        return card_page(request, card, form)
    messages.success(request, SENT)
    return redirect("practice_card", card.public_id)
