"""`import_plan`: the same reading as the page, from a terminal; all or nothing, in data when asked."""

import json

import pytest
from django.core.management import CommandError, call_command

from autodiag.models import Action, PlanImport
from caprse.base.models import AuditEvent, StoredFile
from cohorts.enums import Role
from cohorts.models import Membership
from tests.plan_files import workbook
from tests.worlds import World


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def brought(tmp_path):
    def write(rows, name="plan.xlsx", content=None):
        path = tmp_path / name
        path.write_bytes(workbook(rows) if content is None else content)
        return str(path)

    return write


def run(capsys, *args):
    """(exit code, what was written)."""
    code = 0
    try:
        call_command("import_plan", *args)
    except SystemExit as end:
        code = end.code
    return code, capsys.readouterr().out


def counts():
    return [model.objects.count() for model in (Action, PlanImport, StoredFile, AuditEvent)]


def test_actions_enter_in_the_name_of_the_referent_and_are_journalled(ours, brought, capsys):
    rows = [{"Quoi": "Par la commande", "Étapes": "Un\nDeux"}, {"Quoi": "x", "Référence": ours.action.public_id}]
    code, told = run(capsys, ours.participation.public_id, brought(rows), "--json")
    assert code == 0
    assert json.loads(told) == {
        "errors": [],
        "more_errors": 0,
        "created": 1,
        "known": 1,
        "same_words": [],
        "dry_run": False,
    }
    made = Action.objects.get(what="Par la commande")
    assert made.created_by == ours.user(Role.REFERENT)
    assert made.steps.count() == 2
    verbs = set(AuditEvent.objects.filter(actor_id=made.created_by_id).values_list("verb", "target_id"))
    assert ("action.created", made.pk) in verbs
    assert "plan_import.confirmed" in {verb for verb, _ in verbs}


def test_a_trial_writes_nothing(ours, brought, capsys):
    before = counts()
    code, told = run(capsys, ours.participation.public_id, brought([{"Quoi": "À blanc"}]), "--dry-run", "--json")
    assert (code, json.loads(told)["created"], json.loads(told)["dry_run"]) == (0, 1, True)
    assert counts() == before
    _, told = run(capsys, ours.participation.public_id, brought([{"Quoi": "À blanc"}]), "--dry-run")
    assert "Actions à ajouter : 1" in told


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_the_same_workbook_is_not_added_twice_unless_it_is_asked(ours, brought, capsys, more):
    file = brought([{"Quoi": "Une seule fois"}])
    assert run(capsys, ours.participation.public_id, file)[0] == 0
    before = counts()
    code, told = run(capsys, ours.participation.public_id, file, *more, "--json")
    (error,) = json.loads(told)["errors"]
    assert (code, error["sheet"], error["cell"], json.loads(told)["created"]) == (1, "", "", 0)
    assert "déjà entré dans ce plan le mardi 4 novembre 2025" in error["reason"]
    assert "--again" in error["reason"]
    assert counts() == before
    code, told = run(capsys, ours.participation.public_id, file, "--again")
    assert code == 0
    assert Action.objects.filter(participation=ours.participation, what="Une seule fois").count() == 2


def test_what_the_plan_says_already_is_told_as_the_page_does(ours, brought, capsys):
    assert run(capsys, ours.participation.public_id, brought([{"Quoi": "Déjà là"}]))[0] == 0
    again = brought([{"Quoi": "DEJA LÀ"}, {"Quoi": "Neuve"}])
    for more in (["--dry-run"], []):
        code, told = run(capsys, ours.participation.public_id, again, *more, "--json")
        assert (code, json.loads(told)["same_words"]) == (0, ["DEJA LÀ"])
    other = brought([{"Quoi": "Neuve"}, {"Quoi": "Toute neuve"}])
    assert "peut-être en double : « Neuve »" in run(capsys, ours.participation.public_id, other)[1].replace("\xa0", " ")


def test_another_structure_s_import_of_the_same_workbook_does_not_count(ours, brought, capsys):
    file = brought([{"Quoi": "Un modèle commun"}])
    for path in (ours.participation, World("neighbour").participation):
        assert run(capsys, path.public_id, file)[0] == 0


def test_errors_name_sheet_cell_and_reason_and_nothing_is_written(ours, brought, capsys):
    rows = [{"Quoi": "Juste"}, {"Quoi": "Fausse", "Pour quand": "31/02/2026"}]
    before = counts()
    code, told = run(capsys, ours.participation.public_id, brought(rows), "--json")
    (error,) = json.loads(told)["errors"]
    assert code == 1
    assert (error["sheet"], error["cell"]) == ("Plan", "E3")
    assert "n’existe pas" in error["reason"]
    assert json.loads(told)["created"] == 0
    code, told = run(capsys, ours.participation.public_id, brought(rows))
    assert code == 1
    assert "Plan!E3 : " in told
    assert "Rien n’a été ajouté." in told
    assert counts() == before


def test_ten_thousand_rows_are_one_error(ours, brought, capsys):
    code, told = run(capsys, ours.participation.public_id, brought([{"Quoi": "A"}] * 10_000), "--json")
    (error,) = json.loads(told)["errors"]
    assert (code, error["cell"]) == (1, "A1002")


@pytest.mark.parametrize(("name", "content"), [("plan.xlsx", b"Quoi"), ("plan.csv", b"Quoi"), ("plan.xlsx", b"")])
def test_a_file_that_is_no_workbook_is_an_error_of_the_whole_file(ours, brought, capsys, name, content):
    code, told = run(capsys, ours.participation.public_id, brought([], name=name, content=content), "--json")
    (error,) = json.loads(told)["errors"]
    assert (code, error["sheet"], error["cell"]) == (1, "", "")


def test_an_unknown_path_a_missing_file_or_nobody_to_write_for_is_told(ours, brought):
    file = brought([{"Quoi": "A"}])
    for unknown in ("zzzzzzzzzzzz", "1\x00", "9" * 400):
        with pytest.raises(CommandError, match="Aucun autodiagnostic ni parcours"):
            call_command("import_plan", unknown, file)
    with pytest.raises(CommandError, match="ne se lit pas : ce fichier n’existe pas"):
        call_command("import_plan", ours.participation.public_id, file + ".absent.xlsx")
    Membership.objects.filter(organisation=ours.organisation, role=Role.REFERENT).delete()
    with pytest.raises(CommandError, match="référent"):
        call_command("import_plan", ours.participation.public_id, file)
