"""A remark is written beside an answer being typed: neither takes anything from the other."""

import pytest
from playwright.sync_api import expect

from autodiag.models import Remark
from tests.browser import gestures as do
from tests.worlds import World

WORDS = "Vu avec le conseil d’administration"


def remarks(page):
    return page.get_by_role("region", name="Remarques de votre équipe")


def write(page, words):
    page.get_by_label("Écrire une remarque à votre équipe").fill(words)
    page.get_by_role("button", name="Ajouter la remarque").click()


@pytest.fixture
def criterion(page, sign_in):
    sign_in(page, "referent@ours.example.org")
    page.goto(do.criterion_url(3))
    return page


def test_a_remark_leaves_without_the_page_and_the_answer_goes_on_saving(criterion):
    do.practice(criterion).fill("Une pratique en cours de frappe")
    write(criterion, WORDS)
    expect(remarks(criterion)).to_contain_text(WORDS)
    expect(criterion.get_by_label("Écrire une remarque")).to_have_value("")
    expect(do.practice(criterion)).to_have_value("Une pratique en cours de frappe")
    do.expect_saved(criterion)
    assert do.stored(3).practice == "Une pratique en cours de frappe"
    criterion.get_by_text("Retirer ma remarque").click()
    remarks(criterion).get_by_role("button", name="Retirer").click()
    expect(remarks(criterion)).to_contain_text("Remarque retirée")
    assert Remark.objects.of_chapter(World("ours").draft).get(position=3).text == ""


def test_a_refused_remark_is_pointed_at_where_it_stands(criterion, problems):
    write(criterion, "   ")
    expect(remarks(criterion).locator(".error-summary")).to_be_focused()
    expect(remarks(criterion)).to_contain_text("Écrivez votre remarque")
    do.excuse(problems, 422)


def test_an_expired_session_keeps_what_was_typed_and_says_so(criterion, open_page):
    criterion.context.clear_cookies(name="sessionid")
    write(criterion, WORDS)
    expect(remarks(criterion)).to_contain_text("votre session a expiré")
    expect(criterion.get_by_label("Écrire une remarque")).to_have_value(WORDS)
    do.sign_in_by_form(criterion.context.new_page(), "referent@ours.example.org")
    criterion.get_by_role("button", name="Ajouter la remarque").click()
    expect(remarks(criterion)).to_contain_text("Votre remarque est enregistrée")


def test_without_scripts_the_answer_being_typed_stays_in_its_tab(open_page):
    bare = open_page(java_script_enabled=False)
    do.sign_in_by_form(bare, "referent@ours.example.org")
    bare.goto(do.criterion_url(3))
    do.practice(bare).fill("Pas encore enregistré")
    with bare.context.expect_page() as opened:
        write(bare, WORDS)
    expect(remarks(opened.value)).to_contain_text(WORDS)
    expect(do.practice(bare)).to_have_value("Pas encore enregistré")
    bare.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(do.practice(bare)).to_have_value("Pas encore enregistré")
    assert do.stored(3).practice == "Pas encore enregistré"
