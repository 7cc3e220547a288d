"""A document verified in a browser: its fingerprint is computed there, and the file leaves only when asked to."""

import pytest
from playwright.sync_api import expect

from conventions.enums import DocumentKind
from conventions.models import FrozenDocument
from tests.browser import gestures as do
from tests.browser.test_accessibility import complaints
from tests.browser.test_keyboard_and_phone import WIDER
from tests.harness.browser import PHONE
from tests.worlds import World

PAGE = "/verifier/"
TRUE, CHANGED = "Ce document est scellé et complet, par un cachet de test", "Ce document a été modifié"
BY_CODE = "Un document signé et scellé porte ce code"
UNKNOWN = "Ce document est inconnu ici"


@pytest.fixture
def files(site, tmp_path):
    """The signed document, and the same with one bit changed."""
    convention = World("ours").convention
    content = bytes(FrozenDocument.objects.get(convention=convention, kind=DocumentKind.FINAL).pdf)
    place = content.index(b"stream\n") + 30
    found = {}
    for name, data in (
        ("good", content),
        ("changed", content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]),
    ):
        found[name] = tmp_path / f"{name}.pdf"
        found[name].write_bytes(data)
    return found


def verdict(page):
    return page.locator("#verdict-title")


def bodies(page):
    """What each POST of the page weighed."""
    weights = []
    page.on(
        "request",
        lambda request: request.method == "POST" and weights.append(len(request.post_data_buffer or b"")),
    )
    return weights


def verify(page, file):
    page.goto(PAGE)
    page.get_by_label("Le PDF à vérifier").set_input_files(file)
    page.get_by_role("button", name="Vérifier ce fichier").click()


def test_the_file_stays_until_it_is_asked_for(phone, files):
    weights = bodies(phone)
    verify(phone, files["good"])
    expect(verdict(phone)).to_have_text(TRUE)
    expect(verdict(phone)).to_be_focused()
    expect(phone.get_by_text("Cachet de test, sans valeur.")).to_be_visible()
    assert max(weights) < 200
    phone.get_by_role("button", name="Envoyer le fichier pour un examen complet").click()
    phone.get_by_text("Ce qui a été contrôlé").click()
    expect(phone.get_by_text("Chaque signature désigne ce texte, et sa preuve est intacte")).to_be_visible()
    expect(verdict(phone)).to_have_text(TRUE)
    assert phone.evaluate(WIDER) == []
    assert complaints(phone) == []


def test_a_changed_file(page, files):
    verify(page, files["changed"])
    expect(verdict(page)).to_have_text(UNKNOWN)
    page.get_by_role("button", name="Envoyer le fichier pour un examen complet").click()
    expect(verdict(page)).to_have_text(CHANGED)
    expect(page.get_by_text(TRUE)).to_have_count(0)
    assert complaints(page) == []


def test_by_the_keyboard_alone(page, files):
    page.goto(PAGE)
    page.get_by_label("Le PDF à vérifier").set_input_files(files["good"])
    page.get_by_label("Le PDF à vérifier").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(verdict(page)).to_be_focused()
    expect(verdict(page)).to_have_text(TRUE)


@pytest.mark.parametrize(("name", "words"), [("good", TRUE), ("changed", CHANGED)])
def test_without_scripts(open_page, files, name, words):
    page = open_page(PHONE, has_touch=True, is_mobile=True, java_script_enabled=False)
    page.goto(PAGE)
    expect(page.get_by_text("Il est envoyé, lu, puis oublié")).to_be_visible()
    verify(page, files[name])
    expect(verdict(page)).to_have_text(words)


def test_the_code_of_the_paper(phone, site, problems):
    convention = World("ours").convention
    phone.goto(PAGE)
    phone.get_by_label("Le code imprimé").fill(convention.public_id)
    phone.get_by_role("button", name="Chercher ce code").click()
    expect(verdict(phone)).to_have_text(BY_CODE)
    expect(phone.get_by_text(convention.reference).first).to_be_visible()
    assert phone.evaluate(WIDER) == []
    assert complaints(phone) == []
    phone.get_by_label("Le code imprimé").fill("rien")
    phone.get_by_role("button", name="Chercher ce code").click()
    expect(phone.get_by_role("alert")).to_contain_text("Aucun document n’a ce code")
    do.excuse(problems, 404)
