"""The draft of our référentiel's next version, in the fixed worlds: copied from the first, one text reworded."""

from cohorts.models import User
from referentiel.models import Chapter, Criterion, Version
from referentiel.services import edit_criterion, start_draft

REWORDED = "Question 1.2, mieux dite ?"


def build_draft(referentiel, by):
    """The editor prepares version 2."""
    draft = start_draft(referentiel=referentiel, by=by)
    criterion = Criterion.objects.get(chapter__version=draft, code="1.2")
    texts = {name: getattr(criterion, name) for name in ("title", "help", "examples", "evidence_hint", "weight")}
    edit_criterion(criterion=criterion, revision=0, levels={}, by=by, question=REWORDED, **texts)


class DraftSide:
    """What the matrix of access finds on the draft of the référentiel a structure follows."""

    @property
    def draft_version(self):
        referentiel = self.participation.cohort.version.referentiel
        return Version.objects.drafts().select_related("referentiel").get(referentiel=referentiel)

    @property
    def draft_chapter(self):
        return Chapter.objects.get(version=self.draft_version, number=1)

    @property
    def draft_criterion(self):
        return Criterion.objects.select_related("chapter").get(chapter=self.draft_chapter, position=1)

    @property
    def editor(self):
        return User.objects.get(email="editor@ours.example.org")
