"""Exchanges on a criterion, between the people of a structure and who accompanies it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from autodiag.forms.threads import MessageForm
from autodiag.models import Message, Thread
from autodiag.models.threads import path_to_talk_on
from autodiag.rules import threads as rules
from autodiag.services.threads import (
    CannotWrite,
    NotTheAuthor,
    NotTheOpener,
    close_thread,
    open_thread,
    reopen_thread,
    reply,
    withdraw_message,
)
from autodiag.talks import topics
from autodiag.views.doors import autodiag_or_404
from caprse.base import clock
from caprse.base.access import REGIONAL, STRUCTURE, Refused, open_to
from caprse.base.requests import whole_number
from cohorts.access import visible_or_404
from cohorts.places import Place
from cohorts.roles import Permission

OPENED = "Votre message est envoyé : l’échange est ouvert."
SENT = "Votre message est envoyé."
CLOSED = "L’échange est clos. Il reste lisible, et vous pouvez le rouvrir."
REOPENED = "L’échange est rouvert."
WITHDRAWN = "Votre message est retiré : son texte est effacé."
NOBODY_LEFT = "Si le sujet est réglé, dites-le simplement dans un dernier message."


def sides_on(actor, participation):
    """The sides this person writes for, once their right to is sure."""
    actor.require(Permission.DISCUSS, participation)
    actor.require_tools(participation)
    return rules.sides_of(actor.roles_on(participation))


# --- A chapter ----------------------------------------------------------------------------------------------------


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def threads(request, region, public_id):
    """The exchanges of a chapter, by criterion; `?critere=` keeps one, with what it takes to open another there."""
    found = autodiag_or_404(request, region, public_id)
    sides = sides_on(request.actor, found.participation)
    criteria, asked = criteria_of(found), request.GET.get("critere", "")
    criterion = criteria.get(whole_number(asked))
    return chapter_threads(request, found, sides, MessageForm(sides=sides), criteria, criterion)


@open_to(*STRUCTURE, *REGIONAL)
@require_POST
def thread_open(request, region, public_id, position):
    """Open an exchange on a criterion; refused, the message comes back as it was typed."""
    found = autodiag_or_404(request, region, public_id)
    sides = sides_on(request.actor, found.participation)
    criteria = criteria_of(found)
    criterion = criteria.get(position)
    if criterion is None:
        raise Http404
    form = MessageForm(request.POST, sides=sides)
    if form.is_valid():
        try:
            opened = open_thread(autodiag=found, criterion=criterion, by=request.actor, **form.message())
        except CannotWrite as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, OPENED)
            return redirect("thread", region, opened.public_id)
    return chapter_threads(request, found, sides, form, criteria, criterion, status=422)


def criteria_of(autodiag):
    """{position: criterion} of a chapter begun, as the référentiel words them; nothing of their answers."""
    return {criterion.position: criterion for criterion in autodiag.round.chapter.criteria.order_by("position")}


def chapter_threads(request, autodiag, sides, form, criteria, criterion, status=200):
    """The page of a chapter's exchanges, or of one criterion's."""
    actor, today = request.actor, clock.today()
    # Read before the messages: of one opened meanwhile, there are messages too many rather than none.
    threads = list(Thread.objects.visible_to(actor).of_chapter(autodiag).with_turn(today))
    ends = Message.objects.visible_to(actor).filter(thread__answer__autodiag=autodiag).ends()
    shown = topics([criterion] if criterion else criteria.values(), threads, ends)
    context = {
        "autodiag": autodiag,
        "region": autodiag.participation.cohort.region.slug,
        "criteria": criteria.values(),
        "criterion": criterion,
        "topics": [topic for topic in shown if topic.talks or criterion],
        "quiet": [topic.criterion for topic in shown if not topic.talks and not criterion],
        "verdict": rules.can_write(path_to_talk_on(autodiag.participation, today)),
        "form": form,
        "sides": sides,
        "insider": rules.STRUCTURE in sides,
    }
    return render(request, "autodiag/threads.html", context, status=status)


# --- One exchange -------------------------------------------------------------------------------------------------


def thread_or_404(request, region, public_id):
    """The exchange this person takes part in, under its own region's address, and the sides they write for."""
    found = visible_or_404(
        Thread.objects.with_context().with_turn(clock.today()),
        request.actor,
        participation__region__slug=region,
        public_id=public_id,
    )
    found.answer.autodiag.participation = found.participation
    request.place = Place.of_participation(found.participation)
    return found, sides_on(request.actor, found.participation)


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def thread(request, region, public_id):
    """The whole exchange, oldest message first, with a place to answer while it is open."""
    found, sides = thread_or_404(request, region, public_id)
    return whole(request, found, sides, MessageForm(sides=sides))


