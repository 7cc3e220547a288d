"""What a structure says of itself beyond its card, and what heads the documents of an organisation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from caprse.base import clock
from caprse.base.ids import new_public_id
from caprse.base.models import StoredFile
from cohorts.models.cohorts import Cohort
from cohorts.models.organisations import Organisation, Region
from referentiel.enums import Degree


class LetterheadQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """That of one's own organisations."""
        return self.filter(organisation_id__in=actor.organisation_ids)


class Letterhead(models.Model):
    """En-tête: the logo and the mandatory mentions of an organisation, on every document it appears on.

    A structure's documents carry its own, its region's and the network's.
    """

    # As for an organisation: the national head has no region.
    region = models.ForeignKey(Region, verbose_name="région", null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.OneToOneField(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="letterhead"
    )
    logo = models.ForeignKey(StoredFile, verbose_name="logo", null=True, on_delete=models.PROTECT, related_name="+")
    logo_text = models.CharField("ce que le logo montre", max_length=160, blank=True, default="")
    mentions = models.TextField("mentions obligatoires", blank=True, default="")
    revision = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField("modifié le", default=clock.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="modifié par", on_delete=models.PROTECT, related_name="+"
    )

    objects = LetterheadQuerySet.as_manager()

    class Meta:
        verbose_name = "en-tête"
        constraints = [
            models.CheckConstraint(
                name="letterhead_logo_is_described",
                condition=Q(logo=None, logo_text="") | (Q(logo__isnull=False) & ~Q(logo_text="")),
            )
        ]

    def __str__(self):
        return f"En-tête {self.organisation_id}"


class PurposeQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people."""
        return self.filter(organisation_id__in=actor.structure_ids)


class Purpose(models.Model):
    """Notre pourquoi: the structure's projet associatif, in a few lines of its own."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    organisation = models.OneToOneField(
        Organisation, verbose_name="structure", on_delete=models.PROTECT, related_name="purpose"
    )
    text = models.TextField("notre pourquoi", blank=True, default="")
    revision = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField("modifié le", default=clock.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="modifié par", on_delete=models.PROTECT, related_name="+"
    )

    objects = PurposeQuerySet.as_manager()

    class Meta:
        verbose_name = "notre pourquoi"
        verbose_name_plural = "nos pourquoi"

    def __str__(self):
        return f"Pourquoi {self.organisation_id}"


class StakeholderQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people alone."""
        return self.filter(organisation_id__in=actor.structure_ids)

    def in_order(self):
        """The most important and influential first, those not placed yet last."""
        placed = [models.F(name).desc(nulls_last=True) for name in ("importance", "influence")]
        return self.order_by(*placed, Lower("name"))


class Stakeholder(models.Model):
    """Partie prenante of a structure: how much it matters, how much it weighs, what it expects.

    Source: OSE charter, list with importance and influence. Not placed yet: both are empty.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="structure", on_delete=models.PROTECT, related_name="stakeholders"
    )
    name = models.CharField("qui", max_length=120)
    importance = models.PositiveSmallIntegerField("importance pour nous", choices=Degree, null=True, blank=True)
    influence = models.PositiveSmallIntegerField("influence sur nous", choices=Degree, null=True, blank=True)
    expectations = models.TextField("ce qu’elle attend de nous", blank=True, default="")
    dialogue = models.TextField("comment nous échangeons", blank=True, default="")
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField("ajoutée le", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ajoutée par", on_delete=models.PROTECT, related_name="+"
    )

    objects = StakeholderQuerySet.as_manager()

    class Meta:
        verbose_name = "partie prenante"
        verbose_name_plural = "parties prenantes"
        constraints = [
            models.UniqueConstraint("organisation", Lower("name"), name="stakeholder_once"),
            models.CheckConstraint(name="stakeholder_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="stakeholder_placed_both_or_neither",
                condition=Q(importance=None, influence=None)
                | Q(
                    importance__isnull=False,
                    influence__isnull=False,
                    importance__range=(1, 3),
                    influence__range=(1, 3),
                ),
            ),
        ]

    def __str__(self):
        return self.name


class NamedAtKickoffQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Who takes part in the cohort, and who accompanies it."""
        return self.filter(cohort__in=Cohort.objects.visible_to(actor))


class NamedAtKickoff(models.Model):
    """Partie prenante named by the workshop of the launch day: a structure may start its own list from these."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(
        Cohort, verbose_name="cohorte", on_delete=models.PROTECT, related_name="named_at_kickoff"
    )
    position = models.PositiveSmallIntegerField("ordre")
    name = models.CharField("qui", max_length=120)

    objects = NamedAtKickoffQuerySet.as_manager()

    class Meta:
        verbose_name = "partie prenante nommée au lancement"
        verbose_name_plural = "parties prenantes nommées au lancement"
        ordering = ["cohort", "position"]
        constraints = [
            models.UniqueConstraint("cohort", Lower("name"), name="named_at_kickoff_once"),
            models.CheckConstraint(name="named_at_kickoff_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self):
        return self.name
