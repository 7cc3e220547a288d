"""Bringing a référentiel in from a file, entrusting it: from the command line, in French, with a reason when refused."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import EditorGrant, User
from referentiel.enums import VersionState
from referentiel.models import Criterion, Referentiel, Version
from tests.test_access_matrix import contents
from tests.worlds import World

CONTENT = Path(__file__).resolve().parents[2] / "caprse" / "demo" / "content"
COLLEAGUE = "national_staff@ours.example.org"
SMALL = """
code = "PETIT"
title = "Petit référentiel"
[[scale]]
value = 0
label = "Pas encore"
[[scale]]
value = 1
label = "Fait"
[[chapters]]
number = 1
title = "Seul chapitre"
[[chapters.sections]]
number = 1
title = "Seule partie"
[[chapters.sections.criteria]]
code = "1.1"
title = "Un critère"
question = "Que faites-vous ?"
levels = ["Rien pour l’instant.", "Nous le faisons."]
"""

pytestmark = pytest.mark.django_db


def run(*arguments):
    said = io.StringIO()
    call_command(*arguments, stdout=said)
    return said.getvalue()


def refused(*arguments):
    """What a refused command says; it changes nothing."""
    before = contents()
    with pytest.raises(CommandError) as refusal:
        run(*arguments)
    assert contents() == before
    return str(refusal.value)


@pytest.fixture
def file(tmp_path):
    def written(text=SMALL):
        path = tmp_path / "referentiel.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return written


@pytest.mark.parametrize(("name", "code"), [("demo_referentiel.toml", "DEMO"), ("le_cap_referentiel.toml", "LE-CAP")])
def test_a_whole_file_is_imported_and_published(name, code):
    said = run("import_referentiel", str(CONTENT / name), "--publish", "--by", "Nadia Benali")
    assert "version 1 : importée, publiée par Nadia Benali" in said
    version = Version.objects.get(referentiel__code=code)
    assert (version.state, version.published_by) == (VersionState.PUBLISHED, "Nadia Benali")
    assert Criterion.objects.filter(chapter__version=version).count() > 20


def test_without_publish_it_is_a_draft_and_the_next_waits(file):
    assert "version 1 : importée, en brouillon" in run("import_referentiel", file())
    assert Version.objects.get(referentiel__code="PETIT").state == VersionState.DRAFT
    assert "a déjà un brouillon" in refused("import_referentiel", file())


def test_publishing_needs_a_name(file):
    assert "Dites qui publie" in refused("import_referentiel", file(), "--publish")


BAD = [
    ('title = "sans code"', "« code » manque"),
    ("code = ", "n’est pas du TOML valable"),
    (b'code = "\xff"', "n’est pas écrit en UTF-8"),
    (SMALL.replace('"Un critère"', '"' + "x" * 121 + '"'), "le critère 1.1 : « title » dépasse 120 caractères"),
    (SMALL.replace(', "Nous le faisons."', ""), "le critère 1.1 : 2 niveaux attendus, 1 trouvés"),
    (SMALL.replace('question = "Que faites-vous ?"', ""), "le critère 1.1 : « question » manque"),
    (SMALL.replace("number = 1", 'number = "un"', 1), "doit être un nombre entier"),
    (SMALL.replace("value = 1", "value = 0"), "deux degrés ont la même valeur"),
    (SMALL.replace('label = "Fait"', 'label = "Fait"\ncolour = "vert"'), "« colour » n’existe pas"),
    (SMALL + 'odd = [8, "huit"]', "« odd » doit être une liste de numéros"),
    (SMALL + "weight = 0", "« weight » doit être un nombre entier, à partir de 1"),
    (SMALL.replace("PETIT", "a b"), "lettres sans accent"),
    (SMALL.replace("Seule partie", "Seule\\u0000partie"), "« title » contient un caractère nul"),
    (SMALL.replace("Rien pour", "Rien\\u0000 pour"), "« levels » contient un caractère nul"),
    (
        SMALL.replace('title = "Seul chapitre"', 'title = "Seul chapitre"\nsummary = 3'),
        "« summary » n’est pas un texte",
    ),
    (SMALL + 'indicators = ["Un nombre"]', "criteria 1.1 : « indicators » doit être une liste de tables"),
    (SMALL + 'indicators = [{title = "Un nombre", help = 3}]', "« help » n’est pas un texte"),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_a_bad_file_says_what_to_put_right_and_writes_nothing(file, text, words):
    assert words in refused("import_referentiel", file(text))


def test_an_empty_text_is_not_published(file):
    text = SMALL.replace('"Nous le faisons."', '"  "')
    said = refused("import_referentiel", file(text), "--publish", "--by", "Nadia")
    assert "critère 1.1, la description du niveau 1" in said
    assert not Referentiel.objects.filter(code="PETIT").exists()


def test_a_file_that_is_not_there():
    assert "ne peut pas être lu" in refused("import_referentiel", "nulle-part.toml")


def test_it_is_entrusted_then_taken_back():
    colleague = User.objects.get(email=COLLEAGUE)
    said = run("entrust_referentiel", COLLEAGUE.upper(), "ESSAI", "--until", "2025-12-31")
    assert "jusqu’au mercredi 31 décembre 2025 compris" in said
    assert Actor.of(colleague).edited_referentiel_ids
    assert "ne rédige plus" in run("entrust_referentiel", COLLEAGUE, "ESSAI", "--take-back")
    assert not EditorGrant.objects.filter(user=colleague).exists()


REFUSED = [
    (("personne@example.org", "ESSAI"), "Personne n’a l’adresse"),
    ((COLLEAGUE, "RIEN"), "Ceux qui existent : AILLEURS, ESSAI"),
    ((COLLEAGUE, "ESSAI", "--until", "hier"), "écrivez AAAA-MM-JJ"),
    ((COLLEAGUE, "ESSAI", "--until", "2025-11-03"), "est passé"),
    (("referent@ours.example.org", "ESSAI"), "ne fait pas partie de l’équipe nationale"),
    (("editor@ours.example.org", "ESSAI", "--take-back"), "dernière personne"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED)
def test_it_is_not_entrusted_and_why(arguments, words):
    assert words in refused("entrust_referentiel", *arguments)


def test_a_first_editor_may_be_named_until_a_day():
    other = World("stranger").participation.cohort.version.referentiel
    run("entrust_referentiel", COLLEAGUE, other.code, "--until", "2025-12-31")
    assert Actor.of(User.objects.get(email=COLLEAGUE)).edited_referentiel_ids == {other.pk}
    assert World("ours").user(Role.NATIONAL_STAFF).email == COLLEAGUE
