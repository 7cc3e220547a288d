"""A live site and the system's Chromium, which fails the test on anything a person's browser would complain about."""

from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import sync_playwright

from tests.harness import chromium as system

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
LAUNCH = ["--disable-dev-shm-usage", "--disable-gpu"]
REPORT_CSP = """document.addEventListener("securitypolicyviolation", event =>
    console.error("content security policy: " + event.violatedDirective + " " + event.blockedURI))"""


class Site(LiveServerThread):
    """The whole site in a thread of this process, static files served as in production."""

    def __init__(self):
        super().__init__("127.0.0.1", static_handler=lambda application: application)
        self.daemon = True

    @property
    def url(self):
        return f"http://{self.host}:{self.port}"


@pytest.fixture
def site(committed_db):
    """The site at `site.url`, on a free port."""
    thread = Site()
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield thread
    thread.terminate()


@pytest.fixture(scope="session")
def chromium():
    path = system.find()
    if path is None:
        pytest.fail(system.MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=LAUNCH)
        yield browser
        browser.close()


@pytest.fixture
def problems():
    """What the browser complained about. A test that provokes a complaint on purpose empties it."""
    return []


@pytest.fixture
def open_page(site, chromium, problems):
    """`open_page(viewport)` opens a page with its own cookies: one per person."""
    contexts = []

    def open_one(viewport=DESKTOP, **options):
        context = chromium.new_context(
            base_url=site.url,
            viewport=viewport,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        watch(context, urlsplit(site.url).netloc, problems)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    if problems:
        pytest.fail("the browser complained:\n" + "\n".join(problems))


def watch(context, host, problems):
    """Write down console errors, script errors, and requests that leave the site."""
    context.set_default_timeout(10_000)
    context.add_init_script(REPORT_CSP)
    context.on("console", lambda message: message.type == "error" and problems.append(f"console: {message.text}"))
    context.on("weberror", lambda error: problems.append(f"script: {error.error}"))
    context.on(
        "request",
        lambda request: urlsplit(request.url).netloc not in (host, "") and problems.append(f"left: {request.url}"),
    )


@pytest.fixture
def page(open_page):
    """A page at desktop size."""
    return open_page()


@pytest.fixture
def phone(open_page):
    """A page at phone size, with touch."""
    return open_page(PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def sign_in(site):
    """`sign_in(page_or_context, email)` gives the browser that person's session."""

    def open_session(page_or_context, email):
        client = Client()
        client.force_login(get_user_model().objects.get(email=email))
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}
        getattr(page_or_context, "context", page_or_context).add_cookies([cookie])

    return open_session
