"""Exchanges on a criterion: who may write, close and reopen, and whose turn it is. Pure: no query."""

from caprse.base import access
from caprse.base.text import day_in_words
from cohorts.rules import YES, Verdict

STRUCTURE, TEAM = "structure", "team"

LEFT = "La structure a quitté cette cohorte : ses échanges restent lisibles, on n’y écrit plus."
OVER = "Le parcours est terminé : les échanges restent lisibles, on n’y écrit plus."
UNREADABLE = (
    "L’adhésion de la structure au réseau n’est plus à jour : elle ne peut pas lire ses échanges. "
    "Ils reprendront dès le renouvellement."
)


def sides_of(roles):
    """The sides a person may speak for, from the roles they hold towards the path. Two for who wears two hats."""
    sides = ((STRUCTURE, access.STRUCTURE), (TEAM, access.REGIONAL))
    return tuple(side for side, held in sides if not roles.isdisjoint(held))


def can_write(path):
    """An exchange goes on while the structure is in its cohort, the path is not over, and it can read the answer.

    The transmission of the chapter does not end it: one talks about what was transmitted. `path` comes from
    `path_to_talk_on()`.
    """
    if path.left_on:
        return Verdict(False, LEFT)
    if not path.ahead:
        return Verdict(False, OVER)
    return YES if path.adhesion_valid else Verdict(False, UNREADABLE)


def can_reply(thread, path):
    """A closed exchange takes no message more, whoever writes."""
    if thread.closed_at:
        return Verdict(
            False,
            f"Cet échange a été clos le {day_in_words(thread.closed_at)} par {thread.opened_by.full_name}, "
            "qui l’avait ouvert : on n’y écrit plus.",
        )
    return can_write(path)


def can_close(thread, user_id):
    """Who opened an exchange closes it, whatever the moment, and nobody else. `thread` comes from `with_turn()`."""
    return _of_opener(thread, user_id, "le clore")


def can_reopen(thread, user_id, path):
    """The same person opens it again, as long as one may write."""
    verdict = _of_opener(thread, user_id, "le rouvrir")
    return verdict and can_write(path)


def _of_opener(thread, user_id, act):
    if thread.opened_by_id == user_id:
        return YES
    said = f"Cet échange a été ouvert par {thread.opened_by.full_name}, qui peut seul·e {act}."
    if not thread.opener_here:
        said += (
            " Cette personne ne suit plus le parcours : l’échange reste tel qu’il est, et n’attend plus personne dès "
            "qu’une réponse y est donnée."
        )
    return Verdict(False, said)


def awaited(thread):
    """The side whose answer is awaited, or None. `thread` comes from `with_turn()`.

    Each side answers the other until who opened the exchange closes it. When they have left, the answer to them is
    the last word: nobody could close it any more.
    """
    if thread.closed_at or thread.last_from_structure is None:
        return None
    if not thread.opener_here and thread.last_from_structure != thread.opened_from_structure:
        return None
    return TEAM if thread.last_from_structure else STRUCTURE
