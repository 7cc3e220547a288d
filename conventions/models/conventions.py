"""A convention, its parties and who signs for them."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from caprse.base import clock
from caprse.base.ids import new_public_id
from caprse.base.models import StoredFile
from cohorts.enums import OrganisationKind
from cohorts.models import Cohort, Organisation, Region
from conventions.enums import AddressBasis, ConventionState, Nature, PowerBasis
from conventions.models.templates import TemplateVersion

LINK = "signature"
FOLLOWING = {Nature.AMENDMENT: "modification", Nature.ACCESSION: "déclaration d’adhésion"}
OVER = (
    *(ConventionState.ENDED, ConventionState.CANCELLED, ConventionState.REFUSED),
    *(ConventionState.EXPIRED, ConventionState.SUPERSEDED),
)
BOUND = (ConventionState.IN_FORCE, ConventionState.ENDED)  # it binds its parties, or did


class ConventionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Whoever accompanies the cohort; once it is sent, the people of a party and who signs; the holder of a link."""
        if hasattr(actor, "target_of"):
            return self.filter(pk__in=Signatory.objects.visible_to(actor).values("party__convention"))
        party = Q(pk__in=Party.objects.filter(organisation_id__in=actor.organisation_ids).values("convention"))
        signs = Q(pk__in=Signatory.objects.current().filter(user_id=actor.user_id).values("party__convention"))
        return self.filter(actor.accompanied_q() | ((party | signs) & Q(sent_at__isnull=False)))

    def main(self):
        """The agreements themselves, without the amendments and bulletins that follow them."""
        return self.filter(nature=Nature.CONVENTION)

    def collective(self):
        """One text for all the structures of a cohort, rather than one for each."""
        return self.main().filter(structure=None)

    def one_each(self):
        """Those that stand of one structure alone, rather than of a whole cohort."""
        return self.main().standing().filter(structure__isnull=False)

    def standing(self):
        """Those neither cancelled nor ended."""
        return self.exclude(state__in=OVER)

    def with_context(self):
        return self.select_related("region", "cohort__region", "cohort__version__referentiel", "version__template")


