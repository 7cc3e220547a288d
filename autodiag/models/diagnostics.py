"""Autodiagnostics: one structure, one round, one answer per criterion, each with its history."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.functional import cached_property

from autodiag.enums import AnswerKind, AutodiagState
from caprse.base import clock
from caprse.base.ids import new_public_id
from caprse.base.triggers import append_only
from cohorts.enums import Visibility
from cohorts.models import Clearance, Participation, Region, Round, RoundExtension
from referentiel.models import Criterion, MaturityLevel


def round_context(prefix="", today=None):
    """Annotations that the rules of a round read: this structure's own closing day, and its clearance today.

    `today`: for a read compiled once, whose day is given at each call.
    """
    participation, round_ = OuterRef(f"{prefix}participation"), OuterRef(f"{prefix}round")
    extension = RoundExtension.objects.filter(participation=participation, round=round_)
    return {
        "extended_to": Subquery(extension.values("closes_on")[:1]),
        "is_cleared": Exists(Clearance.objects.in_force(today or clock.today()).filter(participation=participation)),
    }


def reopened_for():
    """Annotation of an autodiagnostic: why it is answered again after a transmission; None when it is not."""
    last = Autodiag.objects.filter(pk=OuterRef("pk")).order_by("-submissions__number")
    return Subquery(last.values("submissions__reopening__cause")[:1])


class AutodiagQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Existence, state and progress: the structure, who accompanies it, who coordinates its region."""
        return self.filter(actor.participation_q("participation__"))

    def with_context(self):
        """Everything the rules and the header need, in one query."""
        return self.select_related(
            "round__chapter",
            "participation__organisation",
            "participation__cohort__region",
            "participation__cohort__version__referentiel",
        ).annotate_context()

    def annotate_context(self, today=None):
        """What the rules ask beyond the rows themselves: `extended_to`, `is_cleared` and `reopened_for`."""
        return self.annotate(**round_context(today=today), reopened_for=reopened_for())

    def with_progress(self):
        """Each with how many of its criteria have an answer."""
        answered = ~Q(answers__kind=AnswerKind.NONE)
        return self.annotate(
            answered=Count("answers", filter=answered), total=Count("answers"), reopened_for=reopened_for()
        )

    def for_board(self):
        """Rows of values: its own, progress, last save (or start), and the sums of its score once it is transmitted.

        `alone`: whether the answers, as they stand, are all of one person. Values, since a board reads a thousand.
        """
        held = Q(state=AutodiagState.SUBMITTED, answers__kind=AnswerKind.LEVEL)
        read = {
            "last_saved_at": Coalesce(Max("answers__updated_at"), "started_at"),
            "alone": Exact(Min("answers__updated_by"), Max("answers__updated_by")),
            "points": Sum(F("answers__criterion__weight") * F("answers__level__value"), filter=held),
            "weight": Sum("answers__criterion__weight", filter=held),
        }
        own = ("public_id", "participation_id", "round_id", "state", "submitted_at")
        progress = ("answered", "total", "reopened_for")
        return self.with_progress().annotate(**read).values_list(*own, *progress, *read, named=True)


class Autodiag(models.Model):
    """Autodiagnostic: a structure's assessment of one chapter, in one round."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="autodiags"
    )
    round = models.ForeignKey(Round, verbose_name="intersession", on_delete=models.PROTECT, related_name="autodiags")
    state = models.CharField("état", max_length=10, choices=AutodiagState, default=AutodiagState.DRAFT)
    started_at = models.DateTimeField("commencé le", default=clock.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="commencé par", on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField("transmis le", null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="transmis par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AutodiagQuerySet.as_manager()

    class Meta:
        verbose_name = "autodiagnostic"
        constraints = [
            models.UniqueConstraint(fields=["participation", "round"], name="autodiag_unique_per_round"),
            models.CheckConstraint(
                name="autodiag_submitted_has_date_and_author",
                condition=Q(state=AutodiagState.DRAFT, submitted_at=None, submitted_by=None)
                | Q(state=AutodiagState.SUBMITTED, submitted_at__isnull=False, submitted_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.public_id

    def get_absolute_url(self):
        return self.url("autodiag")

    @property
    def is_submitted(self):
        return self.state == AutodiagState.SUBMITTED

    @property
    def is_reopened(self):
        """Whether it was transmitted, and is answered again since; for a row that carries `reopened_for`."""
        return bool(self.reopened_for)

    @cached_property
    def last_submission(self):
        """The last transmission with what was answered to it, one query; None before the first."""
        read = self.submissions.select_related("review", "reopening")
        return read.order_by("-number").first()

    def url(self, name, *args):
        """Address of one of its pages."""
        return reverse(name, args=[self.participation.cohort.region.slug, self.public_id, *args])


class AnswerQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Working answers belong to the structure alone; others read what it transmits."""
        return self.filter(actor.own_q("autodiag__participation__"))

    def in_order(self):
        return self.order_by("criterion__chapter__number", "criterion__position")

    def for_pages(self):
        """Answers of a chapter with their criterion, section, level and comment, in order, in one query."""
        return self.select_related("criterion__section", "level", "comment", "updated_by").in_order()

    def to_save(self, level_value, today):
        """What the rules and the save of an answer need, and the id of the level posted: see `prepared`."""
        level = MaturityLevel.objects.filter(criterion=OuterRef("criterion"), value=level_value)
        return self.annotate(posted_level=Subquery(level.values("pk")[:1]), **round_context("autodiag__", today))

    def aggregates_for(self, actor):
        """Answers of transmitted chapters whose scores this actor may read: numbers only, never shown as rows."""
        return self.filter(actor.participation_q("participation__"), autodiag__state=AutodiagState.SUBMITTED)

    def weighted_totals(self):
        """Per participation and chapter: Σ weight × level and Σ weight of the answers that hold a level."""
        held = Q(kind=AnswerKind.LEVEL)
        return (
            self.order_by()
            .values("participation_id", "criterion__chapter_id")
            .annotate(
                total=Sum(F("criterion__weight") * F("level__value"), filter=held),
                weight=Sum("criterion__weight", filter=held),
            )
        )


