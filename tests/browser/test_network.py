"""Pages ask nothing of anybody else, allow nothing inline, and stay light."""

import gzip
from urllib.parse import urlsplit

import pytest

from tests.browser.everywhere import AUDIENCES, enter, pages_of

LIGHT = 100_000  # bytes, compressed
FONTS = (".woff2",)  # two files, loaded once for the whole site


@pytest.fixture
def responses(page):
    """Everything the page received since it was last emptied."""
    received = []
    page.context.on("response", lambda response: received.append(response))
    return received


def compressed(response):
    return len(gzip.compress(response.body()))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_pages_speak_to_the_site_alone(page, site, sign_in, responses, audience):
    enter(page, sign_in, audience)
    heavy = {}
    for route, url in pages_of(audience).items():
        responses.clear()
        document = page.goto(url)
        assert {urlsplit(response.url).netloc for response in responses} == {urlsplit(site.url).netloc}, route
        policy = document.header_value("content-security-policy")
        assert "default-src 'none'" in policy, route
        assert "script-src 'self'" in policy, route
        assert "unsafe-" not in policy, route
        assert "http:" not in policy, route
        assert page.locator("script:not([src]), style, [style], [onclick]").count() == 0, route
        if compressed(document) >= LIGHT:
            heavy[route] = compressed(document)
    assert heavy == {}


@pytest.mark.parametrize("route", ["home", "criterion", "autodiag", "synthesis"])
def test_a_page_with_all_it_loads_is_light(page, sign_in, responses, route):
    """HTML, styles, scripts and drawings, nothing in the cache of the browser yet."""
    enter(page, sign_in, "referent")
    page.goto(pages_of("referent")[route])
    parts = {response.url: compressed(response) for response in responses if not response.url.endswith(FONTS)}
    kinds = {url.rsplit(".", 1)[-1].split("?")[0] for url in parts if "/static/" in url}
    assert {"css", "js", "svg"} <= kinds
    assert sum(parts.values()) < LIGHT, parts
