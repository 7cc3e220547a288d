"""A plan as a workbook, a PDF, a calendar: every field, the structure's words, and only what its asker may read."""

import io
import subprocess
from datetime import date, datetime

import icalendar
import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from autodiag.enums import ActionStatus, AdoptedBy
from autodiag.models import Action, ActionStep, PlanAdoption, PlanRhythm
from autodiag.plans import PlanFormat, PlanMaterial, plan_calendar, plan_paper, plan_workbook
from autodiag.plans.bringing import read_plan
from autodiag.plans.columns import BY_KEY, COLUMNS, MORE, TITLES
from autodiag.services.exports import request_plan_export
from autodiag.services.plan import create_action
from autodiag.services.plan_export import NothingToExport, outward_material, plan_document, plan_material
from autodiag.services.plan_imports import known_of
from autodiag.services.reporting import withheld_of
from caprse.base import clock, files, jobs
from caprse.base.enums import JobState
from caprse.base.models import Job
from cohorts.enums import Role, Visibility
from cohorts.models import Purpose
from tests.action_in_full import action_in_full
from tests.document_text import words_of
from tests.worlds import PRIVATE, World

FORMULA = '=HYPERLINK("http://ailleurs.example")'
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "ics": "text/calendar",
}


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def full(ours):
    return action_in_full(ours)


def material(world, role=Role.REFERENT):
    return plan_material(world.actor(role), world.participation)


def rows_of(content):
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    titles, *rows = page.iter_rows(values_only=True)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def row_of(content, reference):
    return next(row for row in rows_of(content) if row[BY_KEY["public_id"].title] == reference)


def words(content):
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(told.stdout.decode().replace("\xa0", " ").split())


def document(world, form, role=Role.REFERENT):
    return plan_document(material(world, role), PlanFormat(form))[1]


def paper_text(paper):
    return repr(paper).replace("\\xa0", " ")


# --- The workbook -------------------------------------------------------------------------------------------------


def test_the_titles_of_the_columns_are_those_that_bring_a_plan_in():
    assert TITLES[:6] == ("Quoi", "Pourquoi", "Qui", "Pilote (adresse e-mail)", "Pour quand", "À partir du")
    assert len(set(TITLES)) == len(TITLES)


def test_every_field_of_an_action_is_in_the_workbook_as_what_it_is(ours, full):
    row = row_of(document(ours, "xlsx"), full.public_id)
    assert list(row) == [column.title for column in (*COLUMNS, *MORE)]
    assert row["Quoi"] == "Ouvrir un groupe d’achats"
    assert row["Pilote (adresse e-mail)"] == ours.user(Role.REFERENT).email
    assert (row["Pour quand"], row["À partir du"]) == (datetime(2026, 6, 30), datetime(2026, 1, 5))
    assert row["Budget (euros)"] == 1500.5
    assert (row["Où en est-on"], row["Raison"]) == ("bloquée", "Le fournisseur ne répond pas")
    assert row["Critère"].split()[0] == full.criterion.code
    assert row["Autres critères"].split()[0] == ours.answer(2).criterion.code
    assert row["Qui peut lire"] == Visibility.FACILITATOR.label
    assert row["Étapes"] == "Choisir les produits (faite)\nDemander trois devis"
    assert row["Nouvelles"].startswith("02/11/2025, ")
    assert row["Nouvelles"].endswith("Le premier devis est là")
    assert not {None, ""} & {row[title] for title in TITLES}, "nothing of it is left out"


def test_an_action_with_six_empty_fields_is_a_row_with_empty_cells(ours):
    bare = create_action(participation=ours.participation, by=ours.actor(Role.REFERENT), what=FORMULA)
    row = row_of(document(ours, "xlsx"), bare.public_id)
    assert row["Quoi"] == FORMULA
    assert {row[title] for title in ("Pourquoi", "Qui", "Pour quand", "Budget (euros)", "Étapes", "Critère")} == {None}


def test_one_row_an_action_in_the_order_of_its_days(ours, full):
    rows = rows_of(document(ours, "xlsx"))
    expected = Action.objects.filter(participation=ours.participation).in_order().values_list("public_id", flat=True)
    assert [row["Référence"] for row in rows] == list(expected)
    assert len(rows) == 3


