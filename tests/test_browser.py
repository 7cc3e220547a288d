"""The browser fails a test on anything a person's browser would complain about."""

import pytest

SCRIPT = "document.body.append(Object.assign(document.createElement('img'), {src: 'http://elsewhere.example/a.png'}))"


def test_a_request_to_another_host_is_a_problem(page, problems):
    page.goto("/static/css/base.css")
    page.evaluate(SCRIPT)
    page.wait_for_timeout(200)
    assert any("elsewhere.example" in problem for problem in problems)
    problems.clear()


def test_a_missing_file_is_a_problem(phone, problems):
    phone.goto("/static/css/missing.css")
    assert [problem for problem in problems if "404" in problem]
    problems.clear()


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}])
def test_pages_are_french_and_still(open_page, size):
    page = open_page(size)
    page.goto("/static/css/base.css")
    seen = page.evaluate(
        "[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, innerWidth,"
        " matchMedia('(prefers-reduced-motion: reduce)').matches]"
    )
    assert seen == ["fr-FR", "Europe/Paris", 1280, True]
