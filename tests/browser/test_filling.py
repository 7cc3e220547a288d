"""Strengths, difficulties and figures are saved as one types, and nothing typed there is lost either."""

import re

import pytest
from playwright.sync_api import expect

from autodiag.models import IndicatorValue
from tests.browser import gestures as do
from tests.browser.test_autosave import OFFLINE, RETRIES_WITHIN, SESSION, conflict_panel, cut_off
from tests.browser.test_keyboard_and_phone import tab_to
from tests.worlds import World

HUGE = 1_000_000


@pytest.fixture
def criterion(page, sign_in):
    """Criterion 2.3, never answered, opened by the référente."""
    sign_in(page, "referent@ours.example.org")
    page.goto(do.criterion_url(3))
    return page


def both_sides(page):
    return page.locator("details.both-sides > summary")


def strength(page):
    return page.get_by_label("Ce qui est une force", exact=True)


def year(page, number=2024):
    """The line of one year."""
    return page.get_by_role("form", name=f"Indicateur 2.3, {number}")


def figure(page, number=2024):
    return year(page, number).get_by_label(f"Chiffre de {number}")


def line(page, number=2024):
    return year(page, number).locator("[data-save-state]")


def stored(number=2024):
    return World("ours").figure(number, position=3)


def test_a_strength_typed_without_network_comes_back_unfolded(criterion, problems):
    both_sides(criterion).click()
    criterion.context.set_offline(True)
    strength(criterion).fill("Un tutorat solide")
    expect(do.save_line(criterion)).to_have_text(OFFLINE)
    context, url = criterion.context, criterion.url
    criterion.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(url)
    expect(strength(again)).to_be_visible()
    expect(strength(again)).to_have_value("Un tutorat solide")
    expect(do.save_line(again)).to_have_class(re.compile("is-saved"))
    cut_off(problems)
    assert do.stored(3).strength == "Un tutorat solide"


def test_a_text_of_a_million_characters_is_refused_and_kept_on_the_device(criterion, problems):
    both_sides(criterion).click()
    strength(criterion).evaluate(
        "(field, size) => { field.value = 'x'.repeat(size); field.dispatchEvent(new Event('input', { bubbles: true })); }",
        HUGE,
    )
    expect(do.save_line(criterion)).to_contain_text("Le texte compte 1\u202f000\u202f000 caractères")
    do.excuse(problems, 422)
    assert do.stored(3).revision == 0
    kept = "Object.entries(localStorage).filter(([key]) => key.startsWith('caprse:')).map(([, text]) => text.length)"
    assert criterion.evaluate(kept)[0] >= HUGE
    criterion.on("dialog", lambda dialog: dialog.accept())
    criterion.reload()
    expect(do.save_line(criterion)).to_contain_text("Le texte compte 1\u202f000\u202f000 caractères")
    assert strength(criterion).evaluate("field => field.value.length") == HUGE
    strength(criterion).fill("Plus court")
    do.expect_saved(criterion)
    assert do.stored(3).strength == "Plus court"
    assert criterion.evaluate(kept) == []
    assert set(re.findall(r"status of (\d+)", " ".join(problems))) <= {"422"}
    problems.clear()


def test_a_figure_is_saved_as_one_types_with_the_servers_time(criterion, problems):
    figure(criterion).press_sequentially("1 234,5")
    expect(line(criterion)).to_have_text("Enregistré à 10 h")
    expect(figure(criterion)).to_be_focused()
    year(criterion, 2023).get_by_label("Nous ne savons pas").check()
    expect(line(criterion, 2023)).to_have_text("Enregistré à 10 h")
    expect(do.save_line(criterion)).to_have_text("Rien d’enregistré pour l’instant")
    assert (str(stored().value), stored().revision) == ("1234.5000", 1)
    assert (stored(2023).value, stored(2023).unknown) == (None, True)
    figure(criterion, 2023).fill("3")
    expect(year(criterion, 2023)).to_contain_text("pas les deux")
    year(criterion, 2023).get_by_label("Nous ne savons pas").uncheck()
    expect(line(criterion, 2023)).to_have_text("Enregistré à 10 h")
    do.excuse(problems, 422)
    assert stored(2023).value == 3


def test_two_people_on_the_same_figure_choose(criterion, open_page, sign_in, problems):
    other = open_page()
    sign_in(other, "contributor@ours.example.org")
    other.goto(criterion.url)
    figure(criterion).fill("12")
    expect(line(criterion)).to_have_text("Enregistré à 10 h")
    figure(other).fill("14")
    panel = other.get_by_role("form", name="Deux textes pour « Indicateur 2.3 », 2024")
    expect(panel).to_contain_text("Referent ours a enregistré pendant que vous écriviez")
    expect(line(other)).to_have_text("En attente de votre choix, plus haut.")
    assert stored().value == 12
    panel.get_by_role("button", name="Garder ces choix").click()
    expect(figure(other)).to_have_value("14")
    do.excuse(problems, 409)
    assert (stored().value, stored().revision) == (14, 2)


