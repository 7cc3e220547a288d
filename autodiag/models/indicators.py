"""Values of indicators, year by year: a figure, its source, and what to know to read it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, FilteredRelation, Q

from autodiag.models.anchored import OfPath
from autodiag.models.diagnostics import Autodiag
from autodiag.rules.indicators import FIRST_YEAR
from caprse.base import clock
from caprse.base.triggers import append_only
from referentiel.models import Indicator

LAST_YEAR = 2100


class IndicatorValueQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Working figures belong to the structure alone; others read what it transmits."""
        return self.filter(actor.own_q("participation__"))

    def in_order(self):
        return self.order_by("indicator__criterion__position", "indicator__position", "year")


class IndicatorValue(OfPath):
    """Valeur d’un indicateur for one year. "We do not know" is not zero, and not the same as nothing written yet."""

    autodiag = models.ForeignKey(
        Autodiag, verbose_name="autodiagnostic", on_delete=models.PROTECT, related_name="indicator_values"
    )
    indicator = models.ForeignKey(Indicator, verbose_name="indicateur", on_delete=models.PROTECT, related_name="values")
    year = models.PositiveSmallIntegerField(
        "année", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    value = models.DecimalField("valeur", max_digits=18, decimal_places=4, null=True)
    unknown = models.BooleanField("nous ne savons pas", default=False)
    source = models.CharField("d’où vient ce chiffre", max_length=200, blank=True, default="")
    comment = models.TextField("commentaire", blank=True, default="")
    revision = models.PositiveIntegerField("version", default=0)
    updated_at = models.DateTimeField("enregistrée le", default=clock.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )

    objects = IndicatorValueQuerySet.as_manager()

    class Meta:
        verbose_name = "valeur d’un indicateur"
        verbose_name_plural = "valeurs d’indicateurs"
        constraints = [
            models.UniqueConstraint(fields=["autodiag", "indicator", "year"], name="indicator_value_once_a_year"),
            models.CheckConstraint(
                name="indicator_value_unknown_is_no_number", condition=Q(unknown=False) | Q(value=None)
            ),
            models.CheckConstraint(
                name="indicator_value_year_plausible", condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR)
            ),
        ]

    def __str__(self):
        return f"{self.indicator_id} {self.year}"


def with_figure(autodiags, indicator, year):
    """Each of these autodiagnostics with what it holds of one indicator for one year: see `figure_beside`."""
    about = Q(indicator_values__indicator=indicator, indicator_values__year=year)
    rows = autodiags.annotate(figure=FilteredRelation("indicator_values", condition=about))
    return rows.annotate(**{f"figure_{name}": F(f"figure__{name}") for name in _columns()})


def figure_beside(autodiag):
    """The row read by `with_figure`, or None when nothing is written yet."""
    names = _columns()
    values = [getattr(autodiag, f"figure_{name}") for name in names]
    return IndicatorValue.from_db(DEFAULT_DB_ALIAS, names, values) if values[names.index("id")] else None


def _columns():
    return [field.attname for field in IndicatorValue._meta.concrete_fields]


class IndicatorChangeQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(actor.own_q("participation__"))

    def of_criterion(self, autodiag, criterion_id):
        """Every save of the figures of one criterion, the newest first, with what they are about."""
        rows = self.filter(indicator_value__autodiag=autodiag, indicator_value__indicator__criterion=criterion_id)
        return rows.select_related("by", "indicator_value__indicator").order_by("-at", "-pk")


@append_only
class IndicatorChange(OfPath):
    """Historique d’une valeur: one save, who, when, before and after."""

    indicator_value = models.ForeignKey(
        IndicatorValue, verbose_name="valeur", on_delete=models.PROTECT, related_name="changes"
    )
    revision = models.PositiveIntegerField("version")
    at = models.DateTimeField("date", default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+")
    before = models.JSONField("avant", default=dict)
    after = models.JSONField("après", default=dict)

    objects = IndicatorChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "modification d’une valeur"
        verbose_name_plural = "modifications des valeurs"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["indicator_value", "revision"], name="indicator_change_revision_unique")
        ]

    def __str__(self):
        return f"{self.indicator_value_id} version {self.revision}"
