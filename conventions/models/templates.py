"""What a convention is written from: templates, by versions that never change."""

from django.db import models

from caprse.base import clock
from caprse.base.triggers import append_only


class ConventionTemplate(models.Model):
    """Modèle de convention: a text by articles, with clauses for each kind of party."""

    key = models.SlugField("clé", max_length=60, unique=True)
    title = models.CharField("titre", max_length=160)

    class Meta:
        verbose_name = "modèle de convention"
        verbose_name_plural = "modèles de convention"
        ordering = ["key"]

    def __str__(self):
        return self.title


@append_only
class TemplateVersion(models.Model):
    """Version d’un modèle. `content` has the shape that `conventions.documents.read_template` checks."""

    template = models.ForeignKey(
        ConventionTemplate, verbose_name="modèle", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField("numéro")
    content = models.JSONField("contenu")
    sha256 = models.CharField("empreinte du contenu", max_length=64)
    published_at = models.DateTimeField("publiée le", default=clock.now)

    class Meta:
        verbose_name = "version de modèle"
        verbose_name_plural = "versions de modèle"
        ordering = ["template", "number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_number_unique"),
        ]

    def __str__(self):
        return f"{self.template_id} version {self.number}"