def test_who_accompanies_has_what_is_shared_and_no_address(ours, full):
    content = document(ours, "xlsx", Role.FACILITATOR)
    rows = rows_of(content)
    assert {row["Qui peut lire"] for row in rows} == {Visibility.FACILITATOR.label}
    assert row_of(content, full.public_id)["Pilote (adresse e-mail)"] == ours.user(Role.REFERENT).full_name
    assert PRIVATE not in repr(rows)
    assert PRIVATE in repr(rows_of(document(ours, "xlsx")))


def test_an_exported_plan_is_read_again_mark_included(ours, full):
    create_action(
        participation=ours.participation,
        by=ours.actor(Role.REFERENT),
        what="Une date seulement",
        due_on=date(2026, 2, 1),
    )
    stored = ask(ours, "xlsx").result
    _, content = files.hand_over(stored, actor=ours.actor(Role.REFERENT), acting_for="Régie")
    again = read_plan(content, known_of(ours.participation))
    assert (again.errors, again.rows, len(again.known)) == ([], [], 4), "the actions are there already"
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell in book.active[get_column_letter(TITLES.index("Référence") + 1)][1:]:
        cell.value = None
    stream = io.BytesIO()
    book.save(stream)
    anew = read_plan(stream.getvalue(), known_of(ours.participation))
    assert anew.errors == []
    expected = Action.objects.filter(participation=ours.participation).values_list("what", flat=True)
    assert {row["what"] for row in anew.rows} == {what.strip() for what in expected}


# --- The document for the board -----------------------------------------------------------------------------------


def test_the_document_says_each_action_whole(ours, full):
    told = words(document(ours, "pdf"))
    for text in (
        "Notre plan d’actions",
        "Ce qui est bloqué",
        "Ouvrir un groupe d’achats",
        "Nos fournisseurs sont loin",
        "à partir du 5 janvier 2026, pour le 30 juin 2026",
        "Une demi-journée par mois",
        "1 500,50 €",
        "Trois commandes ensemble",
        "Le fournisseur ne répond pas",
        "Choisir les produits (faite)",
        "Le premier devis est là",
    ):
        assert text in told


def test_a_day_past_is_said_kindly_unless_nothing_more_is_expected(ours, full, clock_at):
    assert "date passée" not in paper_text(plan_paper(material(ours)))
    clock_at(datetime(2026, 7, 2, 9, tzinfo=clock.PARIS))
    assert "pour le 30 juin 2026 (date passée, à reprendre)" in paper_text(plan_paper(material(ours)))
    Action.objects.filter(pk=full.pk).update(status=ActionStatus.ABANDONED)
    assert "date passée" not in paper_text(plan_paper(material(ours)))


def test_it_says_who_adopted_the_plan_when_it_is_read_over_and_why_we_do_this(ours, full):
    path, by = ours.participation, ours.user(Role.REFERENT)
    mine = {"participation": path, "region_id": path.region_id}
    last = PlanAdoption.objects.filter(participation=path).count()
    PlanAdoption.objects.create(
        number=last + 1,
        content={"actions": []},
        content_hash="0" * 64,
        adopted_on=date(2025, 10, 28),
        body=AdoptedBy.ASSEMBLY,
        noted_by=by,
        noted_by_name=by.full_name,
        **mine,
    )
    PlanRhythm.objects.update_or_create(participation=path, defaults={**mine, "months": 3, "next_on": date(2026, 2, 3)})
    Purpose.objects.update_or_create(
        organisation=ours.organisation,
        defaults={"region_id": path.region_id, "text": "Donner du travail à chacun·e", "updated_by": by},
    )
    told = paper_text(plan_paper(material(ours)))
    assert "Plan adopté le 28 octobre 2025 par l’assemblée générale" in told
    assert "3 février 2026" in told
    assert "Donner du travail à chacun·e" in told
    shared = paper_text(plan_paper(material(ours, Role.FACILITATOR)))
    assert "Plan adopté" not in shared
    assert "Donner du travail" not in shared
    assert "Actions partagées du plan" in shared
    assert PRIVATE not in shared


