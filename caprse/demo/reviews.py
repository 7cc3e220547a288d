"""The demonstration: what is answered to each transmission; one chapter returned with reasons, corrected, sent again."""

from datetime import date, timedelta

from autodiag.enums import AnswerKind, Decision
from autodiag.models import Answer, Autodiag, Submission
from autodiag.services.answers import save_answer, state_of
from autodiag.services.reviews import review
from autodiag.services.submission import submit
from caprse.base import clock
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import Membership
from referentiel.models import MaturityLevel

# Structure and chapter: returned on a day, with a new last day; corrected and transmitted again on another.
RETURNED = ("passerelle", 2)
RETURNED_AT, NEW_LAST_DAY, AGAIN_AT = (
    clock.at(date(2025, 10, 2), 11),
    date(2025, 10, 24),
    clock.at(date(2025, 10, 23), 17),
)
# The latest chapter: whoever accompanies the cohort has not read it yet.
STILL_TO_READ = 3
DAYS_TO_READ = 6
WORDS = (
    "Merci à toute l’équipe. Je retiens ce que vous dites de l’accueil : parlez-en au prochain regroupement, d’autres "
    "structures se posent la question.",
    "",
    "Bien reçu. Vous avez gardé les désaccords dans vos commentaires, c’est précieux pour la suite.",
    "Merci. Nous reparlerons des critères sans niveau pendant le suivi individuel.",
)
REASONS = (
    "Merci pour ce travail, on sent que l’équipe s’est réunie : vos pratiques sont décrites avec précision.\n\n"
    "Deux points à reprendre ensemble, sans refaire tout le chapitre : le critère {codes}. Vous décrivez ce que vous "
    "faites, mais le niveau choisi n’en tient pas compte. Qu’en disent les personnes qui le vivent tous les jours ?\n\n"
    "Prenez le temps : le chapitre est rouvert jusqu’au 24 octobre."
)
CORRECTED = (
    "Nous avons relu les deux critères avec l’atelier. Ce que nous pensions « en projet » se fait déjà depuis le "
    "printemps : le niveau et la pratique sont corrigés."
)
PRACTICE = "Depuis le printemps, l’équipe s’y tient chaque semaine, avec un point rapide le lundi matin."


def write(cast, paths, rounds):
    """Every answer of the story that is past, in the order of the transmissions."""
    sent = Submission.objects.filter(autodiag__round__in=rounds.values(), participation__in=paths.values())
    names = {path.pk: key for key, path in paths.items()}
    sent = sent.select_related("autodiag__round__chapter").order_by("submitted_at", "pk")
    for rank, submission in enumerate(list(sent)):
        key, chapter = names[submission.participation_id], submission.autodiag.round.chapter.number
        by = facilitator_of(submission)
        if (key, chapter) == RETURNED:
            send_back(submission, by, Actor.of(cast.of(key)[0]))
        elif chapter != STILL_TO_READ:
            note(submission, by, WORDS[rank % len(WORDS)])


def facilitator_of(submission):
    cohort = submission.autodiag.round.cohort_id
    return Membership.objects.filter(role=Role.FACILITATOR, cohort=cohort).order_by("pk").first().user


def note(submission, by, text):
    """Read a few days after it was transmitted."""
    moment = submission.submitted_at + timedelta(days=DAYS_TO_READ)
    if moment <= clock.now():
        with clock.stopped(moment):
            review(submission=submission, decision=Decision.NOTED, text=text, by=by)


def send_back(submission, by, referent):
    """Returned with reasons and a new last day, then corrected and transmitted again."""
    if clock.now() < RETURNED_AT:
        return
    answers = to_correct(submission.autodiag)
    codes = " et le critère ".join(answer.criterion.code for answer in answers)
    with clock.stopped(RETURNED_AT):
        review(
            submission=submission,
            decision=Decision.RETURNED,
            text=REASONS.format(codes=codes),
            by=by,
            closes_on=NEW_LAST_DAY,
        )
    if clock.now() < AGAIN_AT:
        return
    with clock.stopped(AGAIN_AT - timedelta(hours=2)):
        for answer in to_correct(submission.autodiag):
            raise_level(answer, referent)
    with clock.stopped(AGAIN_AT):
        submit(autodiag=submission.autodiag, by=referent, reason=CORRECTED)


def to_correct(autodiag):
    """The two answers of the story: those of the lowest levels."""
    found = Autodiag.objects.with_context().get(pk=autodiag.pk)
    answers = Answer.objects.filter(autodiag=found, kind=AnswerKind.LEVEL).for_pages()
    lowest = sorted(answers, key=lambda answer: (answer.level.value, answer.criterion.position))[:2]
    for answer in lowest:
        answer.autodiag = found
    return lowest


def raise_level(answer, by):
    levels = MaturityLevel.objects.filter(criterion=answer.criterion, value__gt=answer.level.value).order_by("value")
    said = {**state_of(answer), "level_id": levels.first().pk, "practice": PRACTICE, "to_review": False}
    save_answer(answer=answer, revision=answer.revision, by=by, **said)


class ReviewsSide:
    """What the matrix of access is played on."""

    @property
    def to_review(self):
        """The chapter whose transmission waits for an answer; the first one transmitted when none does."""
        waiting = (
            Submission.objects.waiting().filter(participation=self.participation).order_by("-submitted_at").first()
        )
        return Autodiag.objects.with_context().get(pk=waiting.autodiag_id) if waiting else self.submitted

    def take_away_reviews(self):
        """The replay answers to nothing: its empty forms are refused."""
