"""What follows a convention in force, through the pages: an amendment that all sign, a structure that joins later."""

import re

import pytest
from playwright.sync_api import expect

from caprse.base import clock
from cohorts.enums import Role
from conventions.enums import ConventionState, DocumentKind, Nature
from conventions.models import Convention, FrozenDocument, Party, Signatory
from conventions.services import verifying
from tests.browser.steps import agreements, ceremony, cohorts
from tests.browser.steps.ceremony import Signer
from tests.browser.test_accessibility import complaints
from tests.browser.test_keyboard_and_phone import WIDER
from tests.worlds import World

pytestmark = pytest.mark.long

BEFORE, AFTER = "La durée prévue du projet est de", "La durée prévue du projet, prolongée d’un commun accord, est de"
ARTICLE = "Entrée en vigueur, durée et fin"
NEWCOMER, NEW_REFERENT = "L’Atelier arrivé depuis", ("Awa", "Nouvelle", "awa.nouvelle@example.org")
PRESIDENT = Signer(NEWCOMER, "Odile", "Présidence", "odile.presidence@example.org", place="")


@pytest.fixture
def convention(site):
    """In force since February between three structures, their delegation, the national head and a partner."""
    return World("ours").convention


@pytest.fixture
def post(site, run_queue, mailoutbox):
    return ceremony.Post(site, run_queue, mailoutbox)


@pytest.fixture
def desk(open_page, sign_in, site):
    page = open_page()
    sign_in(page, "region_admin@ours.example.org")
    return page


def signers_of(address):
    """Who signs the text at this address, as it was prepared in the pages."""
    rows = Signatory.objects.current().filter(party__convention__public_id=address.rstrip("/").rpartition("/")[2])
    return [
        Signer(one.party.name, one.first_name, one.last_name, one.email, one.quality, one.power)
        for one in rows.select_related("party").order_by("pk")
    ]


def consolidated(page, convention):
    page.goto(convention.url("convention_consolidated"))
    return page.locator(".contract")


# --- An amendment -----------------------------------------------------------------------------------------------


def test_an_amendment_changes_nothing_before_the_last_signature(convention, desk, page, phone, post):
    drafts_an_amendment(desk, convention)
    address = agreements.freezes_and_sends(desk, post.run_queue)
    signers = signers_of(address)
    assert {one.party for one in signers} == set(
        Party.objects.filter(convention=convention, left_on=None).values_list("name", flat=True)
    )
    for rank, signer in enumerate(signers):
        expect(consolidated(desk, convention)).to_contain_text(BEFORE)
        expect(desk.locator("main")).not_to_contain_text(AFTER)
        visitor = phone if rank == 0 else page
        ceremony.reads(visitor, post, signer)
        shows_both_texts(visitor)
        ceremony.asks_for_the_code(visitor)
        ceremony.signs(visitor, post, signer)
    post.run_queue()
    agreements.state_is(desk, address, "En vigueur")
    expect(consolidated(desk, convention)).to_contain_text(AFTER)
    expect(desk.locator("main")).to_contain_text("Seuls les documents signés font foi")
    is_sealed(convention, Nature.AMENDMENT)
    agreements.opens_the_life(desk, convention.get_absolute_url())
    expect(desk.locator("section:has(#amendments-title)")).to_contain_text("En vigueur depuis le mardi 4 novembre 2025")


def drafts_an_amendment(desk, convention):
    """One article in other words; the page shows what was written and what takes its place."""
    agreements.opens_the_life(desk, convention.get_absolute_url())
    desk.get_by_role("button", name="Préparer un avenant").click()
    agreements.rewords_an_article(desk, ARTICLE, BEFORE, AFTER)
    shows_both_texts(desk)
    assert complaints(desk) == []
    desk.get_by_role("link", name="Continuer : motif, signataires, relecture").click()
    agreements.fills_the_blanks(desk, **{"Pourquoi ce changement": "Deux journées ont été reportées."})
    names_their_powers(desk)


def names_their_powers(desk):
    """Those who signed the convention are proposed; what gives them power is said again where it was not."""
    while (left := desk.get_by_role("link", name=re.compile("^Compléter"))).count():
        left.first.click()
        agreements.says_by_what_power(desk)


def shows_both_texts(page):
    """Before, then after, whole: nothing is told by a colour alone."""
    pair = page.locator(".amend__pair").first
    expect(pair).to_contain_text("Avant")
    expect(pair.locator("blockquote").first).to_contain_text(BEFORE)
    expect(pair.locator("blockquote").last).to_contain_text(AFTER)
    expect(pair.locator("ins").first).to_be_visible()
    assert page.evaluate(WIDER) == []


def is_sealed(convention, nature):
    followed = Convention.objects.get(parent=convention, nature=nature, state=ConventionState.IN_FORCE)
    final = FrozenDocument.objects.get(convention=followed, kind=DocumentKind.FINAL)
    assert verifying.by_file(bytes(final.pdf)).holds
    assert followed.in_force_on == clock.today()
    return followed


# --- A later structure ------------------------------------------------------------------------------------------


def test_a_structure_joins_by_a_bulletin_that_two_sign(convention, desk, page, open_page, sign_in, post):
    desk.goto("/")
    desk.get_by_role("link", name="Cohorte d’ici", exact=True).click()
    desk.get_by_role("link", name=re.compile("^Organiser la cohorte")).click()
    cohorts.opens_the_participants(desk)
    cohorts.brings_a_structure_in(desk, NEWCOMER, NEW_REFERENT)
    agreements.opens_the_life(desk, convention.get_absolute_url())
    desk.get_by_role("link", name="Faire adhérer une structure").click()
    desk.get_by_label("La structure qui adhère").select_option(label=NEWCOMER)
    desk.get_by_role("button", name="Préparer le bulletin").click()
    agreements.names_who_signs(desk, PRESIDENT)
    names_their_powers(desk)
    address = agreements.freezes_and_sends(desk, post.run_queue)
    signers = signers_of(address)
    assert {one.party for one in signers} == {NEWCOMER, "Délégation ours"}
    ceremony.reads(page, post, PRESIDENT)
    expect(page.locator("main")).to_contain_text(convention.documents.get(kind=DocumentKind.FINAL).pdf_sha256)
    ceremony.asks_for_the_code(page)
    ceremony.signs(page, post, PRESIDENT)
    who_is_bound(desk, convention, NEWCOMER, bound=False)
    delegation = next(one for one in signers if one.party != NEWCOMER)
    ceremony.signs_from_their_account(desk, post, delegation, address)
    post.run_queue()
    agreements.state_is(desk, address, "En vigueur")
    who_is_bound(desk, convention, NEWCOMER, bound=True)
    is_sealed(convention, Nature.ACCESSION)
    assert post.to(World("ours").user(Role.LEGAL_REPRESENTATIVE).email, f"{NEWCOMER} adhère")


def who_is_bound(desk, convention, name, *, bound):
    desk.goto(convention.url("convention_bound"))
    expect(desk.locator("main").get_by_text(name, exact=True)).to_have_count(int(bound))
