"""A survey on a phone, by touch and by the keyboard, without a script; sheets by digits; the paper as it is printed."""

import re

import pytest
from playwright.sync_api import expect

from autodiag.models import SurveyResponse
from caprse.access_matrix import address
from tests.browser import gestures as do
from tests.browser.test_accessibility import complaints
from tests.browser.test_keyboard_and_phone import WIDER
from tests.harness.browser import PHONE
from tests.worlds import World

SMALL_TARGETS = """() => [...document.querySelectorAll("label, button, a.btn")]
    .map(node => node.getBoundingClientRect()).filter(box => box.height < 44 || box.width < 44).length"""


@pytest.fixture
def ours(site):
    return World("ours")


@pytest.fixture
def old_phone(open_page):
    """A phone of nobody, without scripts."""
    return open_page(PHONE, has_touch=True, is_mobile=True, java_script_enabled=False)


def values_of(world):
    """What each response ticked, in the order of the questions, the first sent first."""
    asked = [question["id"] for question in world.survey.questions]
    rows = SurveyResponse.objects.filter(survey=world.survey).order_by("pk").values_list("choices", flat=True)
    return [[choices[key] for key in asked if key in choices] for choices in rows]


def question(page, rank):
    return page.locator("fieldset").nth(rank - 1)


def test_by_touch_on_an_old_phone(old_phone, ours, problems):
    page, url = old_phone, address("survey_answer", ours)
    page.goto(url)
    page.get_by_role("button", name="Envoyer").tap()
    expect(page.get_by_role("alert")).to_contain_text("Vous n’avez coché aucune réponse")
    do.excuse(problems, 422)
    question(page, 1).get_by_text("Plutôt non").tap()
    question(page, 3).get_by_text("Je ne sais pas").tap()
    page.get_by_role("button", name="Envoyer").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
    assert values_of(ours)[2:] == [["rather_no", "unknown"]]
    page.get_by_role("link", name="Une autre personne").tap()
    expect(page.locator("input:checked")).to_have_count(0)


def test_by_the_keyboard(page, ours):
    page.goto(address("survey_answer", ours))
    question(page, 1).get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
    assert values_of(ours)[2:] == [["rather_yes", "yes"]]


@pytest.mark.parametrize("easy", ["", "?facile=1"])
def test_it_fits_a_phone_with_big_targets_and_axe_finds_nothing(phone, ours, easy):
    phone.goto(address("survey_answer", ours) + easy)
    assert phone.evaluate(WIDER) == []
    assert phone.evaluate(SMALL_TARGETS) == 0
    assert complaints(phone) == []


def test_sheets_are_typed_in_by_digits(page, sign_in, ours):
    sign_in(page, "contributor@ours.example.org")
    page.goto(ours.survey.url("survey_entry"))
    page.keyboard.type("402")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Feuille 1 enregistrée.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Feuille 2")
    assert values_of(ours)[2:] == [["no", "rather_yes"]]


def test_the_paper_as_it_is_printed(page, sign_in, ours):
    """One page of cards, one of each sheet."""
    sign_in(page, "referent@ours.example.org")
    for name, query in (("survey_cards", ""), ("survey_sheet", ""), ("survey_sheet", "?facile=1")):
        page.goto(ours.survey.url(name) + query)
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
        expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    page.goto(ours.survey.url("survey_cards"))
    assert page.get_by_text(ours.survey_code).count() == 8
