"""The library of actions that national staff proposes, criterion by criterion and level by level."""

from django.db import models

from caprse.base import clock
from caprse.base.access import Audience
from caprse.base.ids import new_public_id
from referentiel.enums import Degree
from referentiel.models.versions import READERS, Referentiel


class ProposedActionQuerySet(models.QuerySet):
    def readable_by(self, audiences):
        """National staff reads them all; whoever works with the tools, those still proposed."""
        if Audience.NATIONAL_STAFF in audiences:
            return self
        return self.none() if READERS.isdisjoint(audiences) else self.offered()

    def offered(self):
        """Those a structure may be proposed today."""
        return self.filter(withdrawn_at=None)

    def in_order(self):
        """By criterion, level, then as they were written."""
        return self.order_by("criterion_stable_id", "level", "pk")


class ProposedAction(models.Model):
    """Action proposée: what a structure that chose this level of a criterion may do next.

    It names its criterion by the stable id: one library serves every version of a référentiel, and no published
    version is touched. Members only, unless `publishable`: then a document to be shown outside may carry its words.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    referentiel = models.ForeignKey(
        Referentiel, verbose_name="référentiel", on_delete=models.PROTECT, related_name="proposed_actions"
    )
    criterion_stable_id = models.CharField("critère", max_length=12)
    level = models.SmallIntegerField("niveau choisi")
    what = models.CharField("quoi", max_length=300)
    why = models.TextField("pourquoi", blank=True, default="")
    means = models.TextField("avec quels moyens", blank=True, default="")
    indicator = models.CharField("à quoi on verra que c’est fait", max_length=300, blank=True, default="")
    effort = models.PositiveSmallIntegerField("effort", choices=Degree, default=Degree.MEDIUM)
    effect = models.PositiveSmallIntegerField("effet attendu", choices=Degree, default=Degree.MEDIUM)
    publishable = models.BooleanField("peut figurer dans un document à diffuser", default=False)
    # What it told members alone and tells no more: plans keep these words, which stay reserved.
    former = models.JSONField("ce qu’elle disait aux seuls adhérents", default=list, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    written_at = models.DateTimeField("écrite le", default=clock.now)
    written_by = models.CharField("écrite par", max_length=160)
    withdrawn_at = models.DateTimeField("retirée le", null=True)
    withdrawn_by = models.CharField("retirée par", max_length=160, blank=True, default="")

    objects = ProposedActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action proposée"
        verbose_name_plural = "actions proposées"
        indexes = [models.Index(fields=["referentiel", "criterion_stable_id"], name="proposed_action_of_criterion")]
        constraints = [
            models.CheckConstraint(
                name="proposed_action_degrees", condition=models.Q(effort__range=(1, 3), effect__range=(1, 3))
            ),
            models.CheckConstraint(
                name="proposed_action_says_something", condition=~models.Q(what="") & ~models.Q(written_by="")
            ),
            models.CheckConstraint(
                name="proposed_action_withdrawn_both_or_neither",
                condition=models.Q(withdrawn_at=None, withdrawn_by="")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_by="")),
            ),
        ]

    def __str__(self):
        return self.what
