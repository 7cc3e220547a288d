"""Notre pourquoi: the few lines in which a structure says why it exists, and for whom."""

from django.db import transaction

from caprse.base import clock, journal
from caprse.base.versioned import StaleSave, guarded_update
from cohorts.models import Organisation, Purpose


@transaction.atomic
def set_purpose(*, organisation, revision, text, by):
    """Write the purpose of a structure; an empty text takes it away. Returns it.

    `revision` is 0 while there is none. The same words sent twice are written once. Raises `StaleSave` when somebody
    saved in between.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    known = Purpose.objects.filter(organisation=organisation).first()
    if known and known.text == text:
        return known
    signed = {"updated_at": clock.now(), "updated_by_id": by.user_id}
    if known:
        guarded_update(known, revision=revision, text=text, **signed)
    elif revision:
        raise StaleSave(Purpose(organisation=organisation))
    else:
        anchors = {"region_id": organisation.region_id, "organisation": organisation}
        known = Purpose.objects.create(**anchors, revision=1, text=text, **signed)
    journal.record("purpose.set", known, by=by, details={"revision": known.revision})
    return known
