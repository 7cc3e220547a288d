"""The anchor columns of a row follow the row it hangs on; on PostgreSQL the database itself holds them."""

import pytest
from django.db import IntegrityError, connection, transaction

from autodiag.models import Answer, AnswerChange, Autodiag, Comment, Remark, Submission
from cohorts.models import FollowupNote, Need, Resource, Share
from tests.worlds import World


def change_now(model, pk, **values):
    """Change a row and have the database check it at once, not at commit."""
    with transaction.atomic():
        model.objects.filter(pk=pk).update(**values)
        connection.check_constraints()


ANCHORED = (Answer, AnswerChange, Autodiag, Comment, FollowupNote, Remark, Submission)
OF_A_COHORT = (Need, Resource, Share)


@pytest.mark.parametrize("model", ANCHORED)
def test_services_fill_the_anchors(db, model):
    for row in model.objects.select_related("participation"):
        assert row.region_id == row.participation.region_id


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no composite key on existing tables")
@pytest.mark.parametrize("model", [Answer, Comment, Autodiag, FollowupNote, Remark, *OF_A_COHORT])
def test_a_row_cannot_be_moved_to_another_region(db, model):
    far = World("stranger").participation.region_id
    row = model.objects.exclude(region_id=far).first()
    with pytest.raises(IntegrityError):
        change_now(model, row.pk, region_id=far)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no composite key on existing tables")
def test_an_answer_cannot_be_moved_to_another_structure(db):
    neighbour = World("neighbour").participation.pk
    answer = World("ours").answer(1)
    with pytest.raises(IntegrityError):
        change_now(Answer, answer.pk, participation_id=neighbour)
    assert World("ours").answer(1).pk == answer.pk


@pytest.mark.parametrize("model", OF_A_COHORT)
def test_what_passes_between_a_region_and_partners_carries_the_region_of_its_cohort(db, model):
    rows = list(model.objects.select_related("cohort"))
    assert rows
    assert all(row.region_id == row.cohort.region_id for row in rows)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no composite key on existing tables")
def test_a_share_cannot_give_the_resource_of_another_cohort(db):
    share, far = World("ours").share, World("stranger").share
    with pytest.raises(IntegrityError):
        change_now(Share, share.pk, resource_id=far.resource_id)
    assert World("ours").share.resource_id == share.resource_id
