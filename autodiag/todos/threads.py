"""The exchanges in which a person is awaited: one thing to do a chapter, or for all the structures one accompanies."""

from django.urls import reverse

from autodiag.models import Thread
from caprse.base import clock
from caprse.base.text import day_in_words, plural
from caprse.base.todo import Todo, register
from cohorts.roles import Permission

# After the chapter under way, before the pair to name.
EXCHANGES = 22


@register
def exchanges_to_answer(actor, participations):
    """For the structure's référent·e·s, for who accompanies, and for whoever opened an exchange."""
    talks = any(actor.can(Permission.DISCUSS, path) and actor.tools_open(path) for path in participations)
    accompanies = actor.facilitated_cohort_ids or actor.coordinated_region_ids
    if not actor.clause_accepted or not (talks or accompanies):
        return
    waiting = Thread.objects.awaiting_somebody(actor, clock.today()).with_context()
    groups = {}
    for thread in waiting.order_by("last_at", "pk"):
        # Of all the structures one accompanies, the oldest message alone: one answers them in turn.
        groups.setdefault(None if thread.last_from_structure else thread.answer.autodiag_id, []).append(thread)
    for autodiag, threads in groups.items():
        yield of_team(threads) if autodiag is None else of_structure(threads)


def of_structure(threads):
    """What waits in one chapter of one's structure."""
    oldest, count = threads[0], len(threads)
    if count == 1:
        return _todo(oldest, "Répondre à un échange", f"Un message vous attend sur {place(oldest)}.")
    codes = ", ".join(sorted({thread.answer.criterion.code for thread in threads}))
    why = f"Des messages vous attendent sur ces critères : {codes} ({whose(oldest)})."
    region = oldest.participation.cohort.region.slug
    url = reverse("threads", args=[region, oldest.answer.autodiag.public_id])
    return _todo(oldest, f"Répondre à {count} échanges", why, url)


def of_team(threads):
    """What waits of all the structures one accompanies."""
    oldest, others = threads[0], len(threads) - 1
    if not others:
        return _todo(oldest, "Répondre à un échange", f"Un message vous attend sur {place(oldest)}.")
    then = plural(others, "Un autre vous attend ensuite", f"{others} autres vous attendent ensuite")
    return _todo(oldest, f"Répondre à {others + 1} échanges", f"Le plus ancien porte sur {place(oldest)}. {then}.")


def place(thread):
    return f"le critère {thread.answer.criterion.code} ({whose(thread)})"


def whose(thread):
    return f"{thread.participation.organisation.legal_name}, chapitre {thread.answer.autodiag.round.chapter.number}"


def _todo(oldest, title, why, url=None):
    return Todo(
        rank=EXCHANGES,
        title=title,
        why=why,
        url=url or reverse("thread", args=[oldest.participation.cohort.region.slug, oldest.public_id]),
        action="Lire et répondre",
        moment=f"Reçu le {day_in_words(oldest.last_at)}",
        icon="comment",
    )
