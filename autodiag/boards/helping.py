"""Who needs help in a cohort, and why, in words. Pure: facts in, sentences out.

Each reason has a weight; a structure's weights added up give its place in the list. The page shows the same table.
"""

from dataclasses import dataclass
from datetime import timedelta

from caprse.base.text import NBSP, date_in_words, plural

CLOSES_WITHIN = timedelta(days=7)
NOT_STARTED_AFTER = timedelta(days=14)
SILENT_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Kind:
    """A kind of reason: what it weighs, its name in a table, and when it is given, in words."""

    weight: int
    name: str
    when: str


ADHESION = Kind(5, "Adhésion à renouveler", "son adhésion au réseau n’est plus valable")
NOT_CLEARED = Kind(5, "Convention attendue", "un chapitre est ouvert et la structure n’a pas le droit de le commencer")
CLOSED = Kind(5, "Chapitre non transmis", "un chapitre a fermé sans être transmis (pour chaque chapitre)")
CLOSING = Kind(4, "Ferme bientôt", f"un chapitre ferme dans {CLOSES_WITHIN.days} jours ou moins et n’est pas transmis")
NO_REFERENT = Kind(4, "Sans référent·e", "personne n’y est référent·e CAP RSE")
NOT_STARTED = Kind(
    3, "Pas commencé", f"un chapitre lui est ouvert depuis {NOT_STARTED_AFTER.days} jours ou plus et n’est pas commencé"
)
SILENT = Kind(
    2, "Sans activité", f"rien n’a été enregistré depuis {SILENT_AFTER.days} jours ou plus, un chapitre étant ouvert"
)
ALONE = Kind(1, "Une seule personne", "les réponses d’un chapitre ouvert sont toutes d’une même personne")
LATE_ACTIONS = Kind(1, "Actions en retard", "des actions partagées ont dépassé leur date")
KINDS = (ADHESION, NOT_CLEARED, CLOSED, CLOSING, NO_REFERENT, NOT_STARTED, SILENT, ALONE, LATE_ACTIONS)


@dataclass(frozen=True)
class Reason:
    """Why a structure needs help: the sentence shown, and the chapter whose day could be moved, if any."""

    kind: Kind
    words: str
    chapter: int | None = None


def reasons(path, cells, last_activity, today):
    """Every reason to help one structure, the heaviest first.

    `path`: a participation with what `readiness` and `shared_actions` add; `cells`: its chapters, in order;
    `last_activity`: the day of its last one, or None.
    """
    found = [
        *_about_the_structure(path),
        *_about_clearance(cells),
        *(reason for cell in cells for reason in _about_days(cell, today)),
    ]
    if path.adhesion_valid:
        found += _about_work(cells, last_activity, today)
    if path.late_actions:
        found.append(Reason(LATE_ACTIONS, _late_actions(path)))
    return tuple(sorted(found, key=lambda reason: -reason.kind.weight))


def weight(found):
    """What reasons weigh together: the order of the list."""
    return sum(reason.kind.weight for reason in found)


def _about_the_structure(path):
    if not path.adhesion_valid:
        ended = path.adhesion_ended_on
        when = f"L’adhésion a pris fin le {date_in_words(ended)}" if ended else "Aucune adhésion n’est en cours"
        yield Reason(ADHESION, f"{when}{NBSP}: les outils sont fermés à la structure.")
    if not path.has_referent:
        yield Reason(NO_REFERENT, "Personne n’est référent·e CAP RSE dans la structure.")


def _about_clearance(cells):
    waiting = [cell for cell in cells if cell.state == "waiting"]
    if waiting:
        first = waiting[0]
        yield Reason(
            NOT_CLEARED,
            f"Le chapitre {first.number} est ouvert depuis le {date_in_words(first.opens_on)}, mais la convention "
            "n’est pas en vigueur pour la structure.",
        )


def _about_days(cell, today):
    """A chapter that closed, or closes soon, without being transmitted."""
    if cell.state == "late":
        yield Reason(
            CLOSED,
            f"Le chapitre {cell.number} a fermé le {date_in_words(cell.closes_on)}, {_ago(today - cell.closes_on)}, "
            f"{_state(cell)}.",
            cell.number,
        )
    elif cell.is_open and cell.closes_on and cell.closes_on - today <= CLOSES_WITHIN:
        yield Reason(
            CLOSING,
            f"Le chapitre {cell.number} ferme {_ahead(cell.closes_on - today)}, le {date_in_words(cell.closes_on)}"
            f"{NBSP}: {_progress(cell)}.",
            cell.number,
        )


def _about_work(cells, last_activity, today):
    """The first open chapter: not begun for long, nobody there for long, or one person alone."""
    current = next((cell for cell in cells if cell.is_open and cell.state != "waiting"), None)
    if current is None:
        return
    if current.autodiag is None:
        if today - current.since >= NOT_STARTED_AFTER:
            yield Reason(
                NOT_STARTED,
                f"Le chapitre {current.number} est ouvert à la structure depuis {_days(today - current.since)} "
                f"(le {date_in_words(current.since)}) et n’est pas commencé.",
            )
        return
    if last_activity and today - last_activity >= SILENT_AFTER:
        yield Reason(
            SILENT,
            f"Rien n’a été enregistré depuis {_days(today - last_activity)} (le {date_in_words(last_activity)}), "
            f"alors que le chapitre {current.number} est ouvert.",
        )
    if current.autodiag.alone:
        yield Reason(
            ALONE,
            f"Les réponses du chapitre {current.number} sont toutes d’une même personne{NBSP}: tout repose sur elle.",
        )


def _late_actions(path):
    count = path.late_actions
    since = date_in_words(path.late_since)
    if count == 1:
        return f"1 action partagée a dépassé sa date, le {since}."
    return f"{count} actions partagées ont dépassé leur date, la plus ancienne le {since}."


def _state(cell):
    if cell.is_reopened:
        return "pendant sa correction : transmis une première fois, il ne l’est pas de nouveau"
    return f"sans être transmis{NBSP}: {_progress(cell)}"


def _progress(cell):
    if cell.autodiag is None:
        return "il n’est pas commencé"
    answered, total = cell.autodiag.answered, cell.autodiag.total
    return (
        f"{answered} {plural(answered, 'critère', 'critères')} sur {total} {plural(answered, 'a', 'ont')} une réponse"
    )


def _days(length):
    return f"{length.days} {plural(length.days, 'jour', 'jours')}"


def _ago(length):
    return "hier" if length.days == 1 else f"il y a {_days(length)}"


def _ahead(length):
    return {0: "aujourd’hui", 1: "demain"}.get(length.days, f"dans {_days(length)}")
