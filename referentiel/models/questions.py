"""Questions asked without an account: texts of their own, about a criterion."""

from django.db import models

from caprse.base.access import Audience
from caprse.base.ids import new_public_id
from caprse.base.triggers import refuse
from referentiel.models.versions import READERS, Criterion


class SurveyQuestionQuerySet(models.QuerySet):
    def readable_by(self, audiences):
        """National staff reads them all; whoever works with the tools, those released."""
        if Audience.NATIONAL_STAFF in audiences:
            return self
        return self.none() if READERS.isdisjoint(audiences) else self.released()

    def released(self):
        """Those a survey may ask today, in the order of their criteria."""
        return self.filter(released_at__isnull=False, withdrawn_at=None).in_order()

    def in_order(self):
        return self.order_by("criterion__chapter__number", "criterion__position", "position", "pk")


@refuse("released", "UPDATE OF criterion_id, stable_id, text, easy_text, released_at", "OLD.released_at IS NOT NULL")
@refuse("delete", "DELETE", "OLD.released_at IS NOT NULL")
class SurveyQuestion(models.Model):
    """Question à diffuser: asked, without an account, to people whom no clause binds.

    A text of its own, never a criterion's wording; national staff releases it, and from then on it never changes.
    Withdrawn, no new survey asks it.
    """

    criterion = models.ForeignKey(
        Criterion, verbose_name="critère qu’elle éclaire", on_delete=models.PROTECT, related_name="survey_questions"
    )
    stable_id = models.CharField("identifiant stable", max_length=12, default=new_public_id, editable=False)
    position = models.PositiveSmallIntegerField("ordre", default=1)
    text = models.CharField("question", max_length=200)
    easy_text = models.CharField("question, facile à lire", max_length=160)
    revision = models.PositiveIntegerField(default=0, editable=False)
    released_at = models.DateTimeField("à diffuser depuis le", null=True)
    released_by = models.CharField("diffusée par", max_length=160, blank=True, default="")
    withdrawn_at = models.DateTimeField("retirée le", null=True)
    withdrawn_by = models.CharField("retirée par", max_length=160, blank=True, default="")

    objects = SurveyQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "question à diffuser"
        verbose_name_plural = "questions à diffuser"
        constraints = [
            models.UniqueConstraint(fields=["criterion", "stable_id"], name="survey_question_stable_id_unique"),
            models.CheckConstraint(
                name="survey_question_released_both_or_neither",
                condition=models.Q(released_at=None, released_by="")
                | (models.Q(released_at__isnull=False) & ~models.Q(released_by="")),
            ),
            models.CheckConstraint(
                name="survey_question_withdrawn_after_release",
                condition=models.Q(withdrawn_at=None, withdrawn_by="")
                | (models.Q(withdrawn_at__isnull=False, released_at__isnull=False) & ~models.Q(withdrawn_by="")),
            ),
            models.CheckConstraint(
                name="survey_question_says_something", condition=~models.Q(text="") & ~models.Q(easy_text="")
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def is_asked(self):
        """Whether a new survey may ask it."""
        return self.released_at is not None and self.withdrawn_at is None
