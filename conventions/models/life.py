"""What happens to a convention beside its signatures: refused, passed on, validated, broken, given time."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from caprse.base import clock
from caprse.base.ids import new_public_id
from caprse.base.models import StoredFile
from caprse.base.triggers import append_only
from cohorts.models import Region
from conventions.enums import TerminationDecision
from conventions.models.conventions import Convention, Party, Signatory

BREACH_LINK = "breach"


class OfConventionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Read with the convention."""
        return self.filter(convention__in=Convention.objects.visible_to(actor))


class OfConvention(models.Model):
    """A row about one convention."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    convention = models.ForeignKey(Convention, verbose_name="convention", on_delete=models.PROTECT, related_name="+")

    objects = OfConventionQuerySet.as_manager()

    class Meta:
        abstract = True


@append_only
class Refusal(OfConvention):
    """Refus: a signatory does not sign, and says why."""

    signatory = models.OneToOneField(
        Signatory, verbose_name="signataire", on_delete=models.PROTECT, related_name="refusal"
    )
    reason = models.TextField("pourquoi")
    refused_at = models.DateTimeField("le", default=clock.now)

    class Meta:
        verbose_name = "refus"
        verbose_name_plural = "refus"
        constraints = [models.CheckConstraint(name="refusal_says_why", condition=~Q(reason=""))]

    def __str__(self):
        return f"{self.convention_id} {self.refused_at}"


class WrongPerson(OfConvention):
    """« Je ne suis pas la bonne personne »: who received a link names who should sign; whoever prepares it decides."""

    signatory = models.ForeignKey(Signatory, verbose_name="signataire", on_delete=models.PROTECT, related_name="+")
    first_name = models.CharField("prénom", max_length=80, blank=True, default="")
    last_name = models.CharField("nom", max_length=80, blank=True, default="")
    email = models.EmailField("adresse électronique", blank=True, default="")
    quality = models.CharField("qualité", max_length=120, blank=True, default="")
    message = models.CharField("message", max_length=300, blank=True, default="")
    told_at = models.DateTimeField("dit le", default=clock.now)
    answered_at = models.DateTimeField("traité le", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="traité par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    followed = models.BooleanField("la personne nommée signe", default=False)

    class Meta:
        verbose_name = "demande de remplacement"
        verbose_name_plural = "demandes de remplacement"
        constraints = [
            models.UniqueConstraint(
                fields=["signatory"], condition=Q(answered_at=None), name="wrong_person_one_waits_at_a_time"
            ),
            models.CheckConstraint(
                name="wrong_person_answered_all_or_nothing",
                condition=Q(answered_at=None, answered_by=None, followed=False)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.signatory_id} {self.told_at}"


@append_only
class CommitteeValidation(OfConvention):
    """Validation par un comité: from that day, and for as long as the text says, the visual identity may be used.

    Source: OSE charter: three years from the committee's validation. Signing alone grants nothing.
    """

    committee = models.CharField("comité", max_length=160)
    decided_on = models.DateField("validée le")
    until = models.DateField("jusqu’au")
    decision = models.ForeignKey(
        StoredFile, verbose_name="décision", null=True, on_delete=models.PROTECT, related_name="+"
    )
    noted_at = models.DateTimeField("noté le", default=clock.now)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="noté par", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "validation par un comité"
        verbose_name_plural = "validations par un comité"
        constraints = [
            models.CheckConstraint(name="committee_validation_dates", condition=Q(until__gt=models.F("decided_on")))
        ]

    def __str__(self):
        return f"{self.convention_id} {self.decided_on}"


class BreachQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The people of the party it is about, and who notifies it; no other party. By a link, who signed for that party."""
        if hasattr(actor, "target_of"):
            signed = Signatory.objects.current().filter(pk=actor.target_of(BREACH_LINK))
            return self.filter(party__in=signed.values("party"))
        return self.filter(
            Q(party__organisation_id__in=actor.organisation_ids) | Q(region_id__in=actor.coordinated_region_ids)
        )

    def with_context(self):
        return self.select_related(
            "party__organisation",
            "convention__region",
            "convention__cohort__region",
            "convention__cohort__version__referentiel",
            "convention__version__template",
        )


class Breach(OfConvention):
    """Manquement: a clause one party says another did not keep; notice, time to reply, decision, effect."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    party = models.ForeignKey(Party, verbose_name="partie", on_delete=models.PROTECT, related_name="breaches")
    clause = models.CharField("clause", max_length=20)
    facts = models.TextField("ce qui est reproché")
    notified_at = models.DateTimeField("notifié le", default=clock.now)
    notified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="notifié par", on_delete=models.PROTECT, related_name="+"
    )
    reply_by = models.DateField("réponse attendue jusqu’au")
    reply = models.TextField("réponse de la partie", blank=True, default="")
    replied_at = models.DateTimeField("répondu le", null=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="répondu par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.CharField("décision", max_length=10, choices=TerminationDecision, blank=True, default="")
    reason = models.TextField("motif de la décision", blank=True, default="")
    decided_at = models.DateTimeField("décidé le", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="décidé par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    effect_on = models.DateField("prend effet le", null=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name = "manquement"
        constraints = [
            models.CheckConstraint(name="breach_cites_a_clause", condition=~Q(clause="") & ~Q(facts="")),
            models.CheckConstraint(
                name="breach_reply_all_or_nothing",
                condition=Q(reply="", replied_at=None, replied_by=None)
                | (~Q(reply="") & Q(replied_at__isnull=False, replied_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="breach_decision_all_or_nothing",
                condition=Q(decision="", decided_at=None, decided_by=None, effect_on=None)
                | (
                    Q(decision__in=TerminationDecision.values, decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(reason="")
                ),
            ),
            models.CheckConstraint(
                name="breach_end_has_its_day",
                condition=~Q(decision=TerminationDecision.ENDED) | Q(effect_on__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.party_id} {self.clause}"


@append_only
class GracePeriod(OfConvention):
    """Délai de grâce: somebody decides that rounds go on until a day, though the convention does not hold them any more."""

    until = models.DateField("jusqu’au")
    reason = models.CharField("motif", max_length=300)
    decided_at = models.DateTimeField("décidé le", default=clock.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="décidé par", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "délai de grâce"
        verbose_name_plural = "délais de grâce"
        constraints = [models.CheckConstraint(name="grace_period_has_reason", condition=~Q(reason=""))]

    def __str__(self):
        return f"{self.convention_id} {self.until}"