class Convention(models.Model):
    """Convention d’engagements: one text that several parties sign. Its state changes through `services.states`."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    # None: a charter between organisations, outside any cohort.
    cohort = models.ForeignKey(
        Cohort, verbose_name="cohorte", null=True, on_delete=models.PROTECT, related_name="conventions"
    )
    nature = models.CharField("nature", max_length=10, choices=Nature, default=Nature.CONVENTION)
    parent = models.ForeignKey(
        "self", verbose_name="convention modifiée", null=True, on_delete=models.PROTECT, related_name="followers"
    )
    number = models.PositiveSmallIntegerField("version", default=1)
    supersedes = models.OneToOneField(
        "self", verbose_name="remplace", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    # For one convention a structure, rather than one for all.
    structure = models.ForeignKey(
        Organisation, verbose_name="structure", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # What an amendment changes: articles replaced, added, taken out, each with its new words.
    changes = models.JSONField("ce qui change", default=list)
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
    expires_on = models.DateField("à signer avant le", null=True)
    completed_at = models.DateTimeField("signée par toutes le", null=True)
    in_force_on = models.DateField("en vigueur depuis le", null=True)
    ended_on = models.DateField("dernier jour", null=True)
    end_reason = models.CharField("motif de fin", max_length=300, blank=True, default="")

    objects = ConventionQuerySet.as_manager()

    class Meta:
        verbose_name = "convention"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "reference"], name="convention_reference_unique"),
            models.UniqueConstraint(
                fields=["cohort"],
                condition=~Q(state__in=OVER) & Q(nature=Nature.CONVENTION, structure=None),
                name="convention_one_standing_per_cohort",
            ),
            models.UniqueConstraint(
                fields=["cohort", "structure"],
                condition=~Q(state__in=OVER) & Q(nature=Nature.CONVENTION, structure__isnull=False),
                name="convention_one_standing_per_structure",
            ),
            models.CheckConstraint(
                name="convention_follows_another_or_not",
                condition=Q(nature=Nature.CONVENTION, parent=None)
                | Q(nature__in=(Nature.AMENDMENT, Nature.ACCESSION), parent__isnull=False),
            ),
            models.CheckConstraint(
                name="convention_first_or_supersedes",
                condition=Q(number=1, supersedes=None) | Q(number__gt=1, supersedes__isnull=False),
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

    @property
    def about(self):
        """What it is about, to name it: its cohort, or for a charter its own title."""
        return self.cohort.name if self.cohort_id else self.version.template.title

    @property
    def word(self):
        """« convention », « charte »…: all are feminine, so that one stands for the other in a sentence."""
        return FOLLOWING.get(self.nature) or ("convention" if self.cohort_id else "charte")

    @property
    def named(self):
        """It, in a sentence."""
        engaged = "convention d’engagements de" if self.cohort_id else "charte"
        word = FOLLOWING.get(self.nature)
        joined = "à" if self.nature == Nature.ACCESSION else "de"
        return f"{word} {joined} la {engaged} « {self.about} »" if word else f"{engaged} « {self.about} »"

    @property
    def is_renewed(self):
        """Whether a version n+1 was begun in its place."""
        return hasattr(self, "superseded_by")

    def url(self, name="convention", *more):
        return reverse(name, args=[self.region.slug, self.public_id, *more])


class PartyQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The parties of the conventions one may see."""
        return self.filter(convention__in=Convention.objects.visible_to(actor))

    def founding(self):
        """Those that signed the text itself, not a bulletin or an amendment by which they joined it since."""
        joined = Party.objects.filter(
            convention__parent=OuterRef("convention"),
            convention__completed_at__isnull=False,
            organisation=OuterRef("organisation"),
        )
        return self.exclude(Exists(joined), signatures=None)

    def awaited(self):
        """Parties of a convention being signed that have not signed, by all who sign for them."""
        return self.filter(convention__state=ConventionState.OPEN).unsigned()

    def unsigned(self):
        """Those for whom somebody has still to sign, or for whom nobody was named."""
        signs = Signatory.objects.current().filter(party=OuterRef("pk"))
        return self.filter(Exists(signs.filter(signature=None)) | ~Exists(signs), left_on=None)


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
    # Whom to write to about it, beside who signs.
    contact_name = models.CharField("personne à contacter", max_length=160, blank=True, default="")
    contact_email = models.EmailField("son adresse", blank=True, default="")
    contact_phone = models.CharField("son téléphone", max_length=30, blank=True, default="")
    # Its own blanks: « Ma structure s’est engagée, à ce jour, sur … ».
    values = models.JSONField("ses variables", default=dict)
    left_on = models.DateField("sortie le", null=True)
    left_reason = models.CharField("motif de sortie", max_length=300, blank=True, default="")

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = "partie"
        constraints = [
            models.UniqueConstraint(fields=["convention", "organisation"], name="party_organisation_unique"),
            models.CheckConstraint(
                name="party_left_says_why", condition=Q(left_on=None, left_reason="") | ~Q(left_reason="")
            ),
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

    def awaited(self):
        """Those of a convention being signed who have not signed."""
        return self.current().filter(party__convention__state=ConventionState.OPEN, signature=None)

    def with_context(self):
        return self.select_related(
            "party__organisation",
            "party__convention__region",
            "party__convention__cohort__region",
            "party__convention__version__template",
            "user",
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
    address_basis = models.CharField(
        "comment on connaît cette adresse", max_length=10, choices=AddressBasis, blank=True, default=""
    )
    quality = models.CharField("qualité", max_length=120)
    power = models.CharField("ce qui lui donne pouvoir de signer", max_length=200)
    power_basis = models.CharField("fondement du pouvoir", max_length=10, choices=PowerBasis, blank=True, default="")
    power_file = models.ForeignKey(
        StoredFile, verbose_name="pièce qui le montre", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Those of a rank sign once the ranks before have; all of one rank, in any order.
    rank = models.PositiveSmallIntegerField("rang", default=1)
    created_at = models.DateTimeField("désigné·e le", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="désigné·e par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    replaced_at = models.DateTimeField("remplacé·e le", null=True)
    replaced_why = models.CharField("pourquoi", max_length=300, blank=True, default="")
    sent_at = models.DateTimeField("lien envoyé le", null=True)
    opened_at = models.DateTimeField("lien ouvert le", null=True)
    reminders = models.PositiveSmallIntegerField("rappels", default=0)
    reminded_on = models.DateField("dernier rappel", null=True)
    bounced_at = models.DateTimeField("courriel revenu le", null=True)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = "signataire"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "email"], condition=Q(replaced_at=None), name="signatory_once_per_party"
            ),
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self):
        return f"{self.first_name} {self.last_name}".strip()
