"""Writes on référentiels: versions (the ones below), questions to be asked without an account, groups of voices."""

from referentiel.services.versions import (
    CHANGED_MEANWHILE,
    CHAPTER_EDITED,
    CRITERION_EDITED,
    USUAL_GROUPS,
    NotEditable,
    edit_chapter,
    edit_criterion,
    import_version,
    publish,
    start_draft,
)

__all__ = [
    "CHANGED_MEANWHILE",
    "CHAPTER_EDITED",
    "CRITERION_EDITED",
    "USUAL_GROUPS",
    "NotEditable",
    "edit_chapter",
    "edit_criterion",
    "import_version",
    "publish",
    "start_draft",
]
