"""The draft of our référentiel's next version, in the fixed worlds: copied from the first, one text reworded."""

from cohorts.models import User
from referentiel.models import Chapter, Criterion, SurveyQuestion, Version
from referentiel.services import edit_criterion, start_draft
from referentiel.services.questions import release_question, write_question

REWORDED = "Question 1.2, mieux dite ?"
ASKED = ("Que feriez-vous à la place de la direction ?", "Et vous, que feriez-vous ?")
UNRELEASED = ("Qui vous a dit bonjour ce matin ?", "Qui dit bonjour ?")


def build_draft(referentiel, by):
    """The editor prepares version 2."""
    draft = start_draft(referentiel=referentiel, by=by)
    criterion = Criterion.objects.get(chapter__version=draft, code="1.2")
    texts = {name: getattr(criterion, name) for name in ("title", "help", "examples", "evidence_hint", "weight")}
    edit_criterion(criterion=criterion, revision=0, levels={}, by=by, question=REWORDED, **texts)
    build_questions(referentiel, by)


def build_questions(referentiel, by):
    """About criterion 1.1 of the version in force, a question that surveys may ask and one still being written."""
    version = Version.objects.published().filter(referentiel=referentiel).first()
    criterion = Criterion.objects.get(chapter__version=version, code="1.1")
    asked = write_question(criterion=criterion, text=ASKED[0], easy_text=ASKED[1], by=by)
    release_question(question=asked, by_name=by.full_name, by=by)
    write_question(criterion=criterion, text=UNRELEASED[0], easy_text=UNRELEASED[1], by=by)


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

    def _question(self, **state):
        version = self.participation.cohort.version
        return SurveyQuestion.objects.select_related("criterion__chapter").get(
            criterion__chapter__version=version, criterion__code="1.1", **state
        )

    @property
    def unreleased_question(self):
        return self._question(text=UNRELEASED[0])

    @property
    def released_question(self):
        return self._question(text=ASKED[0])

    @property
    def editor(self):
        return User.objects.get(email="editor@ours.example.org")