def test_figures_wait_for_the_network_and_for_the_session(criterion, problems):
    criterion.context.set_offline(True)
    figure(criterion).fill("58")
    expect(line(criterion)).to_have_text(OFFLINE)
    criterion.context.set_offline(False)
    expect(line(criterion)).to_have_text("Enregistré à 10 h", timeout=RETRIES_WITHIN)
    cut_off(problems)
    criterion.context.clear_cookies(name="sessionid")
    figure(criterion).fill("59")
    expect(line(criterion)).to_have_text(SESSION)
    other_tab = criterion.context.new_page()
    do.sign_in_by_form(other_tab, "referent@ours.example.org")
    other_tab.close()
    expect(line(criterion)).to_have_text("Enregistré à 10 h", timeout=RETRIES_WITHIN)
    assert (stored().value, stored().revision) == (59, 2)


def test_another_year_opens_and_the_last_figure_leaves_with_the_page(criterion, eventually):
    figure(criterion).fill("7")
    criterion.get_by_label("Ajouter une autre année").fill("2019")
    criterion.get_by_role("button", name="Ajouter l’année").click()
    figure(criterion, 2019).fill("5")
    expect(line(criterion, 2019)).to_have_text("Enregistré à 10 h")
    assert len(criterion.context.pages) == 1
    assert eventually(lambda: stored() is not None and stored().value == 7)
    assert stored(2019).value == 5


def test_without_scripts_a_figure_leaves_the_answer_being_typed_in_its_tab(open_page):
    bare = open_page(java_script_enabled=False)
    do.sign_in_by_form(bare, "referent@ours.example.org")
    bare.goto(do.criterion_url(3))
    do.practice(bare).fill("Pas encore enregistré")
    figure(bare).fill("12,5")
    with bare.context.expect_page() as opened:
        year(bare).get_by_role("button", name=re.compile("^Enregistrer")).click()
    expect(opened.value.locator(".messages")).to_contain_text("« Indicateur 2.3 », 2024 : enregistré à 10 h.")
    expect(figure(opened.value)).to_have_value("12,5")
    expect(do.practice(bare)).to_have_value("Pas encore enregistré")
    assert IndicatorValue.objects.get(autodiag=World("ours").draft, indicator=World("ours").indicator(3)).value == 12.5


def test_strength_and_figures_by_the_keyboard(criterion):
    tab_to(criterion, both_sides(criterion))
    criterion.keyboard.press("Enter")
    tab_to(criterion, strength(criterion))
    criterion.keyboard.type("Sans souris")
    do.expect_saved(criterion)
    tab_to(criterion, figure(criterion))
    criterion.keyboard.type("12")
    tab_to(criterion, year(criterion).get_by_label("D’où vient ce chiffre"))
    criterion.keyboard.type("Bilan")
    expect(line(criterion)).to_have_text("Enregistré à 10 h")
    tab_to(criterion, year(criterion, 2025).get_by_label("Nous ne savons pas"))
    criterion.keyboard.press("Space")
    expect(line(criterion, 2025)).to_have_text("Enregistré à 10 h")
    assert (stored().value, stored().source, stored(2025).unknown) == (12, "Bilan", True)


def test_a_criterion_and_its_figures_are_filled_with_a_thumb(phone, sign_in):
    sign_in(phone, "contributor@ours.example.org")
    phone.goto(do.criterion_url(3))
    do.card(phone, "Description 2.3 degré 1").tap()
    do.expect_saved(phone)
    both_sides(phone).tap()
    strength(phone).fill("Une équipe stable")
    do.expect_saved(phone)
    expect(figure(phone)).to_be_hidden()  # folded on a phone, until one comes for it
    phone.get_by_role("link", name="Pour comprendre, avec des exemples").tap()
    phone.get_by_role("link", name="Indicateur 2.3").tap()
    year(phone).get_by_text("Nous ne savons pas").tap()
    expect(line(phone)).to_have_text("Enregistré à 10 h")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (do.stored(3).strength, stored().unknown) == ("Une équipe stable", True)


def test_a_past_answer_is_put_back(criterion):
    do.practice(criterion).fill("Le premier texte")
    do.expect_saved(criterion)
    do.practice(criterion).fill("Le second texte")
    expect(criterion.locator(".answer [name=revision]")).to_have_value("2")
    criterion.get_by_role("link", name="Historique de la réponse").click()
    criterion.get_by_text("Voir et remettre cette réponse").click()
    criterion.get_by_role("button", name="Remettre cette réponse").click()
    expect(do.practice(criterion)).to_have_value("Le premier texte")
    assert do.stored(3).revision == 3
    assert conflict_panel(criterion).count() == 0
