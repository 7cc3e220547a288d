"""What an action holds beyond its six fields: steps, other criteria, evidence, notes of progress."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from autodiag.models.anchored import OfPath
from autodiag.models.evidence import Evidence
from autodiag.models.plan import Action
from caprse.base import clock
from cohorts.enums import Visibility
from cohorts.models import Organisation
from referentiel.models import Criterion


class OfActionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Read with the action."""
        return self.filter(
            actor.own_q("participation__")
            | (Q(action__visibility=Visibility.FACILITATOR) & actor.accompanied_q("participation__"))
        )


class ActionStep(OfPath):
    """Étape of an action: a small thing to tick."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField("ordre")
    text = models.CharField("étape", max_length=200)
    done_at = models.DateTimeField("faite le", null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="faite par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfActionQuerySet.as_manager()

    class Meta:
        verbose_name = "étape d’une action"
        verbose_name_plural = "étapes des actions"
        ordering = ["action", "position", "pk"]
        constraints = [
            models.CheckConstraint(name="action_step_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="action_step_done_both_or_neither",
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.text


class ActionCriterion(OfPath):
    """A criterion an action serves, beyond the one it comes from."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="also")
    criterion = models.ForeignKey(Criterion, verbose_name="critère", on_delete=models.PROTECT, related_name="+")

    objects = OfActionQuerySet.as_manager()

    class Meta:
        verbose_name = "autre critère d’une action"
        verbose_name_plural = "autres critères des actions"
        ordering = ["action", "criterion__chapter__number", "criterion__position"]
        constraints = [models.UniqueConstraint(fields=["action", "criterion"], name="action_criterion_once")]

    def __str__(self):
        return f"{self.action_id} {self.criterion_id}"


class ActionEvidenceQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Both the action and the item of the library must be readable."""
        own = actor.own_q("participation__")
        shared = Q(action__visibility=Visibility.FACILITATOR, evidence__visibility=Visibility.FACILITATOR)
        return self.filter(own | (shared & actor.accompanied_q("participation__")))


class ActionEvidence(OfPath):
    """Un justificatif shows that an action is done."""

    organisation = models.ForeignKey(Organisation, verbose_name="structure", on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="evidence")
    evidence = models.ForeignKey(Evidence, verbose_name="justificatif", on_delete=models.PROTECT, related_name="+")

    objects = ActionEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "justificatif d’une action"
        verbose_name_plural = "justificatifs des actions"
        constraints = [models.UniqueConstraint(fields=["action", "evidence"], name="action_evidence_once")]

    def __str__(self):
        return f"{self.action_id} {self.evidence_id}"


class ActionNote(OfPath):
    """Nouvelle d’une action: what moved, said in a sentence, dated and signed. Its author may take it back."""

    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="notes")
    text = models.TextField("ce qui a avancé")
    written_at = models.DateTimeField("le", default=clock.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField("retirée le", null=True)

    objects = OfActionQuerySet.as_manager()

    class Meta:
        verbose_name = "nouvelle d’une action"
        verbose_name_plural = "nouvelles des actions"
        ordering = ["action", "-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="action_note_has_text_until_withdrawn",
                condition=(Q(withdrawn_at=None) & ~Q(text="")) | Q(withdrawn_at__isnull=False, text=""),
            )
        ]

    def __str__(self):
        return f"{self.action_id} {self.written_at:%Y-%m-%d}"
