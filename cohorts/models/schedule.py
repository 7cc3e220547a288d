"""The calendar of a cohort: meetings with a precision, and the rounds in which chapters are assessed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from caprse.base import clock
from caprse.base.ids import new_public_id
from cohorts.calendars import MeetingDate
from cohorts.enums import DatePrecision, MeetingKind, MeetingMode, Step
from cohorts.models.cohorts import Cohort, Participation
from cohorts.models.organisations import Region
from referentiel.models import Chapter


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Steps of the cohorts one may see."""
        return self.filter(cohort__in=Cohort.objects.visible_to(actor))

    def certain_from(self, today):
        """Those to come, today included, whose day is known."""
        certain = (DatePrecision.DATETIME, DatePrecision.DATE)
        return self.filter(day__gte=today, precision__in=certain).order_by("day", "position")

    def maybe_ahead(self, today):
        """Those that may still be to come: today or later, this month or later, or of no day yet."""
        this_month = Q(precision=DatePrecision.MONTH, day__gte=today.replace(day=1))
        return self.filter(Q(day=None) | Q(day__gte=today) | this_month)

    def past_closing(self, today):
        """The closing of a cohort, once its certain day is past."""
        certain = (DatePrecision.DATETIME, DatePrecision.DATE)
        return self.filter(kind=MeetingKind.CLOSING, day__lt=today, precision__in=certain)


class Meeting(models.Model):
    """Étape du calendrier: webinar, launch, visio lecture, regroupement, closing.

    A date may be exact, a day, a month, or still to be confirmed; `as_written` keeps the words of the calendar.
    """

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, verbose_name="cohorte", on_delete=models.PROTECT, related_name="meetings")
    position = models.PositiveSmallIntegerField("ordre")
    kind = models.CharField("type", max_length=16, choices=MeetingKind)
    chapter = models.ForeignKey(Chapter, verbose_name="chapitre", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("intitulé", max_length=160)
    mode = models.CharField("modalité", max_length=10, choices=MeetingMode, blank=True, default="")
    precision = models.CharField("précision de la date", max_length=10, choices=DatePrecision)
    day = models.DateField("jour, ou premier jour du mois", null=True)
    starts_at = models.DateTimeField("heure de début", null=True)
    as_written = models.CharField("date telle qu’écrite", max_length=60, blank=True, default="")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "étape"
        ordering = ["cohort", "position"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "position"], name="meeting_position_unique"),
            models.CheckConstraint(
                name="meeting_date_matches_precision",
                condition=Q(precision=DatePrecision.DATETIME, day__isnull=False, starts_at__isnull=False)
                | Q(
                    precision__in=[DatePrecision.DATE, DatePrecision.MONTH],
                    day__isnull=False,
                    starts_at=None,
                )
                | Q(precision=DatePrecision.UNKNOWN, day=None, starts_at=None),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def when(self):
        """Its date with its precision, the hour as it is in Paris."""
        hour = self.starts_at.astimezone(clock.PARIS).time() if self.starts_at else None
        return MeetingDate(self.precision, self.day, hour, self.as_written)

    @property
    def is_certain(self):
        """Whether the day is known: only then may it trigger anything."""
        return self.when.is_certain


class RoundQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(cohort__in=Cohort.objects.visible_to(actor))

    def for_participation(self, participation):
        """The rounds of its cohort that were not over when it joined, each with this structure's own closing day.

        One it has begun stays, wherever its days move. `extended_to` and `extension_reason`: None without extension.
        """
        extension = RoundExtension.objects.filter(participation=participation, round=models.OuterRef("pk"))
        not_over = Q(closes_on=None) | Q(closes_on__gte=participation.joined_on)
        begun = Q(pk__in=participation.steps_done.standing().filter(step=Step.AUTODIAG_STARTED).values("round"))
        return (
            self.filter(not_over | begun, cohort_id=participation.cohort_id)
            .select_related("chapter")
            .annotate(
                extended_to=models.Subquery(extension.values("closes_on")[:1]),
                extension_reason=models.Subquery(extension.values("reason")[:1]),
            )
            .order_by("chapter__number")
        )

    def with_extensions(self):
        """In the order of the chapters, one line per extension: `extended_participation`, `extended_to`.

        A round nobody has more time for has one line, both None.
        """
        return (
            self.select_related("chapter")
            .annotate(
                extended_participation=models.F("extensions__participation"),
                extended_to=models.F("extensions__closes_on"),
            )
            .order_by("chapter__number")
        )


class Round(models.Model):
    """Intersession: the time in which one chapter is assessed.

    Without opening day it waits for its visio to have one; without closing day it stays open.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, verbose_name="cohorte", on_delete=models.PROTECT, related_name="rounds")
    chapter = models.ForeignKey(Chapter, verbose_name="chapitre", on_delete=models.PROTECT, related_name="rounds")
    opens_on = models.DateField("ouvre le", null=True)
    closes_on = models.DateField("ferme le", null=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "intersession"
        constraints = [
            models.UniqueConstraint(fields=["cohort", "chapter"], name="round_chapter_unique"),
            models.CheckConstraint(
                name="round_dates_in_order",
                condition=Q(closes_on=None) | Q(opens_on=None) | Q(closes_on__gte=models.F("opens_on")),
            ),
        ]

    def __str__(self):
        return f"{self.cohort_id} chapitre {self.chapter_id}"


class RoundExtensionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Those of one's structures, of the cohorts one accompanies, of the region one coordinates."""
        return self.filter(actor.participation_q("participation__"))


class RoundExtension(models.Model):
    """Délai accordé: one structure's own closing day for one round, with its reason."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, verbose_name="intersession", on_delete=models.PROTECT, related_name="extensions")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="extensions"
    )
    closes_on = models.DateField("ferme le")
    reason = models.CharField("motif", max_length=300)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="accordé par", on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField("accordé le", default=clock.now)

    objects = RoundExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = "délai accordé"
        verbose_name_plural = "délais accordés"
        constraints = [
            models.UniqueConstraint(fields=["round", "participation"], name="round_extension_unique"),
        ]

    def __str__(self):
        return f"{self.participation_id} jusqu’au {self.closes_on}"
