"""Threads: what a structure and who accompanies it say to each other about one criterion."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from autodiag.models.anchored import OfPath
from autodiag.models.diagnostics import Answer
from caprse.base import clock
from caprse.base.ids import new_public_id


class ThreadQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people and who accompanies them."""
        return self.filter(actor.participation_q("participation__"))

    def standing(self):
        """Those nobody closed."""
        return self.filter(closed_at=None)


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
