"""`manage.py import_convention`: a text brought in from a file, its counts, its mistakes by line."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from conventions import texts
from conventions.models import ConventionTemplate, TemplateDraft
from tests.test_access_matrix import contents

GOOD = """# Convention du réseau
## Article 1 : Objet
Le {{Nom du projet}} dure {{Durée : nombre}} mois.
## Article 2 : Engagements
### Engagements de la structure
- Venir.
- Dire ce qui va.
### Engagements de COORACE National
- Aider.
## Article 3 : Durée
La convention prend effet à la dernière signature, à ____.
"""


def run(path, *options):
    """(exit code, what was written)."""
    out, code = io.StringIO(), 0
    try:
        call_command("import_convention", str(path), *options, stdout=out)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue()


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "texte.md"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_dry_run_counts_and_writes_nothing(db, file):
    before = contents()
    code, out = run(file(GOOD), "--template", "texte-du-reseau", "--dry-run", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["articles"], told["clauses"], told["variables"]) == (3, 5, 3)
    assert told["clauses_by_role"] == {"common": 2, "national": 1, "structure": 2}
    assert told["errors"] == []
    assert told["new_template"] is True
    assert any("1356" in sentence for sentence in told["to_settle"])
    assert contents() == before


def test_it_writes_the_draft_once_and_publishes_nothing(db, file):
    for known in (True, False):
        code, out = run(file(GOOD), "--template", "texte-du-reseau", "--json")
        assert code == 0
        assert json.loads(out)["new_template"] is known
    template = ConventionTemplate.objects.get(key="texte-du-reseau")
    draft = TemplateDraft.objects.get(template=template)
    assert [article.title for article in texts.read_template(draft.content).articles] == [
        "Objet",
        "Engagements",
        "Durée",
    ]
    assert template.versions.count() == 0


def test_mistakes_exit_with_one_and_say_the_line(db, file):
    before = contents()
    bad = GOOD.replace("de la structure", "du maire").replace("{{Nom du projet}}", "{{Nom")
    code, out = run(file(bad), "--template", "texte-du-reseau", "--json")
    told = json.loads(out)
    assert code == 1
    assert [error["line"] for error in told["errors"]] == [3, 5]
    code, out = run(file(bad), "--template", "texte-du-reseau")
    assert code == 1
    assert "ligne 5 : «" in out
    assert "Rien n’a été écrit." in out
    assert contents() == before


def test_a_file_that_is_not_there_or_no_text_and_a_wrong_code(db, file, tmp_path):
    before = contents()
    with pytest.raises(CommandError, match="ne se lit pas"):
        call_command("import_convention", str(tmp_path / "rien.md"), "--template", "x")
    with pytest.raises(CommandError, match="n’est pas un code"):
        call_command("import_convention", str(file(GOOD)), "--template", "Pas un code")
    code, out = run(file(b"%PDF-1.7 \xff\x00"), "--template", "x", "--json")
    assert code == 1
    assert "n’est pas un texte" in json.loads(out)["errors"][0]["reason"]
    assert contents() == before
