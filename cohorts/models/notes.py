"""Individual follow-up: what is written after a talk with a structure, each note with its own visibility."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from caprse.base import clock
from caprse.base.ids import new_public_id
from cohorts.enums import NoteVisibility
from cohorts.models.cohorts import Participation
from cohorts.models.organisations import Region


class FollowupNoteQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Who accompanies the structure reads all its notes; the structure reads those shared with it."""
        return self.filter(
            actor.accompanied_q("participation__")
            | (Q(visibility=NoteVisibility.SHARED) & actor.own_q("participation__"))
        )

    def newest_first(self):
        return self.select_related("written_by").order_by("-held_on", "-pk")


class FollowupNote(models.Model):
    """Fiche de suivi: written by the team that accompanies a structure. Once shared, it stays shared.

    Source: convention, article 2.2 (individual follow-up).
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="notes"
    )
    visibility = models.CharField(
        "qui peut la lire", max_length=10, choices=NoteVisibility, default=NoteVisibility.INTERNAL
    )
    held_on = models.DateField("jour de l’échange", default=clock.today)
    text = models.TextField("note")
    revision = models.PositiveIntegerField("version", default=0)
    written_at = models.DateTimeField("écrite le", default=clock.now)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="écrite par", on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField("modifiée le", null=True)

    objects = FollowupNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "note de suivi"
        verbose_name_plural = "notes de suivi"
        constraints = [models.CheckConstraint(name="followup_note_says_something", condition=~Q(text=""))]

    def __str__(self):
        return self.public_id

    @property
    def is_shared(self):
        return self.visibility == NoteVisibility.SHARED
