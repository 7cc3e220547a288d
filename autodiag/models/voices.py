"""Many voices: what each person thinks, blind; when the comparison opens; what is agreed, and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from autodiag.enums import AnswerKind
from autodiag.models.anchored import OfPath
from autodiag.models.diagnostics import Answer, Autodiag
from caprse.base import clock
from caprse.base.triggers import append_only
from referentiel.models import MaturityLevel, VoiceGroup


class VoiceQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """One's own: who speaks in which group is known to nobody else."""
        return self.filter(actor.own_q("participation__"), user=actor.user_id)


class Voice(OfPath):
    """Voix: a person of the structure, and the group of the version they speak from."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="personne", on_delete=models.PROTECT, related_name="+"
    )
    group = models.ForeignKey(VoiceGroup, verbose_name="groupe", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField("depuis le", default=clock.now)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        verbose_name = "voix"
        verbose_name_plural = "voix"
        constraints = [models.UniqueConstraint(fields=["participation", "user"], name="voice_one_per_person")]

    def __str__(self):
        return f"{self.participation_id} {self.user_id}"


class VoiceRuleQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(actor.own_q("participation__"))


class VoiceRule(OfPath):
    """Règle de la structure: whether viewpoints stay blind until the référent opens the comparison (the default)."""

    blind = models.BooleanField("à l’aveugle jusqu’à l’ouverture de la comparaison", default=True)
    revision = models.PositiveIntegerField("version", default=0)
    decided_at = models.DateTimeField("décidée le", default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )

    objects = VoiceRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "règle des points de vue"
        verbose_name_plural = "règles des points de vue"
        constraints = [models.UniqueConstraint(fields=["participation"], name="voice_rule_one_per_path")]

    def __str__(self):
        return f"{self.participation_id}"


class ComparisonQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(actor.own_q("participation__"))


@append_only
class Comparison(OfPath):
    """Comparaison ouverte: from this moment the viewpoints on a chapter are compared, and none changes any more."""

    autodiag = models.OneToOneField(
        Autodiag, verbose_name="autodiagnostic", on_delete=models.PROTECT, related_name="comparison"
    )
    opened_at = models.DateTimeField("ouverte le", default=clock.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        verbose_name = "comparaison"

    def __str__(self):
        return f"{self.autodiag_id}"


class ViewpointQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """One's own, as rows."""
        return self.filter(actor.own_q("participation__"), voice__user=actor.user_id)

    def aggregates_for(self, actor):
        """Those of one's structure, to be counted together and never shown as rows."""
        return self.filter(actor.own_q("participation__"))


class Viewpoint(OfPath):
    """Point de vue: what one person thinks of one criterion. Another table than the answer their structure agrees on."""

    answer = models.ForeignKey(Answer, verbose_name="réponse", on_delete=models.PROTECT, related_name="viewpoints")
    voice = models.ForeignKey(Voice, verbose_name="voix", on_delete=models.PROTECT, related_name="viewpoints")
    kind = models.CharField("point de vue", max_length=16, choices=AnswerKind, blank=True, default="")
    level = models.ForeignKey(
        MaturityLevel, verbose_name="niveau", null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField("pourquoi", blank=True, default="")
    revision = models.PositiveIntegerField("version", default=0)
    updated_at = models.DateTimeField("enregistré le", default=clock.now)

    objects = ViewpointQuerySet.as_manager()

    class Meta:
        verbose_name = "point de vue"
        verbose_name_plural = "points de vue"
        constraints = [
            models.UniqueConstraint(fields=["answer", "voice"], name="viewpoint_one_per_voice"),
            models.CheckConstraint(
                name="viewpoint_kind_holds_what_it_says",
                condition=Q(kind=AnswerKind.LEVEL, level__isnull=False) | (~Q(kind=AnswerKind.LEVEL) & Q(level=None)),
            ),
        ]

    def __str__(self):
        return f"{self.answer_id} {self.voice_id}"


class ConsensusQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(actor.own_q("participation__"))

    def newest_first(self):
        return self.order_by("-agreed_at", "-pk")


@append_only
class Consensus(OfPath):
    """Accord: the level a meeting of the structure agreed on for one criterion, and why.

    Each agreement is kept. The last one stands as long as the answer still says the same.
    """

    answer = models.ForeignKey(Answer, verbose_name="réponse", on_delete=models.PROTECT, related_name="agreements")
    kind = models.CharField("réponse", max_length=16, choices=AnswerKind)
    level = models.ForeignKey(
        MaturityLevel, verbose_name="niveau", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField("pourquoi ce niveau")
    voices = models.PositiveSmallIntegerField("points de vue comparés", default=0)
    agreed_at = models.DateTimeField("le", default=clock.now)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="noté par", on_delete=models.PROTECT, related_name="+"
    )

    objects = ConsensusQuerySet.as_manager()

    class Meta:
        verbose_name = "accord"
        constraints = [
            models.CheckConstraint(name="consensus_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="consensus_kind_holds_what_it_says",
                condition=Q(kind=AnswerKind.LEVEL, level__isnull=False)
                | Q(kind__in=[AnswerKind.UNKNOWN, AnswerKind.NOT_APPLICABLE], level=None),
            ),
        ]

    def __str__(self):
        return f"{self.answer_id} {self.agreed_at}"

    def stands(self, answer):
        """Whether the answer still says what was agreed."""
        return (answer.kind, answer.level_id) == (self.kind, self.level_id)


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(actor.own_q("participation__"))


class Assignment(OfPath):
    """Critère confié: the référent asks a person of the structure to prepare the answer to a criterion."""

    answer = models.ForeignKey(Answer, verbose_name="réponse", on_delete=models.PROTECT, related_name="assignments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="personne", on_delete=models.PROTECT, related_name="+"
    )
    assigned_at = models.DateTimeField("confié le", default=clock.now)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "critère confié"
        verbose_name_plural = "critères confiés"
        constraints = [models.UniqueConstraint(fields=["answer", "user"], name="assignment_once_per_person")]

    def __str__(self):
        return f"{self.answer_id} {self.user_id}"
