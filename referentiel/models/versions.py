"""Référentiels: what a structure assesses itself against, version by version.

No foreign key to a person: a published version outlives the account that published it.
"""

from django.db import models

from caprse.base.access import REGIONAL, STRUCTURE, Audience
from caprse.base.ids import new_public_id
from caprse.base.triggers import frozen_when, refuse
from referentiel.enums import Framework, VersionState

# Whoever works with the tools reads published versions; drafts are the national staff's.
READERS = frozenset({*STRUCTURE, *REGIONAL, Audience.NATIONAL_STAFF})


# A published version never changes: the database holds it, presentation help apart.
PUBLISHED = "EXISTS (SELECT 1 FROM referentiel_version v WHERE v.id = {id} AND v.state <> 'draft')"
OF_CHAPTER = PUBLISHED.format(id="(SELECT c.version_id FROM referentiel_chapter c WHERE c.id = {row}.chapter_id)")
OF_VERSION = PUBLISHED.format(id="{row}.version_id")
OF_CRITERION = (
    "EXISTS (SELECT 1 FROM referentiel_criterion k JOIN referentiel_chapter c ON c.id = k.chapter_id "
    "JOIN referentiel_version v ON v.id = c.version_id WHERE k.id = {row}.criterion_id AND v.state <> 'draft')"
)


class Referentiel(models.Model):
    """Référentiel: a structured set of chapters and criteria, CAP RSE, Le Cap or another."""

    code = models.SlugField("code", max_length=30, unique=True)
    title = models.CharField("titre", max_length=120)
    notice = models.CharField("mention affichée sur chaque page", max_length=160, blank=True, default="")

    class Meta:
        verbose_name = "référentiel"

    def __str__(self):
        return self.title


class VersionQuerySet(models.QuerySet):
    def readable_by(self, audiences):
        """Versions these audiences may read: published ones for members, drafts too for national staff."""
        if Audience.NATIONAL_STAFF in audiences:
            return self
        if READERS.isdisjoint(audiences):
            return self.none()
        return self.exclude(state=VersionState.DRAFT)

    def drafts(self):
        return self.filter(state=VersionState.DRAFT)

    def published(self):
        """Published versions, the newest first."""
        return self.filter(state=VersionState.PUBLISHED).order_by("-number")

    def with_content(self):
        """Everything a version holds, in a constant number of queries whatever its size."""
        return self.select_related("referentiel").prefetch_related(
            "scale",
            "voice_groups",
            "chapters__sections",
            "chapters__criteria__section",
            "chapters__criteria__levels",
            "chapters__criteria__indicators",
            "chapters__criteria__correspondences",
        )


@refuse("reopen", "UPDATE OF state", "OLD.state <> 'draft' AND NEW.state = 'draft'")
@refuse(
    "facts",
    "UPDATE OF referentiel_id, number, published_at, published_by, content_hash",
    "OLD.state <> 'draft'",
)
@refuse("delete", "DELETE", "OLD.state <> 'draft'")
class Version(models.Model):
    """Version d’un référentiel: immutable once published; a running diagnostic stays on its own."""

    referentiel = models.ForeignKey(
        Referentiel, verbose_name="référentiel", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField("numéro")
    state = models.CharField("état", max_length=10, choices=VersionState, default=VersionState.DRAFT)
    published_at = models.DateTimeField("publiée le", null=True)
    published_by = models.CharField("publiée par", max_length=160, blank=True, default="")
    content_hash = models.CharField("empreinte du contenu", max_length=64, blank=True, default="")

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version"
        ordering = ["referentiel", "number"]
        constraints = [
            models.UniqueConstraint(fields=["referentiel", "number"], name="version_number_unique"),
            models.UniqueConstraint(
                fields=["referentiel"],
                condition=models.Q(state=VersionState.DRAFT),
                name="version_one_draft_at_a_time",
            ),
            models.CheckConstraint(
                name="version_published_has_date_author_and_hash",
                condition=models.Q(state=VersionState.DRAFT, published_at=None, published_by="", content_hash="")
                | (
                    ~models.Q(state=VersionState.DRAFT)
                    & models.Q(published_at__isnull=False)
                    & ~models.Q(published_by="")
                    & ~models.Q(content_hash="")
                ),
            ),
        ]

    def __str__(self):
        return f"{self.referentiel} – version {self.number}"


@frozen_when(OF_VERSION, "version_id", "value", "label")
class ScaleStep(models.Model):
    """Degré de l’échelle: the name of a maturity level, common to all criteria of a version."""

    version = models.ForeignKey(Version, verbose_name="version", on_delete=models.PROTECT, related_name="scale")
    value = models.PositiveSmallIntegerField("valeur")
    label = models.CharField("nom", max_length=60)

    class Meta:
        verbose_name = "degré de l’échelle"
        verbose_name_plural = "degrés de l’échelle"
        ordering = ["version", "value"]
        constraints = [models.UniqueConstraint(fields=["version", "value"], name="scale_step_unique")]

    def __str__(self):
        return self.label


@frozen_when(OF_VERSION, "version_id", "stable_id", "position", "name", "surveyed")
class VoiceGroup(models.Model):
    """Groupe de voix: whose point of view counts, as the version says: direction, board, permanent staff…"""

    version = models.ForeignKey(Version, verbose_name="version", on_delete=models.PROTECT, related_name="voice_groups")
    stable_id = models.CharField("identifiant stable", max_length=12, default=new_public_id, editable=False)
    position = models.PositiveSmallIntegerField("ordre")
    name = models.CharField("nom", max_length=60)
    surveyed = models.BooleanField("peut répondre par un questionnaire sans compte", default=False)

    class Meta:
        verbose_name = "groupe de voix"
        verbose_name_plural = "groupes de voix"
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="voice_group_position_unique"),
            models.UniqueConstraint(fields=["version", "name"], name="voice_group_name_unique"),
        ]

    def __str__(self):
        return self.name