def test_a_plan_is_for_members_and_says_so(ours):
    notice = ours.participation.cohort.version.referentiel.notice
    assert notice
    assert plan_paper(material(ours)).notice == notice


# --- To be shown outside --------------------------------------------------------------------------------------------


def outward(world):
    return outward_material(world.actor(Role.REFERENT), world.participation)


@pytest.mark.parametrize("form", PlanFormat.values)
def test_outside_it_says_what_the_structure_wrote_and_keeps_the_rest_inside(ours, full, form):
    content = plan_document(outward(ours), PlanFormat(form))[1]
    told = content.replace(b"\r\n ", b"").decode() if form == "ics" else words_of(content, form)
    for said in ("Ouvrir un groupe d’achats", "Une demi-journée par mois", "Trois commandes ensemble", "Samira"):
        assert said in told
    kept = (
        *("Le fournisseur ne répond pas", "Deux voisines", "1500.5", "1 500", "Demander trois devis"),
        *("Le premier devis", full.criterion.title, ours.user(Role.REFERENT).email, "Mention ESSAI", "Qui peut lire"),
    )
    assert [text for text in kept if text in told] == []


def test_outside_no_day_is_said_to_be_past(ours, full, clock_at):
    clock_at(datetime(2026, 7, 2, 9, tzinfo=clock.PARIS))
    assert "date passée" in paper_text(plan_paper(material(ours)))
    assert "date passée" not in paper_text(plan_paper(outward(ours)))


def test_outside_whoever_follows_an_action_is_named_when_nobody_else_is(ours, full):
    Action.objects.filter(pk=full.pk).update(who="")
    line = next(line for line in outward(ours).lines if line.public_id == full.public_id)
    assert line.who == ours.user(Role.REFERENT).full_name


@pytest.mark.parametrize("field", ["what", "why", "means", "indicator"])
def test_outside_what_repeats_the_wording_stays_in(ours, full, field):
    wording = full.criterion.question
    Action.objects.filter(pk=full.pk).update(**{field: wording})
    for form in ("pdf", "xlsx"):
        assert wording not in words_of(plan_document(outward(ours), PlanFormat(form))[1], form)
    shown = [line for line in outward(ours).lines if line.public_id == full.public_id]
    assert len(shown) == (0 if field == "what" else 1), "an action whose first words stay out leaves whole"
    assert [one.action for one in withheld_of(ours.actor(Role.REFERENT), ours.participation)] == [full.public_id]


def test_outside_a_plan_of_which_nothing_may_be_shown_is_not_made(ours, full):
    Action.objects.filter(participation=ours.participation).update(what=full.criterion.question)
    with pytest.raises(NothingToExport, match="Dites-les avec vos mots"):
        outward(ours)


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_both_editions_bear_the_mentions_of_the_structure(ours, full, form):
    for read in (material(ours), outward(ours)):
        assert "Association loi 1901" in words_of(plan_document(read, PlanFormat(form))[1], form)


# --- The calendar -------------------------------------------------------------------------------------------------


def events_of(content):
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


def test_each_action_to_come_is_a_whole_day(ours, full):
    (event,) = events_of(document(ours, "ics"))
    assert str(event["UID"]) == f"{full.public_id}@cap-rse"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 6, 30), date(2026, 7, 1))
    assert event["DTSTAMP"].dt == full.updated_at
    assert str(event["SUMMARY"]) == "Ouvrir un groupe d’achats"
    assert "Samira, achats" in str(event["DESCRIPTION"])
    assert "Le fournisseur ne répond pas" in str(event["DESCRIPTION"])
    assert not event.walk("VALARM")


@pytest.mark.parametrize("status", [ActionStatus.DONE, ActionStatus.ABANDONED])
def test_what_is_over_is_in_no_diary(ours, full, status):
    done_on = date(2025, 11, 1) if status == ActionStatus.DONE else None
    Action.objects.filter(pk=full.pk).update(status=status, done_on=done_on)
    with pytest.raises(NothingToExport, match="Aucune action à venir n’a de date"):
        document(ours, "ics")


