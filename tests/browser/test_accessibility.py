"""axe finds nothing on any page of the site, for everyone who reads it, errors included."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from autodiag.models import Action
from cohorts.enums import Role
from tests.browser import gestures as do
from tests.browser.everywhere import AUDIENCES, enter, pages_of
from tests.worlds import World

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => (await axe.run({runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})).violations
    .map(violation => violation.id + ": " + violation.nodes.slice(0, 3)
        .map(node => node.target.join(" ") + " – " + node.any.concat(node.all).map(check => check.message).join("; "))
        .join(" | "))"""
UNFOLD = "document.querySelectorAll('main details').forEach(node => node.open = true)"
# In the list of a chapter, what a criterion holds comes when it is unfolded.
STILL_EMPTY = "[data-fill]:not(:has(form, dl))"


def complaints(page):
    """What axe says of the page as it stands; everything foldable is unfolded first."""
    page.evaluate(UNFOLD)
    expect(page.locator(STILL_EMPTY)).to_have_count(0)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN, TAGS)


def goes_through(page, addresses):
    """{route: complaints} for pages that have any; each page is a real one, with its title and its heading."""
    found = {}
    for route, url in addresses.items():
        assert page.goto(url).ok, route
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert page.title().endswith(" – CAP RSE"), route
        if said := complaints(page):
            found[route] = said
    return found


def test_axe_sees_a_defect(page):
    page.goto("/connexion/")
    page.evaluate("document.documentElement.lang = ''")
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    assert sorted(said.split(":")[0] for said in complaints(page)) == ["color-contrast", "html-has-lang"]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_page_of(page, sign_in, audience):
    enter(page, sign_in, audience)
    assert goes_through(page, pages_of(audience)) == {}


@pytest.mark.parametrize("audience", ["referent", "anonymous"])
def test_in_the_dark(open_page, sign_in, audience):
    page = open_page(color_scheme="dark")
    enter(page, sign_in, audience)
    assert goes_through(page, pages_of(audience)) == {}


def test_on_a_phone(phone, sign_in):
    enter(phone, sign_in, "referent")
    assert goes_through(phone, pages_of("referent")) == {}


@pytest.fixture
def referente(page, sign_in):
    sign_in(page, "referent@ours.example.org")
    return page


def test_pages_that_say_no(referente, sign_in, problems):
    """Not found, not yours, not now: the page says why and stays readable."""
    said = {}
    referente.goto(World("neighbour").submitted.url("synthesis"))
    expect(referente.get_by_role("heading", level=1)).to_have_text("Cette page est introuvable")
    said["404"] = complaints(referente)
    sign_in(referente, "partner@ours.example.org")
    referente.goto(World("ours").participation.get_absolute_url())
    expect(referente.get_by_role("heading", level=1)).to_be_visible()
    said["403"] = complaints(referente)
    referente.context.clear_cookies(name="csrftoken")
    referente.goto("/deconnexion/")
    referente.context.clear_cookies(name="csrftoken")
    referente.get_by_role("main").get_by_role("button", name="Se déconnecter").click()
    expect(referente.get_by_role("heading", level=1)).to_be_visible()
    said["csrf"] = complaints(referente)
    do.excuse(problems, 404, 403, 403)
    assert said == {"404": [], "403": [], "csrf": []}


def test_forms_with_errors(referente, problems):
    ours, said = World("ours"), {}
    referente.goto(ours.participation.get_absolute_url() + "plan/nouvelle-action/")
    referente.get_by_role("button", name="Enregistrer l’action").click()
    expect(referente.locator(".error-summary")).to_be_focused()
    said["action"] = complaints(referente)
    referente.goto(ours.organisation.get_absolute_url() + "modifier/")
    referente.get_by_label("SIRET").fill("123")
    referente.get_by_role("button", name="Enregistrer").first.click()
    expect(referente.locator(".error-summary").first).to_be_visible()
    said["organisation"] = complaints(referente)
    do.excuse(problems, 422, 422)
    assert said == {"action": [], "organisation": []}
    assert not Action.objects.filter(what="").exists()


def test_a_criterion_with_an_error_and_a_conflict(referente, problems):
    """As the scripts show them on the page, then as the server does by plain forms."""
    said = {}
    ours = World("ours")
    referente.goto(do.criterion_url(3))
    do.card(referente, "Ne s’applique pas à nous").click()
    expect(do.save_line(referente)).to_contain_text("Pas encore enregistré")
    said["reason, live"] = complaints(referente)
    ours.save(ours.answer(3), by=Role.CONTRIBUTOR, practice="Texte de la collègue")
    do.reason(referente).fill("Mon motif")
    expect(referente.locator(".conflict")).to_be_visible()
    said["conflict, live"] = complaints(referente)
    referente.route("**/answer.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    referente.goto(do.criterion_url(4))
    do.card(referente, "Ne s’applique pas à nous").click()
    referente.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(referente.locator(".error-summary")).to_be_visible()
    said["reason, page"] = complaints(referente)
    ours.save(ours.answer(4), by=Role.CONTRIBUTOR, practice="Texte de la collègue")
    do.reason(referente).fill("Mon motif")
    referente.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(referente.get_by_role("heading", level=1)).to_contain_text("choisir ce qui reste")
    said["conflict, page"] = complaints(referente)
    do.excuse(problems, 409, 422, 409)
    assert said == dict.fromkeys(said, [])


def test_an_action_changed_meanwhile(referente, problems):
    ours = World("ours")
    action = Action.objects.get(what__startswith="Action partagée", participation=ours.participation)
    referente.goto(f"{ours.participation.get_absolute_url()}plan/{action.public_id}/modifier/")
    other = referente.context.new_page()
    other.goto(referente.url)
    for page, what in ((other, "Vue par l’autre"), (referente, "Vue par moi")):
        page.get_by_label("Quoi", exact=True).fill(what)
        page.get_by_role("button", name="Enregistrer l’action").click()
    expect(referente.get_by_role("heading", name="Cette action a changé pendant que vous écriviez")).to_be_visible()
    expect(referente.get_by_label("Quoi", exact=True)).to_have_value("Vue par moi")
    assert complaints(referente) == []
    do.excuse(problems, 409)
    action.refresh_from_db()
    assert action.what == "Vue par l’autre"
