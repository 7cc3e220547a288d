"""Cohorts and the structures that take part."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from caprse.base import clock
from caprse.base.ids import new_public_id
from cohorts.enums import CohortKind, OpeningCondition
from cohorts.models.organisations import Organisation, Region
from referentiel.models import Version


class CohortQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Cohorts of one's structures, those one accompanies, coordinates or signs as a partner."""
        if actor.is_national:
            return self
        return self.filter(
            Q(pk__in=actor.facilitated_cohort_ids)
            | Q(region_id__in=actor.coordinated_region_ids)
            | Q(pk__in=Participation.objects.current().filter(organisation_id__in=actor.structure_ids).values("cohort"))
            | Q(pk__in=CohortPartner.objects.filter(organisation_id__in=actor.partner_ids).values("cohort"))
        )


class Cohort(models.Model):
    """Cohorte: structures that go together through one version of a référentiel."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="cohorts")
    slug = models.SlugField("nom dans l’adresse", max_length=60)
    name = models.CharField("nom", max_length=120)
    kind = models.CharField("type", max_length=10, choices=CohortKind)
    version = models.ForeignKey(
        Version, verbose_name="version du référentiel", on_delete=models.PROTECT, related_name="cohorts"
    )
    starts_on = models.DateField("commence le")
    ends_on = models.DateField("finit le", null=True)
    # Le Cap is open to every member at any time: its rounds ask for no convention.
    condition = models.CharField(
        "ce que la convention demande", max_length=12, choices=OpeningCondition, default=OpeningCondition.ALL_SIGNED
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = "cohorte"
        ordering = ["-starts_on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["region", "slug"], name="cohort_slug_unique"),
            models.CheckConstraint(
                name="cohort_dates_in_order", condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on"))
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cohort", args=[self.region.slug, self.slug])

    @property
    def needs_clearance(self):
        """Whether a round asks for a clearance before it opens."""
        return self.condition != OpeningCondition.NONE


class ParticipationQuerySet(models.QuerySet):
    def current(self):
        """Structures that have not left."""
        return self.filter(left_on=None)

    def visible_to(self, actor):
        """One's own structures' paths, those one accompanies or coordinates."""
        return self.filter(actor.participation_q())

    def with_context(self):
        return self.select_related("organisation", "cohort__region", "cohort__version__referentiel")


class Participation(models.Model):
    """Parcours: a structure in a cohort. Nearly all work is anchored here."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, verbose_name="cohorte", on_delete=models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(
        Organisation, verbose_name="structure", on_delete=models.PROTECT, related_name="participations"
    )
    joined_on = models.DateField("entrée le", default=clock.today)
    left_on = models.DateField("sortie le", null=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = "parcours"
        verbose_name_plural = "parcours"
        constraints = [
            models.UniqueConstraint(fields=["cohort", "organisation"], name="participation_unique_per_cohort"),
            models.CheckConstraint(
                name="participation_dates_in_order",
                condition=Q(left_on=None) | Q(left_on__gte=models.F("joined_on")),
            ),
        ]

    def __str__(self):
        return f"{self.organisation_id} dans {self.cohort_id}"

    def get_absolute_url(self):
        return reverse("participation", args=[self.cohort.region.slug, self.public_id])

    @property
    def participation_id(self):
        """Its own anchor."""
        return self.pk


class CohortPartnerQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The partners of the cohorts one may see."""
        return self.filter(cohort__in=Cohort.objects.visible_to(actor))


class CohortPartner(models.Model):
    """Partenaire d’une cohorte (the national head or a partner): a party beside the structures and their region.

    A partner sees the calendar, never the tools.
    """

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, verbose_name="cohorte", on_delete=models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(
        Organisation, verbose_name="partenaire", on_delete=models.PROTECT, related_name="partnered_cohorts"
    )

    objects = CohortPartnerQuerySet.as_manager()

    class Meta:
        verbose_name = "partenaire de cohorte"
        verbose_name_plural = "partenaires de cohorte"
        constraints = [models.UniqueConstraint(fields=["cohort", "organisation"], name="cohort_partner_unique")]

    def __str__(self):
        return f"{self.organisation_id} pour {self.cohort_id}"
