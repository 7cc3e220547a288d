"""Sealed documents in the making, and the timestamps of the chain."""

from django.db import models
from django.db.models import Q

from caprse.base import clock
from caprse.base.triggers import append_only, refuse
from cohorts.models import Region
from conventions.enums import DocumentKind
from conventions.models.conventions import Convention
from conventions.models.signing import TrailEntry


@refuse(
    "sealed",
    "UPDATE OF kind, html, built, built_sha256, pages, sealed_at, sealed_sha256, certificate, certificate_sha256, level",
    "OLD.sealed_at IS NOT NULL",
)
@refuse("delete", "DELETE", "OLD.sealed_at IS NOT NULL")
class SealedArtefact(models.Model):
    """Pièce à sceller: what was built, waiting for its seal; then the sealed bytes, once, checked before they are kept.

    Its row is the claim of the work: who comes after a crash finds what was built, and never seals the same twice.
    """

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    convention = models.ForeignKey(
        Convention, verbose_name="convention", on_delete=models.PROTECT, related_name="artefacts"
    )
    kind = models.CharField("type", max_length=10, choices=DocumentKind)
    # The page that the document was drawn from: both are frozen together.
    html = models.TextField("page")
    built = models.BinaryField("document avant cachet")
    built_sha256 = models.CharField("son empreinte", max_length=64)
    pages = models.PositiveSmallIntegerField("nombre de pages")
    built_at = models.DateTimeField("fabriqué le", default=clock.now)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    problem = models.CharField("dernier empêchement", max_length=300, blank=True, default="")
    retry_at = models.DateTimeField("nouvel essai à partir du", null=True)
    sealed_at = models.DateTimeField("scellé le", null=True)
    sealed_sha256 = models.CharField("empreinte du document scellé", max_length=64, blank=True, default="")
    certificate = models.BinaryField("certificat du cachet", default=bytes)
    certificate_sha256 = models.CharField("empreinte du certificat", max_length=64, blank=True, default="")
    level = models.CharField("niveau", max_length=20, blank=True, default="")
    is_test = models.BooleanField("cachet de test", default=False)
    # The last day of the certificate of its last timestamp: it is to be renewed before.
    lasts_until = models.DateField("horodaté jusqu’au", null=True)

    class Meta:
        verbose_name = "pièce à sceller"
        verbose_name_plural = "pièces à sceller"
        constraints = [
            models.UniqueConstraint(fields=["convention", "kind"], name="sealed_artefact_unique"),
            models.CheckConstraint(
                name="sealed_artefact_whole_or_not",
                condition=Q(sealed_at=None, sealed_sha256="", certificate_sha256="", level="")
                | (Q(sealed_at__isnull=False) & ~Q(sealed_sha256="") & ~Q(certificate_sha256="") & ~Q(level="")),
            ),
        ]

    def __str__(self):
        return f"{self.convention_id} {self.kind}"


class SealRenewalQuerySet(models.QuerySet):
    def newest(self, convention):
        """The last renewal of the signed document of a convention, or None."""
        rows = self.filter(artefact__convention=convention, artefact__kind=DocumentKind.FINAL)
        return rows.order_by("-number").first()


@append_only
class SealRenewal(models.Model):
    """Cachet renouvelé: the same sealed bytes, and one more timestamp after them, put before the last one ended."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    artefact = models.ForeignKey(
        SealedArtefact, verbose_name="pièce scellée", on_delete=models.PROTECT, related_name="renewals"
    )
    number = models.PositiveSmallIntegerField("numéro")
    pdf = models.BinaryField("PDF")
    sha256 = models.CharField("empreinte", max_length=64)
    made_at = models.DateTimeField("fait le", default=clock.now)
    lasts_until = models.DateField("horodaté jusqu’au")

    objects = SealRenewalQuerySet.as_manager()

    class Meta:
        verbose_name = "cachet renouvelé"
        verbose_name_plural = "cachets renouvelés"
        constraints = [models.UniqueConstraint(fields=["artefact", "number"], name="seal_renewal_number_unique")]

    def __str__(self):
        return f"{self.artefact_id} {self.number}"


@append_only
class TrailStamp(models.Model):
    """Horodatage d’un maillon: the token of an authority (RFC 3161) on the fingerprint of an entry.

    It may come late, when no authority answered: it says when it was given, never when it was wished.
    """

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField(TrailEntry, verbose_name="maillon", on_delete=models.PROTECT, related_name="stamp")
    token = models.BinaryField("jeton")
    given_at = models.DateTimeField("donné le")
    authority = models.CharField("autorité", max_length=200)

    class Meta:
        verbose_name = "horodatage"

    def __str__(self):
        return f"{self.entry_id} {self.given_at}"
