"""« Fait à … », the drawn signature, coming back later, what the pages of signing cost."""

import base64
import io
import re

import pytest
from fido2.utils import websafe_decode
from PIL import Image, ImageDraw

from caprse.base import passkeys
from cohorts.enums import Role
from conventions import documents
from conventions.models import Convention, Signature, TemplateVersion
from conventions.services import codes, sending, signing, states
from conventions.services.codes import SigningClosed
from tests import worlds_conventions as do
from tests.base.test_passkeys import typed
from tests.harness.ceremony import Ceremony, fresh
from tests.harness.pages import text_of
from tests.test_access_matrix import contents


def address_of(picture, format_="PNG"):
    content = io.BytesIO()
    picture.save(content, format_)
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()


def a_stroke():
    picture = Image.new("RGBA", (480, 160), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(20, 120), (150, 30), (300, 130), (460, 40)], fill=(10, 10, 120, 255), width=4)
    return picture


# --- « Fait à » -------------------------------------------------------------------------------------------------


@pytest.fixture
def placed(ours, draw_anew, read_mail):
    """The structure's signatory, of a text that asks where each one signs."""
    draft = do.complete(ours.draft_convention)
    content = {**draft.version.content, "asks_place": True}
    version = TemplateVersion.objects.create(
        template=draft.version.template, number=98, content=content, sha256=documents.canonical_sha256(content)
    )
    Convention.objects.filter(pk=draft.pk).update(version=version)
    sending.freeze(convention=fresh(draft), by=None)
    convention = sending.send(convention=sending.make_original(convention=fresh(draft)), by=None)
    signatory = next(row for row in do.signatories_of(convention) if row.party.role == "structure")
    return Ceremony(signatory, read_mail).open()


def test_where_one_signs_is_asked_when_the_text_says_so(placed):
    digits = placed.digits()
    assert "Fait à" in text_of(placed.client.get(placed.url("signing_act")))
    answer = placed.send(digits)
    assert answer.status_code == 422
    assert "Dites où vous signez" in text_of(answer)
    assert placed.signature is None
    assert placed.send(digits, place="Mont-de-Marsan").url == placed.url()
    assert placed.signature.place == placed.signature.evidence["place"] == "Mont-de-Marsan"


@pytest.mark.parametrize("place", ["Pau 🌱", "北京", "a\u202eb"])
def test_a_place_that_the_document_cannot_draw_is_refused(placed, place):
    """One place typed wrong would keep the document of all from its seal."""
    digits = placed.digits()
    answer = placed.send(digits, place=place)
    assert answer.status_code == 422
    assert placed.signature is None
    assert placed.send(digits, place="Łódź").status_code == 302


def test_no_service_signs_such_a_text_without_a_place(placed):
    digits = do.code_for(placed.signatory, "s")
    with pytest.raises(signing.PlaceMissing):
        signing.sign(signatory=placed.signatory, act=do.act(placed.signatory, "s", digits))
    assert placed.signature is None
    assert placed.signatory.codes.get().consumed_at is None


def test_where_one_signs_is_not_asked_otherwise(ceremony):
    ceremony.open()
    assert "Fait à" not in text_of(ceremony.client.get(ceremony.url("signing_act")))
    ceremony.send(ceremony.digits(), place="Pau")
    assert ceremony.signature.place == ""


# --- Drawn ------------------------------------------------------------------------------------------------------


def test_a_drawing_is_drawn_again_and_kept_small(ceremony):
    ceremony.open()
    ceremony.send(ceremony.digits(), drawn=address_of(a_stroke()))
    kept = bytes(ceremony.signature.drawn)
    assert len(kept) <= 30 * 1024
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "LA", (480, 160))
        assert picture.getchannel("A").getextrema() == (0, 255)
    assert ceremony.signature.evidence["drawn_sha256"] == documents.sha256(kept)


@pytest.mark.parametrize("drawn", ["", address_of(Image.new("RGBA", (480, 160), (0, 0, 0, 0)))])
def test_nothing_drawn_is_as_good(ceremony, drawn):
    ceremony.open()
    assert ceremony.send(ceremony.digits(), drawn=drawn).url == ceremony.url()
    assert ceremony.signature.drawn is None
    assert "drawn_sha256" not in ceremony.signature.evidence


