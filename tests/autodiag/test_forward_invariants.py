"""What the database itself refuses of a plan, a sharing, a practice: rows no service would write."""

import pytest
from django.db import DatabaseError, transaction

from autodiag.enums import SharingKind
from autodiag.services.plan_imports import accept_workbook, bring_plan
from cohorts.enums import Role
from tests.plan_files import workbook
from tests.worlds import World
from tests.worlds_sharings import shared

WORDS = {"title": "Un carnet de bord", "text": "Chaque équipe le tient."}


@pytest.fixture
def ours(db):
    return World("ours")


def told(world, kind):
    return shared(world, kind=kind, **WORDS)


def brought(world):
    upload = accept_workbook("plan.xlsx", workbook([{"Quoi": "A"}]))
    return bring_plan(participation=world.participation, by=world.actor(Role.REFERENT), upload=upload)


ROWS = {
    "sharing": lambda ours: ours.sharing,
    "step forward": lambda ours: told(ours, SharingKind.STEP_FORWARD),
    "difficulty": lambda ours: told(ours, SharingKind.DIFFICULTY),
    "practice": lambda ours: ours.practice,
    "proposal": lambda ours: ours.practice.proposals.get(),
    "card": lambda ours: ours.practice_card,
    "action": lambda ours: ours.full_action,
    "import": brought,
    "presentation": lambda ours: ours.presentation,
}


@pytest.mark.parametrize(
    ("which", "wrong"),
    [
        ("sharing", {"title": ""}),
        ("sharing", {"kind": "whole_life"}),
        ("step forward", {"text": ""}),
        ("difficulty", {"text": ""}),
        ("practice", {"scope": "world"}),
        ("practice", {"scope": ""}),
        ("practice", {"state": "moderated"}),
        ("proposal", {"answer": "perhaps"}),
        ("card", {"title": ""}),
        ("card", {"what": ""}),
        ("card", {"scope": "world"}),
        ("card", {"scope": ""}),
        ("action", {"status": "forgotten"}),
        ("action", {"visibility": "everybody"}),
        ("import", {"state": "half"}),
        ("presentation", {"audience": "press"}),
    ],
)
def test_the_database_refuses_what_no_service_writes(ours, which, wrong):
    row = ROWS[which](ours)
    before = type(row).objects.filter(pk=row.pk).values().get()
    with pytest.raises(DatabaseError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**wrong)
    assert type(row).objects.filter(pk=row.pk).values().get() == before
