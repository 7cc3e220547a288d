"""Many voices: what each person thinks, blind; when the comparison opens; what is agreed, and why."""

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Count, Exists, F, FilteredRelation, Min, OuterRef, Q, Subquery

from autodiag.enums import AnswerKind, AutodiagState
from autodiag.models.anchored import OfPath
from autodiag.models.diagnostics import Answer, Autodiag
from autodiag.rules.voices import Comparing
from caprse.base import clock
from caprse.base.triggers import append_only
from referentiel.models import MaturityLevel, VoiceGroup

# What is counted of a viewpoint.
SAID = ("voice__group__position", "voice__group__name", "kind", "level__value", "note")


class VoiceQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """One's own: who speaks in which group is known to nobody else."""
        return self.filter(actor.own_q("participation__"), user=actor.user_id)

    def with_group(self):
        """Each with its group, and whether some of its viewpoints are `compared`."""
        compared = Viewpoint.objects.compared().filter(voice=OuterRef("pk"))
        return self.select_related("group").annotate(compared=Exists(compared))


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


def is_compared(autodiag):
    """Whether viewpoints are compared: somebody opened the comparison, or the structure compares as it goes.

    `autodiag`: name of the column that holds it, in the query this condition joins.
    """
    as_it_goes = VoiceRule.objects.filter(participation=OuterRef("participation"), blind=False)
    return Exists(Comparison.objects.filter(autodiag=OuterRef(autodiag))) | Exists(as_it_goes)


def comparing_of(autodiag):
    """Where a chapter stands between blind and compared, in one query. `autodiag` came through its own door."""
    rule = VoiceRule.objects.filter(participation=OuterRef("participation"))
    row = Autodiag.objects.filter(pk=autodiag.pk).values_list(
        "comparison__opened_at", Subquery(rule.values("blind")[:1]), Subquery(rule.values("revision")[:1])
    )
    opened_at, blind, revision = row.get()
    return Comparing(opened_at, blind is not False, revision or 0)


class ViewpointQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """One's own, as rows."""
        return self.filter(actor.own_q("participation__"), voice__user=actor.user_id)

    def aggregates_for(self, actor):
        """Those of one's structure, to be counted together and never shown as rows."""
        return self.filter(actor.own_q("participation__"))

    def given(self):
        """Those that say something: a note alone does not count yet."""
        return self.exclude(kind=AnswerKind.NONE)

    def compared(self):
        """Those given on a criterion whose viewpoints are compared."""
        return self.exclude(kind=AnswerKind.NONE).filter(is_compared("answer__autodiag"))

    def with_position(self):
        """Each with its level and the `position` of its criterion."""
        return self.select_related("level").annotate(position=F("answer__criterion__position"))


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


def said_on(actor, autodiag):
    """Plain values, every criterion of a chapter in order, as many rows as viewpoints given on it (one of None for none).

    Position, code and title, then what `autodiag.gaps.gaps_of` counts: no row, nobody. For the people of its structure.
    """
    given = FilteredRelation("viewpoints", condition=Q(viewpoints__kind__gt=AnswerKind.NONE))
    answers = Answer.objects.visible_to(actor).filter(autodiag=autodiag).in_order().annotate(given=given)
    criterion = ("criterion__position", "criterion__code", "criterion__title")
    return answers.values_list(*criterion, *(f"given__{column}" for column in SAID))


def standing_of(answer, user_id):
    """Where the chapter stands, the person's voice and what they said on one criterion, read together.

    Returns `(Comparing, voice id, viewpoint)`, each of the last two None when there is none. Read in a statement of
    its own, once the chapter's row is held: what is locked and what surrounds it are not read at the same instant.
    """
    rule = VoiceRule.objects.filter(participation=OuterRef("participation"))
    opened = Comparison.objects.filter(autodiag=answer.autodiag_id)
    names = [field.attname for field in Viewpoint._meta.concrete_fields]
    voices = Voice.objects.filter(participation=answer.participation_id, user=user_id).annotate(
        mine=FilteredRelation("viewpoints", condition=Q(viewpoints__answer=answer.pk)),
        opened_at=Subquery(opened.values("opened_at")[:1]),
        blind=Subquery(rule.values("blind")[:1]),
        rule_revision=Subquery(rule.values("revision")[:1]),
    )
    around = ("opened_at", "blind", "rule_revision", "pk")
    row = voices.values_list(*around, *(f"mine__{name}" for name in names)).first()
    if row is None:
        return comparing_of(answer.autodiag), None, None
    opened_at, blind, revision, voice_id, *said = row
    mine = Viewpoint.from_db(DEFAULT_DB_ALIAS, names, said) if said[names.index("id")] else None
    return Comparing(opened_at, blind is not False, revision or 0), voice_id, mine


class ConsensusQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(actor.own_q("participation__"))

    def newest_first(self):
        return self.order_by("-agreed_at", "-pk")

    def with_names(self):
        """Each with its level and who noted it."""
        return self.select_related("level", "noted_by")


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

    def of_chapter(self, autodiag):
        """Those of one autodiagnostic, each with its person."""
        rows = self.filter(answer__autodiag=autodiag).select_related("user", "assigned_by")
        return rows.annotate(position=F("answer__criterion__position"))

    def waiting(self):
        """Those whose criterion has no answer yet, in a chapter that is not transmitted."""
        return self.filter(answer__kind=AnswerKind.NONE, answer__autodiag__state=AutodiagState.DRAFT)

    def by_chapter(self):
        """How many in each chapter, since when, with what names it: rows of values, by chapter."""
        named = {
            "public_id": F("answer__autodiag__public_id"),
            "chapter": F("answer__autodiag__round__chapter__number"),
            "structure": F("participation__organisation__legal_name"),
            "region_slug": F("participation__region__slug"),
        }
        rows = self.order_by().values("participation_id", **named)
        counted = rows.annotate(count=Count("pk"), since=Min("assigned_at")).order_by("participation_id", "chapter")
        return counted.values_list("participation_id", *named, "count", "since", named=True)


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