@frozen_when(OF_VERSION, "version_id", "stable_id", "number", "title")
class Chapter(models.Model):
    """Chapitre (or theme): what a round works on."""

    version = models.ForeignKey(Version, verbose_name="version", on_delete=models.PROTECT, related_name="chapters")
    stable_id = models.CharField("identifiant stable", max_length=12, default=new_public_id, editable=False)
    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("titre", max_length=120)
    short_title = models.CharField("titre court", max_length=30)
    summary = models.TextField("présentation", blank=True, default="")
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "chapitre"
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="chapter_number_unique"),
            models.UniqueConstraint(fields=["version", "stable_id"], name="chapter_stable_id_unique"),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


@frozen_when(OF_CHAPTER, "chapter_id", "stable_id", "number", "title")
class Section(models.Model):
    """Sous-thème: groups the criteria of a chapter."""

    chapter = models.ForeignKey(Chapter, verbose_name="chapitre", on_delete=models.PROTECT, related_name="sections")
    stable_id = models.CharField("identifiant stable", max_length=12, default=new_public_id, editable=False)
    number = models.PositiveSmallIntegerField("numéro")
    title = models.CharField("titre", max_length=120)

    class Meta:
        verbose_name = "sous-thème"
        ordering = ["chapter", "number"]
        constraints = [models.UniqueConstraint(fields=["chapter", "number"], name="section_number_unique")]

    def __str__(self):
        return self.title


@frozen_when(OF_CHAPTER, "chapter_id", "section_id", "stable_id", "code", "position", "title", "question", "weight")
class Criterion(models.Model):
    """Critère: one assessable item, with its question and its described levels."""

    chapter = models.ForeignKey(Chapter, verbose_name="chapitre", on_delete=models.PROTECT, related_name="criteria")
    section = models.ForeignKey(Section, verbose_name="sous-thème", on_delete=models.PROTECT, related_name="criteria")
    stable_id = models.CharField("identifiant stable", max_length=12, default=new_public_id, editable=False)
    code = models.CharField("code", max_length=10)
    position = models.PositiveSmallIntegerField("ordre dans le chapitre")
    title = models.CharField("titre", max_length=120)
    question = models.CharField("question", max_length=300)
    weight = models.PositiveSmallIntegerField("poids", default=1)
    # Presentation help: may be improved without a new version.
    help = models.TextField("pour comprendre", blank=True, default="")
    examples = models.TextField("exemples", blank=True, default="")
    evidence_hint = models.TextField("ce qui peut l’appuyer", blank=True, default="")
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "critère"
        ordering = ["chapter", "position"]
        constraints = [
            models.UniqueConstraint(fields=["chapter", "position"], name="criterion_position_unique"),
            models.UniqueConstraint(fields=["chapter", "code"], name="criterion_code_unique"),
            models.CheckConstraint(name="criterion_weight_positive", condition=models.Q(weight__gte=1)),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"


@frozen_when(OF_CRITERION, "criterion_id", "value", "description")
class MaturityLevel(models.Model):
    """Niveau de maturité: what one would see in a structure at this value, for one criterion."""

    criterion = models.ForeignKey(Criterion, verbose_name="critère", on_delete=models.PROTECT, related_name="levels")
    value = models.PositiveSmallIntegerField("valeur")
    description = models.TextField("description")

    class Meta:
        verbose_name = "niveau de maturité"
        verbose_name_plural = "niveaux de maturité"
        ordering = ["criterion", "value"]
        constraints = [models.UniqueConstraint(fields=["criterion", "value"], name="maturity_level_unique")]

    def __str__(self):
        return f"{self.criterion.code} niveau {self.value}"


@frozen_when(OF_CRITERION, "criterion_id", "stable_id", "position", "title", "unit")
class Indicator(models.Model):
    """Indicateur: a figure that helps to answer a criterion."""

    criterion = models.ForeignKey(
        Criterion, verbose_name="critère", on_delete=models.PROTECT, related_name="indicators"
    )
    stable_id = models.CharField("identifiant stable", max_length=12, default=new_public_id, editable=False)
    position = models.PositiveSmallIntegerField("ordre")
    title = models.CharField("intitulé", max_length=160)
    unit = models.CharField("unité", max_length=30, blank=True, default="")
    help = models.TextField("comment le calculer", blank=True, default="")

    class Meta:
        verbose_name = "indicateur"
        ordering = ["criterion", "position"]
        constraints = [models.UniqueConstraint(fields=["criterion", "position"], name="indicator_position_unique")]

    def __str__(self):
        return self.title


@frozen_when(OF_CRITERION, "criterion_id", "framework", "number")
class Correspondence(models.Model):
    """Correspondance: the number of a domain or goal of another frame that a criterion answers to."""

    criterion = models.ForeignKey(
        Criterion, verbose_name="critère", on_delete=models.PROTECT, related_name="correspondences"
    )
    framework = models.CharField("cadre", max_length=20, choices=Framework)
    number = models.PositiveSmallIntegerField("numéro")

    class Meta:
        verbose_name = "correspondance"
        ordering = ["criterion", "framework", "number"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "framework", "number"], name="correspondence_unique")
        ]

    def __str__(self):
        return f"{self.get_framework_display()} {self.number}"