@pytest.mark.parametrize(
    "drawn",
    [
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:image/png;base64,%%%",
        "data:image/png;base64," + base64.b64encode(b"<script>").decode(),
        "data:image/png;base64," + "A" * 500_000,
        "https://ailleurs.example/signature.png",
        address_of(Image.new("RGB", (9000, 9000), "white")),
    ],
    ids=["svg", "not base64", "not a picture", "too long", "an address", "immense"],
)
def test_what_is_no_drawing_signs_nothing_and_loses_nothing(ceremony, drawn):
    ceremony.open()
    digits = ceremony.digits()
    before = contents()
    answer = ceremony.send(digits, drawn=drawn)
    assert answer.status_code == 422
    assert "ce dessin n’a pas pu être lu" in text_of(answer).lower()
    assert contents() == before
    assert ceremony.send(digits).status_code == 302


# --- Later ------------------------------------------------------------------------------------------------------


def test_one_comes_back_later_by_the_same_link_from_another_machine(ceremony, read_mail):
    ceremony.open()
    ceremony.digits()
    elsewhere = Ceremony(ceremony.signatory, read_mail)
    elsewhere.link = ceremony.link
    elsewhere.open()
    assert elsewhere.send(elsewhere.digits()).url == ceremony.url()
    assert Signature.objects.filter(signatory=ceremony.signatory).count() == 1
    assert "Vous avez signé" in text_of(ceremony.client.get(ceremony.url()))


def test_the_pages_of_signing_cost_the_same_whoever_signs(ceremony, other, queries):
    for each in (ceremony, other):
        each.open()
        each.digits()
        for name, most in (("signing", 16), ("signing_act", 14), ("signing_refuse", 10), ("signing_wrong", 10)):
            with queries(max=most):
                each.client.get(each.url(name))


# --- The signatory's own key ------------------------------------------------------------------------------------


def signed_by_key(each, client):
    """What a device would send from the last page."""
    page = text_of(client.get(each.url("signing_act")))
    challenge = re.search(r'data-challenge="([^"]+)"', page)
    assert challenge
    return typed(challenge=websafe_decode(challenge[1]), origin="http://testserver")


def test_somebody_signed_in_adds_what_their_own_key_signs(other):
    other.client.force_login(other.signatory.user)
    other.open()
    digits = other.digits()
    sent = signed_by_key(other, other.client)
    assert other.send(digits, passkey=sent).url == other.url()
    signature = other.signature
    consent = documents.sha256(signature.consent)
    challenge = passkeys.challenge_of(signature.document_sha256, consent)
    assert passkeys.holds(signature.passkey, challenge=challenge, origin="http://testserver")
    assert signature.evidence["passkey_sha256"] == documents.canonical_sha256(signature.passkey)


def test_a_key_that_signed_something_else_signs_nothing_and_the_code_still_serves(other):
    other.client.force_login(other.signatory.user)
    other.open()
    digits = other.digits()
    answer = other.send(digits, passkey=typed(origin="http://testserver"))
    assert answer.status_code == 422
    assert "Votre clé d’accès n’a pas pu signer" in text_of(answer)
    assert other.signature is None
    assert other.send(digits).url == other.url()
    assert other.signature.passkey is None


def test_without_an_account_no_key_is_asked_for_nor_taken(ceremony):
    ceremony.open()
    digits = ceremony.digits()
    assert "data-challenge" not in text_of(ceremony.client.get(ceremony.url("signing_act")))
    ceremony.send(digits, passkey=typed(origin="http://testserver"))
    assert ceremony.signature.passkey is None


def test_somebody_else_signed_in_adds_no_key(other, ours):
    other.client.force_login(ours.user(Role.REFERENT))
    other.open()
    assert "data-challenge" not in text_of(other.client.get(other.url("signing_act")))


# --- Too late ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"), [("expired", "Le délai pour signer est passé"), ("superseded", "remplacée")]
)
def test_after_its_delay_or_its_replacement_nothing_is_signed(ceremony, state, words):
    ceremony.open()
    digits = ceremony.digits()
    states.move(fresh(ceremony.convention), to=state)
    before = contents()
    for answer in (ceremony.client.post(ceremony.link), ceremony.send(digits), ceremony.client.get(ceremony.url())):
        assert answer.status_code == 410
        assert words in text_of(answer)
    with pytest.raises(SigningClosed, match=words):
        codes.ask(signatory=ceremony.signatory, session="s", circumstances=do.HERE)
    assert contents() == before
