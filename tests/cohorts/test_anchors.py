"""The anchor columns of a row follow the row it hangs on; on PostgreSQL the database itself holds them."""

import pytest
from django.db import IntegrityError, connection, transaction

from autodiag.models import Answer, AnswerChange, Autodiag, Comment, Submission
from tests.worlds import World

ANCHORED = (Answer, AnswerChange, Autodiag, Comment, Submission)


@pytest.mark.parametrize("model", ANCHORED)
def test_services_fill_the_anchors(db, model):
    for row in model.objects.select_related("participation"):
        assert row.region_id == row.participation.region_id


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no composite key on existing tables")
@pytest.mark.parametrize("model", [Answer, Comment, Autodiag])
def test_a_row_cannot_be_moved_to_another_region(db, model):
    far = World("stranger").participation.region_id
    row = model.objects.exclude(region_id=far).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(region_id=far)
        connection.check_constraints()


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no composite key on existing tables")
def test_an_answer_cannot_be_moved_to_another_structure(db):
    neighbour = World("neighbour").participation.pk
    answer = World("ours").answer(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(participation_id=neighbour)
        connection.check_constraints()
    assert World("ours").answer(1).pk == answer.pk
