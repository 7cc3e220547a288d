"""Remarks: what people of a structure say to each other about a criterion, without touching its answer."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from autodiag.models.diagnostics import Answer
from caprse.base import clock
from cohorts.models import Participation, Region


class RemarkQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people alone."""
        return self.filter(actor.own_q("participation__"))

    def of_chapter(self, autodiag):
        """Those of one autodiagnostic, oldest first, each with its author and the `position` of its criterion."""
        remarks = self.filter(answer__autodiag=autodiag).annotate(position=F("answer__criterion__position"))
        return remarks.select_related("written_by").order_by("written_at", "pk")


class Remark(models.Model):
    """Remarque: one person's words on a criterion, read by their structure. Taken back, its text is gone."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="+"
    )
    answer = models.ForeignKey(Answer, verbose_name="réponse", on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField("remarque", blank=True, default="")
    written_at = models.DateTimeField("écrite le", default=clock.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="écrite par", on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField("retirée le", null=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = "remarque"
        constraints = [
            models.CheckConstraint(
                name="remark_has_text_until_withdrawn",
                condition=(Q(withdrawn_at=None) & ~Q(text="")) | Q(withdrawn_at__isnull=False, text=""),
            )
        ]

    def __str__(self):
        return f"remarque {self.pk}"
