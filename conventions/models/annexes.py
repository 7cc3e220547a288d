"""Annexes of a convention: a text, a file or a form, each with its revisions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from caprse.base import clock
from caprse.base.models import StoredFile
from caprse.base.triggers import append_only
from conventions.enums import AnnexKind
from conventions.models.life import OfConvention, OfConventionQuerySet


class AnnexQuerySet(OfConventionQuerySet):
    def standing(self):
        """Those that were not taken out of the draft."""
        return self.filter(dropped_at=None)


class Annex(OfConvention):
    """Annexe: what the text of a convention sends to, under a number of its own."""

    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("titre", max_length=160)
    kind = models.CharField("type", max_length=5, choices=AnnexKind)
    # What a change of it asks: to tell the parties, or an amendment that all sign.
    binding = models.BooleanField("en changer demande un avenant", default=False)
    fields = models.JSONField("champs de la fiche", default=list)
    # Taken out of the draft, before anybody read it: its revisions stay, its number is free again.
    dropped_at = models.DateTimeField("retirée le", null=True)

    objects = AnnexQuerySet.as_manager()

    class Meta:
        verbose_name = "annexe"
        ordering = ["convention", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "number"], condition=Q(dropped_at=None), name="annex_number_unique"
            )
        ]

    def __str__(self):
        return f"Annexe {self.number}"


@append_only
class AnnexRevision(OfConvention):
    """Révision d’une annexe: « Rév. 01 », what it holds, who wrote it. Parties are told of each one."""

    annex = models.ForeignKey(Annex, verbose_name="annexe", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField("révision")
    text = models.TextField("texte", blank=True, default="")
    file = models.ForeignKey(StoredFile, verbose_name="fichier", null=True, on_delete=models.PROTECT, related_name="+")
    values = models.JSONField("fiche remplie", default=dict)
    sha256 = models.CharField("empreinte", max_length=64)
    note = models.CharField("ce qui change", max_length=300, blank=True, default="")
    made_at = models.DateTimeField("du", default=clock.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "révision d’une annexe"
        verbose_name_plural = "révisions des annexes"
        ordering = ["annex", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["annex", "number"], name="annex_revision_number_unique"),
            models.CheckConstraint(name="annex_revision_first_or_explained", condition=Q(number=1) | ~Q(note="")),
        ]

    def __str__(self):
        return f"{self.annex_id} Rév. {self.number:02d}"
