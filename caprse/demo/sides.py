"""The demonstration's people and objects that stand for each audience of the matrix of access."""

from datetime import timedelta
from functools import cached_property
from types import SimpleNamespace

from autodiag.models import Action, Autodiag
from autodiag.services.exports import request_synthesis_pdf
from caprse.base import clock, jobs, links
from caprse.base.models import Job
from caprse.demo.agreements import name_again
from caprse.demo.charters import ChartersSide
from caprse.demo.commitments import CommitmentsSide
from caprse.demo.depth import DepthSide
from caprse.demo.drafts import DraftSide
from caprse.demo.relays import RelaysSide
from caprse.demo.remarks import RemarksSide
from caprse.demo.wordings import WordingsSide
from cohorts.access import Actor
from cohorts.enums import ApproachKind, CohortKind, Role
from cohorts.models import Adhesion, Approach, Clearance, EditorGrant, Invitation, Membership, Participation
from cohorts.models.invitations import LINK
from cohorts.models.memberships import current
from cohorts.services.cohorts import end_clearance
from cohorts.services.invitations import cancel, invite
from cohorts.services.organisations import add_approach, remove_approach
from cohorts.services.organising import grant_exception
from conventions.enums import ConventionState
from conventions.models import Convention, Signatory
from conventions.models.conventions import LINK as SIGNING_LINK

OURS, NEIGHBOUR = "La Passerelle des Deux Rives", "Les Sillons du Trec"
DATED = {"cohort__kind": CohortKind.DATED}
LABEL = "Démarche ajoutée pour vérifier les accès"


class Sides:
    """Finds, or makes through the services, what the matrix is played on."""

    def of(self, audience):
        return self.lapsed if audience == "lapsed" else self.ours

    @cached_property
    def ours(self):
        return Side(Participation.objects.with_context().get(organisation__legal_name=OURS, **DATED))

    @cached_property
    def lapsed(self):
        return Side(
            Participation.objects.with_context()
            .exclude(organisation__adhesions__in=Adhesion.objects.filter(current(clock.today())))
            .get(**DATED, cohort=self.ours.participation.cohort)
        )

    def email_of(self, audience):
        """The address of somebody who holds this role and no other, or None for nobody."""
        if audience == "anonymous":
            return None
        region = self.ours.participation.region
        held = Membership.objects.filter(current(clock.today())).select_related("user").order_by("pk")
        structure = {"organisation": self.ours.organisation}
        elsewhere = held.exclude(organisation__region=region)
        editors = EditorGrant.objects.in_force(clock.now()).values("user")
        people = {
            "lapsed": held.filter(role=Role.REFERENT, organisation=self.lapsed.organisation),
            "neighbour": held.filter(role=Role.REFERENT, organisation__legal_name=NEIGHBOUR),
            "stranger": elsewhere.filter(role=Role.REFERENT),
            "stranger_facilitator": held.filter(role=Role.FACILITATOR).exclude(cohort__region=region),
            "facilitator": held.filter(role=Role.FACILITATOR, cohort=self.ours.participation.cohort),
            "region_admin": held.filter(role=Role.REGION_ADMIN, organisation__region=region),
            "national_staff": held.filter(role=Role.NATIONAL_STAFF).exclude(user__in=editors),
            "editor": held.filter(role=Role.NATIONAL_STAFF, user__in=editors),
            "partner": held.filter(role=Role.PARTNER, organisation__region=region),
        }
        rows = people[audience] if audience in people else held.filter(role=audience, **structure)
        return rows.first().user.email

    def tidy(self):
        """Take away the approaches, the invitations, the exceptions and what the replay wrote."""
        for side in (self.ours, self.lapsed):
            side.take_away_agreements()
            side.take_away_depth()
            side.take_away_remarks()
        name_again(self.ours.draft_convention)
        for approach in Approach.objects.filter(label=LABEL):
            remove_approach(approach=approach, by=None)
        for invitation in Invitation.objects.pending().filter(last_name=LABEL):
            cancel(invitation=invitation, by=None)
        for clearance in Clearance.objects.filter(reason=LABEL):
            end_clearance(clearance=clearance, until=clock.today(), by=None)


