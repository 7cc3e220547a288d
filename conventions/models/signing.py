"""Frozen bytes, codes, signatures, and the chain that binds them."""

from django.db import models
from django.db.models import Q

from caprse.base import clock
from caprse.base.ids import new_public_id
from caprse.base.models import StoredFile
from caprse.base.triggers import append_only
from cohorts.models import Region
from conventions.enums import DocumentKind, Medium, TrailKind
from conventions.models.conventions import Convention, Party, Signatory


class FrozenDocumentQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The documents of the conventions one may see."""
        return self.filter(convention__in=Convention.objects.visible_to(actor))


@append_only
class FrozenDocument(models.Model):
    """Document figé: the page shown and the PDF made from it, once, with their hashes. Its bytes never change."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    convention = models.ForeignKey(
        Convention, verbose_name="convention", on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField("type", max_length=10, choices=DocumentKind)
    html = models.TextField("page")
    html_sha256 = models.CharField("empreinte de la page", max_length=64)
    pdf = models.BinaryField("PDF")
    pdf_sha256 = models.CharField("empreinte du PDF", max_length=64)
    pages = models.PositiveSmallIntegerField("nombre de pages")
    made_at = models.DateTimeField("fabriqué le", default=clock.now)

    objects = FrozenDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document figé"
        verbose_name_plural = "documents figés"
        constraints = [models.UniqueConstraint(fields=["convention", "kind"], name="frozen_document_unique")]

    def __str__(self):
        return f"{self.convention_id} {self.kind}"


class SigningCode(models.Model):
    """Code à six chiffres: sent to the registered address for one signatory, one session and one document.

    Its hash is written when the mail leaves; before that it opens nothing.
    """

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    signatory = models.ForeignKey(Signatory, verbose_name="signataire", on_delete=models.PROTECT, related_name="codes")
    session = models.CharField("session", max_length=64)
    document_sha256 = models.CharField("empreinte du document", max_length=64)
    digest = models.CharField("empreinte du code", max_length=64, blank=True, default="")
    asked_at = models.DateTimeField("demandé le", default=clock.now)
    expires_at = models.DateTimeField("valable jusqu’à", null=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    consumed_at = models.DateTimeField("employé le", null=True)

    class Meta:
        verbose_name = "code de signature"
        verbose_name_plural = "codes de signature"
        constraints = [
            models.CheckConstraint(
                name="signing_code_sent_or_not", condition=Q(digest="", expires_at=None) | Q(expires_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.signatory_id} {self.asked_at}"


class SignatureQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The signatures of the conventions one may see."""
        return self.filter(party__convention__in=Convention.objects.visible_to(actor))


@append_only
class Signature(models.Model):
    """Signature: one party's, once. Holds what was signed, who signed it, in which words, and the evidence."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, verbose_name="partie", on_delete=models.PROTECT, related_name="signatures")
    signatory = models.OneToOneField(
        Signatory, verbose_name="signataire", on_delete=models.PROTECT, related_name="signature"
    )
    medium = models.CharField("comment", max_length=6, choices=Medium, default=Medium.ONLINE)
    code = models.OneToOneField(
        SigningCode, verbose_name="code", null=True, on_delete=models.PROTECT, related_name="signature"
    )
    # On paper: the page that was signed, and the day written on it.
    scan = models.ForeignKey(
        StoredFile, verbose_name="page signée", null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_on = models.DateField("datée du", null=True)
    place = models.CharField("fait à", max_length=120, blank=True, default="")
    # A decoration: what was drawn proves nothing.
    drawn = models.BinaryField("paraphe dessiné", null=True)
    # Stronger evidence, of a signed-in person: what their own passkey signed of the document.
    passkey = models.JSONField("signature par clé d’accès", null=True)
    signed_at = models.DateTimeField("signée le", default=clock.now)
    nonce = models.CharField("jeton d’envoi", max_length=64, unique=True)
    document_sha256 = models.CharField("empreinte du PDF", max_length=64)
    html_sha256 = models.CharField("empreinte de la page", max_length=64)
    name = models.CharField("nom", max_length=160)
    quality = models.CharField("qualité", max_length=120)
    power = models.CharField("ce qui donne pouvoir de signer", max_length=200)
    consent = models.TextField("consentement")
    evidence = models.JSONField("preuve")
    evidence_sha256 = models.CharField("empreinte de la preuve", max_length=64)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "signature"
        constraints = [
            models.CheckConstraint(
                name="signature_online_or_on_paper",
                condition=Q(medium=Medium.ONLINE, code__isnull=False, scan=None, signed_on=None)
                | Q(medium=Medium.PAPER, code=None, scan__isnull=False, signed_on__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.party_id} {self.signed_at}"


@append_only
class TrailEntry(models.Model):
    """Maillon de la chaîne: what happened to a convention, hashed with what came before."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    convention = models.ForeignKey(
        Convention, verbose_name="convention", on_delete=models.PROTECT, related_name="trail"
    )
    seq = models.PositiveIntegerField("rang")
    at = models.CharField("date", max_length=32)
    kind = models.CharField("type", max_length=20, choices=TrailKind)
    actor = models.CharField("auteur·rice", max_length=80)
    data = models.JSONField("contenu", default=dict)
    previous = models.CharField("empreinte précédente", max_length=64)
    digest = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "maillon"
        ordering = ["convention", "seq"]
        constraints = [models.UniqueConstraint(fields=["convention", "seq"], name="trail_entry_seq_unique")]

    def __str__(self):
        return f"{self.convention_id} n° {self.seq}"


class SensitiveValue(models.Model):
    """Valeur à part: a personal value of which the chain holds only a salted commitment, so that it can be erased."""

    entry = models.ForeignKey(TrailEntry, verbose_name="maillon", on_delete=models.PROTECT, related_name="values")
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=40)
    salt = models.CharField("sel", max_length=64)
    value = models.TextField("valeur")

    class Meta:
        verbose_name = "valeur à part"
        verbose_name_plural = "valeurs à part"
        constraints = [models.UniqueConstraint(fields=["entry", "name"], name="sensitive_value_unique")]

    def __str__(self):
        return f"{self.entry_id} {self.name}"
