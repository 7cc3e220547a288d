"""The life of a convention: its versions, its deadline, who comes and leaves, who was bound by which text on a day."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from caprse.base import clock, links
from caprse.base.access import Audience, open_to
from caprse.base.requests import posted
from caprse.base.text import plural
from cohorts.access import visible_or_404
from cohorts.enums import OrganisationKind
from cohorts.models import Cohort
from cohorts.roles import Permission
from conventions import consolidation, lifecycle, rules
from conventions.enums import ConventionState, DocumentKind, Nature
from conventions.forms.life import DayForm, DeadlineForm, LeaveForm, RenewForm, WithdrawForm
from conventions.models import Convention, FrozenDocument, Party, Signatory, Signature
from conventions.models.conventions import LINK, OVER
from conventions.services import amending, family, leaving, life, versions
from conventions.services.states import WrongState
from conventions.views.doors import convention_or_404, holder_or_404, kept_private, managed_or_refused
from conventions.views.reading import READERS, pdf_response
from conventions.views.signing import closed

NO_COPY = "Votre exemplaire n’est pas disponible"
WITHDRAWERS = (Audience.LEGAL_REPRESENTATIVE, Audience.NATIONAL_STAFF, Audience.PARTNER)


@open_to(*READERS)
@require_GET
def convention_life(request, region, public_id):
    """Everything that came before and after a text: versions, amendments, bulletins, parties that came and left."""
    found = convention_or_404(request, region, public_id)
    actor = request.actor
    rows = Convention.objects.visible_to(actor).with_context()
    followers = list(rows.filter(parent=found).order_by("created_at", "pk"))
    parties = list(Party.objects.visible_to(actor).filter(convention=found).order_by("name"))
    bulletins = [one for one in followers if one.nature == Nature.ACCESSION]
    joined = Party.objects.visible_to(actor).filter(convention__in=bulletins, role=OrganisationKind.STRUCTURE)
    context = {
        "convention": found,
        "before": rows.filter(superseded_by=found).first(),
        "after": rows.filter(supersedes=found).first(),
        "parent": rows.filter(pk=found.parent_id).first() if found.parent_id else None,
        "amendments": [one for one in followers if one.nature == Nature.AMENDMENT],
        "bulletins": [(row, names_in(joined, row)) for row in bulletins],
        "left": [party for party in parties if party.left_on],
        "asked": [party for party in parties if may_read_request(actor, party)],
        "lapsed": versions.lapsed_signatures(found) if found.sent_at else [],
        "manages": actor.coordinates(found.region_id),
        **acts_of(actor, found, parties, followers),
    }
    return render(request, "conventions/life.html", context)


def may_read_request(actor, party):
    """A request to withdraw is between a party and who prepares the convention, until its day is noted."""
    asked = party.left_reason and not party.left_on
    return asked and (actor.coordinates(party.region_id) or party.organisation_id in actor.organisation_ids)


def names_in(parties, convention):
    return [party.name for party in parties if party.convention_id == convention.pk]


def committed_by(actor):
    """The organisations that this person commits: reading for another gives no right to take it out."""
    return {held.organisation_id for held in actor.held if Audience(held.role) in WITHDRAWERS}


def acts_of(actor, convention, parties, followers):
    """What this person may do now on the page of a life, and why not."""
    pending = [
        one
        for one in followers
        if one.nature == Nature.AMENDMENT and one.state not in (*OVER, ConventionState.IN_FORCE)
    ]
    if not actor.coordinates(convention.region_id):
        commits = committed_by(actor)
        mine = [party for party in parties if party.organisation_id in commits and not party.left_reason]
        withdraws = any(lifecycle.can_ask_to_leave(convention, party) for party in mine)
        return {"may_withdraw": withdraws and convention.parent_id is None}
    template = family.template_of(convention)
    return {
        "renews": lifecycle.can_renew(convention, stands=False),
        "may_give_time": convention.state in lifecycle.BEFORE_SIGNED,
        "amends": lifecycle.can_amend(convention, pending[0] if pending else None),
        "adheres": lifecycle.can_adhere(convention, template.accession),
        "may_leave": [party for party in parties if lifecycle.can_leave(convention, party, clock.today())],
        "gone": leaving.left_the_cohort(convention) if convention.parent_id is None else [],
    }


@open_to(*READERS)
@require_GET
def convention_bound(request, region, public_id):
    """Who was bound, by which text, on a day."""
    found = convention_or_404(request, region, public_id)
    if found.parent_id:
        raise Http404
    form = DayForm(request.GET or None, initial={"le": clock.today()})
    day = (form.is_valid() and form.cleaned_data["le"]) or clock.today()
    base, amendments, parties = family.facts_of(found)
    context = {
        "convention": found,
        "form": form,
        "bound": consolidation.bound_on(base, amendments, parties, day),
        "today": clock.today(),
    }
    return render(request, "conventions/bound.html", context, status=422 if form.errors else 200)


@open_to(*READERS)
@require_GET
def convention_consolidated(request, region, public_id):
    """The text as its amendments leave it on a day: for information, what was signed alone binds."""
    found = convention_or_404(request, region, public_id)
    if found.parent_id or not found.sent_at:
        raise Http404
    form = DayForm(request.GET or None, initial={"le": clock.today()})
    day = (form.is_valid() and form.cleaned_data["le"]) or clock.today()
    texts, amendments = family.consolidated(found, day)
    own = Party.objects.visible_to(request.actor).filter(
        convention=found, organisation__in=request.actor.organisation_ids
    )
    context = {
        "convention": found,
        "form": form,
        "day": day,
        "texts": texts,
        "amendments": amendments,
        "role": own.values_list("role", flat=True).first() or "",
    }
    return render(request, "conventions/consolidated.html", context, status=422 if form.errors else 200)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def convention_renew(request, region, public_id):
    """Begin the version n+1: who will sign again, and why."""
    convention = managed_or_refused(request, region, public_id)
    verdict = lifecycle.can_renew(convention, stands=False)
    if not verdict:
        messages.warning(request, verdict.reason)
        return redirect(convention)
    form = RenewForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return renewed(request, convention, form)
    signatures = Signature.objects.visible_to(request.actor).filter(party__convention=convention)
    parties = Party.objects.visible_to(request.actor).filter(convention=convention).order_by("name")
    refusing = Signatory.objects.visible_to(request.actor).filter(party__convention=convention, refusal__isnull=False)
    refused_by = list(refusing.select_related("refusal", "party"))
    context = {
        "convention": convention,
        "form": form,
        "number": convention.number + 1,
        "parties": parties,
        "signed": set(signatures.values_list("party_id", flat=True)),
        "refused_by": refused_by,
        "refused": {signatory.party_id for signatory in refused_by},
    }
    return render(request, "conventions/renew.html", context, status=422 if form.errors else 200)


def renewed(request, convention, form):
    try:
        version = versions.new_version(convention=convention, reason=form.cleaned_data["reason"], by=request.user)
    except WrongState as refusal:
        messages.warning(request, str(refusal))
        return redirect(convention)
    messages.success(
        request, f"La version {version.number} est commencée, avec ce qui était rempli. Corrigez-la, puis figez-la."
    )
    return redirect(version.url("convention_edit" if version.state == ConventionState.DRAFT else "convention"))


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def convention_deadline(request, region, public_id):
    """Say until when one may sign; put it off before it passes."""
    convention = managed_or_refused(request, region, public_id)
    if convention.state not in lifecycle.BEFORE_SIGNED:
        messages.warning(request, "La signature n’est plus ouverte : aucun délai ne peut être changé.")
        return redirect(convention)
    form = DeadlineForm(posted(request), initial={"day": convention.expires_on})
    if request.method == "POST" and form.is_valid():
        try:
            life.set_deadline(convention=convention, day=form.cleaned_data["day"], by=request.user)
        except WrongState as refusal:
            form.add_error("day", str(refusal))
        else:
            messages.success(
                request,
                "Le délai est noté. Les personnes encore attendues sont prévenues, si elles avaient reçu leur lien.",
            )
            return redirect(convention)
    context = {"convention": convention, "form": form}
    return render(request, "conventions/deadline.html", context, status=422 if form.errors else 200)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def party_leave(request, region, public_id, party_pk):
    """Note that a party leaves a convention in force."""
    convention = managed_or_refused(request, region, public_id)
    rows = Party.objects.visible_to(request.actor).filter(convention=convention, pk=party_pk)
    party = rows.select_related("convention", "organisation").first()
    if party is None:
        raise Http404
    if not (verdict := lifecycle.can_leave(convention, party, clock.today())):
        messages.warning(request, verdict.reason)
        return redirect(convention.url("convention_life"))
    # Empty: all parties read what is typed here, and the party told its own reason to the delegation alone.
    form = LeaveForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            leaving.leave(party=party, by=request.user, **form.cleaned_data)
        except WrongState as refusal:
            form.add_error("last_day", str(refusal))
        else:
            messages.success(request, f"La sortie de {party.name} est notée. Les autres parties sont prévenues.")
            return redirect(convention.url("convention_life"))
    context = {"convention": convention, "party": party, "form": form}
    return render(request, "conventions/leave.html", context, status=422 if form.errors else 200)


@open_to(*WITHDRAWERS)
@require_http_methods(["GET", "POST"])
def convention_withdraw(request, region, public_id):
    """A party asks to withdraw: its request is kept, whoever prepares the convention notes from when."""
    convention = convention_or_404(request, region, public_id)
    commits = committed_by(request.actor)
    own = Party.objects.visible_to(request.actor).filter(convention=convention, organisation__in=commits)
    party = own.select_related("convention", "organisation").order_by("pk").first()
    if party is None or convention.parent_id:
        raise Http404
    form = WithdrawForm(posted(request))
    if party.left_reason:
        messages.info(request, "La demande de retrait est déjà notée.")
        return redirect(convention.url("convention_life"))
    if request.method == "POST" and form.is_valid():
        try:
            leaving.ask_to_leave(party=party, reason=form.cleaned_data["reason"], by=request.user)
        except WrongState as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "Votre demande est notée. La délégation régionale est prévenue.")
        return redirect(convention.url("convention_life"))
    context = {"convention": convention, "party": party, "form": form}
    return render(request, "conventions/withdraw.html", context, status=422 if form.errors else 200)


@open_to(Audience.REGION_ADMIN)
@require_http_methods(["GET", "POST"])
def conventions_for_structures(request, region, slug):
    """Begin one convention for each structure of a cohort."""
    cohort = visible_or_404(
        Cohort.objects.select_related("region", "version"), request.actor, region__slug=region, slug=slug
    )
    request.actor.require_coordination(Permission.MANAGE_CONVENTION, cohort.region_id)
    if request.method == "POST":
        try:
            begun = amending.draft_for_structures(cohort=cohort, by=request.user)
        except WrongState as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, drafts_begun(len(begun)))
        return redirect("conventions_for_structures", region, slug)
    own = Convention.objects.main().visible_to(request.actor).with_context().select_related("structure")
    rows = own.filter(cohort=cohort, structure__isnull=False).order_by("structure__legal_name", "pk")
    collective = Convention.objects.collective().visible_to(request.actor).standing().with_context()
    stands = collective.filter(cohort=cohort).first()
    context = {"cohort": cohort, "conventions": rows, "stands": stands, "verdict": lifecycle.can_begin_each(stands)}
    return render(request, "conventions/for_structures.html", context)


def drafts_begun(count):
    """What is said of so many drafts begun at once."""
    if not count:
        return "Chaque structure de la cohorte a déjà la sienne."
    return plural(count, "Un brouillon commencé.", f"{count} brouillons commencés.")


@open_to(Audience.PUBLIC)
@require_GET
@kept_private
def convention_copy(request, token):
    """One’s own sealed copy, by one’s personal link, without account: until five years after the end."""
    holder = links.holder(LINK, token)
    signatory = holder_or_404(holder)
    convention = signatory.party.convention
    signed = Signature.objects.visible_to(holder).filter(signatory=signatory).exists()
    verdict = rules.can_read(convention, signatory, signed=signed, voided=holder.voided)
    if not verdict:
        return closed(request, signatory, verdict.reason, title=NO_COPY)
    documents = FrozenDocument.objects.visible_to(holder).filter(convention=convention)
    document = documents.filter(kind=DocumentKind.FINAL).first()
    if document is None:
        reason = (
            "Le document signé n’est pas encore prêt : toutes les parties n’ont pas signé, ou son cachet se prépare."
        )
        return closed(request, signatory, reason, title=NO_COPY)
    return pdf_response(document, convention.reference)
