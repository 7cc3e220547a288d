"""The plan in columns: moved by keyboard, by dragging, from a phone, without a script; stale and cut off."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from autodiag.enums import ActionStatus
from autodiag.services.plan import update_action
from cohorts.enums import Role
from tests.browser import gestures as do
from tests.browser.test_keyboard_and_phone import tab_to
from tests.plan_at_hand import add, fresh, url_of
from tests.worlds import World

OFFLINE = "Pas enregistré : pas de connexion. La carte est revenue à sa place."


@pytest.fixture
def action(committed_db):
    """An action to do, alone of its name."""
    return add(World("ours"), "Tenir un carnet", who="Samira", due_on=date(2026, 1, 31))


@pytest.fixture
def board(page, sign_in, action):
    """The board, opened by the référente."""
    page.set_viewport_size({"width": 1280, "height": 1600})  # every column within reach of the mouse
    sign_in(page, "referent@ours.example.org")
    page.goto(url_of(World("ours"), "plan_board"))
    return page


def column(page, status):
    return page.locator(f"[data-column={status}]")


def card(page):
    return page.locator("[data-card]", has_text="Tenir un carnet")


def drag(page, status):
    """With the mouse, by its gestures: press, move, release."""
    start, end = card(page).bounding_box(), column(page, status).bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + start["height"] - 6)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 40, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 30, steps=8)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 26, steps=3)  # it enters, then it is over
    expect(column(page, status)).to_have_class(re.compile("is-over"))
    page.mouse.up()


def expect_in(page, status):
    expect(column(page, status).locator("[data-card]", has_text="Tenir un carnet")).to_have_count(1)
    expect(page.locator("[data-card]", has_text="Tenir un carnet")).to_have_count(1)
    held = column(page, status).locator("[data-card]").count()
    expect(column(page, status).locator("[data-count]")).to_have_text(str(held))


def said(page):
    return page.locator("[data-said]")


def test_a_card_is_moved_by_the_keyboard_alone(board, action):
    tab_to(board, card(board).locator("summary"), limit=80)
    board.keyboard.press("Enter")
    board.keyboard.press("Tab")
    expect(card(board).get_by_label("Vers")).to_be_focused()
    board.keyboard.press("ArrowDown")
    board.keyboard.press("ArrowDown")
    board.keyboard.press("Tab")
    board.keyboard.press("Enter")
    expect(said(board)).to_have_text("« Tenir un carnet » est maintenant dans « Faites ».")
    expect_in(board, "done")
    expect(card(board).locator("summary")).to_be_focused()
    assert (fresh(action).status, fresh(action).revision) == (ActionStatus.DONE, 1)


def test_a_card_is_dragged_twice_without_leaving_the_page(board, action):
    drag(board, "in_progress")
    expect(said(board)).to_have_text("« Tenir un carnet » est maintenant dans « En cours ».")
    expect_in(board, "in_progress")
    drag(board, "done")
    expect(said(board)).to_contain_text("« Faites »")
    expect_in(board, "done")
    assert (fresh(action).status, fresh(action).revision) == (ActionStatus.DONE, 2)
    board.reload()
    expect_in(board, "done")


def test_a_card_dropped_where_it_was_or_outside_stays(board, action):
    start = card(board).bounding_box()
    board.mouse.move(start["x"] + 20, start["y"] + start["height"] - 6)
    board.mouse.down()
    board.mouse.move(start["x"] + 60, start["y"] + 20, steps=4)
    board.mouse.up()
    expect_in(board, "to_do")
    expect(said(board)).to_be_empty()
    assert fresh(action).revision == 0


@pytest.mark.parametrize("status", ["blocked", "abandoned"])
def test_dropped_where_a_reason_is_due_it_is_asked(board, action, status):
    drag(board, status)
    expect(board.get_by_role("heading", level=1)).to_have_text("Tenir un carnet")
    assert fresh(action).revision == 0
    board.get_by_label("Pourquoi").fill("Plus de local")
    board.get_by_role("button", name="Enregistrer").click()
    expect_in(board, status)
    assert (fresh(action).status, fresh(action).status_reason) == (status, "Plus de local")


def test_a_stale_move_tells_who_and_shows_the_card_where_it_is(board, action, problems):
    colleague = World("ours").actor(Role.CONTRIBUTOR)
    update_action(action=fresh(action), revision=0, by=colleague, status="blocked", status_reason="Plus de local")
    drag(board, "done")
    expect(said(board)).to_contain_text(f"{colleague.full_name} a changé « Tenir un carnet »")
    expect(said(board)).to_contain_text("votre déplacement n’a pas été enregistré")
    expect_in(board, "blocked")
    expect(card(board)).to_contain_text("Plus de local")
    assert (fresh(action).status, fresh(action).revision) == (ActionStatus.BLOCKED, 1)
    do.excuse(problems, 409)
    drag(board, "done")
    expect(said(board)).to_have_text("« Tenir un carnet » est maintenant dans « Faites ».")
    expect_in(board, "done")
    assert fresh(action).revision == 2


def test_a_cut_network_puts_the_card_back_and_says_so(board, action, problems):
    board.context.set_offline(True)
    drag(board, "done")
    expect(said(board)).to_have_text(OFFLINE)
    expect_in(board, "to_do")
    assert fresh(action).revision == 0
    assert all("net::ERR_" in problem for problem in problems), problems
    problems.clear()
    board.context.set_offline(False)
    drag(board, "done")
    expect(said(board)).to_contain_text("« Faites »")
    expect_in(board, "done")


def test_an_expired_session_puts_the_card_back_and_says_so(board, action):
    board.context.clear_cookies(name="sessionid")
    drag(board, "done")
    expect(said(board)).to_contain_text("votre session a expiré")
    expect_in(board, "to_do")
    assert fresh(action).revision == 0


def test_on_a_phone_by_the_form(phone, sign_in, action):
    sign_in(phone, "referent@ours.example.org")
    phone.goto(url_of(World("ours"), "plan_board"))
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    card(phone).locator("summary").tap()
    card(phone).get_by_label("Vers").select_option("in_progress")
    button = card(phone).get_by_role("button", name="Déplacer")
    assert button.bounding_box()["height"] >= 36
    button.tap()
    expect(said(phone)).to_contain_text("« En cours »")
    expect_in(phone, "in_progress")
    assert fresh(action).status == ActionStatus.IN_PROGRESS


def test_without_a_script_the_form_moves_it_and_asks_why(open_page, sign_in, action, problems):
    page = open_page(java_script_enabled=False)
    sign_in(page, "referent@ours.example.org")
    page.goto(url_of(World("ours"), "plan_board"))
    assert page.locator("[draggable]").count() == 0
    card(page).locator("summary").click()
    card(page).get_by_label("Vers").select_option("blocked")
    card(page).get_by_role("button", name="Déplacer").click()
    expect(page.get_by_role("heading", name="À corriger")).to_be_visible()
    do.excuse(problems, 422)
    page.get_by_label("Pourquoi").fill("Plus de local")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("« Tenir un carnet » est maintenant dans « Bloquées ».")).to_be_visible()
    assert (fresh(action).status, fresh(action).status_reason) == (ActionStatus.BLOCKED, "Plus de local")


def test_all_the_boxes_at_once(page, sign_in, action):
    sign_in(page, "referent@ours.example.org")
    page.goto(url_of(World("ours"), "plan_bulk"))
    every, boxes = page.get_by_label("Tout cocher"), page.locator("[name=action]")
    every.check()
    assert all(box.is_checked() for box in boxes.all())
    boxes.last.uncheck()
    expect(every).not_to_be_checked()
    page.get_by_label("Qui", exact=True).check()
    expect(page.get_by_label("Nouvelle date")).to_be_hidden()
    page.get_by_label(re.compile("^Nouvelle personne")).first.fill("Karim")
    page.get_by_role("button", name="Relire avant d’enregistrer").click()
    page.get_by_role("button", name="Enregistrer les changements").click()
    expect(page.get_by_text("changées.")).to_be_visible()
    assert fresh(action).who == "Karim"


def test_each_view_prints_on_landscape_pages(board, action):
    for name in ("plan", "plan_board", "plan_calendar", "plan_timeline"):
        board.goto(url_of(World("ours"), name))
        printed = board.pdf(prefer_css_page_size=True)
        width, height = map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed).groups())
        assert width > height, name


def test_on_a_phone_the_filters_stay_inside_the_screen(phone, sign_in, action):
    add(World("ours"), "Une autre", who="Nathalie Vergnaud et un·e salarié·e en parcours de l’atelier des deux rives")
    sign_in(phone, "referent@ours.example.org")
    for name in ("plan", "plan_board"):
        phone.goto(url_of(World("ours"), name))
        phone.locator(".plan-filter summary").tap()
        expect(phone.get_by_label("Où en est-on").first).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
