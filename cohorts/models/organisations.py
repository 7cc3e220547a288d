"""Regions and the organisations of the network."""

from django.core.validators import MinLengthValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from caprse.base.ids import new_public_id
from cohorts.enums import ApproachKind, OrganisationKind, SiaeKind


class RegionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The regions one coordinates."""
        return self.filter(pk__in=actor.coordinated_region_ids)


class Region(models.Model):
    """Région: the outer wall. Everything that belongs to somebody carries one."""

    slug = models.SlugField("nom dans l’adresse", max_length=60, unique=True)
    name = models.CharField("nom", max_length=80)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "région"
        ordering = ["name"]

    def __str__(self):
        return self.name


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """One's own organisations, the structures one accompanies.

        Whoever coordinates a region sees all those of the region, and the national head, a party to its conventions.
        """
        national = Q(kind=OrganisationKind.NATIONAL) if actor.coordinated_region_ids else Q(pk=None)
        return self.filter(
            Q(pk__in=actor.organisation_ids)
            | Q(region_id__in=actor.coordinated_region_ids)
            | national
            | Q(participations__cohort_id__in=actor.facilitated_cohort_ids)
        ).distinct()


class Organisation(models.Model):
    """Organisation: a structure, a regional delegation, the national head or a partner."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    kind = models.CharField("type", max_length=10, choices=OrganisationKind)
    region = models.ForeignKey(
        Region, verbose_name="région", null=True, on_delete=models.PROTECT, related_name="organisations"
    )
    legal_name = models.CharField("nom légal", max_length=160)
    siret = models.CharField(
        "SIRET",
        max_length=14,
        blank=True,
        default="",
        validators=[RegexValidator(r"^\d{14}$", "Un SIRET compte 14 chiffres, sans espace."), MinLengthValidator(14)],
    )
    activities = models.TextField("activités", blank=True, default="")
    territory = models.CharField("territoire", max_length=200, blank=True, default="")
    headcount = models.PositiveIntegerField("effectif total", null=True, blank=True)
    permanents = models.PositiveIntegerField("dont salarié·e·s permanent·e·s", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        ordering = ["legal_name"]
        constraints = [
            models.CheckConstraint(
                name="organisation_region_unless_national",
                condition=Q(kind=OrganisationKind.NATIONAL, region=None)
                | (~Q(kind=OrganisationKind.NATIONAL) & Q(region__isnull=False)),
            ),
            models.UniqueConstraint(fields=["siret"], condition=~Q(siret=""), name="organisation_siret_unique"),
        ]

    def __str__(self):
        return self.legal_name

    def get_absolute_url(self):
        return reverse("organisation", args=[self.region.slug, self.public_id])


class SiaeStatus(models.Model):
    """Type de SIAE: an organisation may be several."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="siae_statuses"
    )
    kind = models.CharField("type", max_length=10, choices=SiaeKind)

    class Meta:
        verbose_name = "type de SIAE"
        verbose_name_plural = "types de SIAE"
        ordering = ["organisation", "kind"]
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="siae_status_unique")]

    def __str__(self):
        return self.get_kind_display()


class ApproachQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(organisation__in=Organisation.objects.visible_to(actor))


class Approach(models.Model):
    """Démarche déjà engagée: Cèdre, ISO 9001, Le Cap, another label, with its years."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="approaches"
    )
    kind = models.CharField("démarche", max_length=10, choices=ApproachKind)
    label = models.CharField("nom", max_length=120, blank=True, default="")
    since = models.DateField("depuis", null=True, blank=True)
    until = models.DateField("jusqu’à", null=True, blank=True)

    objects = ApproachQuerySet.as_manager()

    class Meta:
        verbose_name = "démarche"
        ordering = ["organisation", "since", "pk"]
        constraints = [
            models.CheckConstraint(
                name="approach_dates_in_order",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=models.F("since")),
            ),
            models.CheckConstraint(
                name="approach_other_is_named", condition=~Q(kind=ApproachKind.OTHER) | ~Q(label="")
            ),
        ]

    def __str__(self):
        return self.label or self.get_kind_display()
