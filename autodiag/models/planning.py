"""The life of a plan: proposals answered, adoption, reviews, plans brought in from a workbook."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from autodiag.enums import AdoptedBy, ImportState, ProposalChoice
from autodiag.models.anchored import OfPath
from autodiag.models.plan import Action
from caprse.base import clock
from caprse.base.ids import new_public_id
from caprse.base.models import StoredFile
from caprse.base.triggers import append_only
from referentiel.documents import content_hash
from referentiel.models import ProposedAction


class OwnQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people alone."""
        return self.filter(actor.own_q("participation__"))


class ProposalDecision(OfPath):
    """What a structure answers to an action it is proposed. Refused, it may be taken up again."""

    proposal = models.ForeignKey(ProposedAction, verbose_name="proposition", on_delete=models.PROTECT, related_name="+")
    choice = models.CharField("réponse", max_length=10, choices=ProposalChoice)
    reason = models.CharField("pourquoi", max_length=300, blank=True, default="")
    action = models.ForeignKey(Action, verbose_name="action", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("le", default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse à une action proposée"
        verbose_name_plural = "réponses aux actions proposées"
        constraints = [
            models.UniqueConstraint(fields=["participation", "proposal"], name="proposal_decided_once"),
            models.CheckConstraint(
                name="proposal_accepted_has_its_action",
                condition=Q(choice=ProposalChoice.ACCEPTED, action__isnull=False)
                | Q(choice=ProposalChoice.REFUSED, action=None),
            ),
        ]

    def __str__(self):
        return f"{self.proposal_id} {self.choice}"


class PlanAdoptionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people alone: the frozen plan holds actions kept to the structure."""
        return self.filter(actor.own_q("participation__"))

    def newest_first(self):
        return self.select_related("decision").order_by("-number")


@append_only
class PlanAdoption(OfPath):
    """Adoption du plan: its actions as they stood, the day, who adopted it, and the decision itself if it is given."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    number = models.PositiveSmallIntegerField("numéro")
    content = models.JSONField("plan figé")
    content_hash = models.CharField("empreinte", max_length=64)
    adopted_on = models.DateField("adopté le")
    body = models.CharField("par", max_length=10, choices=AdoptedBy)
    decision = models.ForeignKey(
        StoredFile, verbose_name="décision", null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField("ce qui a été dit", blank=True, default="")
    noted_at = models.DateTimeField("noté le", default=clock.now)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="noté par", on_delete=models.PROTECT, related_name="+"
    )
    noted_by_name = models.CharField("nom", max_length=160)

    objects = PlanAdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = "adoption du plan"
        verbose_name_plural = "adoptions du plan"
        constraints = [
            models.UniqueConstraint(fields=["participation", "number"], name="plan_adoption_number_unique"),
            models.CheckConstraint(name="plan_adoption_body_known", condition=Q(body__in=AdoptedBy.values)),
        ]

    def __str__(self):
        return f"{self.participation_id} n° {self.number}"

    @property
    def is_intact(self):
        """Whether the content kept is the one that was adopted."""
        return content_hash(self.content) == self.content_hash


class PlanRhythm(OfPath):
    """How often a structure reads its plan over, and the next time."""

    months = models.PositiveSmallIntegerField("tous les … mois")
    next_on = models.DateField("prochaine relecture")
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "rythme de relecture du plan"
        verbose_name_plural = "rythmes de relecture du plan"
        constraints = [
            models.UniqueConstraint(fields=["participation"], name="plan_rhythm_one_per_path"),
            models.CheckConstraint(name="plan_rhythm_months", condition=Q(months__in=(1, 3, 6, 12))),
        ]

    def __str__(self):
        return f"{self.participation_id} {self.months}"


@append_only
class PlanReview(OfPath):
    """Relecture du plan: the day the structure read its plan over, and what it kept of it."""

    held_on = models.DateField("relu le")
    note = models.TextField("ce que nous en retenons", blank=True, default="")
    noted_at = models.DateTimeField("noté le", default=clock.now)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="noté par", on_delete=models.PROTECT, related_name="+"
    )
    noted_by_name = models.CharField("nom", max_length=160)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "relecture du plan"
        verbose_name_plural = "relectures du plan"
        ordering = ["participation", "-held_on", "-pk"]

    def __str__(self):
        return f"{self.participation_id} {self.held_on}"


class PlanImport(OfPath):
    """A plan brought in from a workbook: read in the background, shown with its errors or its actions, then confirmed.

    `report` holds `errors` (sheet, cell, reason), `rows` (the actions read) and `known` (rows already in the plan).
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    file = models.ForeignKey(StoredFile, verbose_name="fichier", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=10, choices=ImportState, default=ImportState.READING)
    report = models.JSONField("ce qui a été lu", default=dict)
    created_at = models.DateTimeField("déposé le", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="déposé par", on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("confirmé le", null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="confirmé par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "plan apporté"
        verbose_name_plural = "plans apportés"
        constraints = [
            models.CheckConstraint(name="plan_import_state_known", condition=Q(state__in=ImportState.values)),
            models.CheckConstraint(
                name="plan_import_confirmed_when_done",
                condition=(~Q(state=ImportState.DONE) & Q(confirmed_at=None, confirmed_by=None))
                | Q(state=ImportState.DONE, confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.participation_id} {self.state}"
