"""The ceremony in a real browser: the keyboard alone, a finger that draws, a passkey, and the pages of who prepares."""

import io
import re

import pytest
from django.urls import reverse
from PIL import Image

from caprse.base import passkeys
from conventions import documents
from conventions.emails.letters import signing_url
from conventions.models import Refusal, Signature
from conventions.services import sending, signatories
from tests import worlds_conventions as do
from tests.browser.steps.ceremony import draws, reach
from tests.browser.test_accessibility import complaints
from tests.worlds import World


@pytest.fixture
def convention(site):
    """The next cohort's convention, sent."""
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    return do.sent_convention(do.Cohort.objects.select_related("region", "version").get(slug="suivante"))


def signatory_of(convention, role="structure"):
    return next(row for row in do.signatories_of(convention) if row.party.role == role)


def come(page, site, signatory, host="127.0.0.1"):
    page.goto(re.sub(r"^https?://[^/]+", f"http://{host}:{site.port}", signing_url(signatory)))


def last_code(run_queue, mailoutbox):
    run_queue()
    return re.search(r"^\d{3} \d{3}$", mailoutbox[-1].body, re.M)[0]


def is_clean(page, width=390):
    """Nothing for axe to say, nothing wider than the phone."""
    assert complaints(page) == []
    page.set_viewport_size({"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_alone_signs(convention, site, page, run_queue, mailoutbox):
    signatory = signatory_of(convention)
    come(page, site, signatory)
    reach(page, "Lire la convention")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Vous avez tout lu").wait_for()
    reach(page, "Recevoir mon code")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Ce que vous acceptez").wait_for()
    code = last_code(run_queue, mailoutbox)
    reach(page, "J’ai lu ces termes", "checkbox")
    page.keyboard.press("Space")
    reach(page, "Code reçu par courriel", "textbox")
    page.keyboard.type(code)
    reach(page, "Signer la convention")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Vous avez signé", exact=True).wait_for()
    assert Signature.objects.get(signatory=signatory).drawn is None


def test_a_finger_draws_on_a_phone_and_it_may_be_wiped_out(convention, site, phone, run_queue, mailoutbox):
    signatory = signatory_of(convention)
    come(phone, site, signatory)
    phone.get_by_role("button", name="Lire la convention").click()
    phone.get_by_role("button", name="Recevoir mon code").click()
    phone.get_by_role("heading", name="Votre signature à la main").wait_for()
    draws(phone)
    assert phone.locator("#id_drawn").input_value().startswith("data:image/png")
    phone.get_by_role("button", name="Effacer le dessin").click()
    assert phone.locator("#id_drawn").input_value() == ""
    draws(phone)
    assert complaints(phone) == []
    phone.get_by_label("J’ai lu ces termes").check()
    phone.get_by_label("Code reçu par courriel").fill(last_code(run_queue, mailoutbox))
    phone.get_by_role("button", name="Signer la convention").click()
    phone.get_by_role("heading", name="Vous avez signé", exact=True).wait_for()
    with Image.open(io.BytesIO(bytes(Signature.objects.get(signatory=signatory).drawn))) as picture:
        assert picture.getchannel("A").getextrema()[1] == 255


def test_the_passkey_of_somebody_signed_in_signs_the_text_too(
    convention, site, page, sign_in, run_queue, mailoutbox, problems
):
    signatory = signatory_of(convention, "region")
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**device, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    sign_in(page, signatory.user.email)
    cookie = next(cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    page.context.add_cookies([{"name": "sessionid", "value": cookie["value"], "url": f"http://localhost:{site.port}"}])
    come(page, site, signatory, host="localhost")  # no passkey is made for an address in numbers
    page.get_by_role("button", name="Lire la convention").click()
    page.get_by_role("button", name="Recevoir mon code").click()
    page.get_by_role("button", name="Ajouter ma clé d’accès").click()
    page.get_by_text("Votre clé d’accès a signé ce texte").wait_for()
    assert complaints(page) == []
    page.get_by_label("J’ai lu ces termes").check()
    page.get_by_label("Code reçu par courriel").fill(last_code(run_queue, mailoutbox))
    page.get_by_role("button", name="Signer la convention").click()
    page.get_by_role("heading", name="Vous avez signé", exact=True).wait_for()
    problems[:] = [line for line in problems if "localhost" not in line]
    signature = Signature.objects.get(signatory=signatory)
    challenge = passkeys.challenge_of(signature.document_sha256, documents.sha256(signature.consent))
    assert passkeys.holds(signature.passkey, challenge=challenge, origin=f"http://localhost:{site.port}")


def test_refusing_and_naming_somebody_else_on_a_phone(convention, site, phone, problems):
    signatory = signatory_of(convention)
    come(phone, site, signatory)
    phone.get_by_role("button", name="Lire la convention").click()
    phone.get_by_role("link", name="Ce n’est pas à vous de signer").click()
    is_clean(phone)
    phone.get_by_role("button", name="Prévenir la délégation").click()
    phone.get_by_text("Nommez la bonne personne, ou").first.wait_for()
    is_clean(phone)
    problems.clear()  # the browser notes the refusal, which is asked for
    phone.get_by_role("link", name="Revenir au texte").click()
    phone.get_by_role("link", name="Vous refusez de signer").click()
    is_clean(phone)
    phone.get_by_label("Pourquoi vous refusez").fill("L’article 4 nous engage trop loin.")
    phone.get_by_role("button", name="Refuser de signer").click()
    phone.get_by_role("heading", name="Votre refus est enregistré").wait_for()
    is_clean(phone)
    assert Refusal.objects.get().signatory == signatory


def test_the_pages_of_who_prepares_it_are_for_everybody(convention, page, sign_in):
    signatory = signatory_of(convention)
    named = {"first_name": "Lise", "last_name": "Arrieu", "email": "lise@example.org", "quality": "Présidente"}
    signatories.say_wrong_person(signatory=signatory, circumstances=do.HERE, message="Je délègue.", **named)
    sign_in(page, "region_admin@ours.example.org")
    here = ["ici", convention.public_id]
    for url in (
        reverse("party", args=[*here, signatory.party_id]),
        reverse("signatory_change", args=[*here, signatory.public_id]),
        reverse("signature_paper", args=[*here, signatory.public_id]),
        convention.url(),
    ):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(url)
        is_clean(page)
