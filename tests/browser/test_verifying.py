"""A document verified in a browser: its fingerprint is computed there, and the file leaves only when asked to."""

from hashlib import sha256

import pytest
from playwright.sync_api import expect

from conventions.enums import DocumentKind
from conventions.models import FrozenDocument
from tests.browser import gestures as do
from tests.browser.test_accessibility import complaints
from tests.browser.test_keyboard_and_phone import WIDER
from tests.conventions.test_verifying import CHANGES
from tests.harness.browser import PHONE
from tests.worlds import World

PAGE = "/verifier/"
TRUE, CHANGED = "Ce document est scellé et complet, par un cachet de test", "Ce document a été modifié"
BY_CODE = "Un document signé et scellé porte ce code"
UNKNOWN, UNSEALED = "Ce document est inconnu ici", "Ce document n’est pas scellé"


@pytest.fixture
def file_of(site, tmp_path):
    """`file_of(name)`: the signed document, as it is or as somebody changed it."""
    convention = World("ours").convention
    content = bytes(FrozenDocument.objects.get(convention=convention, kind=DocumentKind.FINAL).pdf)

    def write(name="good"):
        change, _ = CHANGES.get(name, (bytes, None))
        path = tmp_path / "convention.pdf"
        path.write_bytes(change(content))
        return path

    return write


def verdict(page):
    return page.locator("#verdict-title")


def bodies(page):
    """What each POST of the page sends."""
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.post_data_buffer or b""))
    return sent


def verify(page, file):
    page.goto(PAGE)
    page.get_by_label("Le PDF à vérifier").set_input_files(file)
    page.get_by_role("button", name="Vérifier ce fichier").click()


def asks_for_the_whole(page):
    page.get_by_role("button", name="Envoyer le fichier pour un examen complet").click()
    page.get_by_text("Ce qui a été contrôlé").click()


def test_the_file_stays_until_it_is_asked_for(phone, file_of):
    good = file_of()
    sent = bodies(phone)
    verify(phone, good)
    expect(verdict(phone)).to_have_text(TRUE)
    expect(verdict(phone)).to_be_focused()
    expect(phone.get_by_text("Cachet de test, sans valeur.")).to_be_visible()
    assert [body.decode().partition("sha256=")[2] for body in sent] == [sha256(good.read_bytes()).hexdigest()]
    asks_for_the_whole(phone)
    expect(phone.get_by_text("Chaque signature désigne ce texte, et sa preuve est intacte")).to_be_visible()
    expect(verdict(phone)).to_have_text(TRUE)
    expect(phone.get_by_text("Ne tient pas")).to_have_count(0)
    assert phone.evaluate(WIDER) == []
    assert complaints(phone) == []


@pytest.mark.parametrize(
    ("name", "title", "reason"),
    [
        ("one bit of a page", CHANGED, "modifié"),
        ("bytes after the end", CHANGED, "ajouté"),
        ("cut back before the seal", UNSEALED, "ne porte pas de cachet"),
        ("cut back to the seal", CHANGED, "modifié après avoir été scellé"),
    ],
)
def test_a_changed_file(page, file_of, name, title, reason):
    sent = bodies(page)
    verify(page, file_of(name))
    expect(verdict(page)).to_have_text(UNKNOWN if name != "cut back before the seal" else UNSEALED)
    assert max(map(len, sent)) < 200
    asks_for_the_whole(page)
    expect(verdict(page)).to_have_text(title)
    expect(page.locator(".verdict__reason")).to_contain_text(reason)
    expect(page.get_by_text(TRUE)).to_have_count(0)
    assert complaints(page) == []


def test_by_the_keyboard_alone(page, file_of):
    page.goto(PAGE)
    page.get_by_label("Le PDF à vérifier").set_input_files(file_of())
    page.get_by_label("Le PDF à vérifier").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(verdict(page)).to_be_focused()
    expect(verdict(page)).to_have_text(TRUE)


@pytest.mark.parametrize(("name", "words"), [("good", TRUE), ("one bit of a page", CHANGED)])
def test_without_scripts(open_page, file_of, name, words):
    page = open_page(PHONE, has_touch=True, is_mobile=True, java_script_enabled=False)
    page.goto(PAGE)
    expect(page.get_by_text("Il est envoyé, lu, puis oublié")).to_be_visible()
    verify(page, file_of(name))
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
