"""A plan brought in from a workbook: kept, read in the background, confirmed, added whole or not at all."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from autodiag.enums import ActionStatus, ImportState
from autodiag.models import Action, ActionStep, PlanImport
from autodiag.plans import plan_workbook
from autodiag.plans.bringing import read_plan
from autodiag.plans.columns import COLUMNS
from autodiag.services.plan import create_action
from autodiag.services.plan_export import plan_material
from autodiag.services.plan_imports import (
    PLAN_IMPORT,
    NotReady,
    ReadsOtherwise,
    accept_workbook,
    bring_plan,
    confirm_import,
    known_of,
    make_model,
    read_again,
    same_words,
)
from caprse.base import files, jobs, office
from caprse.base.enums import JobState
from caprse.base.models import AuditEvent, Job, StoredFile
from cohorts.enums import Role, Visibility
from cohorts.models import Membership
from referentiel.models import Criterion
from tests.harness.threads import at_once
from tests.plan_files import FULL, workbook
from tests.worlds import TODAY, World


@pytest.fixture
def ours(db):
    return World("ours")


def bring(world, rows, by=Role.CONTRIBUTOR, name="plan.xlsx"):
    upload = accept_workbook(name, workbook(rows))
    return bring_plan(participation=world.participation, by=world.actor(by), upload=upload)


def ready(world, rows):
    brought = bring(world, rows)
    jobs.run(Job.objects.get(kind=PLAN_IMPORT, payload={"plan_import": brought.pk}).pk)
    return PlanImport.objects.select_related("file", "participation__cohort").get(pk=brought.pk)


def confirm(world, brought):
    return confirm_import(brought=brought, by=world.actor(Role.CONTRIBUTOR))


def test_a_workbook_whose_reading_was_given_up_may_be_brought_again(ours):
    first = bring(ours, [{"Quoi": "A"}])
    Job.objects.filter(payload={"plan_import": first.pk}).update(state=JobState.FAILED)
    again = bring(ours, [{"Quoi": "A"}])
    assert again.pk != first.pk
    jobs.run(Job.objects.get(payload={"plan_import": again.pk}).pk)
    again.refresh_from_db()
    assert again.state == ImportState.READY


def test_what_a_plan_may_name_is_read_in_three_queries(ours, queries):
    with queries(3):
        known = known_of(ours.participation)
    assert known.people[f"{Role.CONTRIBUTOR}@ours.example.org"] == ours.user(Role.CONTRIBUTOR).pk
    assert not any("facilitator" in address or "neighbour" in address for address in known.people)
    assert known.references == set(
        Action.objects.filter(participation=ours.participation).values_list("public_id", flat=True)
    )


def test_a_workbook_is_read_in_the_background_then_added_whole(ours):
    full = {**FULL, "Pilote (adresse e-mail)": ours.user(Role.CONTRIBUTOR).email, "Critère": "2.3"}
    brought = ready(ours, [full, {"Quoi": "Une autre", "Où en est-on": "faite"}])
    assert (brought.state, brought.report["errors"]) == (ImportState.READY, [])
    assert not Action.objects.filter(what="Une autre").exists()
    done = confirm(ours, brought)
    assert (done.state, done.confirmed_by) == (ImportState.DONE, ours.user(Role.CONTRIBUTOR))
    made = Action.objects.get(what="Former les encadrants")
    assert (made.budget, made.due_on, made.status) == (Decimal("1200.50"), date(2026, 6, 30), ActionStatus.BLOCKED)
    assert (made.criterion.code, made.pilot, made.created_by) == ("2.3", *[ours.user(Role.CONTRIBUTOR)] * 2)
    assert made.visibility == Visibility.FACILITATOR
    assert [(step.text, bool(step.done_at)) for step in ActionStep.objects.filter(action=made)] == [
        ("Choisir la date", False),
        ("Inviter", True),
    ]
    assert Action.objects.get(what="Une autre").done_on == TODAY
    lines = AuditEvent.objects.filter(verb="action.created", details={"import": done.pk})
    assert set(lines.values_list("target_id", flat=True)) == {made.pk, Action.objects.get(what="Une autre").pk}
    assert AuditEvent.objects.get(verb="plan_import.confirmed", target_id=done.pk).details["actions"] == 2


def test_a_workbook_with_one_error_adds_nothing(ours):
    brought = ready(ours, [{"Quoi": "Juste"}, {"Quoi": "Fausse", "Pour quand": "un jour"}])
    assert brought.state == ImportState.REFUSED
    with pytest.raises(NotReady):
        confirm(ours, brought)
    assert not Action.objects.filter(what="Juste").exists()


def test_confirmed_twice_at_once_it_is_added_once(committed_db):
    ours = World("ours")
    brought = ready(ours, [{"Quoi": "Une seule fois"}])
    given = at_once(*[lambda: confirm(ours, brought).state] * 3)
    assert set(given) == {ImportState.DONE}
    assert Action.objects.filter(what="Une seule fois").count() == 1


def test_the_same_file_sent_twice_while_it_waits_is_one_import(ours):
    upload = accept_workbook("plan.xlsx", workbook([{"Quoi": "A"}]))
    sent = {"participation": ours.participation, "by": ours.actor(Role.CONTRIBUTOR), "upload": upload}
    first = bring_plan(**sent)
    assert bring_plan(**sent).pk == first.pk
    read_again(brought=first)
    assert bring_plan(**sent).pk == first.pk
    assert Job.objects.filter(kind=PLAN_IMPORT, payload={"plan_import": first.pk}).count() == 1
    assert bring(ours, [{"Quoi": "B"}]).pk != first.pk


def test_once_added_it_may_come_again_and_the_page_says_it_is_there_already(ours):
    confirm(ours, ready(ours, [{"Quoi": "Déjà là"}]))
    again = ready(ours, [{"Quoi": "DEJA LÀ"}, {"Quoi": "Neuve"}])
    assert same_words(again) == ["DEJA LÀ"]


def test_what_changed_since_it_was_read_is_shown_again_before_anything_is_added(ours):
    brought = ready(ours, [{"Quoi": "À deux", "Pilote (adresse e-mail)": ours.user(Role.BOARD_MEMBER).email}])
    Membership.objects.filter(user=ours.user(Role.BOARD_MEMBER)).update(until=date(2025, 11, 1))
    with pytest.raises(ReadsOtherwise):
        confirm(ours, brought)
    assert not Action.objects.filter(what="À deux").exists()
    assert read_again(brought=brought).state == ImportState.REFUSED


def exported(world):
    """The plan as its export gives it, marked as every file that leaves."""
    made = office.render_xlsx(plan_workbook(plan_material(world.actor(Role.REFERENT), world.participation)))
    return office.mark_xlsx(made, "Remis à Nadia Benali – n° 2025-000001")


def add_full(world):
    criterion = Criterion.objects.filter(chapter__version=world.participation.cohort.version).first()
    return create_action(
        participation=world.participation,
        by=world.actor(Role.REFERENT),
        criterion=criterion,
        what="=1+1 puis autre chose",
        why="Deux lignes\nici",
        due_on=date(2026, 6, 30),
        pilot_id=world.user(Role.CONTRIBUTOR).pk,
        budget=Decimal("1200.50"),
        status=ActionStatus.BLOCKED,
        status_reason="Pas de salle",
        visibility=Visibility.FACILITATOR,
        steps=["Un", "Deux"],
    )


def test_the_export_of_a_plan_brought_again_changes_nothing(ours):
    add_full(ours)
    before = sorted(map(repr, Action.objects.values_list()))
    upload = accept_workbook("plan.xlsx", exported(ours))
    brought = bring_plan(participation=ours.participation, by=ours.actor(Role.REFERENT), upload=upload)
    brought = read_again(brought=brought)
    assert brought.report["errors"] == []
    assert (len(brought.report["known"]), brought.report["rows"]) == (3, [])
    confirm(ours, brought)
    assert sorted(map(repr, Action.objects.values_list())) == before


def test_the_export_without_its_references_says_every_field_again(ours):
    action = add_full(ours)
    book = openpyxl.load_workbook(io.BytesIO(exported(ours)))
    page = book.worksheets[0]
    column = [cell.value for cell in page[1]].index("Référence") + 1
    for row in range(2, page.max_row + 1):
        page.cell(row, column).value = None
    kept = io.BytesIO()
    book.save(kept)
    reading = read_plan(kept.getvalue(), known_of(ours.participation))
    assert reading.errors == []
    row = next(row for row in reading.rows if row["what"] == action.what)
    assert (row["pilot"], row["criterion"], row["budget"]) == (action.pilot_id, action.criterion_id, "1200.50")
    assert (row["why"], row["due_on"], row["status_reason"]) == (action.why, "2026-06-30", "Pas de salle")
    assert (row["visibility"], [step["text"] for step in row["steps"]]) == ("facilitator", ["Un", "Deux"])


def test_a_reference_of_another_structure_is_unknown_here(ours):
    theirs = World("neighbour").action.public_id
    brought = ready(ours, [{"Quoi": "A", "Référence": theirs}])
    assert brought.report["errors"][0]["cell"] == "P2"


def test_the_file_is_the_structures_alone(ours):
    brought = bring(ours, [{"Quoi": "A"}])
    for role in (Role.CONTRIBUTOR, Role.FACILITATOR):
        assert not StoredFile.objects.visible_to(ours.actor(role)).filter(pk=brought.file_id).exists()
    for actor in (ours.actor(Role.BOARD_MEMBER), World("neighbour").actor(Role.REFERENT)):
        rows = PlanImport.objects.visible_to(actor).filter(pk=brought.pk)
        assert rows.exists() == actor.is_insider(ours.participation)
    assert not PlanImport.objects.visible_to(World("stranger").actor(Role.FACILITATOR)).filter(pk=brought.pk).exists()


def test_the_model_filled_in_is_read_and_its_examples_are_right(ours):
    stored = make_model(participation=ours.participation, by=ours.actor(Role.CONTRIBUTOR))
    book = openpyxl.load_workbook(io.BytesIO(files.read(stored)))
    assert [cell.value for cell in book.worksheets[0][1]] == [column.title for column in COLUMNS][:-1]
    accepted = [cell.value for cell in book.worksheets[2]["B"]]
    for word in ("bloquée", Visibility.STRUCTURE.label, ours.user(Role.REFERENT).email, "2.3"):
        assert word in accepted
    page = book.worksheets[0]
    example = [cell.value for cell in book.worksheets[1][2]]
    for rank, value in enumerate(example, start=1):
        page.cell(2, rank, value)
    page.cell(2, 4, ours.user(Role.REFERENT).email)
    kept = io.BytesIO()
    book.save(kept)
    reading = read_plan(kept.getvalue(), known_of(ours.participation))
    assert reading.errors == []
    assert reading.rows[0]["what"] == COLUMNS[0].example


def test_a_thousand_actions_enter_in_a_few_statements(ours, queries):
    brought = ready(ours, [{"Quoi": f"A{rank}", "Étapes": "Un\nDeux"} for rank in range(1000)])
    with queries(max=120):
        confirm(ours, brought)
    assert Action.objects.filter(participation=ours.participation, what__startswith="A").count() >= 1000
