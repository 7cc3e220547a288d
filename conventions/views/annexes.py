"""The annexes of a convention: read by its parties, drafted and revised by who prepares it, filled by both."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprse.base import files
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from caprse.base.versioned import StaleSave
from cohorts.access import visible_or_404
from cohorts.roles import Permission
from conventions import rules
from conventions.enums import AnnexKind, ConventionState
from conventions.forms.annexes import NEW, revision_form
from conventions.models import Annex, AnnexRevision, Party
from conventions.services import annexes
from conventions.services.annexed import Standing, standing_among
from conventions.services.states import WrongState
from conventions.views.doors import convention_or_404, kept_private, managed_or_refused, side_of, signatory_in_session
from conventions.views.reading import READERS
from conventions.views.signing import closed, signature_of

FILLERS = (Audience.REGION_ADMIN, Audience.REFERENT, Audience.LEGAL_REPRESENTATIVE, Audience.PARTNER)
OF_KIND = {
    AnnexKind.TEXT: "Une annexe en texte",
    AnnexKind.FILE: "Une annexe en fichier",
    AnnexKind.FORM: "Une fiche à remplir",
}


def annex_or_404(request, region, public_id, number):
    """A convention one may read, and its annex of this number with the present revision."""
    convention = convention_or_404(request, region, public_id)
    found = standing_among(
        Annex.objects.visible_to(request.actor).standing().filter(convention=convention, number=number)
    )
    if not found:
        raise Http404
    return convention, found[0]


def page(request, template, convention, status=200, **context):
    """A page about the annexes of one convention."""
    context |= {
        "convention": convention,
        "manages": request.actor.coordinates(convention.region_id),
        "is_draft": convention.state == ConventionState.DRAFT,
    }
    return render(request, template, context, status=status)


@open_to(*READERS)
@require_GET
def annex_list(request, region, public_id):
    """The annexes as they stand, each with its revision."""
    convention = convention_or_404(request, region, public_id)
    rows = standing_among(Annex.objects.visible_to(request.actor).standing().filter(convention=convention))
    return page(request, "conventions/annexes.html", convention, rows=rows)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def annex_new(request, region, public_id, kind):
    """Add an annex to a draft."""
    convention = managed_or_refused(request, region, public_id)
    if kind not in NEW:
        raise Http404
    verdict = rules.can_add_annex(convention)
    if request.method == "GET" and not verdict:
        messages.warning(request, verdict.reason)
        return redirect(convention.url("annexes"))
    form = NEW[kind](posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            annex = annexes.add_annex(convention=convention, by=request.user, kind=kind, **form.about())
        except WrongState as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"L’annexe {annex.number} est ajoutée.")
            return redirect(convention.url("annexes"))
    status = 422 if form.errors else 200
    return page(request, "conventions/annex_new.html", convention, status, form=form, kind=kind, heading=OF_KIND[kind])


@open_to(*READERS)
@require_GET
def annex(request, region, public_id, number):
    """One annex: what it holds now, and each revision before it."""
    convention, found = annex_or_404(request, region, public_id, number)
    history = AnnexRevision.objects.visible_to(request.actor).filter(annex=found.annex)
    history = history.select_related("file", "made_by").order_by("-number")
    context = {
        "row": found,
        "annex": found.annex,
        "revisions": [Standing(found.annex, revision) for revision in history],
        "verdict": rules.can_revise_annex(convention, found.annex),
        "can_fill": rules.can_fill_annex(convention, found.annex) and acts_for_a_party(request, convention),
        "amendment_url": amendment_url(convention, found.annex),
    }
    return page(request, "conventions/annex.html", convention, **context)


def acts_for_a_party(request, convention):
    """Whether the person belongs to a party in a role that fills its forms, or prepares the convention."""
    if request.actor.coordinates(convention.region_id):
        return True
    parties = Party.objects.visible_to(request.actor).filter(convention=convention, left_on=None)
    own = {held.organisation_id for held in request.actor.held if Audience(held.role) in FILLERS}
    return parties.filter(organisation_id__in=own).exists()


def amendment_url(convention, annex):
    """Where an amendment begins, for an annex that does not change on its own."""
    begins = annex.binding and convention.state == ConventionState.IN_FORCE
    return convention.url("convention_life") if begins else ""


@open_to(*FILLERS)
@require_http_methods(["GET", "POST"])
def annex_revise(request, region, public_id, number):
    """Write the next revision; a form is filled by the parties too, each fill dated and signed by name."""
    convention, found = annex_or_404(request, region, public_id, number)
    manages = request.actor.coordinates(convention.region_id)
    if not manages and not acts_for_a_party(request, convention):
        request.actor.require_coordination(Permission.MANAGE_CONVENTION, convention.region_id)
    judge = rules.can_revise_annex if manages else rules.can_fill_annex
    verdict = judge(convention, found.annex)
    if request.method == "GET" and not verdict:
        messages.warning(request, verdict.reason)
        return redirect("annex", region, public_id, number)
    initial = {"number": found.current.number, "text": found.current.text, **found.current.values}
    data = (posted(request), request.FILES if request.method == "POST" else None)
    form = revision_form(found.annex, *data, initial=initial)
    if request.method == "POST" and form.is_valid() and revised(request, found.annex, form, filled=not manages):
        return redirect("annex", region, public_id, number)
    status = 409 if form.stale else 422 if form.errors else 200
    said = {"row": found, "annex": found.annex, "form": form, "stale": form.stale}
    return page(request, "conventions/annex_revise.html", convention, status, **said)


def revised(request, annex, form, *, filled):
    """Write the revision; False when it is refused: the form keeps what was typed, and what came meanwhile."""
    said = {"number": form.cleaned_data["number"], "note": form.cleaned_data["note"], "content": form.content()}
    try:
        revision = annexes.revise_annex(annex=annex, by=request.user, filled=filled, **said)
    except StaleSave as refusal:
        form.stale = Standing(annex, refusal.current)
    except WrongState as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, f"La révision {revision.number:02d} est en place.")
        return True
    return False


@open_to(Audience.REGION_ADMIN)
@require_POST
def annex_drop(request, region, public_id, number):
    """Take an annex out of a draft."""
    convention = managed_or_refused(request, region, public_id)
    annex = visible_or_404(
        Annex.objects.select_related("convention"),
        request.actor,
        convention=convention,
        number=number,
        dropped_at=None,
    )
    try:
        annexes.drop_annex(annex=annex, by=request.user)
    except WrongState as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"L’annexe {annex.number} est retirée du brouillon.")
    return redirect(convention.url("annexes"))


def file_or_404(actor, convention, number, revision):
    """The file of one revision of an annex, through the door of its convention."""
    reached = {"annex__convention": convention, "annex__number": number, "annex__dropped_at": None}
    reached |= {"number": revision, "file__isnull": False}
    return visible_or_404(AnnexRevision.objects.select_related("file"), actor, **reached).file


@open_to(*READERS)
@require_POST
def annex_file(request, region, public_id, number, revision):
    """The file of a revision, to the byte: its fingerprint is in the signed text, so nothing is written on it."""
    convention = convention_or_404(request, region, public_id)
    stored = file_or_404(request.actor, convention, number, revision)
    return files.download_as_is(stored, actor=request.actor, acting_for=side_of(request.actor, convention))


class Reader:
    """Who signs, without account, as the register of downloads names them."""

    def __init__(self, signatory):
        self.user_id, self.full_name = signatory.user_id, signatory.full_name


@open_to(Audience.PUBLIC)
@require_GET
@kept_private
def signing_annexes(request, public_id):
    """The annexes of the text somebody signs by a personal link."""
    signatory, _, holder = signatory_in_session(request, public_id)
    convention = signatory.party.convention
    verdict = rules.can_read(convention, signatory, signed=bool(signature_of(holder, signatory)))
    if not verdict:
        return closed(request, signatory, verdict.reason)
    rows = standing_among(Annex.objects.visible_to(holder).standing().filter(convention=convention))
    context = {"convention": convention, "signatory": signatory, "rows": rows}
    return render(request, "conventions/signing_annexes.html", context)


@open_to(Audience.PUBLIC)
@require_POST
@kept_private
def signing_annex_file(request, public_id, number, revision):
    """The file of an annex, for who signs by a personal link."""
    signatory, _, holder = signatory_in_session(request, public_id)
    verdict = rules.can_read(signatory.party.convention, signatory, signed=bool(signature_of(holder, signatory)))
    if not verdict:
        return closed(request, signatory, verdict.reason)
    stored = file_or_404(holder, signatory.party.convention, number, revision)
    return files.download_as_is(stored, actor=Reader(signatory), acting_for=signatory.party.name)
