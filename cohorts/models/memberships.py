"""Who is whom: memberships are the only truth for roles; adhesions and the clause open the tools."""

from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from caprse.base import clock
from cohorts.enums import Role
from cohorts.models.organisations import Organisation, Region

STRUCTURE_ROLES = (Role.REFERENT, Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE)
COHORT_ROLES = (Role.FACILITATOR,)


def current(today, prefix=""):
    """Condition: in force on this day, last day included."""
    return Q(**{f"{prefix}since__lte": today}) & (Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": today}))


class Held(NamedTuple):
    """A role a person holds today, where, and what it opens. `region_id` is None for the national head."""

    role: str
    organisation_id: int | None
    cohort_id: int | None
    cohort_slug: str | None
    name: str
    region_id: int | None
    region_slug: str | None
    adhesion_valid: bool
    clause_accepted: bool


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The people of the organisations one may see; who accompanies the cohorts of the region one coordinates."""
        return self.filter(
            Q(organisation__in=Organisation.objects.visible_to(actor)) | Q(region_id__in=actor.coordinated_region_ids)
        )

    def team_of(self, region_id, cohorts, today):
        """Who coordinates a region and who accompanies these cohorts, on a day, with their names."""
        coordinating = Q(role=Role.REGION_ADMIN, region_id=region_id)
        accompanying = Q(role=Role.FACILITATOR, cohort__in=cohorts)
        people = self.filter(current(today), coordinating | accompanying, user__is_active=True).select_related("user")
        return people.order_by("user__last_name", "user__first_name", "pk")

    def accompanying(self, cohorts, today):
        """Who accompanies these cohorts, on a day, with their names."""
        people = self.filter(current(today), role=Role.FACILITATOR, cohort__in=cohorts, user__is_active=True)
        return people.select_related("user").order_by("user__last_name", "user__first_name", "pk")

    def held_by(self, user_id, today):
        """All that is needed to know what a person may do on a day: one query, in the order of `Held`."""
        adhesion = Adhesion.objects.filter(current(today), organisation=OuterRef("organisation"))
        accepted = ClauseAcceptance.objects.filter(
            user=OuterRef("user"), clause_id=Subquery(ClauseVersion.objects.in_force(today).values("pk")[:1])
        )
        return (
            self.filter(current(today), user=user_id)
            .annotate(
                scope_name=Coalesce("organisation__legal_name", "cohort__name"),
                adhesion_valid=Exists(adhesion),
                clause_accepted=Exists(accepted),
            )
            .order_by("pk")
            .values_list(
                "role",
                "organisation_id",
                "cohort_id",
                "cohort__slug",
                "scope_name",
                "region_id",
                "region__slug",
                "adhesion_valid",
                "clause_accepted",
            )
        )


class Membership(models.Model):
    """Appartenance: a person holds a role in an organisation, or for a cohort, between two dates."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="personne", on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField("rôle", max_length=24, choices=Role)
    # None for the national head alone.
    region = models.ForeignKey(Region, verbose_name="région", null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", null=True, on_delete=models.PROTECT, related_name="memberships"
    )
    cohort = models.ForeignKey(
        "cohorts.Cohort", verbose_name="cohorte", null=True, on_delete=models.PROTECT, related_name="memberships"
    )
    since = models.DateField("depuis")
    until = models.DateField("jusqu’à", null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="donné par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "appartenance"
        constraints = [
            models.CheckConstraint(
                name="membership_cohort_for_facilitators_only",
                condition=(Q(role__in=COHORT_ROLES) & Q(cohort__isnull=False) & Q(organisation=None))
                | (~Q(role__in=COHORT_ROLES) & Q(cohort=None) & Q(organisation__isnull=False)),
            ),
            models.CheckConstraint(
                name="membership_dates_in_order", condition=Q(until=None) | Q(until__gte=models.F("since"))
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation"],
                condition=Q(until=None, organisation__isnull=False),
                name="membership_organisation_unique",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "cohort"],
                condition=Q(until=None, cohort__isnull=False),
                name="membership_cohort_unique",
            ),
        ]

    def __str__(self):
        return f"{self.user_id} {self.role}"


class AdhesionQuerySet(models.QuerySet):
    def days_around(self, organisation_id, today):
        """The last day of the adhesion that is over, and the first of the one to come; None where there is none."""
        days = list(self.filter(organisation=organisation_id).values_list("since", "until"))
        over = [until for _, until in days if until and until < today]
        to_come = [since for since, _ in days if since > today]
        return max(over, default=None), min(to_come, default=None)


class Adhesion(models.Model):
    """Adhésion: a structure's membership of the network, which opens the tools to its people."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="structure", on_delete=models.PROTECT, related_name="adhesions"
    )
    since = models.DateField("depuis")
    until = models.DateField("jusqu’à", null=True)

    objects = AdhesionQuerySet.as_manager()

    class Meta:
        verbose_name = "adhésion"
        ordering = ["organisation", "since"]
        constraints = [
            models.CheckConstraint(
                name="adhesion_dates_in_order", condition=Q(until=None) | Q(until__gte=models.F("since"))
            )
        ]

    def __str__(self):
        return f"{self.organisation_id} {self.since}"


class ClauseVersionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The clause is no secret: whoever signs in may read it."""
        return self

    def in_force(self, today):
        """The version that applies on this day comes first."""
        return self.filter(since__lte=today).order_by("-number")


class ClauseVersion(models.Model):
    """Clause de non-diffusion: its wording, by version."""

    number = models.PositiveSmallIntegerField("numéro", unique=True)
    text = models.TextField("texte")
    since = models.DateField("en vigueur depuis")

    objects = ClauseVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version de la clause"
        verbose_name_plural = "versions de la clause"
        ordering = ["number"]

    def __str__(self):
        return f"version {self.number}"


class ClauseAcceptance(models.Model):
    """Acceptation: a person accepted one version of the clause, at one moment."""

    clause = models.ForeignKey(
        ClauseVersion, verbose_name="version", on_delete=models.PROTECT, related_name="acceptances"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="personne", on_delete=models.PROTECT, related_name="acceptances"
    )
    accepted_at = models.DateTimeField("acceptée le", default=clock.now)

    class Meta:
        verbose_name = "acceptation de la clause"
        verbose_name_plural = "acceptations de la clause"
        constraints = [models.UniqueConstraint(fields=["clause", "user"], name="clause_acceptance_unique")]

    def __str__(self):
        return f"{self.user_id} {self.clause_id}"
