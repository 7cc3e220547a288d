"""A convention, its parties and who signs for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from caprse.base import clock
from caprse.base.ids import new_public_id
from cohorts.enums import OrganisationKind
from cohorts.models import Cohort, Organisation, Region
from conventions.enums import ConventionState
from conventions.models.templates import TemplateVersion

LINK = "signature"
OVER = (ConventionState.ENDED, ConventionState.CANCELLED)


class ConventionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Whoever accompanies the cohort; once it is sent, the people of a party and who signs; the holder of a link."""
        if hasattr(actor, "target_of"):
            return self.filter(pk__in=Signatory.objects.visible_to(actor).values("party__convention"))
        party = Q(pk__in=Party.objects.filter(organisation_id__in=actor.organisation_ids).values("convention"))
        signs = Q(pk__in=Signatory.objects.current().filter(user_id=actor.user_id).values("party__convention"))
        return self.filter(actor.accompanied_q() | ((party | signs) & Q(sent_at__isnull=False)))

    def standing(self):
        """Those neither cancelled nor ended."""
        return self.exclude(state__in=OVER)

    def with_context(self):
        return self.select_related("cohort__region", "cohort__version__referentiel", "version__template")


class Convention(models.Model):
    """Convention d’engagements: one text that several parties sign. Its state changes through `services.states`."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, verbose_name="cohorte", on_delete=models.PROTECT, related_name="conventions")
    version = models.ForeignKey(
        TemplateVersion, verbose_name="version du modèle", on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField("référence", max_length=20)
    state = models.CharField("état", max_length=10, choices=ConventionState, default=ConventionState.DRAFT)
    variables = models.JSONField("variables", default=dict)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("créée le", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="créée par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField("envoyée le", null=True)
    completed_at = models.DateTimeField("signée par toutes le", null=True)
    ended_on = models.DateField("dernier jour", null=True)
    end_reason = models.CharField("motif de fin", max_length=300, blank=True, default="")

    objects = ConventionQuerySet.as_manager()

    class Meta:
        verbose_name = "convention"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "reference"], name="convention_reference_unique"),
            models.UniqueConstraint(
                fields=["cohort"], condition=~Q(state__in=OVER), name="convention_one_standing_per_cohort"
            ),
            models.CheckConstraint(
                name="convention_signed_has_date",
                condition=~Q(state__in=[ConventionState.SIGNED, ConventionState.IN_FORCE])
                | Q(completed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="convention_end_has_reason",
                condition=(~Q(state=ConventionState.ENDED) & Q(ended_on=None))
                | (Q(state=ConventionState.ENDED, ended_on__isnull=False) & ~Q(end_reason="")),
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return self.url()

    def url(self, name="convention"):
        return reverse(name, args=[self.cohort.region.slug, self.public_id])


class PartyQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The parties of the conventions one may see."""
        return self.filter(convention__in=Convention.objects.visible_to(actor))

    def awaited(self):
        """Parties of a convention being signed that have not signed."""
        return self.filter(convention__state=ConventionState.OPEN, signature=None)


class Party(models.Model):
    """Partie: an organisation that the convention binds, in one role. Its name is kept as it was when frozen."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    convention = models.ForeignKey(
        Convention, verbose_name="convention", on_delete=models.PROTECT, related_name="parties"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="parties"
    )
    role = models.CharField("qualité de partie", max_length=10, choices=OrganisationKind)
    name = models.CharField("nom", max_length=160)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = "partie"
        constraints = [
            models.UniqueConstraint(fields=["convention", "organisation"], name="party_organisation_unique"),
        ]

    def __str__(self):
        return self.name


class SignatoryQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """For the holder of a signing link, that one; for a person, those of the conventions one prepares."""
        if hasattr(actor, "target_of"):
            return self.filter(pk=actor.target_of(LINK))
        return self.filter(
            Q(user_id=actor.user_id) | Q(party__convention__in=Convention.objects.filter(actor.accompanied_q()))
        )

    def current(self):
        """Those not replaced by somebody else."""
        return self.filter(replaced_at=None)

    def with_context(self):
        return self.select_related(
            "party__organisation", "party__convention__cohort__region", "party__convention__version", "user"
        )


class Signatory(models.Model):
    """Signataire: who signs for a party, in what quality, by what power. Replaced, never changed once sent."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, verbose_name="partie", on_delete=models.PROTECT, related_name="signatories")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="personne", on_delete=models.PROTECT, related_name="signatories"
    )
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    email = models.EmailField("adresse électronique")
    quality = models.CharField("qualité", max_length=120)
    power = models.CharField("ce qui lui donne pouvoir de signer", max_length=200)
    created_at = models.DateTimeField("désigné·e le", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="désigné·e par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    replaced_at = models.DateTimeField("remplacé·e le", null=True)
    sent_at = models.DateTimeField("lien envoyé le", null=True)
    opened_at = models.DateTimeField("lien ouvert le", null=True)
    reminders = models.PositiveSmallIntegerField("rappels", default=0)
    reminded_on = models.DateField("dernier rappel", null=True)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = "signataire"
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(replaced_at=None), name="signatory_one_current_per_party"
            ),
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self):
        return f"{self.first_name} {self.last_name}".strip()
