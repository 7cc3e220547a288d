"""The browser fails a test on anything a person's browser would complain about."""

from django.contrib.auth import get_user_model
from django.urls import reverse

SCRIPT = "document.body.append(Object.assign(document.createElement('img'), {src: 'http://elsewhere.example/a.png'}))"


def test_a_request_to_another_host_is_a_problem(page, problems):
    page.goto(reverse("account_login"))
    page.evaluate(SCRIPT)
    page.wait_for_timeout(200)
    assert any("elsewhere.example" in problem for problem in problems)
    problems.clear()


def test_a_missing_file_is_a_problem(phone, problems):
    phone.goto("/static/css/missing.css")
    assert [problem for problem in problems if "404" in problem]
    problems.clear()


def test_pages_are_french_and_still(page):
    page.goto(reverse("account_login"))
    seen = page.evaluate(
        "[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, innerWidth,"
        " matchMedia('(prefers-reduced-motion: reduce)').matches]"
    )
    assert seen == ["fr-FR", "Europe/Paris", 1280, True]


def test_a_person_signs_in_by_their_session(page, sign_in):
    sign_in(page, get_user_model().objects.exclude(email=None).order_by("pk").first().email)
    page.goto(reverse("account_login"))
    assert page.evaluate("location.pathname") != reverse("account_login")
