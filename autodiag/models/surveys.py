"""Surveys without an account: a few released questions, a link limited in time, answers that name nobody.

A response keeps neither time, address nor device. Source: docs/decisions/0014-surveys.md.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When
from django.urls import reverse

from autodiag.enums import SurveyState
from autodiag.models.anchored import OfPath
from autodiag.models.diagnostics import Autodiag
from caprse.base import clock
from caprse.base.ids import new_public_id
from cohorts.models import Adhesion
from cohorts.models.memberships import current
from referentiel.models import VoiceGroup


@dataclass(frozen=True)
class Respondent:
    """Whoever opens the link of a survey: an actor for its door, known by the fingerprint of the code alone."""

    survey_digest: str


class SurveyQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people; whoever holds its code."""
        if isinstance(actor, Respondent):
            return self.filter(code_digest=actor.survey_digest)
        return self.filter(actor.own_q("participation__"))

    def newest_first(self):
        return self.order_by("-created_at", "-pk")

    def for_respondents(self):
        """What the page of the link shows and its rule asks: the structure, and whether its adhesion is valid today."""
        adhesion = Adhesion.objects.filter(current(clock.today()), organisation=OuterRef("participation__organisation"))
        return self.select_related("participation__organisation").annotate(adhesion_valid=Exists(adhesion))

    def for_pages(self):
        """Everything the organisers' pages show, in one query; `received` of which `sheets` on paper."""
        return self.select_related(
            "group",
            "created_by",
            "closed_by",
            "autodiag__round__chapter",
            "autodiag__participation__organisation",
            "autodiag__participation__cohort__region",
            "autodiag__participation__cohort__version__referentiel",
        ).annotate(
            received=Count("responses"),
            sheets=Count("responses", filter=Q(responses__on_paper=True)),
        )


class Survey(OfPath):
    """Questionnaire sans compte: asked to one group, about one chapter, until a day."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    autodiag = models.ForeignKey(
        Autodiag, verbose_name="autodiagnostic", on_delete=models.PROTECT, related_name="surveys"
    )
    group = models.ForeignKey(VoiceGroup, verbose_name="à qui", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=10, choices=SurveyState, default=SurveyState.OPEN)
    # The released questions as they were that day: [{"id", "code", "text", "easy_text"}]; `id` is their stable one.
    questions = models.JSONField("questions")
    expected = models.PositiveSmallIntegerField("personnes concernées", null=True)
    closes_on = models.DateField("dernier jour pour répondre")
    # The code itself is derived from the secret of the site: only its fingerprint is kept.
    code_number = models.PositiveSmallIntegerField("numéro du lien", default=1)
    code_digest = models.CharField("empreinte du lien", max_length=64, unique=True)
    created_at = models.DateTimeField("ouvert le", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ouvert par", on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField("clos le", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="clos par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = "questionnaire sans compte"
        verbose_name_plural = "questionnaires sans compte"
        constraints = [
            models.CheckConstraint(
                name="survey_closed_has_date_and_author",
                condition=Q(state=SurveyState.OPEN, closed_at=None, closed_by=None)
                | Q(state=SurveyState.CLOSED, closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.public_id

    def get_absolute_url(self):
        return self.url("survey")

    @property
    def is_open(self):
        """Until somebody closes it, its last day past or not."""
        return self.state == SurveyState.OPEN

    @property
    def next_sheet(self):
        """The rank of the paper sheet to type in next, for a survey read `for_pages`."""
        return self.sheets + 1

    def url(self, name):
        """Address of one of its pages, for a survey read `for_pages`."""
        return reverse(name, args=[self.autodiag.participation.cohort.region.slug, self.public_id])


class SurveyResponseQuerySet(models.QuerySet):
    def aggregates_for(self, actor):
        """Those of one's structure, to be counted together and never shown as rows."""
        return self.filter(actor.own_q("participation__"))

    def of_closed(self, autodiag):
        """Plain values, by closed survey about a chapter, the oldest first: what each asked, and what was ticked.

        The first response of each survey brings its questions, the others None: they are long.
        """
        first = SurveyResponse.objects.filter(survey=OuterRef("survey")).order_by("pk").values("pk")[:1]
        asked = Case(When(pk=Subquery(first), then=F("survey__questions")), output_field=models.JSONField())
        rows = self.filter(survey__autodiag=autodiag, survey__state=SurveyState.CLOSED).annotate(asked=asked)
        rows = rows.order_by("survey__closed_at", "survey_id", "pk")
        return rows.values_list("survey_id", "survey__public_id", "survey__group__name", "asked", "choices")


class SurveyResponse(OfPath):
    """Réponse d’une personne, online or on paper: what was ticked, and nothing that tells who or when."""

    survey = models.ForeignKey(Survey, verbose_name="questionnaire", on_delete=models.PROTECT, related_name="responses")
    # {question id: value of `SurveyChoice`}; a question may be left without answer.
    choices = models.JSONField("réponses", default=dict)
    # Fingerprint of the number of the form: the same form sent twice counts once.
    form_digest = models.CharField("empreinte du formulaire", max_length=64)
    on_paper = models.BooleanField("saisie d’une feuille", default=False)

    objects = SurveyResponseQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse à un questionnaire"
        verbose_name_plural = "réponses aux questionnaires"
        constraints = [models.UniqueConstraint(fields=["survey", "form_digest"], name="survey_response_counts_once")]

    def __str__(self):
        return f"{self.survey_id} {self.pk}"
