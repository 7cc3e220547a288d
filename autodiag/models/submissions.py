"""What a structure transmits, what its facilitator answers, and how a chapter is opened again."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from autodiag.enums import AutodiagState, Decision, ReopeningCause
from autodiag.models.anchored import OfPath
from autodiag.models.diagnostics import Autodiag
from caprse.base import clock
from caprse.base.triggers import append_only
from cohorts.models import Participation, Region
from referentiel.documents import content_hash


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """What was transmitted is read by the structure and by who accompanies it."""
        return self.filter(actor.participation_q("participation__"))

    def with_answers_to_it(self):
        """Each with its review and the reopening that followed, the last transmitted first."""
        return self.select_related("review", "reopening").order_by("-number")

    def waiting(self):
        """Those nobody answered to, of chapters that are still transmitted."""
        return self.filter(autodiag__state=AutodiagState.SUBMITTED, review=None, reopening=None)

    def of_cohorts(self, cohort_ids):
        """Those of structures that are still in these cohorts, the oldest first, with all that names them."""
        inside = self.filter(participation__cohort__in=cohort_ids, participation__in=Participation.objects.current())
        read = inside.select_related("participation__organisation", "participation__cohort__region")
        read = read.select_related("autodiag__round__chapter", "autodiag__participation__cohort__region")
        return read.defer("content").order_by("submitted_at", "pk")


@append_only
class Submission(models.Model):
    """Transmission: the frozen wording, answers and scores of a chapter, with the hash of the whole.

    Comments kept to the structure are not part of it.
    """

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="+"
    )
    autodiag = models.ForeignKey(
        Autodiag, verbose_name="autodiagnostic", on_delete=models.PROTECT, related_name="submissions"
    )
    number = models.PositiveSmallIntegerField("numéro")
    content = models.JSONField("contenu figé")
    content_hash = models.CharField("empreinte", max_length=64)
    submitted_at = models.DateTimeField("transmis le", default=clock.now)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )
    submitted_by_name = models.CharField("nom", max_length=160)
    reason = models.TextField("ce qui a été corrigé, et pourquoi", blank=True, default="")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "transmission"
        ordering = ["autodiag", "number"]
        constraints = [
            models.UniqueConstraint(fields=["autodiag", "number"], name="submission_number_unique"),
            models.CheckConstraint(name="submission_correction_has_reason", condition=Q(number=1) | ~Q(reason="")),
        ]

    def __str__(self):
        return f"{self.autodiag_id} n° {self.number}"

    def get_absolute_url(self):
        return self.autodiag.url("submission", self.number)

    @property
    def said_back(self):
        """The review it got, or None; read with it."""
        return getattr(self, "review", None)

    @property
    def reopened(self):
        """The reopening that followed it, or None; read with it."""
        return getattr(self, "reopening", None)

    @property
    def is_intact(self):
        """Whether the content kept is the one that was transmitted: its hash, computed again, is the same."""
        return content_hash(self.content) == self.content_hash


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure and who accompanies it."""
        return self.filter(actor.participation_q("participation__"))


@append_only
class Review(OfPath):
    """Retour sur une transmission: who accompanies the structure takes note of it, or returns it with reasons."""

    submission = models.OneToOneField(
        Submission, verbose_name="transmission", on_delete=models.PROTECT, related_name="review"
    )
    decision = models.CharField("retour", max_length=10, choices=Decision)
    text = models.TextField("message à la structure", blank=True, default="")
    decided_at = models.DateTimeField("le", default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )
    decided_by_name = models.CharField("nom", max_length=160)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "retour sur une transmission"
        verbose_name_plural = "retours sur les transmissions"
        constraints = [
            models.CheckConstraint(name="review_return_has_reasons", condition=Q(decision=Decision.NOTED) | ~Q(text=""))
        ]

    def __str__(self):
        return f"{self.submission_id} {self.decision}"


class ReopeningQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure and who accompanies it."""
        return self.filter(actor.participation_q("participation__"))


@append_only
class Reopening(OfPath):
    """Réouverture: a transmitted chapter is answered again, said why and by whom; once for each transmission."""

    submission = models.OneToOneField(
        Submission, verbose_name="transmission", on_delete=models.PROTECT, related_name="reopening"
    )
    cause = models.CharField("à la demande de", max_length=10, choices=ReopeningCause)
    reason = models.TextField("pourquoi")
    reopened_at = models.DateTimeField("le", default=clock.now)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )
    reopened_by_name = models.CharField("nom", max_length=160)

    objects = ReopeningQuerySet.as_manager()

    class Meta:
        verbose_name = "réouverture"
        constraints = [models.CheckConstraint(name="reopening_has_a_reason", condition=~Q(reason=""))]

    def __str__(self):
        return f"{self.submission_id} {self.cause}"
