"""A viewpoint is saved as one types, on a phone, and two pages of one person never write over each other."""

from playwright.sync_api import expect

from autodiag.models import Viewpoint
from cohorts.enums import Role
from tests.browser import gestures as do
from tests.browser.test_autosave import OFFLINE, RETRIES_WITHIN, SESSION, cut_off
from tests.browser.test_keyboard_and_phone import tab_to
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


def test_it_waits_for_the_network_and_for_the_session(page, sign_in, problems):
    sign_in(page, EMAIL)
    page.goto(viewpoint_url(3))
    page.context.set_offline(True)
    note(page).fill("Sans réseau")
    expect(do.save_line(page)).to_have_text(OFFLINE)
    page.context.set_offline(False)
    expect(do.save_line(page)).to_have_text("Enregistré à 10 h", timeout=RETRIES_WITHIN)
    cut_off(problems)
    page.context.clear_cookies(name="sessionid")
    note(page).fill("Pendant la pause")
    expect(do.save_line(page)).to_have_text(SESSION)
    assert kept(3).note == "Sans réseau"
    other_tab = page.context.new_page()
    do.sign_in_by_form(other_tab, EMAIL)
    other_tab.close()
    expect(do.save_line(page)).to_have_text("Enregistré à 10 h", timeout=RETRIES_WITHIN)
    assert (kept(3).note, kept(3).revision) == ("Pendant la pause", 2)


def test_the_last_words_leave_with_the_tab_or_wait_on_the_device(page, sign_in, eventually, problems):
    sign_in(page, EMAIL)
    page.goto(viewpoint_url(3))
    context = page.context
    note(page).press_sequentially("Fini, je ferme")
    page.close(run_before_unload=True)
    assert eventually(lambda: Viewpoint.objects.filter(note="Fini, je ferme").count()) == 1
    again = context.new_page()
    again.goto(viewpoint_url(3))
    context.set_offline(True)
    note(again).fill("Fermé sans réseau")
    expect(do.save_line(again)).to_have_text(OFFLINE)
    again.close()
    context.set_offline(False)
    last = context.new_page()
    last.goto(viewpoint_url(3))
    expect(note(last)).to_have_value("Fermé sans réseau")
    do.expect_saved(last)
    cut_off(problems)
    assert kept(3).note == "Fermé sans réseau"


def test_by_the_keyboard(page, sign_in):
    sign_in(page, EMAIL)
    page.goto(viewpoint_url(3))
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    do.expect_saved(page)
    tab_to(page, note(page))
    page.keyboard.type("Sans souris")
    expect(page.locator("form[data-answer] [name=revision]")).to_have_value("2")
    tab_to(page, page.get_by_role("button", name="Enregistrer et continuer"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(page.url.split("/regions/")[0] + viewpoint_url(4))
    assert (kept(3).level.value, kept(3).note) == (0, "Sans souris")


def test_without_scripts_it_is_saved_and_two_texts_are_shown(open_page, problems):
    bare = open_page(java_script_enabled=False)
    do.sign_in_by_form(bare, EMAIL)
    bare.goto(viewpoint_url(3))
    other = bare.context.new_page()
    other.goto(viewpoint_url(3))
    do.card(bare, "Degré 1").click()
    note(bare).fill("Par le bouton")
    bare.get_by_role("button", name="Enregistrer et continuer").click()
    expect(bare.locator(".messages")).to_contain_text("Votre point de vue sur le critère 2.3 est enregistré à 10 h.")
    expect(bare).to_have_url(bare.url.split("/regions/")[0] + viewpoint_url(4))
    note(other).fill("D’une autre page")
    other.get_by_role("button", name="Enregistrer et continuer").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Critère 2.3 : choisir ce qui reste")
    assert kept(3).note == "Par le bouton"
    other.get_by_role("group", name="Pourquoi").get_by_text("Par le bouton").click()
    other.get_by_role("button", name="Garder ces choix").click()
    expect(other.locator(".messages")).to_contain_text("est enregistré à 10 h.")
    do.excuse(problems, 409)
    assert kept(3).note == "Par le bouton"
