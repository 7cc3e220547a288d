"""Gates: what keeps the code short, English inside, French outside, and free of this machine."""

import ast
import re
from pathlib import Path

from django.apps import apps
from django.template.utils import get_app_template_dirs

ROOT = Path(__file__).parent.parent
APPS = ("caprse", "referentiel", "cohorts", "autodiag", "conventions")
OUR_LABELS = ("base", *APPS)
PRIVATE = {".git", ".venv", ".uv", "var", "shots", "vendor", "node_modules", "__pycache__"}
TEXT = {".py", ".html", ".css", ".js", ".toml", ".md", ".sh", ".yml", ".yaml", ".txt", ".svg", ""}
FRENCH = frozenset(
    [
        "accompagnateur",
        "accompagnatrice",
        "adherent",
        "adresse",
        "affichage",
        "afficher",
        "ajouter",
        "annee",
        "atelier",
        "aucun",
        "avenant",
        "bilan",
        "bouton",
        "calendrier",
        "chapitre",
        "chemin",
        "cle",
        "cohorte",
        "commentaire",
        "compte",
        "connexion",
        "courriel",
        "creer",
        "critere",
        "deconnexion",
        "delai",
        "demande",
        "demarche",
        "departement",
        "dernier",
        "donnee",
        "droit",
        "duree",
        "echeance",
        "echelle",
        "ecran",
        "enregistrer",
        "entreprise",
        "envoi",
        "envoyer",
        "equipe",
        "erreur",
        "etape",
        "etat",
        "fichier",
        "formulaire",
        "heure",
        "jour",
        "lien",
        "libelle",
        "mois",
        "motif",
        "niveau",
        "nombre",
        "numero",
        "objectif",
        "objet",
        "partenaire",
        "personne",
        "poids",
        "premier",
        "prenom",
        "preuve",
        "rappel",
        "recherche",
        "reponse",
        "reseau",
        "reunion",
        "salarie",
        "seance",
        "semaine",
        "seuil",
        "signataire",
        "statut",
        "suivi",
        "supprimer",
        "tableau",
        "tache",
        "telecharger",
        "territoire",
        "texte",
        "titre",
        "utilisateur",
        "utilisatrice",
        "valeur",
        "valider",
        "verifier",
        "ville",
    ]
)


def files(*suffixes):
    """Files of the product, libraries and what runs leave behind apart."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.endswith("_cache") for part in parts)
        if path.is_file() and path.suffix in suffixes and not hidden and PRIVATE.isdisjoint(parts):
            yield path


def name_of(path):
    return str(path.relative_to(ROOT))


def sources():
    return [path for path in files(".py") if "migrations" not in path.parts]


def functions(paths):
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node, node.end_lineno - node.lineno + 1


def line_count(path):
    return len(path.read_text().splitlines())


def templates():
    return [path for path in files(".html") if path.is_relative_to(ROOT / "templates")]


# --- Size -------------------------------------------------------------------------------------------------------


def test_no_module_is_longer_than_400_lines():
    assert [f"{name_of(path)}: {line_count(path)}" for path in sources() if line_count(path) > 400] == []


def test_no_function_is_longer_than_50_lines():
    assert [
        f"{name_of(path)} {node.name}: {length}" for path, node, length in functions(sources()) if length > 50
    ] == []


def test_no_view_is_longer_than_30_lines():
    paths = [path for path in sources() if path.stem == "views" or "views" in path.parts]
    assert [f"{name_of(path)} {node.name}: {length}" for path, node, length in functions(paths) if length > 30] == []


def test_no_template_is_longer_than_150_lines():
    assert [f"{name_of(path)}: {line_count(path)}" for path in templates() if line_count(path) > 150] == []


# --- Templates --------------------------------------------------------------------------------------------------


def test_templates_hold_no_script_style_or_handler():
    inline = re.compile(
        r"<script(?![^>]*\ssrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
    )
    found = [
        f"{name_of(path)}: {match[0].strip()}" for path in templates() for match in inline.finditer(path.read_text())
    ]
    assert found == []


def overrides_a_library(name):
    folders = [folder for folder in get_app_template_dirs("templates") if not folder.is_relative_to(ROOT / "templates")]
    return any((folder / name).exists() for folder in folders)


def test_every_template_is_used():
    texts = {path: path.read_text() for path in files(".py", ".html") if "tests" not in path.parts}
    unused = []
    for path in templates():
        name = path.relative_to(ROOT / "templates").as_posix()
        elsewhere = (text for other, text in texts.items() if other != path)
        by_status = re.fullmatch(r"(400|403|404|429|500)\.html", name)
        if not (by_status or overrides_a_library(name) or any(name in text for text in elsewhere)):
            unused.append(name)
    assert unused == []


# --- Models -----------------------------------------------------------------------------------------------------


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in OUR_LABELS]


def test_migrations_are_named_by_hand():
    assert [name_of(path) for path in files(".py") if "migrations" in path.parts and "_auto_" in path.name] == []


def starts_lower(text):
    """Whether a name starts with a small letter; an acronym is let through."""
    return not text[:1].isupper() or text[1:2].isupper()


def test_verbose_names_start_with_a_small_letter():
    names = [
        (owner, str(name))
        for model in our_models()
        for owner, name in [
            (model._meta.label, model._meta.verbose_name),
            *((f"{model._meta.label}.{field.name}", field.verbose_name) for field in model._meta.concrete_fields),
        ]
    ]
    assert [(owner, name) for owner, name in names if not starts_lower(name)] == []


def test_stored_choices_are_english_identifiers():
    values = {
        (f"{model._meta.label}.{field.name}", value)
        for model in our_models()
        for field in model._meta.concrete_fields
        for value, _ in field.flatchoices
        if isinstance(value, str) and value
    }
    assert [found for found in sorted(values) if not re.fullmatch(r"[a-z][a-z0-9_]*", found[1])] == []


# --- Language ---------------------------------------------------------------------------------------------------


def identifiers(tree):
    """Names this file gives: functions, classes, arguments, variables, attributes it sets."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr


def words(identifier):
    """`next_dueDate` → next, due, date; a plural counts as its singular."""
    for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-zà-ÿ]+", identifier):
        yield word.lower()
        yield word.lower().removesuffix("s")


def test_identifiers_are_english():
    french = {
        f"{name_of(path)}: {name}"
        for path in sources()
        for name in identifiers(ast.parse(path.read_text()))
        if not name.isascii() or not FRENCH.isdisjoint(words(name))
    }
    assert french == set()


# --- This machine -----------------------------------------------------------------------------------------------


def occurrences(pattern, paths):
    return [
        f"{name_of(path)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


def texts():
    return [path for path in files(*TEXT) if path != Path(__file__)]


def test_nothing_is_left_to_do_in_the_code():
    assert occurrences(r"\b(TODO|FIXME|XXX|HACK)\b", texts()) == []


def test_no_path_of_a_machine():
    assert occurrences(r"(?<![\w.])/(work|root)/", texts()) == []
    assert occurrences(r"(?<![\w.])/tmp/", [path for path in texts() if "tests" not in path.parts]) == []


def test_no_registry_host():
    assert occurrences(r"pypi\.org|pythonhosted\.org|registry\.npmjs|index-url", texts()) == []


def test_the_readme_says_the_two_commands():
    readme = (ROOT / "README.md").read_text()
    assert "./run demo" in readme
    assert "./run test" in readme
