"""By the keyboard alone, on a phone, and enlarged twice."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from caprse.access_matrix import address
from caprse.base import clock
from caprse.base.enums import MailState
from caprse.base.models import OutboxMessage
from tests.browser import gestures as do
from tests.worlds import World

PAGES = (
    "home",
    "participation",
    "autodiag",
    "criterion",
    "autodiag_submit",
    "synthesis",
    "submission",
    "answer_history",
    "viewpoints",
    "viewpoint",
    "gaps",
    "agreements",
    "consensus",
    "assignments",
    "surveys",
    "survey",
    "threads",
    "evidence_list",
    "plan",
    "action_new",
    "rights",
    "help",
    "help_page",
    "glossary",
    "privacy",
)
SMALLEST = {"width": 360, "height": 740}
# A window of 1280 points enlarged to 200 %: what is laid out is half as wide.
ENLARGED = {"width": 640, "height": 400}
# What sticks out on the right, apart from what is shown to screen readers alone.
WIDER = """() => {
    const clipped = node => node && (node.getBoundingClientRect().width <= 1 || clipped(node.parentElement));
    return [...document.querySelectorAll("body *")]
        .filter(node => node.checkVisibility() && !clipped(node) && !node.closest(".skip-link"))
        .filter(node => node.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .slice(0, 5).map(node => node.tagName + "." + node.className);
}"""
OUTLINE = """() => {
    const element = document.activeElement;
    const shown = element.matches(".level-card input") ? element.closest(".level-card") : element;
    const all = [element, shown, ...shown.querySelectorAll("*")];
    const marked = style => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
        || style.boxShadow !== "none";
    return all.some(node => marked(getComputedStyle(node)));
}"""
# Whether something else (the bar that sticks to the bottom) stands wholly over what has the focus.
HIDDEN = """() => {
    const element = document.activeElement;
    const box = (element.closest(".level-card") || element).getBoundingClientRect();
    const points = [0.1, 0.5, 0.9].map(part => [box.left + box.width / 2, box.top + box.height * part]);
    return !points.some(([x, y]) => {
        const top = document.elementFromPoint(x, y);
        return top && (top === element || element.contains(top) || top.closest("label")?.control === element);
    });
}"""
NAME = """() => {
    const element = document.activeElement;
    return (element.labels?.[0]?.textContent || element.textContent || element.id).trim().replace(/\\s+/g, " ").slice(0, 60);
}"""


def tab_to(page, locator, *, limit=60):
    """Press Tab until the focus is there; every stop on the way shows where the focus is."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINE), f"the focus does not show on « {page.evaluate(NAME)} »"
        if locator.evaluate("node => node === document.activeElement"):
            return
    pytest.fail(f"{locator} is not reached with Tab")


def test_a_whole_criterion_by_the_keyboard(page, sign_in):
    sign_in(page, "referent@ours.example.org")
    page.goto(do.criterion_url(3))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, do.practice(page))
    page.keyboard.type("Tapé sans souris")
    tab_to(page, page.locator("[name=choice]").first)
    page.keyboard.press("Space")
    expect(page.get_by_role("radio", name="Description 2.3 degré 0")).to_be_checked()
    for degree in (1, 2):
        page.keyboard.press("ArrowDown")
        chosen = page.get_by_role("radio", name=f"Description 2.3 degré {degree}")
        expect(chosen).to_be_checked()
        expect(chosen).to_be_focused()
        assert page.evaluate(OUTLINE)
    tab_to(page, do.comment(page))
    page.keyboard.type("Ni souris ni écran tactile")
    tab_to(page, page.get_by_label("Notre structure seulement"))
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_label("À revoir"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Enregistrer et continuer"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 2.4 ?")
    answer = do.stored(3)
    assert (answer.practice, answer.level.value, answer.to_review) == ("Tapé sans souris", 2, True)
    assert (answer.comment.text, answer.comment.visibility) == ("Ni souris ni écran tactile", "facilitator")


@pytest.mark.parametrize("viewport", [ENLARGED, SMALLEST], ids=["200%", "360"])
def test_the_save_bar_never_hides_what_has_the_focus(open_page, sign_in, viewport):
    page = open_page(viewport)
    sign_in(page, "referent@ours.example.org")
    page.goto(do.criterion_url(3))
    hidden, last = [], page.get_by_role("link", name="Critère suivant")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(HIDDEN):
            hidden.append(page.evaluate(NAME))
        if last.evaluate("node => node === document.activeElement"):
            break
    expect(last).to_be_focused()
    assert hidden == []


def test_the_arrows_pass_through_not_applicable_without_moving_the_focus(page, sign_in):
    sign_in(page, "referent@ours.example.org")
    page.goto(do.criterion_url(3))
    page.get_by_role("radio", name="Nous ne savons pas").focus()
    page.keyboard.press("Space")
    do.expect_saved(page)
    page.keyboard.press("ArrowDown")
    excluded = page.get_by_role("radio", name="Ne s’applique pas à nous")
    expect(excluded).to_be_focused()
    expect(do.save_line(page)).to_contain_text("Pas encore enregistré")
    expect(do.reason(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(do.reason(page)).to_be_focused()
    page.keyboard.type("Sans objet")
    do.expect_saved(page)
    answer = do.stored(3)
    assert (answer.kind, answer.na_reason) == ("not_applicable", "Sans objet")


def test_the_menu_opens_and_closes_by_the_keyboard(page, sign_in):
    sign_in(page, "referent@ours.example.org")
    page.goto("/")
    summary = page.locator("details.menu > summary")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_hidden()
    expect(summary).to_be_focused()


@pytest.mark.parametrize("viewport", [None, SMALLEST, ENLARGED], ids=["390", "360", "200%"])
def test_nothing_scrolls_sideways(open_page, phone, sign_in, viewport):
    page = open_page(viewport) if viewport else phone
    ours = World("ours")
    sign_in(page, "referent@ours.example.org")
    wide = {}
    for route in PAGES:
        page.goto(address(route, ours))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.evaluate("document.querySelectorAll('main details').forEach(node => node.open = true)")
        found = page.evaluate(WIDER)
        if found or page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide[route] = found
    assert wide == {}


def test_the_fingerprint_told_by_a_mail_does_not_widen_the_page(phone, settings):
    settings.DEMO = True
    OutboxMessage.objects.create(
        kind="convention_signed",
        recipient_id=1,
        state=MailState.SENT,
        sent_at=clock.now(),
        shown_to="nadia@example.org",
        shown_subject="CAP RSE",
        shown_body="Empreinte : " + "f0" * 32,
    )
    phone.goto(reverse("demo_mail"))
    expect(phone.get_by_text("Empreinte")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_criterion_is_filled_with_a_thumb(phone, sign_in):
    sign_in(phone, "contributor@ours.example.org")
    phone.goto("/")
    phone.get_by_role("link", name="Reprendre").tap()
    phone.get_by_role("link", name="Continuer au critère 2.3").tap()
    do.card(phone, "Description 2.3 degré 1").tap()
    do.expect_saved(phone)
    box = phone.get_by_role("button", name="Enregistrer et continuer").bounding_box()
    assert box["height"] >= 44
    phone.get_by_role("button", name="Enregistrer et continuer").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Question 2.4 ?")
    assert do.stored(3).level.value == 1
