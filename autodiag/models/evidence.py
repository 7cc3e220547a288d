"""The evidence library of a structure: files and links, dated, reused from one criterion to another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from autodiag.models.anchored import OfPath
from autodiag.models.diagnostics import Answer
from caprse.base import clock
from caprse.base.ids import new_public_id
from caprse.base.models import StoredFile
from caprse.base.triggers import append_only
from cohorts.enums import Visibility
from cohorts.models import Organisation, Participation, Region


def _reached(actor, prefix=""):
    """Condition: one's own structure's, or shared by a structure one accompanies."""
    paths = Participation.objects.filter(actor.accompanied_q()).values("organisation")
    own = Q(**{f"{prefix}organisation_id__in": actor.structure_ids})
    return own | Q(**{f"{prefix}visibility": Visibility.FACILITATOR, f"{prefix}organisation_id__in": paths})


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people; who accompanies it reads those shared with them."""
        return self.filter(_reached(actor))

    def kept(self):
        """Those that were not put away."""
        return self.filter(archived_at=None)


class Evidence(models.Model):
    """Justificatif: what supports a level. It belongs to the structure, not to one path; edited, it loses nothing."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="structure", on_delete=models.PROTECT, related_name="evidence"
    )
    title = models.CharField("titre", max_length=160)
    note = models.TextField("ce qu’il montre", blank=True, default="")
    visibility = models.CharField("qui peut le lire", max_length=12, choices=Visibility, default=Visibility.STRUCTURE)
    valid_from = models.DateField("valable depuis le", null=True, blank=True)
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    revision = models.PositiveIntegerField("version", default=0)
    created_at = models.DateTimeField("déposé le", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="déposé par", on_delete=models.PROTECT, related_name="+"
    )
    archived_at = models.DateTimeField("rangé le", null=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="rangé par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "justificatif"
        constraints = [
            models.CheckConstraint(
                name="evidence_dates_in_order",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="evidence_archived_both_or_neither",
                condition=Q(archived_at=None, archived_by=None)
                | Q(archived_at__isnull=False, archived_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title


class EvidenceRevisionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(_reached(actor, "evidence__"))


@append_only
class EvidenceRevision(models.Model):
    """Une version d’un justificatif: a file with its hash, or a link. The last one is current, none is ever lost."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, verbose_name="structure", on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey(
        Evidence, verbose_name="justificatif", on_delete=models.PROTECT, related_name="revisions"
    )
    number = models.PositiveSmallIntegerField("numéro")
    file = models.ForeignKey(StoredFile, verbose_name="fichier", null=True, on_delete=models.PROTECT, related_name="+")
    url = models.URLField("lien", max_length=500, blank=True, default="")
    added_at = models.DateTimeField("ajoutée le", default=clock.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ajoutée par", on_delete=models.PROTECT, related_name="+"
    )

    objects = EvidenceRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "version d’un justificatif"
        verbose_name_plural = "versions des justificatifs"
        ordering = ["evidence", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "number"], name="evidence_revision_number_unique"),
            models.CheckConstraint(
                name="evidence_revision_file_or_link",
                condition=Q(file__isnull=False, url="") | (Q(file=None) & ~Q(url="")),
            ),
        ]

    def __str__(self):
        return f"{self.evidence_id} n° {self.number}"


class EvidenceUseQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(_reached(actor, "evidence__"))


class EvidenceUse(OfPath):
    """Un justificatif appuie un critère, at a page if one is given."""

    organisation = models.ForeignKey(Organisation, verbose_name="structure", on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, verbose_name="réponse", on_delete=models.PROTECT, related_name="evidence_uses")
    evidence = models.ForeignKey(Evidence, verbose_name="justificatif", on_delete=models.PROTECT, related_name="uses")
    page = models.CharField("page", max_length=60, blank=True, default="")
    added_at = models.DateTimeField("lié le", default=clock.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="lié par", on_delete=models.PROTECT, related_name="+"
    )

    objects = EvidenceUseQuerySet.as_manager()

    class Meta:
        verbose_name = "usage d’un justificatif"
        verbose_name_plural = "usages des justificatifs"
        constraints = [models.UniqueConstraint(fields=["answer", "evidence"], name="evidence_once_per_answer")]

    def __str__(self):
        return f"{self.evidence_id} {self.answer_id}"
