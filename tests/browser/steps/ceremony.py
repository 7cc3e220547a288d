"""How somebody who only has a mail signs: the link, the text, the code, the act; and how one refuses."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from caprse.base.text import spaced

HERE = re.compile(r"https?://[^/\s]+(/\S+)")


@dataclass(frozen=True)
class Signer:
    """Who signs for a party, and from where."""

    party: str
    first_name: str
    last_name: str
    email: str
    quality: str = "Présidente"
    power: str = "Statuts, article 12"
    place: str = "Limoges"

    @property
    def name(self):
        return f"{self.first_name} {self.last_name}"


class Post:
    """The mails that left, opened by who received them: a worker works, then sends."""

    def __init__(self, site, run_queue, mailoutbox):
        self.site, self.run_queue, self.mails = site, run_queue, mailoutbox

    def to(self, address, about=""):
        """Those this address received about something, oldest first."""
        self.run_queue()
        about = spaced(about)
        return [mail for mail in self.mails if mail.to == [address] and about in mail.subject + mail.body]

    def link(self, address, about):
        """The last link of the last mail about something, on this machine."""
        body = self.to(address, about)[-1].body
        return HERE.findall(body)[0]

    def code(self, address):
        return re.search(r"^\d{3} \d{3}$", self.to(address, "votre code de signature")[-1].body, re.M)[0]


# --- Signing ----------------------------------------------------------------------------------------------------


def reads(page, post, signer):
    """From the mail to the text."""
    page.goto(post.link(signer.email, "votre signature pour"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("attend votre signature")
    expect(page.locator("main")).to_contain_text(signer.party)
    page.get_by_role("button", name=re.compile("^Lire la ")).click()
    expect(page.locator("main")).to_contain_text(f"{signer.name}, vous lisez pour {signer.party}")


def asks_for_the_code(page):
    page.get_by_role("button", name="Recevoir mon code").click()
    expect(page.get_by_label("J’ai lu ces termes")).not_to_be_checked()


def signs(page, post, signer):
    """The words accepted, the place where it is asked, the code of the mail; up to the receipt."""
    expect(page.locator("blockquote")).to_contain_text(signer.power)
    page.get_by_label("J’ai lu ces termes").check()
    place = page.get_by_label("Fait à")
    if place.count():
        place.fill(signer.place)
    page.get_by_label("Code reçu par courriel").fill(post.code(signer.email))
    page.get_by_role("button", name=re.compile("^Signer la ")).click()
    expect(page.get_by_role("heading", name="Vous avez signé", exact=True)).to_be_visible()


def reads_and_signs(page, post, signer):
    reads(page, post, signer)
    asks_for_the_code(page)
    signs(page, post, signer)


def signs_from_their_account(page, post, signer, address):
    """Somebody of the network needs no link; the code still comes by mail."""
    page.goto(address)
    page.get_by_role("button", name="Lire et signer").click()
    asks_for_the_code(page)
    signs(page, post, signer)


def signs_by_the_keyboard(page, post, signer):
    page.goto(post.link(signer.email, "votre signature pour"))
    reach(page, "Lire la convention")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vous avez tout lu")).to_be_visible()
    reach(page, "Recevoir mon code")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ce que vous acceptez")).to_be_visible()
    reach(page, "J’ai lu ces termes", "checkbox")
    page.keyboard.press("Space")
    reach(page, "Fait à", "textbox")
    page.keyboard.type(signer.place)
    reach(page, "Code reçu par courriel", "textbox")
    page.keyboard.type(post.code(signer.email))
    reach(page, "Signer la convention")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vous avez signé", exact=True)).to_be_visible()


def reach(page, name, role="button"):
    """Press Tab until what bears this name has the focus: somebody without a mouse gets there too."""
    wanted = page.get_by_role(role, name=name)
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"the keyboard does not reach « {name} »")


def draws(page):
    """A stroke in the frame, by the finger or the mouse."""
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 20 + 30 * step, box["y"] + 60 - 30 * (step % 2))
    page.mouse.up()
    expect(page.get_by_text("Dessin ajouté")).to_be_visible()


# --- Not signing ------------------------------------------------------------------------------------------------


def refuses(page, post, signer, reason):
    reads(page, post, signer)
    page.get_by_role("link", name="Vous refusez de signer").click()
    page.get_by_label("Pourquoi vous refusez").fill(reason)
    page.get_by_role("button", name="Refuser de signer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre refus est enregistré")


def finds_nothing_to_sign(page, link, why):
    """A link that was good and leads to a signature no more: the page says why."""
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Il n’y a rien à signer ici")
    expect(page.locator("main")).to_contain_text(why)


# --- Afterwards -------------------------------------------------------------------------------------------------


def downloads_their_copy(page, post, signer, about):
    """The signed document, by the link of the last mail, without account."""
    answer = page.request.get(post.link(signer.email, about))
    assert answer.headers["content-type"] == "application/pdf"
    assert "no-store" in answer.headers["cache-control"]
    return answer.body()
