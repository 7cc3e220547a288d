"""Practices on the structure's side: written from a criterion, put forward to the region, withdrawn."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from autodiag.enums import PracticeScope, PracticeState
from autodiag.forms.practices import ANONYMOUS, SIGNED, PracticeForm
from autodiag.models import Answer, EvidenceUse, Practice, PracticeContact, PracticeProposal
from autodiag.rules.practices import can_begin, can_edit, content_of
from autodiag.services.practices import (
    TEXT_FIELDS,
    NotPossibleNow,
    edit_practice,
    propose_practice,
    put_forward,
    withdraw_practice,
    write_practice,
)
from autodiag.views.doors import autodiag_or_404
from autodiag.views.sharings import own_path_or_404
from caprse.base.access import STRUCTURE, Refused, open_to
from caprse.base.requests import posted
from caprse.base.text import NBSP
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from cohorts.places import Place
from cohorts.roles import Permission

TITLE_MAX = 120
PROPOSED = "La fiche est proposée à la région, qui la relit avant de la publier."
KEPT = "La fiche est gardée. Personne d’autre ne la lit."


@dataclass(frozen=True)
class Told:
    """A practice as its structure follows it: its last proposal, the published card, who wrote about it."""

    practice: Practice
    last: PracticeProposal | None

    @property
    def card(self):
        """What others read today, or None."""
        return getattr(self.practice, "card", None)

    @property
    def is_returned(self):
        return self.practice.state == PracticeState.RETURNED

    @property
    def changed(self):
        """Whether the structure's text is no longer the one it put forward last."""
        return bool(self.last) and self.last.content != content_of(self.practice)


@open_to(*STRUCTURE)
@require_GET
def path_practices(request, region, public_id):
    """The structure's own: where each stands, what the region says, who wrote. Readable once the adhesion is over."""
    path = own_path_or_404(request, region, public_id)
    actor = request.actor
    proposals = PracticeProposal.objects.visible_to(actor).select_related("answered_by").order_by("-number")
    contacts = PracticeContact.objects.visible_to(actor).select_related("asked_by", "asked_for")
    rows = Practice.objects.visible_to(actor).filter(participation=path).with_context().select_related("card")
    rows = rows.prefetch_related(Prefetch("proposals", proposals), Prefetch("contacts", contacts))
    may_share = actor.can(Permission.SHARE, path)
    context = {
        "participation": path,
        "rows": [told(row) for row in rows.order_by("criterion__chapter__number", "criterion__position", "pk")],
        "may_withdraw": may_share,
        "may_edit": may_share and actor.tools_open(path),
        "lapse": actor.lapse(path),
    }
    return render(request, "autodiag/practices_of_path.html", context)


def told(practice):
    """From a practice read with its proposals, the last one first."""
    return Told(practice=practice, last=next(iter(practice.proposals.all()), None))


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def practice_new(request, region, public_id, position):
    """From an evidenced criterion: what the structure does is there already, the rest is a choice."""
    found = autodiag_or_404(request, region, public_id)
    request.actor.require(Permission.SHARE, found.participation)
    request.actor.require_tools(found.participation)
    answer = visible_or_404(
        Answer.objects.select_related("criterion__chapter"),
        request.actor,
        autodiag=found,
        criterion__position=position,
    )
    verdict = can_begin(answer, EvidenceUse.objects.visible_to(request.actor).filter(answer=answer).exists())
    if not verdict:
        raise Refused(verdict.reason)
    proposing = request.POST.get("act") == "propose"
    form = PracticeForm(posted(request), proposing=proposing, initial=beginning(answer))
    if form.is_valid():
        made = write_practice(answer=answer, by=request.actor, **form.fields_of_practice())
        return proposed_or_kept(request, found.participation, made if proposing else None)
    mine = Practice.objects.visible_to(request.actor).filter(criterion=answer.criterion_id)
    mine = mine.filter(participation=found.participation).exclude(state=PracticeState.WITHDRAWN)
    context = {"autodiag": found, "answer": answer, "form": form, "known": list(mine.order_by("pk"))}
    return render(request, "autodiag/practice_new.html", context, status=422 if form.errors else 200)


def beginning(answer):
    """What the form holds before anybody typed: closed by default, and anonymous."""
    first = re.split(r"(?<=[.!?])\s|\n", answer.practice.strip(), maxsplit=1)[0].rstrip(".").strip()
    title = first if len(first) <= TITLE_MAX else first[: TITLE_MAX - 1].rpartition(" ")[0] + "…"
    return {"title": title, "what": answer.practice, "scope": PracticeScope.COHORT, "signed": ANONYMOUS}


def proposed_or_kept(request, path, practice):
    """Put forward what was just saved, if it was asked for; then the list."""
    if practice:
        propose_practice(practice=practice, by=request.actor)
    messages.success(request, PROPOSED if practice else KEPT)
    return redirect("path_practices", path.cohort.region.slug, path.public_id)


def own_practice(request, region, public_id, *, editing=True):
    """A practice of one's own structure, for who may change it. Sets the page's place."""
    found = visible_or_404(
        Practice.objects.with_context()
        .select_related("card", "participation__cohort__version__referentiel")
        .prefetch_related("proposals__answered_by"),
        request.actor,
        region__slug=region,
        public_id=public_id,
    )
    request.place = Place.of_participation(found.participation)
    request.actor.require(Permission.SHARE, found.participation)
    if editing:
        request.actor.require_tools(found.participation)
        verdict = can_edit(found)
        if not verdict:
            raise Refused(verdict.reason)
    return found


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def practice_edit(request, region, public_id):
    """Change the structure's text; what is published, or being read by the region, stays as it is."""
    found = own_practice(request, region, public_id)
    return saved(request, found, edit_practice, KEPT, proposing=False)


@open_to(*STRUCTURE)
@require_POST
def practice_propose(request, region, public_id):
    """Save the text and put it forward to the region, with the structure's consent."""
    found = own_practice(request, region, public_id)
    return saved(request, found, put_forward, PROPOSED, proposing=True)


def saved(request, practice, service, said, *, proposing):
    """The page of a practice, or what a service does with what was typed. Two people at once are shown both."""
    values = {name: getattr(practice, name) for name in (*TEXT_FIELDS, "revision")}
    values["signed"] = SIGNED if practice.signed else ANONYMOUS
    form, stale = PracticeForm(posted(request), proposing=proposing, initial=values), None
    if form.is_valid():
        made_on = form.cleaned_data["revision"]
        revision = -1 if made_on is None else made_on
        try:
            service(practice=practice, revision=revision, by=request.actor, **form.fields_of_practice())
        except StaleSave as refusal:
            stale = refusal.current
        except NotPossibleNow as refusal:
            raise Refused(str(refusal)) from refusal
        else:
            messages.success(request, said)
            path = practice.participation
            return redirect("path_practices", path.cohort.region.slug, path.public_id)
    context = {"practice": practice, "row": told(practice), "form": form, "stale": stale}
    status = 409 if stale else 422 if form.errors else 200
    return render(request, "autodiag/practice_edit.html", context, status=status)


@open_to(*STRUCTURE)
@require_POST
def practice_withdraw(request, region, public_id):
    """Take it back everywhere, at once, also once the adhesion is over."""
    found = own_practice(request, region, public_id, editing=False)
    withdraw_practice(practice=found, by=request.actor)
    messages.success(request, f"«{NBSP}{found.title}{NBSP}» est retirée : plus personne d’autre ne la lit.")
    return redirect("path_practices", region, found.participation.public_id)
