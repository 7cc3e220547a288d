"""What the invented structures did until the demonstration's day, act by act, in the order of the calendar."""

import random
from datetime import date, timedelta

from autodiag.enums import AnswerKind
from autodiag.models import Answer, Autodiag
from autodiag.services.answers import save_answer, start
from autodiag.services.plan import create_action, update_action
from autodiag.services.submission import submit
from caprse.base import clock
from caprse.demo import consensus, viewpoints
from cohorts.access import Actor
from cohorts.enums import Visibility
from referentiel.models import MaturityLevel

UNKNOWN_SHARE, COMMENT_SHARE, SHARED_SHARE, REVIEW_SHARE = 0.06, 0.4, 0.5, 0.12

# Nouvelle-Aquitaine: structure, chapter, day it starts, days of work, criteria answered (None: all), transmitted.
PATHS = (
    ("passerelle", 1, date(2025, 4, 10), 40, None, True),
    ("sillons", 1, date(2025, 4, 14), 30, None, True),
    ("lingerie", 1, date(2025, 4, 15), 45, None, True),
    ("tardoire", 1, date(2025, 4, 22), 42, None, True),
    ("coup-epaule", 1, date(2025, 5, 5), 33, None, True),
    ("adour", 1, date(2025, 4, 9), 50, None, True),
    ("etabli", 1, date(2025, 5, 12), 28, None, True),
    ("ajoncs", 1, date(2025, 4, 17), 48, None, True),
    ("sillons", 2, date(2025, 7, 3), 60, None, True),
    ("passerelle", 2, date(2025, 7, 4), 70, None, True),
    ("ajoncs", 2, date(2025, 7, 8), 20, 3, False),
    ("lingerie", 2, date(2025, 8, 26), 26, None, True),
    ("tardoire", 2, date(2025, 8, 28), 25, None, True),
    ("coup-epaule", 2, date(2025, 9, 10), 12, None, True),
    ("adour", 2, date(2025, 9, 2), 18, None, True),
    ("etabli", 2, date(2025, 9, 15), 10, 5, False),
    ("sillons", 3, date(2025, 10, 15), 16, None, True),
    ("passerelle", 3, date(2025, 10, 16), 18, 5, False),
    ("lingerie", 3, date(2025, 10, 17), 15, None, False),
    ("tardoire", 3, date(2025, 10, 20), 12, 4, False),
    ("adour", 3, date(2025, 10, 29), 4, 2, False),
    ("clain", 3, date(2025, 10, 20), 10, 2, False),
)
PILOT = (
    ("boutonne", 1, date(2025, 2, 20), 30, None, True),
    ("boutonne", 2, date(2025, 5, 22), 20, 4, False),
)
OCCITANIE = (
    ("lauragais", 1, date(2025, 10, 8), 20, None, True),
    ("astarac", 1, date(2025, 10, 13), 18, 3, False),
    ("rebond", 1, date(2025, 10, 21), 10, 2, False),
)
PERMANENT = (
    ("passerelle", 1, date(2025, 2, 4), 30, None, True),
    ("sillons", 1, date(2025, 3, 18), 20, None, True),
    ("sillons", 2, date(2025, 5, 20), 25, None, False),
)


class Bank:
    """The invented texts, dealt in a fixed order."""

    def __init__(self, data):
        self.practices, self.actions = {}, {}
        for entry in data["practices"]:
            self.practices.setdefault((entry["referentiel"], entry["criterion"]), []).append(entry["text"])
        self.reasons = {(e["referentiel"], e["criterion"]): e["text"] for e in data["na_reasons"]}
        self.comments = [entry["text"] for entry in data["comments"]]
        for entry in data["actions"]:
            key = (entry["referentiel"], entry["criterion"].split(".")[0])
            self.actions.setdefault(key, []).append(entry)


