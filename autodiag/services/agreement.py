"""What a meeting of the structure agrees on: it becomes the answer, and its reason stays."""

from django.db import transaction

from autodiag import rules
from autodiag.models import Answer, Consensus, Viewpoint
from autodiag.services.answers import RoundClosed, save_answer
from caprse.base import journal
from caprse.base.versioned import StaleSave


@transaction.atomic
def agree(*, answer, revision, by, kind, level_id, na_reason, reason):
    """Write the agreed answer, made on `revision`, and the agreement with its reason. Returns the `Consensus`.

    `answer` comes from `answer_to_save`; what it says beside the level stays. The same agreement sent twice is one.
    Raises `StaleSave` when somebody saved in between, `RoundClosed` when the chapter is not open: then nothing is
    written.
    """
    locked = Answer.objects.select_for_update().get(pk=answer.pk)
    last = Consensus.objects.filter(answer=locked).newest_first().first()
    if last and last.stands(locked) and (last.kind, last.level_id, last.reason) == (kind, level_id, reason):
        return last
    if locked.frozen:
        raise RoundClosed(rules.TRANSMITTED)
    if not revision == answer.revision == locked.revision:
        raise StaleSave(locked)
    save_answer(answer=answer, revision=revision, by=by, kind=kind, level_id=level_id, na_reason=na_reason)
    agreement = Consensus.objects.create(
        region_id=answer.region_id,
        participation_id=answer.participation_id,
        answer_id=answer.pk,
        kind=kind,
        level_id=level_id,
        reason=reason,
        voices=Viewpoint.objects.compared().filter(answer=answer).count(),
        noted_by_id=by.user_id,
    )
    details = {"answer": answer.pk, "revision": answer.revision, "voices": agreement.voices}
    journal.record("answer.agreed", agreement, by=by, details=details)
    return agreement
