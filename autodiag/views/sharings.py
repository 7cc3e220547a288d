"""What structures of a cohort show one another, in confidence and for a time."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from autodiag.enums import ActionStatus, SharingKind
from autodiag.forms.sharings import EVERYBODY, SharingForm
from autodiag.models import Action, Answer, Autodiag, Sharing
from autodiag.models.sharings import peers_of
from autodiag.rules.sharings import last_end, proposed_end
from autodiag.services.sharings import (
    ChangedMeanwhile,
    NotShared,
    Preview,
    share,
    was_shown,
    withdraw_sharing,
)
from autodiag.showing import drawn
from caprse.base import clock
from caprse.base.access import REGIONAL, STRUCTURE, Refused, open_to
from caprse.base.ids import is_public_id
from caprse.base.requests import posted, whole_number
from caprse.base.text import NBSP
from cohorts.access import participation_or_404, visible_or_404
from cohorts.models import Cohort, Participation
from cohorts.places import Place
from cohorts.roles import Permission

OVER = (
    "Ce partage n’est plus ouvert : son dernier jour est passé, la structure qui le montrait l’a retiré, ou l’une des deux "
    "structures a quitté la cohorte."
)
ASK_THEM = "Si vous souhaitez le relire, demandez-le directement à cette structure."


# --- One's own ----------------------------------------------------------------------------------------------------


def own_path_or_404(request, region, public_id):
    """A path of one's own structure. Sets the page's place."""
    path = participation_or_404(request.actor, region, public_id)
    if not request.actor.is_insider(path):
        raise Http404
    request.place = Place.of_participation(path)
    return path


@open_to(*STRUCTURE)
@require_GET
def path_sharings(request, region, public_id):
    """What the structure shows today, and what it showed: to whom, until when, by whom.

    Readable when the adhesion is over: a structure keeps seeing what it shows, and may withdraw it.
    """
    path = own_path_or_404(request, region, public_id)
    rows = Sharing.objects.visible_to(request.actor).filter(participation=path).with_context()
    rows = list(rows.select_related("withdrawn_by"))
    may_share = request.actor.can(Permission.SHARE, path)
    context = {
        "participation": path,
        "now": [row for row in rows if row.is_in_force and path.left_on is None],
        "over": [row for row in rows if not (row.is_in_force and path.left_on is None)],
        "may_withdraw": may_share,
        "may_share": may_share and request.actor.tools_open(path) and path.left_on is None,
        "lapse": request.actor.lapse(path),
    }
    return render(request, "autodiag/sharings_of_path.html", context)


@open_to(*STRUCTURE)
@require_http_methods(["GET", "POST"])
def sharing_new(request, region, public_id):
    """Choose what to show, to whom, until when; see exactly what they will see; then share it."""
    path = own_path_or_404(request, region, public_id)
    request.actor.require(Permission.SHARE, path)
    request.actor.require_tools(path)
    if path.left_on is not None:
        raise Refused("Votre structure a quitté cette cohorte : elle ne peut plus rien y partager.")
    form = sharing_form(request, path)
    if request.method == "GET" or request.POST.get("act") == "change" or not form.is_valid():
        return form_page(request, path, form)
    if request.POST.get("act") != "share":
        return preview_page(request, path, form, Preview(**form.chosen()))
    try:
        share(participation=path, by=request.actor, seen=form.cleaned_data["seen"], **form.chosen())
    except NotShared as refusal:
        form.add_error(None, str(refusal))
        return form_page(request, path, form)
    except ChangedMeanwhile as changed:
        return preview_page(request, path, form, changed.preview, changed=True)
    messages.success(request, "C’est partagé. Vous pouvez le retirer ici à tout moment.")
    return redirect("path_sharings", region, public_id)


def sharing_form(request, path):
    """The form with what this structure may show, and to whom."""
    own = Autodiag.objects.visible_to(request.actor).filter(participation=path, submissions__number=1)
    return SharingForm(
        posted(request),
        autodiags=list(own.with_context().order_by("round__chapter__number")),
        peers=peers_of(path),
        initial={"to": EVERYBODY, "until": proposed_end(clock.today()), **asked(request, path)},
    )


def asked(request, path):
    """What the address proposes: an action that is done, the difficulty of an answer, a chapter."""
    action, answer = (whole_number(request.GET.get(name, "")) for name in ("action", "reponse"))
    mine = {"participation": path}
    if action and (done := Action.objects.visible_to(request.actor).filter(pk=action, **mine).first()):
        advance = done.status == ActionStatus.DONE
        return {"what": SharingKind.STEP_FORWARD if advance else "", "title": done.what[:160], "text": done.why}
    if answer and (row := Answer.objects.visible_to(request.actor).filter(pk=answer, **mine).first()):
        return {"what": SharingKind.DIFFICULTY, "text": row.difficulty}
    chapter = request.GET.get("autodiag", "")
    return {"what": f"{SharingKind.SYNTHESIS}:{chapter}"} if is_public_id(chapter) else {}


def form_page(request, path, form):
    today = clock.today()
    context = {"participation": path, "form": form, "last_day": last_end(today)}
    wrong = form.is_bound and request.POST.get("act") != "change" and form.errors
    return render(request, "autodiag/sharing_new.html", context, status=422 if wrong else 200)


def preview_page(request, path, form, preview, *, changed=False):
    """What will be seen, with its stamp; the new one when it changed since the last preview."""
    context = {"participation": path, "form": form, "preview": preview, "changed": changed}
    return render(request, "autodiag/sharing_preview.html", context, status=409 if changed else 200)


@open_to(*STRUCTURE)
@require_POST
def sharing_withdraw(request, region, public_id):
    """Stop showing it, at once, also once the adhesion is over: what belongs to the structure comes back to it."""
    found = visible_or_404(Sharing.objects.with_context(), request.actor, region__slug=region, public_id=public_id)
    request.actor.require(Permission.SHARE, found.participation)
    withdraw_sharing(sharing=found, by=request.actor)
    messages.success(request, f"«{NBSP}{found.title}{NBSP}» est retiré : plus personne d’autre ne le voit.")
    return redirect("path_sharings", region, found.participation.public_id)


# --- What is shared with us ---------------------------------------------------------------------------------------


def require_reader(request, cohort, to=None):
    """Whoever takes part in this cohort today, or accompanies it, with the tools open. Returns one's own path, or None.

    Of two structures of one's own, the one whose adhesion is valid; `to`: the only one it is shown to, whatever its own.
    """
    structures = request.actor.structure_ids & {to} if to else request.actor.structure_ids
    own = Participation.objects.visible_to(request.actor).current().with_context()
    own = own.filter(cohort=cohort, organisation_id__in=structures)
    path = min(own.order_by("pk"), key=request.actor.adhesion_lapsed, default=None)
    request.place = Place.of_participation(path) if path else Place.of_cohort(cohort)
    if path:
        request.actor.require(Permission.READ_SHARINGS, path)
    else:
        request.actor.require_accompaniment(Permission.READ_SHARINGS, cohort)
    request.actor.require_tools(path)
    return path


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
def sharings(request, region, slug):
    """What is shown to this person today in a cohort, structure by structure."""
    cohort = visible_or_404(
        Cohort.objects.select_related("region", "version__referentiel"), request.actor, region__slug=region, slug=slug
    )
    path = require_reader(request, cohort)
    shown = Sharing.objects.visible_to(request.actor).in_force().filter(cohort=cohort).with_context()
    shown = shown.exclude(participation__organisation_id__in=request.actor.structure_ids).defer("content")
    rows = shown.order_by("participation__organisation__legal_name", "participation", "-shared_at")
    members = {None, *(held.organisation_id for held in request.actor.held if held.adhesion_valid)}
    rows = [row for row in rows if row.to_organisation_id in members]
    groups = [(one, list(given)) for one, given in groupby(rows, key=lambda row: row.participation.organisation)]
    context = {
        "cohort": cohort,
        "path": path,
        "groups": groups,
        "may_share": path and request.actor.can(Permission.SHARE, path),
    }
    return render(request, "autodiag/sharings.html", context)


@open_to(*STRUCTURE, *REGIONAL)
@require_GET
@never_cache
def sharing(request, region, public_id):
    """One of them, as it was previewed. Over while it was open, whoever it was shown to is told so, and sees nothing."""
    rows = Sharing.objects.visible_to(request.actor).with_context()
    rows = rows.select_related("cohort__version__referentiel", "withdrawn_by", "participation__cohort__region")
    found = rows.filter(region__slug=region, public_id=public_id).first()
    if found is None:
        if was_shown(request.actor, region, public_id):
            raise Refused(OVER, ASK_THEM)
        raise Http404
    own = request.actor.is_insider(found.participation)
    if own:
        own_path_or_404(request, region, found.participation.public_id)
        request.actor.require_tools(found.participation)
    else:
        require_reader(request, found.cohort, to=found.to_organisation_id)
    shown = drawn(found.kind, found.title, found.text, found.content)
    may_withdraw = found.withdrawn_at is None and request.actor.can(Permission.SHARE, found.participation)
    context = {"sharing": found, "shown": shown, "own": own, "may_withdraw": may_withdraw}
    return render(request, "autodiag/sharing.html", context)
