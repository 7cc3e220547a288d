"""The floors hold: imports and foreign keys point down, and rows are reached through doors."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import models

ROOT = Path(__file__).parent.parent
APPS = ("referentiel", "cohorts", "autodiag", "conventions")
FLOORS = ("base", *APPS, "caprse")  # by app label, from the ground up
MANAGERS = {"objects", "_default_manager", "_base_manager"}
DOORS = {"visible_to", "readable_by", "aggregates_for", "none"}
FUNCTIONS_THAT_ARE_DOORS = {"visible_or_404"}
# Whatever Django offers to choose rows: only a named read, or a door, may come right after `objects`.
SHAPES = {"select_related", "prefetch_related"}
RAW_READS = {name for name in dir(models.QuerySet) if not name.startswith("_")} - DOORS - SHAPES


def contract(name):
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return next(found for found in settings["contracts"] if found["id"] == name)


def top_modules():
    """Modules of the top floor, `caprse.base` apart."""
    modules = (path for path in (ROOT / "caprse").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists())
    return {f"caprse.{path.stem}" for path in modules} - {"caprse.base", "caprse.__init__"}


def test_imports_point_down():
    command = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[ended.stdout.find("Contracts") :]


def test_every_top_module_is_named_in_the_contracts():
    layers = " : ".join(contract("floors")["layers"]).replace("(", "").replace(")", "").split(" : ")
    assert top_modules() == set(contract("top")["forbidden_modules"])
    assert top_modules() <= set(layers)


def test_foreign_keys_point_down():
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation and field.concrete and field.related_model._meta.app_label in FLOORS
        if FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(model._meta.app_label)
    ]
    assert upward == []


def test_the_ground_floor_and_the_references_know_nobody():
    outward = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ("base", "referentiel")
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model._meta.app_label != model._meta.app_label
    ]
    assert outward == []


def test_nothing_written_disappears_with_what_it_refers_to():
    cascading = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.concrete_fields
        if field.is_relation and field.remote_field.on_delete is models.CASCADE
        if model._meta.app_label == "autodiag" or field.related_model._meta.app_label == "referentiel"
    ]
    assert cascading == []


def test_only_the_clock_reads_the_time():
    automatic = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    assert automatic == []


def test_the_system_checks_pass():
    call_command("check", fail_level="WARNING")


# --- Doors ------------------------------------------------------------------------------------------------------


def views_and_forms():
    for app in ("caprse", *APPS):
        for path in sorted((ROOT / app).rglob("*.py")):
            if {"views", "forms"} & {path.stem, *path.relative_to(ROOT).parts}:
                yield path


def chain_of(node, parents):
    """The names called one after the other from `Model.objects`, and the node that ends the chain."""
    names = []
    while True:
        parent = parents.get(node)
        if isinstance(parent, ast.Attribute):
            names.append(parent.attr)
        elif not (isinstance(parent, ast.Call) and parent.func is node):
            return names, node
        node = parent


def goes_through_a_door(node, parents):
    names, end = chain_of(node, parents)
    handed_to = parents.get(end)
    handed = isinstance(handed_to, ast.Call) and getattr(handed_to.func, "id", "") in FUNCTIONS_THAT_ARE_DOORS
    if names and names[0] in RAW_READS:
        return False
    return handed or not DOORS.isdisjoint(names)


def rows_reached_without_a_door(source):
    """Line numbers of `Model.objects…` that no door closes."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and not goes_through_a_door(node, parents)
    ]


def test_views_and_forms_reach_rows_through_doors():
    offenders = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in views_and_forms()
        for line in rows_reached_without_a_door(path.read_text())
    ]
    assert offenders == []


def test_a_row_reached_without_a_door_is_noticed():
    refused = (
        "Autodiag.objects.get(pk=1)",
        "Autodiag.objects.filter(pk=1).visible_to(actor)",
        "Autodiag.objects.with_context()",
        "rows = Autodiag.objects",
        "Autodiag._base_manager.all()",
        "listing(Autodiag.objects.with_context())",
    )
    assert [rows_reached_without_a_door(line) for line in refused] == [[1]] * len(refused)


def test_doors_are_let_through():
    accepted = (
        "Autodiag.objects.visible_to(actor).filter(pk=1)",
        "Autodiag.objects.with_context().visible_to(actor)",
        "Version.objects.readable_by(audiences).with_content().get(pk=1)",
        "Autodiag.objects.none()",
        "visible_or_404(Autodiag.objects.with_context(), actor, pk=1)",
    )
    assert [rows_reached_without_a_door(line) for line in accepted] == [[]] * len(accepted)
