"""Threads: what a structure and who accompanies it say to each other about one criterion."""

from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

from autodiag.models.anchored import OfPath
from autodiag.models.diagnostics import Answer
from caprse.base import clock
from caprse.base.ids import new_public_id
from cohorts.enums import Role
from cohorts.models import Adhesion, Membership, Participation, not_over
from cohorts.models.memberships import STRUCTURE_ROLES, current

# What a thread hangs on belongs to the structure until it is transmitted: a thread never reads it.
WORKING_ANSWER = ("practice", "strength", "difficulty", "na_reason")


class PathToTalkOn(NamedTuple):
    """What the rules of an exchange ask of a path: is it left, may days still be ahead, do the tools open."""

    left_on: object
    ahead: bool
    adhesion_valid: bool


def _adhesion(today):
    return Exists(Adhesion.objects.filter(current(today), organisation=OuterRef("organisation")))


def path_to_talk_on(participation, today):
    """The state of one path on a day, in one query."""
    ahead = ExpressionWrapper(not_over(today), output_field=models.BooleanField())
    rows = Participation.objects.filter(pk=participation.pk).annotate(ahead=ahead, adhesion_valid=_adhesion(today))
    return PathToTalkOn(*rows.values_list("left_on", "ahead", "adhesion_valid").get())


def _opener_here(today):
    """Whether who opened a thread still belongs to the structure or accompanies it, as a condition on a thread."""
    held = Membership.objects.filter(current(today), user=OuterRef("opened_by"), user__is_active=True)
    return Exists(
        held.filter(
            Q(organisation=OuterRef("participation__organisation"), role__in=STRUCTURE_ROLES)
            | Q(role=Role.FACILITATOR, cohort=OuterRef("participation__cohort"))
            | Q(role=Role.REGION_ADMIN, region=OuterRef("participation__region"))
        )
    )


class ThreadQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people and who accompanies them."""
        return self.filter(actor.participation_q("participation__"))

    def standing(self):
        """Those nobody closed."""
        return self.filter(closed_at=None)

    def of_chapter(self, autodiag):
        """Those of one autodiagnostic, latest first, each with who opened it and its `criterion_id`."""
        rows = self.filter(answer__autodiag=autodiag).annotate(criterion_id=F("answer__criterion"))
        return rows.select_related("opened_by").order_by("-opened_at", "-pk")

    def with_context(self):
        """Each with its criterion, chapter, structure and who opened it; nothing of the answer itself."""
        read = self.select_related(
            "opened_by",
            "answer__criterion",
            "answer__autodiag__round__chapter",
            "participation__organisation",
            "participation__cohort__region",
            "participation__cohort__version__referentiel",
        )
        return read.defer(*(f"answer__{name}" for name in WORKING_ANSWER))

    def with_turn(self, today):
        """What `rules.threads.awaited` asks: the side and author of the last message that stands, the opener's side
        and whether they are still there. `last_pk`, `last_at`: that message and its moment.
        """
        messages = Message.objects.filter(thread=OuterRef("pk"))
        last = messages.filter(withdrawn_at=None).order_by("-written_at", "-pk")
        return self.annotate(
            last_pk=Subquery(last.values("pk")[:1]),
            last_at=Subquery(last.values("written_at")[:1]),
            last_by=Subquery(last.values("written_by")[:1]),
            last_from_structure=Subquery(last.values("from_structure")[:1]),
            opened_from_structure=Subquery(messages.order_by("written_at", "pk").values("from_structure")[:1]),
            opener_here=_opener_here(today),
        )

    def awaiting(self, today):
        """Those where somebody is awaited, on paths where one may still write: see `rules.threads`."""
        paths = Participation.objects.current().filter(not_over(today), _adhesion(today))
        answered = Q(opener_here=False) & ~Q(last_from_structure=F("opened_from_structure"))
        return self.standing().with_turn(today).filter(participation__in=paths, last_pk__isnull=False).exclude(answered)

    def awaiting_somebody(self, actor, today):
        """Those where this person is awaited: the structure's référent·e·s, or the cohort's facilitators (else who
        coordinates the region), and on both sides whoever opened it.
        """
        referent_of = [m.organisation_id for m in actor.held if m.role == Role.REFERENT]
        mine = Q(opened_by=actor.user_id)
        own = Q(participation__organisation__in=referent_of) | (mine & actor.own_q("participation__"))
        facilitated = Membership.objects.filter(
            current(today),
            role=Role.FACILITATOR,
            cohort=OuterRef("participation__cohort"),
            user__is_active=True,
        )
        accompanied = Q(participation__cohort__in=actor.facilitated_cohort_ids) | (
            actor.accompanied_q("participation__") & (mine | ~Exists(facilitated))
        )
        turn = (Q(last_from_structure=False) & own) | (Q(last_from_structure=True) & accompanied)
        return self.awaiting(today).filter(turn).exclude(last_by=actor.user_id)


class Thread(OfPath):
    """Échange: opened on a criterion by anybody of the two sides; only who opened it closes it."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    answer = models.ForeignKey(Answer, verbose_name="réponse", on_delete=models.PROTECT, related_name="threads")
    opened_at = models.DateTimeField("ouvert le", default=clock.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ouvert par", on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField("clos le", null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="clos par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = "échange"
        constraints = [
            models.CheckConstraint(
                name="thread_closed_by_who_opened_it",
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by=F("opened_by")),
            )
        ]

    def __str__(self):
        return self.public_id


class MessageQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(actor.participation_q("participation__"))

    def in_order(self):
        return self.select_related("written_by").order_by("written_at", "pk")

    def ends(self):
        """The first and the last message of each thread, each with its `rank` and the `number` there are."""
        rank = Window(RowNumber(), partition_by=[F("thread")], order_by=[F("written_at").asc(), F("pk").asc()])
        number = Window(Count("pk"), partition_by=[F("thread")])
        ranked = self.select_related("written_by").annotate(rank=rank, number=number)
        return ranked.filter(Q(rank=1) | Q(rank=F("number"))).order_by("thread", "written_at", "pk")


class Message(OfPath):
    """Message of a thread. Taken back, its text is gone and its place stays."""

    thread = models.ForeignKey(Thread, verbose_name="échange", on_delete=models.PROTECT, related_name="messages")
    # Which side speaks, as it was that day: a person may change roles.
    from_structure = models.BooleanField("de la structure")
    text = models.TextField("message", blank=True, default="")
    written_at = models.DateTimeField("écrit le", default=clock.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="écrit par", on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField("retiré le", null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="message_has_text_until_withdrawn",
                condition=(Q(withdrawn_at=None) & ~Q(text="")) | Q(withdrawn_at__isnull=False, text=""),
            )
        ]

    def __str__(self):
        return f"message {self.pk}"
