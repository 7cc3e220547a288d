"""The demonstration's people and objects that stand for each audience of the matrix of access."""

from functools import cached_property
from types import SimpleNamespace

from autodiag.models import Action, Autodiag
from autodiag.services.exports import request_synthesis_pdf
from caprse.base import clock, jobs
from caprse.base.models import Job
from cohorts.access import Actor
from cohorts.enums import ApproachKind, CohortKind, Role
from cohorts.models import Adhesion, Approach, Membership, Participation
from cohorts.models.memberships import current
from cohorts.services.organisations import add_approach, remove_approach

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
        people = {
            "lapsed": held.filter(role=Role.REFERENT, organisation=self.lapsed.organisation),
            "neighbour": held.filter(role=Role.REFERENT, organisation__legal_name=NEIGHBOUR),
            "stranger": elsewhere.filter(role=Role.REFERENT),
            "stranger_facilitator": held.filter(role=Role.FACILITATOR).exclude(cohort__region=region),
            "facilitator": held.filter(role=Role.FACILITATOR, cohort=self.ours.participation.cohort),
            "region_admin": held.filter(role=Role.REGION_ADMIN, organisation__region=region),
            "national_staff": held.filter(role=Role.NATIONAL_STAFF),
            "partner": held.filter(role=Role.PARTNER, organisation__region=region),
        }
        rows = people[audience] if audience in people else held.filter(role=audience, **structure)
        return rows.first().user.email

    def tidy(self):
        """Take away the approaches the replay added."""
        for approach in Approach.objects.filter(label=LABEL):
            remove_approach(approach=approach, by=None)


class Side(SimpleNamespace):
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
