"""A plan brought in, in a browser: what is wrong is shown by cell, then the right file, then one confirmation."""

from playwright.sync_api import expect

from autodiag.models import Action
from tests.plan_files import workbook
from tests.worlds import World

RIGHT = {"Quoi": "Ouvrir un potager", "Qui": "Nadia", "Pour quand": "30/06/2026"}
WRONG = {"Quoi": "Former", "Pour quand": "fin juin", "Où en est-on": "bloquée"}


def bring(page, rows, run_queue):
    """Choose the file, send it; the page waits, a worker reads, the page shows it by itself."""
    file = {"name": "Notre plan.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(rows)}
    page.get_by_label("Votre classeur").set_input_files(file)
    page.get_by_role("button", name="Lire mon classeur").click()
    expect(page.get_by_text("Nous lisons votre classeur")).to_be_visible()
    run_queue()


def test_errors_by_cell_then_the_right_file_then_the_plan(page, sign_in, run_queue):
    sign_in(page, "contributor@ours.example.org")
    path = World("ours").participation
    page.goto(f"/regions/{path.cohort.region.slug}/parcours/{path.public_id}/plan/apporter/")
    bring(page, [RIGHT, WRONG], run_queue)
    expect(page.get_by_role("heading", name="2 cases à corriger")).to_be_visible()
    row = page.get_by_role("row", name="E3")
    expect(row).to_contain_text("« fin juin » n’est pas une date")
    expect(page.get_by_role("row", name="J3")).to_contain_text("Dites pourquoi l’action est bloquée")
    expect(page.get_by_role("button", name="Ajouter à notre plan")).to_have_count(0)
    assert not Action.objects.filter(what=RIGHT["Quoi"]).exists()
    page.get_by_role("link", name="Apporter le classeur corrigé").click()
    bring(page, [RIGHT, {**WRONG, "Pour quand": "26/06/2026", "Raison": "Pas de salle"}], run_queue)
    expect(page.get_by_role("heading", name="2 actions entreront dans votre plan")).to_be_visible()
    page.get_by_role("button", name="Ajouter à notre plan").click()
    expect(page.get_by_text("2 actions sont entrées dans votre plan")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan d’actions")
    assert Action.objects.filter(participation=path, what__in=(RIGHT["Quoi"], WRONG["Quoi"])).count() == 2
