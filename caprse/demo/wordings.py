"""Templates of conventions, in the demonstration: one of the region's own, one of the network being rewritten."""

from dataclasses import replace
from datetime import date

from caprse.base import clock
from conventions.enums import TemplateKind
from conventions.models import ConventionTemplate
from conventions.services import templates
from conventions.texts import read_template
from conventions.texts.parts import ArticlePart

TITLE, NETWORK = "Convention CAP RSE Nouvelle-Aquitaine", "charte-engagement"
ARTICLE = "objet"
PUBLISHED, GOING_ON = clock.at(date(2025, 9, 22), 10), clock.at(date(2025, 10, 30), 16)
OURS = (
    "Elle précise aussi comment les structures d’un même bassin de vie travaillent ensemble entre deux journées : une "
    "rencontre par trimestre, chez l’une ou chez l’autre."
)
NEXT = (
    "Elle précise aussi comment les structures d’un même bassin de vie travaillent ensemble entre deux journées : une "
    "rencontre par trimestre, chez l’une ou chez l’autre, et une visite croisée dans l’année."
)
OF_NETWORK = (
    "La charte énonce les principes d’action d’une structure qui demande l’identité visuelle « {identity} », et dit à "
    "quelles conditions elle s’en sert."
)


def write(cast, national, admin):
    """Called once regions and people are there."""
    if clock.now() < GOING_ON:
        return
    region = cast.regions["nouvelle-aquitaine"]
    with clock.stopped(PUBLISHED):
        template = templates.create(title=TITLE, kind=TemplateKind.CONVENTION, region=region, by=admin)
        add(template, OURS, admin)
        draft = draft_of(template)
        templates.publish(draft=draft, revision=draft.revision, by=admin)
    with clock.stopped(GOING_ON):
        say(template, NEXT, admin)
        network = templates.latest_version(NETWORK).template
        templates.start_draft(template=network, by=national)
        say(network, OF_NETWORK, national)


def draft_of(template):
    return ConventionTemplate.objects.get(pk=template.pk).draft


def add(template, words, by):
    """One more clause at the end of an article, for all the parties."""
    article = _article(template)
    last = replace(article.clauses[-1], key="", text=words, roles=(), heading="", proof="")
    _put(template, (*article.clauses, last), by)


def say(template, words, by):
    """Other words in the last clause of the same article."""
    clauses = _article(template).clauses
    _put(template, (*clauses[:-1], replace(clauses[-1], text=words)), by)


def _article(template):
    articles = read_template(draft_of(template).content).articles
    return next(article for article in articles if article.key == ARTICLE)


def _put(template, clauses, by):
    draft = draft_of(template)
    part = ArticlePart(ARTICLE, _article(template).title, clauses)
    templates.edit(draft=draft, seen=part.seen(read_template(draft.content)), part=part, by=by)


class WordingsSide:
    """What one side has of templates, for the replay of the matrix of access."""

    @property
    def region_template(self):
        """Its region's own; its draft is begun again each time it was dropped."""
        template = ConventionTemplate.objects.get(region_id=self.participation.region_id, title=TITLE)
        templates.start_draft(template=template, by=None)
        return template

    @property
    def network_template(self):
        return ConventionTemplate.objects.get(key=NETWORK)