class Side(ChartersSide, CommitmentsSide, DepthSide, DraftSide, RelaysSide, RemarksSide, WordingsSide, SimpleNamespace):
    """One structure's objects, as `caprse.access_matrix.address` names them."""

    def __init__(self, participation):
        super().__init__(participation=participation, organisation=participation.organisation)

    @cached_property
    def referent(self):
        held = Membership.objects.filter(organisation=self.organisation, role=Role.REFERENT)
        return Actor.of(held.order_by("pk").first().user)

    @cached_property
    def autodiags(self):
        rows = Autodiag.objects.with_context().filter(participation=self.participation)
        return list(rows.order_by("round__opens_on"))

    @property
    def submitted(self):
        return next(autodiag for autodiag in self.autodiags if autodiag.is_submitted)

    @property
    def draft(self):
        return self.autodiags[-1]

    @cached_property
    def action(self):
        return Action.objects.filter(participation=self.participation).order_by("pk").first()

    @cached_property
    def job(self):
        """The document its référent asked for when the chapter was transmitted, the adhesion still being valid."""
        mine = Job.objects.filter(participation_id=self.participation.pk, created_by_id=self.referent.user_id)
        with clock.stopped(self.submitted.submitted_at):
            found = mine.first() or request_synthesis_pdf(autodiag=self.submitted, by=self.referent)
            jobs.run(found.pk)
        return mine.get(pk=found.pk)

    @property
    def document(self):
        return self.job.result

    @property
    def approach(self):
        """A fresh one each time it was removed."""
        mine = self.organisation.approaches.filter(label=LABEL).first()
        return mine or add_approach(organisation=self.organisation, kind=ApproachKind.OTHER, label=LABEL)

    @cached_property
    def note(self):
        """One that the person who accompanies the cohort wrote."""
        return self.participation.notes.order_by("pk").first()

    @property
    def clearance(self):
        """An exception still to come, granted again each time it was taken away."""
        mine = self.participation.clearances.filter(reason=LABEL).first()
        tomorrow = clock.today() + timedelta(days=1)
        return mine or grant_exception(
            participation=self.participation, since=tomorrow, until=tomorrow, reason=LABEL, by=None
        )

    @cached_property
    def convention(self):
        """The one in force in the cohort."""
        rows = Convention.objects.main().with_context().filter(state=ConventionState.IN_FORCE)
        return rows.get(cohort=self.participation.cohort)

    @cached_property
    def draft_convention(self):
        """The one the region is preparing."""
        rows = Convention.objects.main().with_context().filter(state=ConventionState.DRAFT, cohort__isnull=False)
        return rows.filter(region=self.participation.region).order_by("pk").first()

    @cached_property
    def draft_party(self):
        return self.draft_convention.parties.order_by("pk").first()

    @property
    def draft_signatory(self):
        """Somebody who signs for a party of it; another one each time one was taken off."""
        rows = Signatory.objects.current().with_context().filter(party__convention=self.draft_convention)
        return rows.select_related("party").order_by("pk").first()

    @cached_property
    def signatory(self):
        rows = Signatory.objects.current().with_context().filter(party__convention=self.convention)
        return rows.get(party__organisation=self.organisation)

    @cached_property
    def signing_token(self):
        return links.make(SIGNING_LINK, self.signatory.pk)

    @property
    def invitation(self):
        """A pending one, made again each time it was cancelled."""
        mine = Invitation.objects.pending().filter(organisation=self.organisation, last_name=LABEL).first()
        return mine or invite(
            email=f"verification-{self.organisation.public_id}@example.org",
            first_name="Personne",
            last_name=LABEL,
            role=Role.CONTRIBUTOR,
            organisation=self.organisation,
            by=self.referent,
        )

    @property
    def invitation_token(self):
        return links.make(LINK, self.invitation.pk)
