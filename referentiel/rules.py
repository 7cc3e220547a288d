"""May a draft be changed, may it be published; and if not, why. Pure: no query."""

from caprse.base.text import plural
from referentiel.enums import VersionState

FROZEN = "Cette version est publiée : sa rédaction ne change plus. Une correction se fait dans la version suivante."
DRAFT_EXISTS = "Ce référentiel a déjà un brouillon."
NOTHING_TO_COPY = "Ce référentiel n’a encore aucune version publiée : il n’y a rien à reprendre."
ALREADY_PUBLISHED = "Cette version est déjà publiée."
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
