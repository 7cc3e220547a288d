"""`manage.py export_convention`: the very bytes that were sealed."""

import io

import pytest
from django.core.management import CommandError, call_command

from caprse.base.models import AuditEvent
from conventions.enums import ConventionState, DocumentKind
from conventions.models import Convention, FrozenDocument
from tests import worlds_conventions as do
from tests.harness.ceremony import fresh
from tests.worlds import World


def export(*args):
    out = io.StringIO()
    call_command("export_convention", *map(str, args), stdout=out)
    return out.getvalue()


def test_without_a_reference_it_is_the_last_one_complete_and_sealed(signed, tmp_path):
    file = tmp_path / "convention.pdf"
    told = export("-o", file)
    assert file.read_bytes() == do.pdf_of(signed, DocumentKind.FINAL)
    assert signed.reference in told
    assert FrozenDocument.objects.get(convention=signed, kind=DocumentKind.FINAL).pdf_sha256 in told


@pytest.mark.parametrize(
    ("option", "kind"),
    [((), "final"), (("--sealed",), "final"), (("--original",), "original")],
)
def test_by_its_reference(signed, tmp_path, option, kind):
    file = tmp_path / "convention.pdf"
    export(signed.reference, *option, "-o", file)
    assert file.read_bytes() == do.pdf_of(signed, kind)
    export(signed.public_id, *option, "-o", file)
    assert file.read_bytes() == do.pdf_of(signed, kind)


def test_a_reference_of_two_regions_asks_which(db, tmp_path):
    ours, theirs = World("ours").convention, World("stranger").convention
    assert ours.reference == theirs.reference
    file = tmp_path / "convention.pdf"
    with pytest.raises(CommandError, match=f"ici/{ours.reference}"):
        export(ours.reference, "-o", file)
    assert not file.exists()
    export(f"ici/{ours.reference}", "-o", file)
    assert file.read_bytes() == do.pdf_of(ours, DocumentKind.FINAL)


def test_what_is_not_sealed_yet_is_not_written(sent, tmp_path):
    file = tmp_path / "convention.pdf"
    with pytest.raises(CommandError, match="pas encore signée"):
        export(f"ici/{sent.reference}", "-o", file)
    assert not file.exists()
    export(f"ici/{sent.reference}", "--original", "-o", file)
    assert file.read_bytes() == do.pdf_of(sent, DocumentKind.ORIGINAL)


def test_what_is_unknown_or_cannot_be_written_is_said(signed, tmp_path):
    with pytest.raises(CommandError, match="Aucune convention"):
        export("2099-999", "-o", tmp_path / "x.pdf")
    with pytest.raises(CommandError, match="ne peut pas être écrit"):
        export(signed.public_id, "-o", tmp_path / "nulle" / "part.pdf")
    with pytest.raises(CommandError, match="ne peut pas être écrit"):
        export(signed.public_id, "-o", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_it_is_in_the_journal(signed, tmp_path):
    export(signed.public_id, "-o", tmp_path / "convention.pdf")
    line = AuditEvent.objects.filter(verb="convention.exported").latest("pk")
    assert (line.target_id, line.details) == (signed.pk, {"kind": "final"})
    assert fresh(signed).state == ConventionState.IN_FORCE
    assert Convention.objects.filter(pk=signed.pk).exists()