class Storyteller:
    """Plays the acts of one cohort on behalf of its people."""

    def __init__(self, cast, participations, rounds):
        self.cast = cast
        self.bank = Bank(cast.data)
        self.participations = participations
        self.rounds = rounds
        self.dice = None

    def play(self, acts):
        """Every act that has begun by today, each at its own moment."""
        today = clock.today()
        for key, chapter, day, length, count, transmitted in acts:
            if day > today:
                continue
            self.dice = random.Random(f"{key}/{chapter}")  # noqa: S311  the same demonstration each time
            autodiag = self.open(key, chapter, day)
            self.answer(autodiag, key, day, length, count)
            last = day + timedelta(days=length)
            if transmitted and last <= today:
                viewpoints.give_until_transmitted(self.cast, autodiag, key)
                consensus.note_until_transmitted(self.cast, autodiag, key)
                self.transmit(autodiag, key, last)
                self.plan(autodiag, key, last)

    def writers(self, key):
        return [user for user in self.cast.of(key) if any(m.role in ("referent", "contributor") for m in held(user))]

    def open(self, key, chapter, day):
        referent = self.cast.of(key)[0]
        with clock.stopped(clock.at(day, 9, 30)):
            autodiag = start(participation=self.participations[key], round=self.rounds[chapter], by=Actor.of(referent))
            return Autodiag.objects.with_context().get(pk=autodiag.pk)

    def answer(self, autodiag, key, day, length, count):
        """The first `count` criteria, dealt among the structure's people over `length` days."""
        writers = self.writers(key)
        answers = Answer.objects.filter(autodiag=autodiag).for_pages().select_related("criterion__chapter")
        answers = list(answers)[:count]
        for rank, answer in enumerate(answers):
            moment = clock.at(day + timedelta(days=length * rank // len(answers)), 10 + rank % 6, 7 * rank % 60)
            if moment > clock.now():
                return
            answer.autodiag = autodiag
            with clock.stopped(moment):
                by = Actor.of(writers[rank % len(writers)])
                save_answer(answer=answer, revision=answer.revision, by=by, **self.values(answer, autodiag))

    def values(self, answer, autodiag):
        code = autodiag.participation.cohort.version.referentiel.code
        key = (code, answer.criterion.code)
        practices = self.bank.practices.get(key, [""])
        kind, level_id, reason = self.level(answer, key)
        commented = self.dice.random() < COMMENT_SHARE
        shared = self.dice.random() < SHARED_SHARE
        return {
            "kind": kind,
            "level_id": level_id,
            "na_reason": reason,
            "practice": "" if reason else self.dice.choice(practices),
            "to_review": self.dice.random() < REVIEW_SHARE,
            "comment": self.dice.choice(self.bank.comments) if commented else "",
            "comment_visibility": Visibility.FACILITATOR if shared else Visibility.STRUCTURE,
        }

    def level(self, answer, key):
        if key in self.bank.reasons and self.dice.random() < 0.4:
            return AnswerKind.NOT_APPLICABLE, None, self.bank.reasons[key]
        if self.dice.random() < UNKNOWN_SHARE:
            return AnswerKind.UNKNOWN, None, ""
        levels = list(MaturityLevel.objects.filter(criterion=answer.criterion).order_by("value"))
        weights = [2, 4, 3, 1][: len(levels)]
        return AnswerKind.LEVEL, self.dice.choices(levels, weights)[0].pk, ""

    def transmit(self, autodiag, key, day):
        with clock.stopped(clock.at(day, 17, 10)):
            submit(autodiag=autodiag, by=Actor.of(self.cast.of(key)[0]))

    def plan(self, autodiag, key, day):
        """One or two actions from the chapter, one of them moved on since."""
        chapter = autodiag.round.chapter
        code = autodiag.participation.cohort.version.referentiel.code
        entries = self.bank.actions.get((code, str(chapter.number)), [])
        by_code = {criterion.code: criterion for criterion in chapter.criteria.all()}
        people = self.writers(key)
        for rank, entry in enumerate(entries[:2]):
            who = people[rank % len(people)]
            with clock.stopped(clock.at(day + timedelta(days=2), 11)):
                action = create_action(
                    participation=autodiag.participation,
                    by=who,
                    criterion=by_code.get(entry["criterion"]),
                    who=who.full_name,
                    due_on=day + timedelta(days=60 + 90 * rank),
                    visibility=Visibility.FACILITATOR if rank == 0 else Visibility.STRUCTURE,
                    **{name: entry[name] for name in ("what", "why", "means", "indicator")},
                )
            moved = clock.at(day + timedelta(days=40), 15)
            if moved <= clock.now():
                with clock.stopped(moved):
                    status = "done" if chapter.number == 1 and rank == 0 else "in_progress"
                    update_action(action=action, revision=action.revision, by=who, status=status)


def held(user):
    """The roles of a person, whatever the day."""
    return list(user.memberships.all())