@open_to(*STRUCTURE, *REGIONAL)
@require_POST
def thread_reply(request, region, public_id):
    """Answer; refused, or closed meanwhile, the message comes back as it was typed."""
    found, sides = thread_or_404(request, region, public_id)
    form = MessageForm(request.POST, sides=sides)
    if form.is_valid():
        try:
            sent = reply(thread=found, by=request.actor, **form.message())
        except CannotWrite as refusal:
            form.add_error(None, str(refusal))
            found, _ = thread_or_404(request, region, public_id)
        else:
            return done(request, region, public_id, SENT, f"#message-{sent.pk}")
    return whole(request, found, sides, form, status=422)


@open_to(*STRUCTURE, *REGIONAL)
@require_POST
def thread_close(request, region, public_id):
    """Close an exchange one opened."""
    found, _ = thread_or_404(request, region, public_id)
    try:
        close_thread(thread=found, by=request.actor)
    except NotTheOpener as refusal:
        raise Refused(str(refusal), whom_to_ask(found)) from refusal
    messages.success(request, CLOSED)
    return redirect("thread", region, public_id)


@open_to(*STRUCTURE, *REGIONAL)
@require_POST
def thread_reopen(request, region, public_id):
    """Take up again an exchange one opened."""
    found, _ = thread_or_404(request, region, public_id)
    try:
        reopen_thread(thread=found, by=request.actor)
    except NotTheOpener as refusal:
        raise Refused(str(refusal), "Vous pouvez ouvrir un autre échange sur ce critère.") from refusal
    except CannotWrite as refusal:
        raise Refused(str(refusal)) from refusal
    messages.success(request, REOPENED)
    return redirect("thread", region, public_id)


@open_to(*STRUCTURE, *REGIONAL)
@require_POST
def message_withdraw(request, region, public_id, message_pk):
    """Take back one's own message."""
    found, _ = thread_or_404(request, region, public_id)
    message = visible_or_404(Message, request.actor, thread=found, pk=message_pk)
    try:
        withdraw_message(message=message, by=request.actor)
    except NotTheAuthor as refusal:
        raise Refused(
            "Ce message est d’une autre personne : seul·e son auteur·rice peut le retirer.",
            "Parlez-en avec la personne qui l’a écrit.",
        ) from refusal
    return done(request, region, public_id, WITHDRAWN, f"#message-{message.pk}")


def whom_to_ask(thread):
    """Who can close an exchange, or what to do when nobody can any more."""
    return f"Demandez à {thread.opened_by.full_name}." if thread.opener_here else NOBODY_LEFT


def done(request, region, public_id, said, place):
    """The exchange alone, for a page that stays; or back to its page, by a plain form."""
    if request.htmx:
        found, sides = thread_or_404(request, region, public_id)
        return whole(request, found, sides, MessageForm(sides=sides), said=said)
    messages.success(request, said)
    return redirect(f"{reverse('thread', args=[region, public_id])}{place}")


def whole(request, thread, sides, form, *, said="", status=200):
    """The page of one exchange."""
    path = path_to_talk_on(thread.participation, clock.today())
    context = {
        "thread": thread,
        "autodiag": thread.answer.autodiag,
        "criterion": thread.answer.criterion,
        "region": thread.participation.cohort.region.slug,
        "talk": Message.objects.visible_to(request.actor).filter(thread=thread).in_order(),
        "turn": rules.awaited(thread),
        "sides": sides,
        "insider": rules.STRUCTURE in sides,
        "form": form,
        "said": said,
        "can_reply": rules.can_reply(thread, path),
        "can_write": rules.can_write(path),
        "can_close": rules.can_close(thread, request.actor.user_id),
        "can_reopen": rules.can_reopen(thread, request.actor.user_id, path),
    }
    template = "autodiag/_thread.html" if request.htmx else "autodiag/thread.html"
    return render(request, template, context, status=status)
