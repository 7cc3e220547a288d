"""A meeting in front of the wall: by the keyboard alone, read from the back of the room, nothing beyond the screen."""

import pytest
from playwright.sync_api import expect

from autodiag.services.viewpoints import open_comparison
from cohorts.enums import Role
from tests.browser import gestures as do
from tests.browser.test_keyboard_and_phone import WIDER, tab_to
from tests.worlds import World

WALL = {"width": 1920, "height": 1080}
REASON = "Le carnet partagé est tenu par toute l’équipe."


@pytest.fixture
def ours(site):
    world = World("ours")
    open_comparison(autodiag=world.draft, by=world.actor(Role.REFERENT))
    return world


def pixels(locator):
    return float(locator.evaluate("node => getComputedStyle(node).fontSize").removesuffix("px"))


def test_a_criterion_agreed_on_by_the_keyboard_on_a_projector(open_page, sign_in, ours):
    page = open_page(WALL)
    sign_in(page, "referent@ours.example.org")
    page.goto(ours.draft.url("consensus", 1))
    assert page.evaluate(WIDER) == []
    assert pixels(page.get_by_role("heading", level=1)) >= 36
    assert pixels(page.locator(".level-card .level").first) >= 28
    button = page.get_by_role("button", name="Noter l’accord et passer au suivant")
    expect(button).to_be_in_viewport(ratio=1)
    tab_to(page, page.locator("[name=choice]:checked"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Description 2.1 degré 2")).to_be_checked()
    reason = page.get_by_label("Pourquoi ce niveau")
    tab_to(page, reason)
    page.keyboard.press("Control+a")
    page.keyboard.type(REASON)
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 2.2")
    expect(page.get_by_text("Accord noté sur le critère 2.1")).to_be_visible()
    assert do.stored(1).level.value == 2
    assert ours.agreements(1).first().reason == REASON


@pytest.mark.parametrize("size", [WALL, {"width": 1280, "height": 800}, {"width": 390, "height": 844}])
def test_nothing_sticks_out_with_a_long_reason_and_many_words(open_page, sign_in, ours, size):
    page = open_page(size)
    sign_in(page, "referent@ours.example.org")
    page.goto(ours.draft.url("consensus", 1))
    page.get_by_label("Pourquoi ce niveau").fill("mot " * 400)
    page.locator("label.level-card").nth(2).click()
    page.get_by_role("button", name="Noter l’accord").click()
    page.goto(ours.draft.url("consensus", 1))
    expect(page.get_by_text("Décidé ensemble")).to_be_visible()
    assert page.evaluate(WIDER) == []


def test_a_reason_refused_is_still_in_the_page(open_page, sign_in, ours, problems):
    page = open_page(WALL)
    sign_in(page, "referent@ours.example.org")
    page.goto(ours.draft.url("consensus", 3))
    page.get_by_label("Pourquoi ce niveau").fill(REASON)
    page.get_by_role("button", name="Noter l’accord").click()
    expect(page.get_by_text("Choisissez le niveau sur lequel vous vous accordez").first).to_be_visible()
    expect(page.get_by_label("Pourquoi ce niveau")).to_have_value(REASON)
    do.excuse(problems, 422)


def test_who_prepares_what_on_a_phone(phone, sign_in, ours):
    sign_in(phone, "referent@ours.example.org")
    phone.goto(ours.draft.url("assignments"))
    assert phone.evaluate(WIDER) == []
    phone.get_by_label("Confier 2.3 à Contributor ours").check()
    phone.get_by_role("button", name="Enregistrer la répartition").click()
    expect(phone.get_by_text("1 critère confié")).to_be_visible()
    assert ours.assigned == {(3, "contributor")}
