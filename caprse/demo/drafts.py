"""The next version of the demonstration's référentiel, being prepared by the person it was entrusted to."""

from datetime import date
from functools import cached_property

from caprse.base import clock
from cohorts.models import EditorGrant
from referentiel.models import Chapter, Criterion, SurveyQuestion, Version
from referentiel.services import edit_chapter, edit_criterion, start_draft

STARTED_ON = date(2025, 10, 20)
TEXTS = ("title", "question", "help", "examples", "evidence_hint", "weight")
# What the invented structures found hard to read, said better.
REWORDED = {
    "1.3": {
        "question": "Qui siège à votre CA, et que faites-vous pour que de nouvelles personnes y trouvent leur place ?",
        "levels": {
            0: "Les mêmes personnes portent fidèlement la structure depuis longtemps ; personne de nouveau ne s’est "
            "présenté ces trois dernières années."
        },
    },
    "1.4": {
        "examples": "Dans une AI, une fiche d’une page par sujet est envoyée avant la séance : la question, les choix "
        "possibles, l’effet sur les parcours. Dans un ACI, le CA relit en ouverture les décisions de la fois d’avant.",
    },
    "2.1": {"weight": 2},
    # Emptied to be written again: publication will ask for it.
    "2.2": {"levels": {3: ""}},
}
SUMMARY = (
    "Ce qui donne le sens et la direction : un projet d’insertion que l’on sait dire, un CA vivant qui se renouvelle, "
    "des rôles clairs et une place pour la parole de chacun·e."
)


def prepare(referentiel, editor):
    """Copy the published version, reword a few texts, leave one unfinished."""
    if clock.today() < STARTED_ON:
        return
    with clock.stopped(clock.at(STARTED_ON, 10)):
        draft = start_draft(referentiel=referentiel, by=editor)
        chapter = Chapter.objects.get(version=draft, number=1)
        texts = {"title": chapter.title, "short_title": chapter.short_title, "summary": SUMMARY}
        edit_chapter(chapter=chapter, revision=chapter.revision, by=editor, **texts)
        criteria = Criterion.objects.filter(chapter__version=draft, code__in=REWORDED)
        for criterion in criteria.select_related("chapter").prefetch_related("levels"):
            changes = dict(REWORDED[criterion.code])
            levels = changes.pop("levels", {})
            texts = {**{name: getattr(criterion, name) for name in TEXTS}, **changes}
            edit_criterion(criterion=criterion, revision=criterion.revision, levels=levels, by=editor, **texts)


class DraftSide:
    """What `caprse.access_matrix` asks of the draft of the référentiel a structure follows."""

    @cached_property
    def draft_version(self):
        return Version.objects.drafts().get(referentiel=self.participation.cohort.version.referentiel_id)

    @cached_property
    def draft_chapter(self):
        return Chapter.objects.get(version=self.draft_version, number=1)

    @cached_property
    def draft_criterion(self):
        return Criterion.objects.get(chapter=self.draft_chapter, position=1)

    @property
    def _questions(self):
        known = SurveyQuestion.objects.filter(criterion__chapter__version=self.participation.cohort.version)
        return known.select_related("criterion__chapter").in_order()

    @property
    def unreleased_question(self):
        return self._questions.filter(released_at=None).first()

    @property
    def released_question(self):
        return self._questions.released().first()

    @cached_property
    def editor(self):
        """The only person it is entrusted to."""
        grants = EditorGrant.objects.in_force(clock.now()).select_related("user")
        return grants.filter(content_object=self.participation.cohort.version.referentiel_id).get().user
