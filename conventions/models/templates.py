"""What a convention is written from: templates, by versions that never change, and the draft of the next one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from caprse.base import clock
from caprse.base.triggers import append_only
from cohorts.models import Region
from conventions.enums import TemplateKind


class ConventionTemplateQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The network's own, and those of the regions one coordinates."""
        return self.filter(Q(region=None) | Q(region_id__in=actor.coordinated_region_ids))

    def with_versions(self):
        """With its region, its draft and who wrote it last, and its versions, newest first, without their words."""
        versions = TemplateVersion.objects.defer("content").order_by("-number")
        listed = self.select_related("region", "draft__updated_by")
        return listed.prefetch_related(models.Prefetch("versions", versions, to_attr="listed"))


class ConventionTemplate(models.Model):
    """Modèle de convention: a text by articles, with clauses for each kind of party. `region` None: the network's."""

    key = models.SlugField("clé", max_length=60, unique=True)
    title = models.CharField("titre", max_length=160)
    kind = models.CharField("type", max_length=12, choices=TemplateKind, default=TemplateKind.CONVENTION)
    region = models.ForeignKey(Region, verbose_name="région", null=True, on_delete=models.PROTECT, related_name="+")

    objects = ConventionTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "modèle de convention"
        verbose_name_plural = "modèles de convention"
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(name="convention_template_kind_known", condition=Q(kind__in=TemplateKind.values)),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.url()

    def url(self, name="convention_template", *more):
        return reverse(name, args=[self.key, *more])

    @property
    def newest(self):
        """Its version in force, of those that `with_versions` read, or None."""
        return self.listed[0] if self.listed else None

    @property
    def next_version(self):
        """Its draft, or None."""
        return getattr(self, "draft", None)


class TemplateDraft(models.Model):
    """Brouillon d’un modèle: its next version being written. Published, it becomes a version and goes on from there."""

    template = models.OneToOneField(
        ConventionTemplate, verbose_name="modèle", on_delete=models.CASCADE, related_name="draft"
    )
    content = models.JSONField("contenu")
    revision = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField("modifié le", default=clock.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="modifié par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "brouillon de modèle"
        verbose_name_plural = "brouillons de modèle"

    def __str__(self):
        return f"{self.template_id} (brouillon)"


@append_only
class TemplateVersion(models.Model):
    """Version d’un modèle. `content` has the shape that `conventions.texts.read_template` checks."""

    template = models.ForeignKey(
        ConventionTemplate, verbose_name="modèle", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField("numéro")
    content = models.JSONField("contenu")
    sha256 = models.CharField("empreinte du contenu", max_length=64)
    published_at = models.DateTimeField("publiée le", default=clock.now)
    # None: it came with the product.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="publiée par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "version de modèle"
        verbose_name_plural = "versions de modèle"
        ordering = ["template", "number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_number_unique"),
        ]

    def __str__(self):
        return f"{self.template_id} version {self.number}"
