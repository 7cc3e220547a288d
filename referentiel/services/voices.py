"""Writes on the groups of voices of a draft: the whole list, in one save."""

from django.db import transaction

from caprse.base import journal
from caprse.base.ids import new_public_id
from referentiel.documents import groups_stamp
from referentiel.models import VoiceGroup
from referentiel.services.versions import hold_draft

GROUPS_EDITED = "voice_groups.edited"


class StaleGroups(Exception):
    """Somebody saved the list in between. `current` holds the groups as they stand now."""

    def __init__(self, current):
        super().__init__("stale groups")
        self.current = current


@transaction.atomic
def set_voice_groups(*, version, seen, groups, by=None):
    """Replace the groups of a draft by `groups`: (stable identifier or "", name, surveyed), in order.

    A group known in the référentiel keeps its identifier from version to version. `seen` is the `groups_stamp` of the
    list the person changed. Returns the groups. Raises `StaleGroups`, and `NotEditable` once the version is published.
    """
    held = hold_draft(version.pk)
    current = list(held.voice_groups.all())
    if seen != groups_stamp(held):
        raise StaleGroups(current)
    known = VoiceGroup.objects.filter(version__referentiel=held.referentiel_id)
    free = set(known.values_list("stable_id", flat=True))
    rows = []
    for position, (stable_id, name, surveyed) in enumerate(groups, start=1):
        kept = stable_id if stable_id in free else new_public_id()
        free.discard(kept)
        rows.append(VoiceGroup(version=held, position=position, name=name, surveyed=surveyed, stable_id=kept))
    if _said(rows) == _said(current):
        return current
    held.voice_groups.all().delete()
    VoiceGroup.objects.bulk_create(rows)
    journal.record(GROUPS_EDITED, held, by=by, details={"count": len(rows)})
    return rows


def _said(groups):
    return [(group.stable_id, group.name, group.surveyed) for group in groups]
