"""What passes between a region and the partners of a cohort: needs relayed to them, resources given to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from caprse.base import clock
from caprse.base.ids import new_public_id
from cohorts.models.cohorts import Cohort
from cohorts.models.organisations import Organisation, Region


class NeedQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The organisation a need is relayed to, and who accompanies the cohort it comes from."""
        return self.filter(Q(organisation_id__in=actor.organisation_ids) | actor.accompanied_q())

    def waiting(self):
        """Those nobody answered."""
        return self.filter(answered_at=None)

    def with_context(self):
        return self.select_related("cohort__region", "organisation", "relayed_by", "answered_by")


class Need(models.Model):
    """Besoin relayé: what structures need, told by the region to the national head or to a partner.

    Source: convention, article 2.2. It names no structure: the region writes it.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, verbose_name="cohorte", on_delete=models.PROTECT, related_name="needs")
    organisation = models.ForeignKey(
        Organisation, verbose_name="relayé à", on_delete=models.PROTECT, related_name="needs"
    )
    title = models.CharField("besoin", max_length=160)
    text = models.TextField("précisions", blank=True, default="")
    relayed_at = models.DateTimeField("relayé le", default=clock.now)
    relayed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="relayé par", on_delete=models.PROTECT, related_name="+"
    )
    answer = models.TextField("réponse", blank=True, default="")
    answered_at = models.DateTimeField("répondu le", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="répondu par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = "besoin relayé"
        verbose_name_plural = "besoins relayés"
        ordering = ["-relayed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="need_answered_all_or_nothing",
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
        ]

    def __str__(self):
        return self.title


class ShareQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The organisation a resource is given to, as long as it is given; who coordinates the region, always."""
        return self.filter(
            (Q(organisation_id__in=actor.organisation_ids) & self._in_force(clock.today()))
            | Q(region_id__in=actor.coordinated_region_ids)
        )

    @staticmethod
    def _in_force(today):
        return Q(withdrawn_at=None) & (Q(until=None) | Q(until__gte=today))

    def in_force(self, today):
        """Those not taken back whose last day has not passed."""
        return self.filter(self._in_force(today))

    def with_context(self):
        return self.select_related("resource", "cohort__region", "organisation", "given_by")


class Resource(models.Model):
    """Ressource: a document of the region. It reaches nobody but the organisations it is given to by name."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, verbose_name="cohorte", on_delete=models.PROTECT, related_name="resources")
    title = models.CharField("titre", max_length=160)
    summary = models.TextField("à quoi elle sert", blank=True, default="")
    # The id of a `StoredFile`, which stands below and knows nobody.
    file_id = models.BigIntegerField("fichier")
    added_at = models.DateTimeField("ajoutée le", default=clock.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ajoutée par", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "ressource"

    def __str__(self):
        return self.title


class Share(models.Model):
    """Ressource confiée: a resource given by name to one organisation, until a day or until it is taken back."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, verbose_name="cohorte", on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, verbose_name="ressource", on_delete=models.PROTECT, related_name="shares")
    organisation = models.ForeignKey(
        Organisation, verbose_name="confiée à", on_delete=models.PROTECT, related_name="shares"
    )
    given_at = models.DateTimeField("confiée le", default=clock.now)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="confiée par", on_delete=models.PROTECT, related_name="+"
    )
    until = models.DateField("jusqu’au", null=True)
    withdrawn_at = models.DateTimeField("reprise le", null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="reprise par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = "ressource confiée"
        verbose_name_plural = "ressources confiées"
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "organisation"], condition=Q(withdrawn_at=None), name="share_once_at_a_time"
            ),
            models.CheckConstraint(
                name="share_withdrawn_both_or_neither",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.resource_id} à {self.organisation_id}"

    def is_in_force(self, today):
        """Whether it is still given on this day."""
        return self.withdrawn_at is None and (self.until is None or today <= self.until)
