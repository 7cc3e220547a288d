"""The fixed worlds of templates: one of each side's region, published once, its next version being written."""

from dataclasses import replace

from conventions.enums import TemplateKind
from conventions.models import ConventionTemplate
from conventions.services import templates
from conventions.texts import read_template
from conventions.texts.parts import ArticlePart

NETWORK = "charte-engagement"
MARKERS = {"neighbour": "MARQUEVOISIN", "stranger": "MARQUELOINTAIN"}
OURS = "chez nous"


def build_templates(world, marker):
    """Called for each side once its convention is signed; `marker` stands in every text of theirs."""
    region = world.participation.cohort.region
    title = f"Modèle de {marker or OURS}"
    if ConventionTemplate.objects.filter(title=title, region=region).exists():
        return
    template = templates.create(title=title, kind=TemplateKind.CONVENTION, region=region, by=None)
    say(template, f"{marker} Ce que la région ajoute.".strip())
    templates.publish(draft=draft_of(template), revision=draft_of(template).revision, by=None)
    say(template, f"{marker} Ce que la région ajoutera.".strip())
    network = templates.latest_version(NETWORK).template
    templates.start_draft(template=network, by=None)


def draft_of(template):
    return ConventionTemplate.objects.get(pk=template.pk).draft


def say(template, words):
    """Put these words in the first article, in place of a clause that has no blank."""
    draft = draft_of(template)
    read = read_template(draft.content)
    article = read.articles[0]
    clauses = (*article.clauses[:-1], replace(article.clauses[-1], text=words))
    part = ArticlePart(article.key, article.title, clauses)
    return templates.edit(draft=draft, seen=part.seen(read), part=part, by=None)


class TemplatesOfWorld:
    """What one side has of templates."""

    @property
    def region_template(self):
        """The one of its region that is its own."""
        title = f"Modèle de {MARKERS.get(self.key, OURS)}"
        return ConventionTemplate.objects.get(region_id=self.participation.region_id, title=title)

    @property
    def network_template(self):
        return ConventionTemplate.objects.get(key=NETWORK)
