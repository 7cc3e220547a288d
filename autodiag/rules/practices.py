"""What may be done of a practice, and what its moderator is warned of. Pure: no query."""

import re

from autodiag.enums import PracticeAnswer, PracticeScope, PracticeState
from caprse.base.text import NBSP, normalised
from cohorts.rules import YES, Verdict

CONTACTS_A_DAY = 5
NOT_EVIDENCED = (
    "Une fiche pratique part d’un critère étayé : écrivez d’abord ce que vous faites déjà, enregistrez, puis ajoutez un "
    "justificatif. Personne d’autre ne le lira."
)
WITHDRAWN = "Cette fiche est retirée. Repartez du critère pour en écrire une autre."
TAKEN_BACK = "La structure a repris cette fiche : elle ne se lit plus."
TEXTS = {
    "title": "le titre",
    "what": f"«{NBSP}ce que nous faisons{NBSP}»",
    "how": f"«{NBSP}comment nous nous y sommes pris{NBSP}»",
    "result": f"«{NBSP}ce que cela a changé{NBSP}»",
}
SHORTEST_NAME = 3  # a name of two letters is found in any text


def can_begin(answer, uses):
    """A practice begins on a criterion where the structure wrote what it does, and keeps what shows it."""
    return YES if answer.practice and uses else Verdict(False, NOT_EVIDENCED)


def can_edit(practice):
    """Whatever its state, until it is withdrawn: what others read does not move."""
    return Verdict(False, WITHDRAWN) if practice.state == PracticeState.WITHDRAWN else YES


def is_gone(proposal):
    """Whether the structure took it back, published or not: nobody else reads it any more."""
    return proposal.answer == PracticeAnswer.TAKEN_BACK or proposal.practice.state == PracticeState.WITHDRAWN


def can_answer(proposal):
    """A moderator answers once to what is put forward, as long as the structure has not taken it back."""
    if is_gone(proposal):
        return Verdict(False, TAKEN_BACK)
    if proposal.answer:
        said = PracticeAnswer(proposal.answer).label
        return Verdict(False, f"{proposal.answered_by.full_name} a déjà répondu à cette fiche : elle est {said}.")
    return YES


def can_contact(card, own, sent_today):
    """Who may write to the structure of a practice: others than itself, when it agrees to it, a few times a day."""
    if own:
        return Verdict(False, "Cette fiche est celle de votre structure.")
    if not card.contact:
        return Verdict(False, "La structure de cette fiche n’a pas souhaité être contactée par ce moyen.")
    if sent_today >= CONTACTS_A_DAY:
        return Verdict(
            False,
            f"Vous avez écrit à {CONTACTS_A_DAY} structures aujourd’hui, le maximum pour un jour. Revenez demain.",
        )
    return YES


def content_of(practice):
    """What is put forward of a practice, as it stands."""
    names = ("title", "what", "how", "result", "scope", "signed", "contact")
    return {name: getattr(practice, name) for name in names}


def warnings_of(content, wording, structure, people, alone_as=""):
    """Sentences on what should not leave: words of the référentiel; who it is, in a card that does not say.

    `wording`: the `Protected` one of the version; `people`: full names of those of the structure; `alone_as`: its kind,
    in words, when no other structure among those of the card has it.
    """
    found = []
    if alone_as and not content["signed"]:
        where = "la cohorte" if content["scope"] == PracticeScope.COHORT else "la région"
        found.append(
            f"La fiche est anonyme, mais on y lit le type de la structure, et dans {where} elle est seule de ce type"
            f"{NBSP}: {alone_as}. Vérifiez avec elle qu’elle accepte d’être reconnue."
        )
    for name, where in TEXTS.items():
        if echo := wording.echo_in(content[name]):
            found.append(
                f"Dans {where}, les mots «{NBSP}{echo.words}{NBSP}» sont ceux du référentiel ({echo.where}), réservé "
                "aux adhérents : demandez une autre formulation."
            )
        if not content["signed"] and _holds(content[name], structure):
            found.append(f"La fiche est anonyme, et {where} nomme la structure : «{NBSP}{structure}{NBSP}».")
        found += [
            f"Dans {where}, on lit le nom d’une personne de la structure : «{NBSP}{person}{NBSP}»."
            for person in _named(content[name], people)
            if not content["signed"]
        ]
    return found


def _named(text, people):
    """Those found by their full name, or by their last name as it is written."""
    for person in people:
        last = person.split(" ", 1)[-1]
        alone = len(last) >= SHORTEST_NAME and re.search(rf"(?<!\w){re.escape(last)}(?!\w)", text)
        if _holds(text, person) or alone:
            yield person


def _holds(text, name):
    """Whether a name stands in a text as whole words, whatever its accents and capitals."""
    key = normalised(name)
    return len(key) >= SHORTEST_NAME and re.search(rf"(?<!\w){re.escape(key)}(?!\w)", normalised(text)) is not None
