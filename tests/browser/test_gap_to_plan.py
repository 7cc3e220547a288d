"""From a gap to an adopted plan, as a référente does it: by clicks alone, the picture first."""

import re

from playwright.sync_api import expect

from autodiag.models import Action, PlanAdoption, Priority
from tests.worlds import World
from tests.worlds_library import OFFERED


def put_forward(page, code):
    """On the page of priorities: much to gain for little, and put forward."""
    line = page.get_by_role("group", name=re.compile(rf"^{re.escape(code)}\b"))
    line.get_by_role("group", name="Effet attendu").get_by_role("radio", name="grand").check()
    line.get_by_role("group", name="Effort").get_by_role("radio", name="petit").check()
    line.get_by_role("checkbox").check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("^Mises en avant : 1 sur"))).to_be_visible()


def adopt(page):
    """The board adopts the plan that is shown."""
    page.get_by_label("Adopté le").fill("2025-11-03")
    page.get_by_role("radio", name="Le conseil d’administration").check()
    page.get_by_role("button", name="Garder ce plan comme adopté").click()


def test_a_gap_becomes_an_action_of_an_adopted_plan(page, sign_in):
    ours = World("ours")
    criterion = ours.submitted.round.chapter.criteria.get(position=1)
    Priority.objects.filter(participation=ours.participation).delete()
    sign_in(page, "referent@ours.example.org")

    page.goto(ours.participation.get_absolute_url())
    page.get_by_role("link", name="Toute la synthèse").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name=re.compile("priorités", re.I)).first.click()
    put_forward(page, criterion.code)
    assert Priority.objects.get(participation=ours.participation, criterion=criterion).slot == 1

    page.get_by_role("link", name=re.compile("actions proposées")).first.click()
    page.get_by_role("button", name=f"Ajouter à notre plan : {OFFERED}").click()
    expect(page.get_by_text("est dans votre plan")).to_be_visible()
    action = Action.objects.get(participation=ours.participation, what=OFFERED)
    assert (action.criterion, action.proposal) == (criterion, ours.proposal)

    page.goto(ours.participation.get_absolute_url())
    page.get_by_role("link", name=re.compile("plan d’actions")).first.click()
    page.get_by_role("link", name=OFFERED).first.click()
    page.get_by_role("link", name=re.compile("Modifier")).first.click()
    page.get_by_label(re.compile(r"^Qui\b(?! peut)")).first.fill("Nadia et Paul")
    page.get_by_label(re.compile("^Pour quand")).fill("2026-03-31")
    page.get_by_role("button", name=re.compile("^Enregistrer")).click()

    page.get_by_role("link", name=re.compile("Plan d’actions|Revenir au plan")).first.click()
    page.locator(".plan-more > summary").click()
    page.get_by_role("link", name="Adoption du plan").click()
    page.get_by_role("link", name=re.compile("Noter")).first.click()
    expect(page.get_by_role("listitem").filter(has_text="Nadia et Paul").first).to_be_visible()
    adopt(page)
    adoption = PlanAdoption.objects.filter(participation=ours.participation).latest("number")
    assert OFFERED in {frozen["what"] for frozen in adoption.content["actions"]}

    page.goto(ours.participation.get_absolute_url())
    page.get_by_role("link", name=re.compile("plan d’actions")).first.click()
    expect(page.locator(".adopted")).to_contain_text(
        "Plan adopté le lundi 3 novembre 2025 par le conseil d’administration"
    )
    expect(page.locator(".adopted")).to_contain_text("Rien n’a changé depuis")
    page.get_by_role("link", name="Colonnes").click()
    card = page.get_by_role("listitem").filter(has_text=OFFERED)
    card.locator("summary").first.click()
    card.get_by_role("combobox").select_option(label="En cours")
    card.get_by_role("button", name="Déplacer").click()
    expect(page.locator("[data-card]").filter(has_text=OFFERED)).to_have_attribute("data-status", "in_progress")
    page.reload()
    expect(page.locator(".adopted")).to_contain_text("Un changement depuis")
