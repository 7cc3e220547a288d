"""What the floors above report about a structure's path: facts done, and clearances to go on."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from caprse.base import clock
from cohorts.enums import ClearanceKind, Role, Step
from cohorts.models.cohorts import Participation
from cohorts.models.memberships import Adhesion, Membership, current
from cohorts.models.organisations import Region
from cohorts.models.schedule import Meeting, Round


class StepDoneQuerySet(models.QuerySet):
    def standing(self):
        """Facts that have not been voided."""
        return self.filter(voided_at=None)

    def visible_to(self, actor):
        return self.filter(actor.participation_q("participation__"))


class StepDone(models.Model):
    """Fait accompli, written by the service that did it; voided with a reason, never deleted."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="steps_done"
    )
    step = models.CharField("fait", max_length=40, choices=Step)
    round = models.ForeignKey(
        Round, verbose_name="intersession", null=True, on_delete=models.PROTECT, related_name="steps_done"
    )
    meeting = models.ForeignKey(
        Meeting, verbose_name="étape", null=True, on_delete=models.PROTECT, related_name="steps_done"
    )
    source_ref = models.CharField("source", max_length=80, blank=True, default="")
    done_at = models.DateTimeField("fait le", default=clock.now)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    voided_at = models.DateTimeField("annulé le", null=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="annulé par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    void_reason = models.CharField("motif d’annulation", max_length=300, blank=True, default="")

    objects = StepDoneQuerySet.as_manager()

    class Meta:
        verbose_name = "fait accompli"
        verbose_name_plural = "faits accomplis"
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "step", "round"],
                condition=Q(voided_at=None, round__isnull=False),
                name="step_done_once_per_round",
            ),
            models.UniqueConstraint(
                fields=["participation", "step", "meeting"],
                condition=Q(voided_at=None, meeting__isnull=False),
                name="step_done_once_per_meeting",
            ),
            models.CheckConstraint(
                name="step_done_about_one_thing",
                condition=(Q(round=None) & Q(meeting__isnull=False)) | (Q(round__isnull=False) & Q(meeting=None)),
            ),
            models.CheckConstraint(
                name="step_done_voided_both_or_neither",
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
            ),
        ]

    def __str__(self):
        return f"{self.participation_id} {self.step}"


class ClearanceQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(actor.participation_q("participation__"))

    def in_force(self, today):
        return self.filter(current(today))


class Clearance(models.Model):
    """Feu vert: granted and withdrawn by what stands above (a convention), asked for by a round."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="clearances"
    )
    kind = models.CharField("type", max_length=12, choices=ClearanceKind)
    since = models.DateField("depuis")
    until = models.DateField("jusqu’à", null=True)
    reason = models.CharField("motif", max_length=300, blank=True, default="")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="accordé par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        verbose_name = "feu vert"
        verbose_name_plural = "feux verts"
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "kind"], condition=Q(until=None), name="clearance_one_open_per_kind"
            ),
            models.CheckConstraint(
                name="clearance_dates_in_order", condition=Q(until=None) | Q(until__gte=models.F("since"))
            ),
            models.CheckConstraint(
                name="clearance_exception_has_reason", condition=~Q(kind=ClearanceKind.EXCEPTION) | ~Q(reason="")
            ),
        ]

    def __str__(self):
        return f"{self.participation_id} {self.kind}"


def readiness(today):
    """Annotations of a participation: what a structure needs to go on, on a day.

    `cleared_since` (None without clearance), `adhesion_valid`, `adhesion_ended_on` (its latest last day, None when
    there is none) and `has_referent`.
    """
    clearances = Clearance.objects.in_force(today).filter(participation=OuterRef("pk")).order_by("since")
    adhesions = Adhesion.objects.filter(organisation=OuterRef("organisation"))
    referents = Membership.objects.filter(
        current(today), role=Role.REFERENT, organisation=OuterRef("organisation"), user__is_active=True
    )
    ended = adhesions.filter(until__lt=today).order_by("-until")
    return {
        "cleared_since": Subquery(clearances.values("since")[:1]),
        "adhesion_valid": Exists(adhesions.filter(current(today))),
        "adhesion_ended_on": Subquery(ended.values("until")[:1]),
        "has_referent": Exists(referents),
    }


def not_over(today):
    """Condition on a participation: days may still be ahead of it.

    Its cohort is over when its closing is past, when no step of its calendar may still come, or when its convention
    has ended. Source: convention, article 4 (it lasts as long as the project).
    """
    steps = Meeting.objects.filter(cohort=OuterRef("cohort"))
    agreed = Clearance.objects.filter(participation=OuterRef("pk"), kind=ClearanceKind.CONVENTION)
    return (
        ~Exists(steps.past_closing(today))
        & (Exists(steps.maybe_ahead(today)) | ~Exists(steps))
        & (Exists(agreed.in_force(today)) | ~Exists(agreed.filter(until__lt=today)))
    )
