"""A viewpoint is saved as one types, on a phone, and two pages of one person never write over each other."""

from playwright.sync_api import expect

from autodiag.models import Viewpoint
from cohorts.enums import Role
from tests.browser import gestures as do
from tests.worlds import World

NOTE = "Nous en parlons chaque lundi."
EMAIL = "board_member@ours.example.org"


def viewpoint_url(position):
    return World("ours").draft.url("viewpoint", position)


def kept(position):
    world = World("ours")
    rows = Viewpoint.objects.visible_to(world.actor(Role.BOARD_MEMBER)).filter(answer__autodiag=world.draft)
    return rows.get(answer__criterion__position=position)


def note(scope):
    return scope.get_by_role("textbox", name="Pourquoi")


def test_on_a_phone_it_is_saved_as_one_types(phone, sign_in):
    sign_in(phone, EMAIL)
    phone.goto(viewpoint_url(3))
    do.card(phone, "Degré 2").click()
    do.expect_saved(phone)
    note(phone).fill(NOTE)
    expect(phone.locator("form[data-answer] [name=revision]")).to_have_value("2")
    assert (kept(3).level.value, kept(3).note) == (2, NOTE)
    phone.get_by_role("button", name="Enregistrer et continuer").click()
    expect(phone).to_have_url(phone.url.split("/regions/")[0] + viewpoint_url(4))
    expect(phone.locator("[data-answered-count]").first).to_have_text("2")


def test_a_criterion_that_does_not_apply_asks_why_and_nothing_is_lost(page, sign_in, problems):
    sign_in(page, EMAIL)
    page.goto(viewpoint_url(3))
    do.card(page, "Ne s’applique pas à nous").click()
    expect(do.save_line(page)).to_contain_text("Dites en quelques mots pourquoi")
    note(page).fill(NOTE)
    do.expect_saved(page)
    assert (kept(3).kind, kept(3).note) == ("not_applicable", NOTE)
    do.excuse(problems, 422)


def test_two_pages_of_the_same_person_are_shown_both_texts(page, sign_in, problems):
    sign_in(page, EMAIL)
    page.goto(viewpoint_url(3))
    other = page.context.new_page()
    other.goto(viewpoint_url(3))
    note(other).fill("Premier onglet")
    do.expect_saved(other)
    note(page).fill("Second onglet")
    expect(page.locator("form.conflict")).to_contain_text("Premier onglet")
    page.get_by_role("button", name="Garder ces choix").click()
    expect(note(page)).to_have_value("Second onglet")
    assert kept(3).note == "Second onglet"
    do.excuse(problems, 409)
