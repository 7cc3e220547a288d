"""The evidence library of a structure: files and links, dated, reused from one criterion to another."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery

from autodiag.models.anchored import OfPath
from autodiag.models.diagnostics import Answer
from caprse.base import clock
from caprse.base.ids import new_public_id
from caprse.base.models import StoredFile
from caprse.base.text import size_in_words
from caprse.base.triggers import append_only
from cohorts.enums import Visibility
from cohorts.models import Organisation, Participation, Region


def described(url, file_name, size):
    """What is there, in a few words: « PDF, 240 ko », or the site a link leads to."""
    if url:
        return urlsplit(url).hostname or ""
    return f"{file_name.rpartition('.')[2].upper()}, {size_in_words(size)}"


def _reached(actor, prefix=""):
    """Condition: one's own structure's, or shared by a structure one accompanies today."""
    paths = Participation.objects.filter(actor.accompanied_q()).current().values("organisation")
    own = Q(**{f"{prefix}organisation_id__in": actor.structure_ids})
    return own | Q(**{f"{prefix}visibility": Visibility.FACILITATOR, f"{prefix}organisation_id__in": paths})


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people; who accompanies it reads those shared with them."""
        return self.filter(_reached(actor))

    def kept(self):
        """Those that were not put away."""
        return self.filter(archived_at=None)

    def with_revisions(self, actor=None):
        """By title, each with its versions (those this actor may read), the current one first, and who put it there."""
        versions = EvidenceRevision.objects.select_related("file", "added_by").order_by("-number")
        versions = versions.visible_to(actor) if actor else versions
        rows = self.select_related("created_by", "archived_by")
        return rows.prefetch_related(Prefetch("revisions", versions)).order_by("title", "pk")


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

    @property
    def current(self):
        """Its current version, among those read by `with_revisions`."""
        return self.revisions.all()[0]


class EvidenceRevisionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people read every version; who accompanies it, the current one of what is shared."""
        newer = self.model.objects.filter(evidence=OuterRef("evidence"), number__gt=OuterRef("number"))
        own = Q(organisation_id__in=actor.structure_ids)
        return self.filter(_reached(actor, "evidence__")).filter(own | ~Exists(newer))


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

    @property
    def what(self):
        """Its kind and weight, or the site it leads to."""
        return described(self.url, self.file.name, self.file.size) if self.file else described(self.url, "", 0)


class EvidenceUseQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Those of evidence one reads, on the paths one sees."""
        return self.filter(_reached(actor, "evidence__"), actor.participation_q("participation__"))

    def with_current(self):
        """Each with its evidence and the current version of it: number, url, or name, size and hash of the file.

        Oldest first, in one query; `position` is that of the criterion.
        """
        last = EvidenceRevision.objects.filter(evidence=OuterRef("evidence")).order_by("-number")
        current = {
            name: Subquery(last.values(column)[:1])
            for name, column in (
                ("number", "number"),
                ("url", "url"),
                ("file_name", "file__name"),
                ("size", "file__size"),
                ("sha256", "file__sha256"),
            )
        }
        rows = self.select_related("evidence").annotate(position=F("answer__criterion__position"), **current)
        return rows.order_by("added_at", "pk")

    def with_places(self):
        """With the criterion each supports, its chapter and its path, in the order of the method."""
        rows = self.select_related("answer__criterion__chapter", "answer__autodiag", "participation__cohort__region")
        return rows.order_by("participation", "answer__criterion__chapter__number", "answer__criterion__position")

    def of_chapter(self, autodiag):
        """What supports the answers of one autodiagnostic."""
        return self.filter(answer__autodiag=autodiag).with_current()


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

    @property
    def what(self):
        """The kind and weight of the current version, or the site it leads to; read by `with_current`."""
        return described(self.url, self.file_name, self.size)
