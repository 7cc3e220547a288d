"""What people decide of the picture: the priorities put forward, and to whom it was presented."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from autodiag.enums import PresentedTo
from autodiag.models.anchored import OfPath
from autodiag.rules.picture import MOST_PRIORITIES
from caprse.base import clock
from caprse.base.ids import new_public_id
from caprse.base.models import StoredFile
from referentiel.enums import Degree
from referentiel.models import Criterion

# A presentation is told « au conseil », « aux salarié·e·s ».
TO_WHOM = {
    PresentedTo.ASSEMBLY: "À l’assemblée générale",
    PresentedTo.BOARD: "Au conseil d’administration",
    PresentedTo.STAFF: "Aux salarié·e·s",
    PresentedTo.CSE: "Au comité social et économique",
    PresentedTo.OTHER: "À d’autres personnes",
}


class PriorityQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people alone."""
        return self.filter(actor.own_q("participation__"))

    def in_order(self):
        """Those put forward first, the most effect for the least effort before the others."""
        return self.select_related("criterion__chapter").order_by(
            models.F("slot").asc(nulls_last=True),
            "-impact",
            "effort",
            "criterion__chapter__number",
            "criterion__position",
        )


class Priority(OfPath):
    """What people think of acting on a criterion: how much it would change, how much it asks; put forward or not.

    `slot`, from one to six, is the place of a criterion put forward: the database holds no seventh.
    """

    criterion = models.ForeignKey(Criterion, verbose_name="critère", on_delete=models.PROTECT, related_name="+")
    impact = models.PositiveSmallIntegerField("effet attendu", choices=Degree, null=True, blank=True)
    effort = models.PositiveSmallIntegerField("effort", choices=Degree, null=True, blank=True)
    slot = models.PositiveSmallIntegerField("place", null=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField("modifiée le", default=clock.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="modifiée par", on_delete=models.PROTECT, related_name="+"
    )

    objects = PriorityQuerySet.as_manager()

    class Meta:
        verbose_name = "priorité"
        constraints = [
            models.UniqueConstraint(fields=["participation", "criterion"], name="priority_one_per_criterion"),
            models.UniqueConstraint(fields=["participation", "slot"], name="priority_slot_once"),
            models.CheckConstraint(
                name="priority_six_at_most", condition=Q(slot=None) | Q(slot__range=(1, MOST_PRIORITIES))
            ),
            models.CheckConstraint(
                name="priority_degrees",
                condition=(Q(impact=None) | Q(impact__range=(1, 3))) & (Q(effort=None) | Q(effort__range=(1, 3))),
            ),
        ]

    def __str__(self):
        return f"{self.participation_id} {self.criterion_id}"


class PresentationQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people alone."""
        return self.filter(actor.own_q("participation__"))

    def newest_first(self):
        return self.select_related("document", "minutes", "noted_by").order_by("-held_on", "-pk")


class Presentation(OfPath):
    """Présentation: to whom and when the work was presented, with the document shown and the minutes.

    Source: OSE charter, after the law of 31 July 2014: general assembly every year, board, staff, CSE.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    audience = models.CharField("à qui", max_length=10, choices=PresentedTo)
    held_on = models.DateField("le")
    note = models.TextField("ce qui s’est dit", blank=True, default="")
    document = models.ForeignKey(
        StoredFile, verbose_name="document présenté", null=True, on_delete=models.PROTECT, related_name="+"
    )
    minutes = models.ForeignKey(
        StoredFile, verbose_name="compte rendu", null=True, on_delete=models.PROTECT, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
    noted_at = models.DateTimeField("notée le", default=clock.now)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="notée par", on_delete=models.PROTECT, related_name="+"
    )

    objects = PresentationQuerySet.as_manager()

    class Meta:
        verbose_name = "présentation"
        constraints = [
            models.CheckConstraint(name="presentation_audience_known", condition=Q(audience__in=PresentedTo.values))
        ]

    def __str__(self):
        return f"{self.audience} {self.held_on}"

    @property
    def to_whom(self):
        """« Au conseil d’administration »."""
        return TO_WHOM[self.audience]
