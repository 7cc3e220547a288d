"""Every chain read again: what was changed in SQL is found, by convention and by rank."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from conventions.enums import TrailKind
from conventions.models import Convention, FrozenDocument, SensitiveValue, Signature, TrailEntry, TrailStamp
from conventions.services import stamping
from tests.worlds import World


@pytest.fixture
def convention(committed_db):
    return World("ours").convention


def run(*arguments):
    """What the command writes, and how it ends."""
    out = io.StringIO()
    code = 0
    try:
        call_command("verify_journal", *arguments, "--json", stdout=out)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


@pytest.fixture
def tamper(owner_connection):
    """`tamper(row, name=value)` changes a row, `tamper(row)` deletes it, as only the owner of the database can."""

    def change(row, **values):
        table = row._meta.db_table
        names = ", ".join(f"{name} = %s" for name in values)
        what = f"UPDATE {table} SET {names}" if values else f"DELETE FROM {table}"
        with owner_connection(), connection.cursor() as cursor:
            for name in triggers_of(cursor, table):
                cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
            cursor.execute(f"{what} WHERE id = %s", [*values.values(), row.pk])

    return change


def triggers_of(cursor, table):
    if connection.vendor == "postgresql":
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
    else:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
    return [name for (name,) in cursor.fetchall()]


def link(convention, rank):
    return TrailEntry.objects.get(convention=convention, seq=rank)


def test_untouched_chains_hold(convention):
    code, said = run()
    assert (code, said["ok"], said["first_broken"]) == (0, True, None)
    assert said["conventions"] == Convention.objects.count()
    assert said["links"] == TrailEntry.objects.count()
    assert run(convention.public_id)[1]["links"] == TrailEntry.objects.filter(convention=convention).count()
    same = Convention.objects.filter(reference=convention.reference).count()
    assert run(convention.reference)[1]["conventions"] == same  # one a region


def test_an_unknown_convention(committed_db):
    with pytest.raises(CommandError, match="Aucune convention"):
        call_command("verify_journal", "1999-12")


def broken(convention):
    """What the command says of the first thing that does not hold, the same asked of all or of this one."""
    code, said = run()
    assert (code, said["ok"]) == (1, False)
    alone, told = run(convention.reference)
    assert (alone, told["first_broken"]) == (1, said["first_broken"])
    found = said["first_broken"]
    assert (found["reference"], found["convention"]) == (convention.reference, convention.public_id)
    return found["rank"], found["code"]


@pytest.mark.parametrize(
    "values",
    [{"at": "2020-01-01T00:00:00.000000Z"}, {"actor": "user:autre"}, {"digest": "0" * 64}, {"data": '{"a": 1}'}],
)
def test_an_edited_link_is_named(convention, tamper, values):
    tamper(link(convention, 3), **values)
    assert broken(convention) == (3, "link")


def test_a_link_taken_out_is_named(convention, tamper):
    SensitiveValue.objects.filter(entry=link(convention, 4)).delete()
    tamper(link(convention, 4))
    assert broken(convention) == (4, "link")


def test_links_rewritten_with_their_fingerprints_contradict_the_signatures(convention, tamper):
    """Whoever rewrites a whole chain still has the proofs, the documents and the timestamps against them."""
    signature = Signature.objects.filter(party__convention=convention).order_by("pk").first()
    rank = TrailEntry.objects.get(
        convention=convention, kind=TrailKind.SIGNED, data__evidence_sha256=signature.evidence_sha256
    ).seq
    tamper(signature, evidence=json.dumps({**signature.evidence, "name": "Autre"}))
    assert broken(convention) == (rank, "signature")


def test_a_document_replaced_is_named(convention, tamper):
    document = FrozenDocument.objects.filter(convention=convention).order_by("pk").first()
    tamper(document, pdf=b"%PDF-1.7 autre")
    rank, code = broken(convention)
    assert code == "document"
    assert link(convention, rank).data["pdf_sha256"] == document.pdf_sha256


def test_a_value_kept_apart_and_changed_is_named_an_erased_one_is_not(convention, tamper):
    row = SensitiveValue.objects.filter(entry__convention=convention).select_related("entry").order_by("pk").first()
    row.delete()
    assert run()[0] == 0
    row = SensitiveValue.objects.filter(entry__convention=convention).select_related("entry").order_by("pk").first()
    tamper(row, value="autre@example.org")
    assert broken(convention) == (row.entry.seq, "value")


def test_a_timestamp_of_another_link_is_named(convention, tamper):
    stamping.stamp_all(TrailEntry.objects.filter(convention=convention, stamp=None).order_by("seq"))
    assert run(convention.public_id)[1]["stamps"] == TrailEntry.objects.filter(convention=convention).count()
    first, second = TrailStamp.objects.filter(entry__convention=convention).order_by("entry__seq")[:2]
    tamper(second, token=bytes(first.token))
    assert broken(convention) == (second.entry.seq, "stamp")


def test_a_theft_in_one_convention_does_not_hide_those_of_another(convention, tamper):
    other = World("stranger").convention
    tamper(link(other, 2), actor="user:autre")
    tamper(link(convention, 5), actor="user:autre")
    code, said = run()
    assert code == 1
    assert {(one["convention"], one["rank"]) for one in said["broken"]} == {
        (convention.public_id, 5),
        (other.public_id, 2),
    }
    assert run(other.reference)[0] == 1


def test_as_many_queries_whatever_the_length_of_a_chain(convention, queries):
    with queries(max=12):
        run(convention.public_id)
