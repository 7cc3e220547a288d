"""The demonstration: loaded once, through the services, telling every situation it promises."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.long


def at(folder):
    """Where the demonstration lives: its files and its database."""
    return {"CAPRSE_DATA": str(folder), "CAPRSE_DB": str(folder / "demo.sqlite3")}


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAPRSE_")}
    told = {"CAPRSE_MODE": "demo", "CAPRSE_DEMO_TODAY": "2025-11-04"}
    return kept | told | at(tmp_path_factory.mktemp("demonstration"))


def manage(environment, *arguments):
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def loaded(environment):
    manage(environment, "demo", "--no-serve")
    return environment


@pytest.fixture
def own_copy(loaded, tmp_path):
    """The same, of one test that changes it."""
    shutil.copytree(loaded["CAPRSE_DATA"], tmp_path / "demonstration")
    return loaded | at(tmp_path / "demonstration")


def values(environment, expressions):
    """What Python expressions over the models give on the demonstration, as texts, from one process."""
    code = (
        "from autodiag.models import *; from cohorts.models import *; from caprse.base.models import *; "
        "from conventions.models import *; from conventions.services.trail import verify; "
        f"import json; print(json.dumps([str(eval(e)) for e in json.loads({json.dumps(json.dumps(expressions))})]))"
    )
    return json.loads(manage(environment, "shell", "-v0", "-c", code))


COUNTS = [f"{model}.objects.count()" for model in ("Answer", "AuditEvent", "OutboxMessage", "User")]


def test_loading_again_changes_nothing(loaded):
    before = values(loaded, COUNTS)
    manage(loaded, "demo", "--no-serve")
    assert values(loaded, COUNTS) == before


def test_accounts_cover_every_role_and_both_regions(loaded):
    accounts = json.loads(manage(loaded, "demo", "--accounts", "--json"))
    assert set(accounts[0]) == {"role", "email", "password", "region", "organisation"}
    assert {account["role"] for account in accounts} == {
        "referent",
        "contributor",
        "board_member",
        "legal_representative",
        "facilitator",
        "region_admin",
        "national_staff",
        "partner",
    }
    assert {account["region"] for account in accounts} == {"Nouvelle-Aquitaine", "Occitanie", ""}
    assert all(account["email"].endswith("@example.org") for account in accounts)


SITUATIONS = {
    "cohorts": ("Cohort.objects.count()", "6"),
    "permanent": ("Cohort.objects.get(kind='permanent').version.referentiel.code", "LE-CAP"),
    "other référentiel": ("Cohort.objects.get(region__slug='occitanie').version.referentiel.code", "LE-CAP"),
    "thirteen steps": ("Meeting.objects.filter(cohort__slug='cap-rse-2025').count()", "13"),
    "structures": ("Participation.objects.filter(cohort__slug='cap-rse-2025').count()", "10"),
    "every kind of SIAE": ("SiaeStatus.objects.values('kind').distinct().count()", "6"),
    "one silent": (
        "Participation.objects.filter(cohort__slug='cap-rse-2025', autodiags=None).get().organisation.legal_name != ''",
        "True",
    ),
    "a convention in force, one being signed, one draft, one ended": (
        "{s: Convention.objects.main().filter(cohort__region__slug='nouvelle-aquitaine', state=s).count() "
        "for s in ('in_force', 'open', 'draft', 'ended')}",
        "{'in_force': 1, 'open': 1, 'draft': 1, 'ended': 1}",
    ),
    "signatures awaited": (
        "sorted(Party.objects.awaited().values_list('name', flat=True))",
        "['COORACE Nouvelle-Aquitaine', 'Haut de Soule Services', 'INAÉ']",
    ),
    "on the way: who signs last, on paper, somebody else, unreachable, whom to write to": (
        "(Signatory.objects.awaited().get(rank=2).party.name, Signature.objects.get(medium='paper').place, "
        "WrongPerson.objects.get(answered_at=None).signatory.party.name, "
        "Signatory.objects.get(bounced_at__isnull=False).party.name, "
        "Party.objects.awaited().exclude(contact_email='').get().contact_name)",
        "('COORACE Nouvelle-Aquitaine', 'Oloron-Sainte-Marie', 'INAÉ', 'Haut de Soule Services', 'Amaia Iriartegaray')",
    ),
    "an amendment in force, a bulletin begun": (
        "[(c.nature, c.state) for c in Convention.objects.exclude(parent=None).order_by('pk')]",
        "[('amendment', 'in_force'), ('accession', 'draft')]",
    ),
    "charters: over, in force, being written": (
        "[c.state for c in Convention.objects.filter(cohort=None).order_by('pk')]",
        "['ended', 'in_force', 'draft']",
    ),
    "annexes, and one that was filled": (
        "[(a.kind, a.revisions.count()) for a in Annex.objects.filter(convention__cohort__slug='cap-rse-2025', "
        "convention__parent=None)]",
        "[('form', 2), ('file', 1)]",
    ),
    "breaches that were explained": ("[b.decision for b in Breach.objects.all()]", "['dropped', 'dropped']"),
    "one exception while others wait": (
        "Clearance.objects.filter(kind='exception', participation__cohort__conventions__state='open')"
        ".get().participation.organisation.legal_name",
        "Pin et Partage",
    ),
    "a late structure": (
        "Participation.objects.get(organisation__legal_name='Les Vélos du Clain').joined_on",
        "2025-10-06",
    ),
    "people who did not answer yet": ("Invitation.objects.filter(state='pending').count()", "2"),
    "the next version being written": (
        "[(v.number, v.state) for v in Cohort.objects.get(slug='cap-rse-2025').version.referentiel.versions.all()]",
        "[(1, 'published'), (2, 'draft')]",
    ),
    "every chain holds": ("[verify(c) for c in Convention.objects.all() if verify(c)]", "[]"),
    "submitted": ("Submission.objects.count() >= 15", "True"),
    "no mail waits": ("OutboxMessage.objects.exclude(state='sent').count()", "0"),
    "history of each save": (
        "Answer.objects.exclude(revision=0).count() == AnswerChange.objects.filter(revision=1).count()",
        "True",
    ),
    "nothing after today": ("AnswerChange.objects.filter(at__date__gt='2025-11-04').count()", "0"),
}


def test_situations(loaded):
    found = values(loaded, [expression for expression, _ in SITUATIONS.values()])
    assert dict(zip(SITUATIONS, found, strict=True)) == {name: value for name, (_, value) in SITUATIONS.items()}


def test_nothing_reserved_to_members_is_in_an_edition_to_be_shown_outside(loaded):
    """Every path, every chapter, every format; the fixed worlds: tests/autodiag/test_outward_text.py."""
    survey = "import json; from tests.outward_check import survey; print(json.dumps(survey()))"
    read, leaks = json.loads(manage(loaded, "shell", "-v0", "-c", survey))
    assert leaks == []
    assert read > 100


def test_reset_starts_again_from_another_day(own_copy):
    early = own_copy | {"CAPRSE_DEMO_TODAY": "2025-05-20"}
    manage(early, "demo", "--reset", "--no-serve")
    later, started = values(
        early, ["AnswerChange.objects.filter(at__date__gt='2025-05-20').count()", "Autodiag.objects.count()"]
    )
    assert later == "0"
    assert 0 < int(started) < 20


def test_a_complete_sealed_convention_is_exported_and_verified(own_copy, tmp_path):
    file = tmp_path / "convention.pdf"
    manage(own_copy, "export_convention", "-o", str(file))
    assert json.loads(manage(own_copy, "verify_convention", str(file), "--json"))["verdict"] == "sealed"


def test_matrix_of_access_holds_over_http(own_copy):
    assert "aucune différence" in manage(own_copy, "access_matrix", "--verify")


def test_matrix_is_printed_as_promised(loaded):
    rows = json.loads(manage(loaded, "access_matrix", "--json"))
    assert set(rows[0]) == {"route", "method", "audiences"}
    assert all(isinstance(status, int) for row in rows for status in row["audiences"].values())


def test_demo_refuses_another_mode(environment):
    other = environment | {"CAPRSE_MODE": "test"}
    done = subprocess.run([sys.executable, "manage.py", "demo"], cwd=ROOT, env=other, capture_output=True, text=True)
    assert done.returncode == 1
    assert "CAPRSE_MODE=demo" in done.stderr
