"""The action plan that a structure draws from its assessment."""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from autodiag.enums import EXPLAINED, OVER, ActionStatus
from caprse.base import clock
from caprse.base.ids import new_public_id
from cohorts.enums import Visibility
from cohorts.models import Participation, Region
from referentiel.models import Criterion, ProposedAction


class ActionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people read all its actions; who accompanies it, those it shares."""
        return self.filter(
            actor.own_q("participation__")
            | (Q(visibility=Visibility.FACILITATOR) & actor.accompanied_q("participation__"))
        )

    def in_order(self):
        """By due day, undated last, with the criterion each comes from."""
        return self.select_related("criterion__chapter").order_by(F("due_on").asc(nulls_last=True), "pk")


class Action(models.Model):
    """Action: what the structure decides to do, why, who, by when, with what, and how it will know."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="actions"
    )
    criterion = models.ForeignKey(
        Criterion, verbose_name="critère", null=True, on_delete=models.PROTECT, related_name="actions"
    )
    what = models.CharField("quoi", max_length=300)
    why = models.TextField("pourquoi", blank=True, default="")
    who = models.CharField("qui", max_length=160, blank=True, default="")
    due_on = models.DateField("pour quand", null=True, blank=True)
    means = models.TextField("avec quels moyens", blank=True, default="")
    indicator = models.CharField("à quoi verrons-nous que c’est fait", max_length=300, blank=True, default="")
    status = models.CharField("où en est-on", max_length=12, choices=ActionStatus, default=ActionStatus.TO_DO)
    status_reason = models.CharField("pourquoi", max_length=300, blank=True, default="")
    # Who follows it, when it is somebody who has an account; `who` says it in words in any case.
    pilot = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="pilote", null=True, on_delete=models.PROTECT, related_name="+"
    )
    partners = models.CharField("avec quels partenaires", max_length=300, blank=True, default="")
    budget = models.DecimalField("budget, en euros", max_digits=12, decimal_places=2, null=True, blank=True)
    starts_on = models.DateField("à partir du", null=True, blank=True)
    done_on = models.DateField("faite le", null=True)
    proposal = models.ForeignKey(
        ProposedAction, verbose_name="proposition d’origine", null=True, on_delete=models.PROTECT, related_name="+"
    )
    visibility = models.CharField("qui peut la lire", max_length=12, choices=Visibility, default=Visibility.STRUCTURE)
    revision = models.PositiveIntegerField("version", default=0)
    created_at = models.DateTimeField("créée le", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="créée par", on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField("modifiée le", default=clock.now)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action"
        constraints = [
            models.CheckConstraint(name="action_says_what", condition=~Q(what="")),
            models.CheckConstraint(name="action_status_known", condition=Q(status__in=ActionStatus.values)),
            models.CheckConstraint(name="action_visibility_known", condition=Q(visibility__in=Visibility.values)),
            models.CheckConstraint(
                name="action_blocked_or_abandoned_says_why", condition=~Q(status__in=EXPLAINED) | ~Q(status_reason="")
            ),
            models.CheckConstraint(
                name="action_done_has_a_day",
                condition=Q(status=ActionStatus.DONE, done_on__isnull=False)
                | (~Q(status=ActionStatus.DONE) & Q(done_on=None)),
            ),
            models.CheckConstraint(name="action_budget_not_negative", condition=Q(budget=None) | Q(budget__gte=0)),
            models.CheckConstraint(
                name="action_dates_in_order",
                condition=Q(starts_on=None) | Q(due_on=None) | Q(due_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self):
        return self.what

    @property
    def is_over(self):
        """Whether nothing more is expected: done or abandoned."""
        return self.status in OVER

    @property
    def is_late(self):
        """Whether its day is past and something is still expected."""
        return bool(self.due_on and self.due_on < clock.today() and not self.is_over)


def shared_actions(actor, today):
    """Annotations of a participation, from the actions this actor may read.

    `shared_actions`, `late_actions` (how many), `late_since` (the oldest day past) and `last_action_at`.
    """
    late = Q(due_on__lt=today) & ~Q(status__in=OVER)
    rows = Action.objects.visible_to(actor).filter(participation=OuterRef("pk")).order_by().values("participation")

    def read(**aggregate):
        return Subquery(rows.annotate(**aggregate).values(*aggregate))

    return {
        "shared_actions": Coalesce(read(n=Count("pk")), 0),
        "late_actions": Coalesce(read(n=Count("pk", filter=late)), 0),
        "late_since": read(day=Min("due_on", filter=late)),
        "last_action_at": read(at=Max("updated_at")),
    }
