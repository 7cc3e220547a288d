"""The fixed worlds: an exchange a structure, opened by its board member, answered by who accompanies it, then closed."""

from datetime import date, timedelta

from autodiag.models import Thread
from autodiag.rules.threads import STRUCTURE, TEAM
from autodiag.services.threads import close_thread, open_thread, people_awaited, reply
from caprse.base import clock
from cohorts.access import Actor
from cohorts.enums import DatePrecision, MeetingKind, Role
from cohorts.models import Meeting, Membership, User

OPENING = "Question posée dans un échange"
WORDS, ANSWER = "Que faut-il compter ici ?", "Tout ce qui est fait dans l’année."


def build_threads(world, marker=""):
    """On the first criterion; closed, so that nobody is awaited in the worlds."""
    day = date(2025, 4, 28) if world.key == "lapsed" else date(2025, 10, 22)
    asks = world.actor(Role.BOARD_MEMBER)
    with clock.stopped(clock.at(day, 11)):
        criterion = world.draft.round.chapter.criteria.get(position=1)
        thread = open_thread(
            autodiag=world.draft, criterion=criterion, side=STRUCTURE, text=f"{OPENING} {marker}", by=asks
        )
    with clock.stopped(clock.at(day, 14)):
        reply(thread=thread, side=TEAM, text=f"Réponse dans un échange {marker}", by=facilitator_of(world))
    with clock.stopped(clock.at(day, 17)):
        close_thread(thread=thread, by=asks)


def facilitator_of(world):
    """Who accompanies the cohort of this side."""
    key = "stranger" if world.key == "stranger" else "ours"
    return User.objects.get(email=f"facilitator@{key}.example.org")


class ThreadsOfWorld:
    """What one side has here, for the matrix of access and the tests."""

    @property
    def thread(self):
        """The one its board member opened and closed."""
        mine = Thread.objects.with_context().filter(answer__autodiag=self.draft, answer__criterion__position=1)
        return mine.earliest("opened_at", "pk")

    @property
    def message(self):
        """The board member's, which opened it."""
        return self.thread.messages.earliest("written_at", "pk")


# --- For the tests ------------------------------------------------------------------------------------------------


def asked(world, role=Role.CONTRIBUTOR, position=3, text=WORDS, side=STRUCTURE):
    by = facilitator_of(world) if role == Role.FACILITATOR else world.user(role)
    criterion = world.draft.round.chapter.criteria.get(position=position)
    return open_thread(autodiag=world.draft, criterion=criterion, side=side, text=text, by=by)


def from_team(world, **changes):
    return asked(world, Role.FACILITATOR, side=TEAM, **changes)


def leave(user):
    Membership.objects.filter(user=user).update(until=clock.today() - timedelta(days=1))


def end_path(world):
    yesterday = {"precision": DatePrecision.DATE, "day": clock.today() - timedelta(days=1)}
    Meeting.objects.filter(cohort=world.cohort, kind=MeetingKind.CLOSING).update(**yesterday)


def awaited_emails(thread):
    """The addresses of the people awaited, by both readings: the mails' and the pages'."""
    today = clock.today()
    fresh = Thread.objects.with_context().with_turn(today).get(pk=thread.pk)
    told = people_awaited([fresh], today)[thread.pk]
    reads = {
        user.pk
        for user in User.objects.filter(is_active=True)
        if Thread.objects.awaiting_somebody(Actor.of(user), today).filter(pk=thread.pk).exists()
    }
    assert told == reads
    return set(User.objects.filter(pk__in=told).values_list("email", flat=True))
