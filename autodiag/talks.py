"""The exchanges of a chapter as its page shows them, criterion by criterion. Pure: the rows come from the doors."""

from dataclasses import dataclass

from autodiag.rules.threads import awaited


@dataclass(frozen=True)
class Talk:
    """One exchange: its opening message, its last one when there are several, how many, and the side awaited."""

    thread: object
    first: object
    last: object
    number: int
    turn: object

    @property
    def between(self):
        """How many messages stand between the two shown."""
        return max(self.number - 2, 0)


@dataclass(frozen=True)
class Topic:
    """One criterion and its exchanges, the open ones first."""

    criterion: object
    talks: list

    @property
    def standing(self):
        return sum(talk.thread.closed_at is None for talk in self.talks)


def topics(criteria, threads, ends):
    """Every criterion: those with an open exchange first, then those whose exchanges are closed, then the others.

    `threads` come from `of_chapter()` and `with_turn()`; `ends` are their first and last messages.
    """
    messages = {}
    for message in ends:
        messages.setdefault(message.thread_id, []).append(message)
    talks = {}
    for thread in sorted(threads, key=lambda one: one.closed_at is not None):
        talks.setdefault(thread.criterion_id, []).append(_talk(thread, messages[thread.pk]))
    found = [Topic(criterion, talks.get(criterion.pk, [])) for criterion in criteria]
    return sorted(found, key=lambda topic: (not topic.standing, not topic.talks, topic.criterion.position))


def _talk(thread, messages):
    first, last = messages[0], messages[-1]
    return Talk(thread, first, last if last is not first else None, first.number, awaited(thread))
