"""May a draft be changed, may it be published; and if not, why. Pure: no query."""

from caprse.base.text import plural
from referentiel.enums import VersionState

FROZEN = "Cette version est publiée : sa rédaction ne change plus. Une correction se fait dans la version suivante."
DRAFT_EXISTS = "Ce référentiel a déjà un brouillon."
NOTHING_TO_COPY = "Ce référentiel n’a encore aucune version publiée : il n’y a rien à reprendre."
ALREADY_PUBLISHED = "Cette version est déjà publiée."
LEAST_GROUPS, MOST_GROUPS = 2, 15  # of voices: one compares them, and reads them on one page
NO_CRITERION = "Cette version ne contient aucun critère."


def why_not_edited(version):
    """Why the wording of a version can no longer change; "" for a draft."""
    return "" if version.state == VersionState.DRAFT else FROZEN


def why_not_published(version, missing):
    """Why a version cannot be published, `missing` being what it still lacks; "" when it can."""
    if version.state != VersionState.DRAFT:
        return ALREADY_PUBLISHED
    if not any(chapter.criteria.all() for chapter in version.chapters.all()):
        return NO_CRITERION
    if missing:
        first, others = missing[0], len(missing) - 1
        more = f", et {others} {plural(others, 'autre texte', 'autres textes')}" if others else ""
        return f"Il manque, pour publier : {first.where}, {first.what}{more}."
    return ""


# --- Questions asked without an account ---------------------------------------------------------------------------

NOT_IN_FORCE = (
    "Les questions à diffuser s’écrivent sur la version en vigueur, et une autre version l’est maintenant. "
    "Elle a repris les questions déjà écrites."
)
DELETED = "Cette question a été supprimée entre-temps."
ALREADY_RELEASED = "Cette question est déjà à diffuser."
FIXED = "Cette question est à diffuser : son texte ne change plus. Retirez-la, puis écrivez-en une autre."
NEVER_RELEASED = "Cette question n’a jamais été à diffuser : vous pouvez la supprimer."
ALREADY_WITHDRAWN = "Cette question est déjà retirée."
KEPT = "Cette question a été à diffuser : elle se retire, elle ne se supprime pas."
EASY_WORDS = 15


def why_not_released(question, protected):
    """Why a question cannot be asked to people whom no clause binds; "" when it can.

    `protected` indexes the texts of the référentiel it must not repeat.
    Source: convention, article 2.4: the référentiel is for member structures only.
    """
    if question.withdrawn_at:
        return ALREADY_WITHDRAWN
    if question.released_at:
        return ALREADY_RELEASED
    return why_not_its_own(question, protected)


def why_not_its_own(question, protected):
    """Why a question is not a text of its own, with the words to change; "" when it is."""
    for what, text in (("La question", question.text), ("La question facile à lire", question.easy_text)):
        if echo := protected.echo_in(text):
            return (
                f"{what} reprend le référentiel, réservé aux adhérents : « {echo.words} » ({echo.where}). "
                "Dites-le avec d’autres mots."
            )
    return ""


def why_hard_to_read(words):
    """A kind remark on the easy text, `words` being how many it has; "" when it is short enough."""
    if words <= EASY_WORDS:
        return ""
    return (
        f"La question facile à lire compte {words} mots. Jusqu’à {EASY_WORDS}, elle se lit d’un coup d’œil. "
        "Vous pouvez la garder ainsi."
    )


def why_not_rewritten(question):
    """Why the text of a question can no longer change; "" while nobody was asked."""
    return FIXED if question.released_at else ""


def why_not_withdrawn(question):
    """Why a question cannot be withdrawn; "" when it can."""
    if question.withdrawn_at:
        return ALREADY_WITHDRAWN
    return "" if question.released_at else NEVER_RELEASED


def why_not_deleted(question):
    """Why a question cannot be deleted; "" when it can."""
    return KEPT if question.released_at else ""


# --- Library of proposed actions ----------------------------------------------------------------------------------

NO_LONGER_A_CRITERION = "Ce critère n’est pas dans la version en vigueur : on ne lui propose plus d’action."
NO_SUCH_LEVEL = "Ce niveau n’est pas dans l’échelle de la version en vigueur."
PROPOSAL_WITHDRAWN = "Cette action est déjà retirée."
PROPOSAL_OFFERED = "Cette action est déjà proposée."
PROPOSAL_KEPT = "Cette action est retirée : son texte ne change plus. Proposez-la de nouveau pour la modifier."


def why_not_shown_outside(texts, protected):
    """Why an action cannot be in a document to be shown outside, with the words to change; "" when it can.

    `texts`: pairs of what each is called and what it says. Source: convention, article 2.4.
    """
    for what, text in texts:
        if echo := protected.echo_in(text):
            return (
                f"« {what} » reprend le référentiel, réservé aux adhérents : « {echo.words} » ({echo.where}). "
                "Dites-le avec d’autres mots, ou décochez cette case."
            )
    return ""


def why_not_proposed(criterion, level, values):
    """Why an action cannot be written here, `values` being those of the scale in force; "" when it can."""
    if criterion is None:
        return NO_LONGER_A_CRITERION
    return "" if level in values else NO_SUCH_LEVEL


def why_not_reworded(proposal):
    """Why the words of a proposed action can no longer change; "" while it is offered."""
    return PROPOSAL_KEPT if proposal.withdrawn_at else ""