def test_what_was_typed_ends_no_line_of_the_calendar(ours):
    text = "Un, deux; trois\\quatre\nEND:VEVENT\r\nATTACH:http://ailleurs.example"
    create_action(
        participation=ours.participation,
        by=ours.actor(Role.REFERENT),
        what=text[:300],
        means=text,
        due_on=date(2026, 1, 2),
    )
    content = document(ours, "ics")
    (event,) = events_of(content)
    assert "ATTACH" not in event
    assert str(event["SUMMARY"]) == text.replace("\r\n", "\n")
    assert content.count(b"END:VEVENT\r\n") == 1


# --- All of them --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", PlanFormat.values)
def test_the_same_plan_gives_the_same_bytes(ours, full, form):
    assert document(ours, form) == document(ours, form)


@pytest.mark.parametrize("count", [1, 3])
def test_a_plan_is_read_in_as_many_queries_whatever_its_length(ours, full, queries, count):
    path, actor = ours.participation, ours.actor(Role.REFERENT)
    for n in range(count):
        action = create_action(participation=path, by=actor, what=f"Autre {n}")
        ActionStep.objects.create(
            action=action, participation=path, region_id=path.region_id, position=1, text="Une étape"
        )
    reader = ours.actor(Role.REFERENT)
    assert reader.is_insider(path)
    with queries(8):
        plan_material(reader, path)


def test_an_empty_plan_is_not_exported(ours):
    path = ours.participation
    empty = plan_material(ours.actor(Role.REFERENT), path)
    for form in PlanFormat:
        with pytest.raises(NothingToExport, match="pas encore d’action"):
            plan_document(type(empty)(**{**vars(empty), "lines": ()}), form)


def ask(world, form, role=Role.REFERENT):
    job = request_plan_export(participation=world.participation, by=world.actor(role), form=PlanFormat(form))
    jobs.run(job.pk)
    return Job.objects.select_related("result").get(pk=job.pk)


@pytest.mark.parametrize("form", PlanFormat.values)
def test_the_work_leaves_a_file_that_is_never_one_to_show_outside(ours, full, form):
    job = ask(ours, form)
    assert (job.state, job.result.media_type, job.result.publishable) == (JobState.DONE, MEDIA[form], False)
    assert job.result.name.startswith("plan-d-actions-")
    assert job.result.name.endswith(f".{form}")


def test_asked_twice_while_under_way_it_is_one_work(ours):
    by, path = ours.actor(Role.REFERENT), ours.participation
    first = request_plan_export(participation=path, by=by, form=PlanFormat.PDF)
    assert request_plan_export(participation=path, by=by, form=PlanFormat.PDF) == first
    assert request_plan_export(participation=path, by=by, form=PlanFormat.ICS) != first
    other = request_plan_export(participation=path, by=ours.actor(Role.CONTRIBUTOR), form=PlanFormat.PDF)
    assert other != first


def test_rights_lost_in_between_stop_the_work(ours):
    job = request_plan_export(participation=ours.participation, by=ours.actor(Role.REFERENT), form=PlanFormat.XLSX)
    ours.user(Role.REFERENT).memberships.update(until=date(2025, 11, 3))
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.FAILED, None)
    assert "ne vous est plus ouvert" in job.message


def test_there_is_nothing_to_put_in_a_diary_and_it_is_said(ours):
    job = ask(ours, "ics")
    assert job.state == JobState.FAILED
    assert "Aucune action à venir" in job.message
    assert job.result is None


@pytest.mark.parametrize("form", PlanFormat.values)
def test_what_leaves_is_marked(ours, full, form):
    stored = ask(ours, form).result
    line, content = files.hand_over(stored, actor=ours.actor(Role.REFERENT), acting_for="Régie")
    told = {
        "xlsx": lambda: repr(rows_of(content)[-1]),
        "pdf": lambda: words(content),
        "ics": lambda: str(events_of(content)[0]["COMMENT"]),
    }[form]()
    assert line.number in told
    assert "ne pas diffuser" in told


def test_the_parts_of_a_plan_need_no_database():
    empty = PlanMaterial("Régie", "Cohorte", clock.now(), clock.today(), ())
    assert plan_workbook(empty).sheets[0].rows == []
    assert "n’a pas encore d’action" in paper_text(plan_paper(empty))
    assert not events_of(plan_calendar(empty))
