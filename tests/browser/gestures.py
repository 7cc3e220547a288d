"""What people do on these pages, in their words: the browser tests speak through this."""

import re

from playwright.sync_api import expect

from tests.worlds import World

PASSWORD = "mot-de-passe-test"
DEBOUNCE = 800  # milliseconds after the last key, as in static/js/answer.js


def sign_in_by_form(page, email):
    """Sign in on the page where the person is, or on the sign-in page."""
    if not page.url.endswith("/connexion/"):
        page.goto("/connexion/")
    page.get_by_label("Courriel").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour")


def sign_out(page):
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()


def criterion_url(position, *, chapter=2, key="ours"):
    return World(key).autodiag(chapter).url("criterion", position)


def save_url(position, *, chapter=2, key="ours"):
    return World(key).autodiag(chapter).url("answer_save", position)


def practice(scope):
    return scope.get_by_label("Ce que nous faisons déjà")


def comment(scope):
    return scope.get_by_label(re.compile("^Commentaire"))


def reason(scope):
    return scope.get_by_label("Pourquoi ce critère ne s’applique pas")


def card(scope, text):
    """The card of a level, or of « Nous ne savons pas », by what is written on it."""
    return scope.locator("label.level-card", has_text=text)


def save_line(scope):
    """The line of the answer; each figure has its own."""
    return scope.locator(".answer [data-save-state]")


def expect_saved(scope):
    """The line says it with the server's time: the clock of the tests stands at ten."""
    expect(save_line(scope)).to_have_text("Enregistré à 10 h")


def stored(position, *, chapter=2, key="ours"):
    """An answer as the database has it."""
    answers = World(key).autodiag(chapter).answers.select_related("level", "comment", "updated_by")
    return answers.get(criterion__position=position)


def history(answer):
    """The saves of an answer, oldest first."""
    return list(answer.changes.order_by("pk"))


def excuse(problems, *statuses):
    """The refusals a test provoked, in order, and no other complaint: the browser writes each of them down."""
    assert [int(status) for problem in problems for status in re.findall(r"status of (\d+)", problem)] == [*statuses]
    assert len(problems) == len(statuses), problems
    problems.clear()