class Answer(models.Model):
    """Réponse: what the structure says of itself on one criterion. Created empty with its autodiagnostic."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="+"
    )
    autodiag = models.ForeignKey(
        Autodiag, verbose_name="autodiagnostic", on_delete=models.PROTECT, related_name="answers"
    )
    criterion = models.ForeignKey(Criterion, verbose_name="critère", on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField("réponse", max_length=16, choices=AnswerKind, blank=True, default="")
    level = models.ForeignKey(
        MaturityLevel, verbose_name="niveau", null=True, on_delete=models.PROTECT, related_name="+"
    )
    na_reason = models.TextField("pourquoi ce critère ne s’applique pas", blank=True, default="")
    practice = models.TextField("ce que nous faisons déjà", blank=True, default="")
    strength = models.TextField("ce qui est une force", blank=True, default="")
    difficulty = models.TextField("ce qui est difficile", blank=True, default="")
    to_review = models.BooleanField("à revoir", default=False)
    # Set with the transmission: a save still under way is refused by its own guarded update.
    frozen = models.BooleanField("figée", default=False)
    revision = models.PositiveIntegerField("version", default=0)
    updated_at = models.DateTimeField("enregistrée le", null=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse"
        constraints = [
            models.UniqueConstraint(fields=["autodiag", "criterion"], name="answer_unique_per_criterion"),
            models.CheckConstraint(
                name="answer_kind_holds_what_it_says",
                condition=Q(kind=AnswerKind.LEVEL, level__isnull=False, na_reason="")
                | (Q(kind=AnswerKind.NOT_APPLICABLE, level=None) & ~Q(na_reason=""))
                | Q(kind__in=[AnswerKind.NONE, AnswerKind.UNKNOWN], level=None, na_reason=""),
            ),
            models.CheckConstraint(
                name="answer_updated_both_or_neither",
                condition=Q(updated_at=None, updated_by=None) | Q(updated_at__isnull=False, updated_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.autodiag_id} {self.criterion_id}"


class CommentQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure reads all its comments; who accompanies it reads those shared with them."""
        return self.filter(
            actor.own_q("participation__")
            | (Q(visibility=Visibility.FACILITATOR) & actor.accompanied_q("participation__"))
        )


class Comment(models.Model):
    """Commentaire: one per answer, in its own row because it has its own visibility."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="+"
    )
    answer = models.OneToOneField(Answer, verbose_name="réponse", on_delete=models.PROTECT, related_name="comment")
    visibility = models.CharField("qui peut le lire", max_length=12, choices=Visibility, default=Visibility.STRUCTURE)
    text = models.TextField("commentaire", blank=True, default="")

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "commentaire"

    def __str__(self):
        return f"commentaire {self.answer_id}"


class AnswerChangeQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(actor.own_q("participation__"))


@append_only
class AnswerChange(models.Model):
    """Historique: one save of one answer, who, when, before and after."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="+"
    )
    answer = models.ForeignKey(Answer, verbose_name="réponse", on_delete=models.PROTECT, related_name="changes")
    revision = models.PositiveIntegerField("version")
    at = models.DateTimeField("date", default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+")
    before = models.JSONField("avant", default=dict)
    after = models.JSONField("après", default=dict)

    objects = AnswerChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "modification d’une réponse"
        verbose_name_plural = "modifications des réponses"
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["answer", "revision"], name="answer_change_revision_unique")]

    def __str__(self):
        return f"{self.answer_id} version {self.revision}"
