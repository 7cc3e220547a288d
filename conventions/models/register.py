"""The register of commitments: what each party owes by its clauses, and what shows that it was kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from caprse.base import clock
from caprse.base.ids import new_public_id
from conventions.enums import CommitmentProof
from conventions.models.conventions import Party
from conventions.models.life import OfConvention


class CommitmentQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Each party reads its own; who accompanies the cohort, or coordinates the region, reads all."""
        if hasattr(actor, "target_of"):
            return self.none()
        return self.filter(Q(party__organisation_id__in=actor.organisation_ids) | actor.accompanied_q("convention__"))


class Commitment(OfConvention):
    """Engagement d’une partie: one clause that binds it, as it was signed."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    party = models.ForeignKey(Party, verbose_name="partie", on_delete=models.PROTECT, related_name="commitments")
    clause = models.CharField("clause", max_length=20)
    text = models.TextField("engagement")
    proof = models.CharField(
        "ce qui le montre", max_length=12, choices=CommitmentProof, default=CommitmentProof.ATTESTED
    )

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = "engagement d’une partie"
        verbose_name_plural = "engagements des parties"
        ordering = ["convention", "party", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["party", "clause"], name="commitment_clause_once"),
            models.CheckConstraint(name="commitment_says_something", condition=~Q(text="")),
            models.CheckConstraint(name="commitment_proof_known", condition=Q(proof__in=CommitmentProof.values)),
        ]

    def __str__(self):
        return f"{self.party_id} {self.clause}"


class AttestationQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Read with the commitment it is about."""
        return self.filter(commitment__in=Commitment.objects.visible_to(actor))

    def standing(self):
        """Those that their author has not taken back."""
        return self.filter(withdrawn_at=None)


class Attestation(OfConvention):
    """Attestation: somebody says, with their name and on a day, that a commitment was kept, or how far."""

    commitment = models.ForeignKey(
        Commitment, verbose_name="engagement", on_delete=models.PROTECT, related_name="attestations"
    )
    text = models.TextField("ce qui a été fait")
    attested_at = models.DateTimeField("le", default=clock.now)
    attested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )
    attested_by_name = models.CharField("nom", max_length=160)
    withdrawn_at = models.DateTimeField("retirée le", null=True)

    objects = AttestationQuerySet.as_manager()

    class Meta:
        verbose_name = "attestation"
        ordering = ["commitment", "-attested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="attestation_has_text_until_withdrawn",
                condition=(Q(withdrawn_at=None) & ~Q(text="")) | Q(withdrawn_at__isnull=False, text=""),
            )
        ]

    def __str__(self):
        return f"{self.commitment_id} {self.attested_at}"
