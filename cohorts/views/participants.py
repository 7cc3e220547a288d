"""Who takes part in a cohort: its structures, who accompanies them, its partners; and bringing them in."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from caprse.base import clock
from caprse.base.access import Audience, open_to
from caprse.base.text import NBSP
from cohorts.access import coordinated_cohort_or_404
from cohorts.boards import roster
from cohorts.enums import OrganisationKind, Role
from cohorts.forms.organising import FacilitatorForm, PartnerForm, StructureForm
from cohorts.models import CohortPartner, Invitation, Membership, Participation, Round
from cohorts.models.memberships import current
from cohorts.places import Place
from cohorts.roles import Permission
from cohorts.services.invitations import AlreadyThere, invite
from cohorts.services.organising import NotPossible, bring_facilitator, bring_partner, bring_structure


def roster_of(actor, cohort):
    """Everybody in a cohort, in six queries whatever their number."""
    participations = list(
        Participation.objects.visible_to(actor)
        .filter(cohort=cohort)
        .current()
        .select_related("organisation__region", "cohort__region")
        .prefetch_related("organisation__adhesions")
        .order_by("organisation__legal_name")
    )
    partners = list(
        CohortPartner.objects.visible_to(actor)
        .filter(cohort=cohort)
        .select_related("organisation__region")
        .order_by("organisation__legal_name")
    )
    ids = [row.organisation_id for row in (*participations, *partners)]
    referents = Q(organisation__in=ids, role=Role.REFERENT)
    accompanying = Q(cohort=cohort, role=Role.FACILITATOR)
    memberships = Membership.objects.visible_to(actor).filter(current(clock.today()), referents | accompanying)
    invitations = Invitation.objects.visible_to(actor).pending().with_context()
    rounds = Round.objects.visible_to(actor).filter(cohort=cohort)
    return roster(
        participations,
        partners,
        memberships.select_related("user").order_by("user__last_name", "user__first_name"),
        invitations.filter(Q(organisation__in=ids) | Q(cohort=cohort)),
        rounds.select_related("chapter"),
        clock.today(),
    )


def colleagues(actor, cohort):
    """Who accompanies another cohort of the region today, and not yet this one."""
    held = Membership.objects.visible_to(actor).filter(
        current(clock.today()), role=Role.FACILITATOR, region=cohort.region_id
    )
    people, here = {}, set()
    for membership in held.select_related("user").order_by("user__last_name", "user__first_name"):
        people[membership.user_id] = membership.user
        if membership.cohort_id == cohort.pk:
            here.add(membership.user_id)
    return [user for pk, user in people.items() if pk not in here]


class Participants:
    """The page: everybody, and the three forms. One of them may be bound to what was posted."""

    def __init__(self, request, region, slug):
        self.request = request
        self.cohort = coordinated_cohort_or_404(request.actor, Permission.ORGANISE, region, slug)
        request.place = Place.of_cohort(self.cohort)
        self.roster = roster_of(request.actor, self.cohort)

    def structure_form(self, data=None):
        taken = {row.participation.organisation_id for row in self.roster.structures}
        return StructureForm(data, prefix="structure", **self._where(taken))

    def partner_form(self, data=None):
        taken = {row.organisation.pk for row in self.roster.partners}
        return PartnerForm(data, prefix="partenaire", **self._where(taken))

    def facilitator_form(self, data=None):
        known = colleagues(self.request.actor, self.cohort)
        return FacilitatorForm(data, prefix="accompagnement", colleagues=known)

    def _where(self, taken):
        return {"cohort": self.cohort, "actor": self.request.actor, "taken": taken}

    def page(self, **forms):
        """Render it; a form given by name stands in for the empty one and has errors to show."""
        shown = {
            "structure_form": self.structure_form,
            "facilitator_form": self.facilitator_form,
            "partner_form": self.partner_form,
        }
        context = {
            "cohort": self.cohort,
            "roster": self.roster,
            "today": clock.today(),
            "now": clock.now(),
            "partner_kind": OrganisationKind.PARTNER,
            **{name: forms.get(name) or empty() for name, empty in shown.items()},
        }
        return render(self.request, "cohorts/participants.html", context, status=422 if forms else 200)

    def done(self, sentence):
        messages.success(self.request, sentence)
        return redirect("cohort_participants", self.cohort.region.slug, self.cohort.slug)


@open_to(Audience.REGION_ADMIN)
@require_GET
def cohort_participants(request, region, slug):
    """Who takes part, and what is still missing for each."""
    return Participants(request, region, slug).page()


@open_to(Audience.REGION_ADMIN)
@require_POST
def structure_add(request, region, slug):
    """Bring a structure in, and invite its référent·e when given."""
    people = Participants(request, region, slug)
    form = people.structure_form(request.POST)
    if form.is_valid():
        try:
            added = bring_structure(cohort=people.cohort, by=request.user, **form.structure())
        except NotPossible as refusal:
            form.add_error(refusal.field, str(refusal))
        except AlreadyThere as refusal:
            form.add_error(
                "email", f"{refusal} La structure n’est pas encore ajoutée{NBSP}: videz ces trois cases pour l’ajouter."
            )
        else:
            email = form.cleaned_data["email"]
            return people.done(
                f"{added.organisation.legal_name} participe à la cohorte."
                + (f" L’invitation part à {email}." if email else "")
            )
    return people.page(structure_form=form)


@open_to(Audience.REGION_ADMIN)
@require_POST
def facilitator_add(request, region, slug):
    """Let a colleague accompany the cohort at once, or invite somebody to."""
    people = Participants(request, region, slug)
    form = people.facilitator_form(request.POST)
    if form.is_valid():
        try:
            if form.person:
                bring_facilitator(cohort=people.cohort, user=form.person, by=request.user)
                return people.done(f"{form.person.full_name} accompagne la cohorte dès aujourd’hui.")
            sent = invite(role=Role.FACILITATOR, cohort=people.cohort, by=request.user, **form.invited())
        except NotPossible as refusal:
            form.add_error(refusal.field, str(refusal))
        except AlreadyThere as refusal:
            form.add_error("email", str(refusal))
        else:
            return people.done(f"L’invitation part à {sent.email}.")
    return people.page(facilitator_form=form)


@open_to(Audience.REGION_ADMIN)
@require_POST
def partner_add(request, region, slug):
    """Associate the national head or a partner with the cohort."""
    people = Participants(request, region, slug)
    form = people.partner_form(request.POST)
    if form.is_valid():
        try:
            added = bring_partner(cohort=people.cohort, by=request.user, **form.chosen())
        except NotPossible as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return people.done(f"{added.organisation.legal_name} est associée à la cohorte.")
    return people.page(partner_form=form)
