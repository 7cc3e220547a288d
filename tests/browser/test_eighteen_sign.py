"""A convention of the four kinds of parties, from its template to its sealed document, signed by eighteen people.

Everything goes through the pages; between two clicks the test only does the work of a worker, and passes the time.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from caprse.base import clock
from caprse.base.sealing import keys
from conventions.enums import ConventionState, DocumentKind
from conventions.models import Convention, FrozenDocument, Signature
from conventions.services import finishing, trail, verifying
from tests.browser import gestures as do
from tests.browser.steps import agreements, ceremony, eighteen, people
from tests.browser.test_accessibility import complaints
from tests.browser.test_keyboard_and_phone import WIDER
from tests.harness.timestamps import nobody

pytestmark = pytest.mark.long

NETWORK_TEMPLATE = "Convention d’engagements réciproques"
TEMPLATE = "Convention d’engagements de la promotion"
FIRST, REFUSES, HAD_SIGNED = eighteen.STRUCTURES[0], eighteen.STRUCTURES[3], eighteen.STRUCTURES[5]
REASON = "Le conseil d’administration ne peut pas s’engager sur quinze mois ; dix-huit lui iraient."
WHY = "La durée passe à dix-huit mois, comme une structure le demande."
UNANIMOUS = "est signée par toutes les parties"


@pytest.fixture
def signers(site):
    eighteen.the_cohort()
    return eighteen.signers()


@pytest.fixture
def post(site, run_queue, mailoutbox):
    return ceremony.Post(site, run_queue, mailoutbox)


@pytest.fixture
def desk(open_page, sign_in, signers):
    """Who prepares the convention."""
    page = open_page()
    sign_in(page, eighteen.COORDINATOR)
    return page


@pytest.fixture
def referent(open_page, sign_in, signers):
    page = open_page()
    sign_in(page, eighteen.REFERENT)
    return page


def test_a_refusal_then_a_version_that_eighteen_sign(
    signers, post, desk, page, phone, open_page, sign_in, referent, monkeypatch, clock_at, problems
):
    first = prepares_and_sends(desk, signers, post)
    asked = one_signs_and_another_refuses(desk, first, page, signers, post, referent)
    second = makes_the_next_version(desk, first, post)
    ceremony.finds_nothing_to_sign(page, asked, "Une nouvelle version vous est déjà parvenue ?")
    national = open_page()
    sign_in(national, "national_staff@ours.example.org")
    everybody_signs(desk, national, page, phone, second, signers, post, referent)
    waits_for_its_seal(desk, second, post, monkeypatch, clock_at, signers)
    takes_effect(desk, page, referent, second, signers, post)
    do.excuse(problems, 410, 410)  # the two links that lead nowhere any more


# --- From the template to the mails -----------------------------------------------------------------------------


def prepares_and_sends(desk, signers, post):
    agreements.copies_the_template(
        desk, NETWORK_TEMPLATE, TEMPLATE, settings={"« Fait à »": "Demandé à chaque signataire"}
    )
    agreements.begins_the_convention(desk, eighteen.COHORT, TEMPLATE)
    for signer in signers.values():
        agreements.names_who_signs(desk, signer)
    agreements.fills_the_blanks(desk)
    return agreements.freezes_and_sends(desk, post.run_queue)


def one_signs_and_another_refuses(desk, first, page, signers, post, referent):
    """The reason is read by who prepares the text, and by nobody else; no link leads to a signature any more."""
    people.opens_the_path(referent, FIRST)
    expect(referent.get_by_role("button", name="Commencer")).to_have_count(0)
    asked = post.link(signers[FIRST].email, "votre signature pour")
    ceremony.reads_and_signs(page, post, signers[HAD_SIGNED])
    ceremony.refuses(page, post, signers[REFUSES], REASON)
    ceremony.finds_nothing_to_sign(page, asked, "la signature est suspendue pour toutes")
    assert REASON not in page.content()
    assert post.to(eighteen.COORDINATOR, "refuse de signer")
    agreements.state_is(desk, first, "Refusée par une partie")
    expect(desk.locator(".alert", has_text="Une partie a refusé de signer")).to_contain_text(REASON)
    referent.goto(first)
    expect(referent.locator("main")).to_contain_text("Refusée par une partie")
    assert REASON not in referent.content()
    return asked


def makes_the_next_version(desk, first, post):
    """Who signs again and why is said before it is begun, and again before it is frozen."""
    desk.goto(first)
    desk.get_by_role("link", name="Préparer une nouvelle version").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Préparer la version 2")
    expect(desk.locator("main")).to_contain_text(REASON)
    expect(desk.locator("main")).to_contain_text(f"{HAD_SIGNED} – avait signé : devra signer de nouveau")
    desk.get_by_label("Le texte, ou un de ses blancs").check()
    desk.get_by_label("Pourquoi une nouvelle version").fill(WHY)
    desk.get_by_role("button", name="Commencer la version suivante").click()
    agreements.fills_the_blanks(desk, **{"Durée prévue, en mois": "18"})
    again = desk.locator("section:has(#again-title)")
    expect(again).to_contain_text("Le texte change : « Engagements des parties », « Entrée en vigueur, durée et fin ».")
    expect(again).to_contain_text(f"{HAD_SIGNED} – avait signé la version 1")
    expect(again.locator("ul").last.locator("li")).to_have_count(18)
    return agreements.freezes_and_sends(desk, post.run_queue)


# --- Eighteen signatures ----------------------------------------------------------------------------------------


def everybody_signs(desk, national, page, phone, second, signers, post, referent):
    """One on a phone with a finger, one by the keyboard alone, two from their account, all others by their link."""
    rest = dict(signers)
    on_a_phone(phone, post, rest.pop(FIRST))
    ceremony.signs_by_the_keyboard(page, post, rest.pop(REFUSES))
    ceremony.signs_from_their_account(national, post, rest.pop(eighteen.NATIONAL), second)
    last = rest.pop(eighteen.DELEGATION)
    for signer in rest.values():
        ceremony.reads_and_signs(page, post, signer)
    agreements.state_is(desk, second, "En cours de signature")
    expect(desk.locator("main")).to_contain_text("17")
    people.opens_the_path(referent, FIRST)
    expect(referent.locator(".standing")).to_contain_text(f"On attend encore : {last.party}.")
    expect(referent.get_by_role("button", name="Commencer")).to_have_count(0)
    ceremony.signs_from_their_account(desk, post, last, second)


def on_a_phone(phone, post, signer):
    ceremony.reads(phone, post, signer)
    assert phone.evaluate(WIDER) == []
    ceremony.asks_for_the_code(phone)
    ceremony.draws(phone)
    assert phone.evaluate(WIDER) == []
    assert complaints(phone) == []
    ceremony.signs(phone, post, signer)
    assert phone.evaluate(WIDER) == []


# --- One seal ---------------------------------------------------------------------------------------------------


def waits_for_its_seal(desk, second, post, monkeypatch, clock_at, signers):
    """No timestamp, no seal; no seal, nothing is announced. It is made by itself once the server answers."""
    agreements.state_is(desk, second, "Complète, scellement en cours")
    real = keys.seal_key
    with monkeypatch.context() as patch:
        patch.setattr(keys, "seal_key", lambda: replace(real(), authorities=(nobody(),)))
        assert not post.to(signers[FIRST].email, UNANIMOUS)
    agreements.state_is(desk, second, "Complète, scellement en cours")
    expect(desk.locator("main")).to_contain_text("Le cachet attend")
    clock_at(clock.now() + timedelta(minutes=15))
    assert finishing.resume() == 1
    post.run_queue()


def takes_effect(desk, page, referent, second, signers, post):
    """Everybody has the same bytes, which hold when they are read as anybody would; the chapter opens."""
    agreements.state_is(desk, second, "En vigueur")
    convention = Convention.objects.get(state=ConventionState.IN_FORCE, cohort__name=eighteen.COHORT)
    final = bytes(FrozenDocument.objects.get(convention=convention, kind=DocumentKind.FINAL).pdf)
    told = [post.to(signer.email, UNANIMOUS)[-1] for signer in signers.values()]
    assert {mail.attachments[0][1] for mail in told} == {final}
    assert verifying.by_file(final).holds
    assert ceremony.downloads_their_copy(page, post, signers[HAD_SIGNED], UNANIMOUS) == final
    people.opens_the_path(referent, FIRST)
    expect(referent.locator(".standing")).to_contain_text("signée par toutes les parties")
    expect(referent.get_by_role("button", name="Commencer").first).to_be_visible()
    is_all_there(convention, signers)
    agreements.opens_the_life(desk, convention.supersedes.get_absolute_url())
    expect(desk.locator(".state-line")).to_contain_text("Une nouvelle version prend sa place")
    expect(desk.locator("main")).to_contain_text(f"{HAD_SIGNED} : {signers[HAD_SIGNED].name}")
    expect(desk.locator("main")).to_contain_text("caduque")


def is_all_there(convention, signers):
    """What was typed in the pages is what was signed."""
    signatures = {
        signature.party.name: signature
        for signature in Signature.objects.filter(party__convention=convention).select_related("party", "signatory")
    }
    assert {party: (one.name, one.place) for party, one in signatures.items()} == {
        party: (signer.name, signer.place) for party, signer in signers.items()
    }
    assert [party for party, one in signatures.items() if one.drawn] == [FIRST]
    original = FrozenDocument.objects.get(convention=convention, kind=DocumentKind.ORIGINAL)
    assert {one.document_sha256 for one in signatures.values()} == {original.pdf_sha256}
    assert trail.verify(convention) is None
    assert trail.verify(convention.supersedes) is None
    assert convention.supersedes.state == ConventionState.REFUSED
