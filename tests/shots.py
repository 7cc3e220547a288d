"""`./run shots`: every page of the demonstration, on a desktop and on a phone, into shots/.

The demonstration is loaded in a folder of its own and served as `./run demo` does; each page is opened by
somebody it is made for, signed in through the form.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

from tests.harness import chromium

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "shots"
SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 844})
STARTS_WITHIN = 60
# Who a page is shown to: the first of them it opens to; several where it reads differently.
AUDIENCES = (
    "referent",
    "anonymous",
    "facilitator",
    "region_admin",
    "national_staff",
    "editor",
    "board_member",
    "partner",
    "lapsed",
)
VARIES = {
    "home": AUDIENCES,
    "participation": ("referent", "facilitator", "lapsed"),
    "cohort": ("referent", "facilitator", "partner"),
    "autodiag": ("referent", "facilitator", "board_member", "lapsed"),
    "criterion": ("referent", "board_member"),
    "synthesis": ("referent", "facilitator"),
    "plan": ("referent", "facilitator", "lapsed"),
    "notes": ("referent", "facilitator", "lapsed"),
    "rights": ("referent",),
    "referentiels": ("referent", "editor"),
    "referentiel_draft": ("editor", "national_staff"),
    "referentiel_editors": ("editor", "national_staff"),
    "relays": ("partner", "national_staff"),
}
# Refusals have no route of their own.
REFUSALS = {"404": ("referent", "/cette-page/n-existe-pas/"), "403": ("partner", "participation")}
NOT_PAGES = ("health", "convention_pdf", "convention_copy")
# Asked from the demonstration itself: {audience: {"email": …, "pages": {route: address}}}.
ADDRESSES = """
import json
from caprse.access_matrix import address, matrix
from caprse.demo.sides import Sides
sides, found = Sides(), {}
for audience in json.loads(%r):
    side = sides.of(audience)
    pages = [r for (r, method), cell in matrix(demonstration=True).items() if (method, cell[audience]) == ("GET", 200)]
    found[audience] = {
        "email": sides.email_of(audience),
        "pages": {route: address(route, side) for route in pages},
        "participation": address("participation", side),
    }
print(json.dumps(found))
"""


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def environment(folder, port):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAPRSE_")}
    return kept | {"CAPRSE_MODE": "demo", "CAPRSE_DATA": str(folder), "PORT": str(port)}


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def manage(env, *arguments):
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


@contextmanager
def demonstration(env):
    """Serve it until the end of the block; yields its address."""
    url = f"http://127.0.0.1:{env['PORT']}"
    log = Path(env["CAPRSE_DATA"]) / "server.log"
    with log.open("wb") as output:
        command = [sys.executable, "manage.py", "demo"]
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output)
    try:
        wait_for(f"{url}/connexion/", server, log)
        yield url
    except Exception:
        if server.poll() is not None:
            say(f"La démonstration s’est arrêtée :\n{log.read_text(errors='replace')[-3000:]}")
        raise
    finally:
        server.terminate()
        server.wait(20)


def wait_for(url, server, log):
    limit = time.monotonic() + STARTS_WITHIN
    while server.poll() is None and time.monotonic() < limit:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, TimeoutError):
            time.sleep(0.2)
    sys.exit(f"La démonstration ne démarre pas :\n{log.read_text(errors='replace')[-3000:]}")


def to_shoot(found):
    """(page, audience, address) of every picture, each page for the right person."""
    routes = dict.fromkeys(route for audience in AUDIENCES for route in found[audience]["pages"])
    for route in routes:
        readers = [audience for audience in AUDIENCES if route in found[audience]["pages"]]
        for audience in [a for a in VARIES.get(route, readers[:1]) if a in readers]:
            if route not in NOT_PAGES:
                yield route, audience, found[audience]["pages"][route]
    for name, (audience, address) in REFUSALS.items():
        yield name, audience, found[audience].get(address, address)


def signed_in(browser, url, person, password):
    """The cookies of a person, taken at the sign-in form; none for nobody."""
    context = browser.new_context(base_url=url, locale="fr-FR")
    if person["email"]:
        page = context.new_page()
        page.goto("/connexion/")
        page.locator("#id_login").fill(person["email"])
        page.locator("#id_password").fill(password)
        page.locator("#id_password").press("Enter")
        page.wait_for_url(f"{url}/")
    state = context.storage_state()
    context.close()
    return state


def shoot(browser, url, state, pages, size):
    """Full-length pictures of one person's pages at one size; yields the files."""
    options = {"base_url": url, "viewport": size, "locale": "fr-FR", "storage_state": state, "reduced_motion": "reduce"}
    context = browser.new_context(**options)
    page = context.new_page()
    for name, audience, address in pages:
        page.set_viewport_size(size)
        page.goto(address)
        page.evaluate("document.fonts.ready")
        # As tall as the page: what sticks to the bottom of the window stands at its own place.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
        file = FOLDER / f"{name}-{audience}-{size['width']}.png"
        page.screenshot(path=file, full_page=True)
        yield file
    context.close()


def shoot_pdf(browser, url, state, synthesis):
    """Ask for the PDF of a synthesis, then a picture of each of its pages, when pdftoppm is there."""
    if not shutil.which("pdftoppm"):
        say("pdftoppm absent : pas d’image du PDF (sudo apt-get install -y poppler-utils)")
        return []
    context = browser.new_context(base_url=url, storage_state=state)
    page = context.new_page()
    page.goto(synthesis)
    page.get_by_role("button", name="Préparer le PDF").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger").click()
    pdf = FOLDER / "synthesis.pdf"
    download.value.save_as(pdf)
    context.close()
    subprocess.run(["pdftoppm", "-png", "-r", "80", pdf, FOLDER / "synthesis-pdf"], check=True)
    return [pdf, *sorted(FOLDER.glob("synthesis-pdf-*.png"))]


def shoot_all(browser, url, found, password):
    by_audience = {}
    for shot in to_shoot(found):
        by_audience.setdefault(shot[1], []).append(shot)
    for audience, pages in by_audience.items():
        state = signed_in(browser, url, found[audience], password)
        for size in SIZES:
            yield from shoot(browser, url, state, pages, size)
        if audience == "referent":
            yield from shoot_pdf(browser, url, state, found[audience]["pages"]["synthesis"])


def main():
    path = chromium.find()
    if path is None:
        sys.exit(chromium.MISSING)
    FOLDER.mkdir(exist_ok=True)
    for old in [*FOLDER.glob("*.png"), *FOLDER.glob("*.pdf")]:
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="caprse-shots-") as folder:
        env = environment(folder, free_port())
        manage(env, "demo", "--no-serve")
        password = json.loads(manage(env, "demo", "--accounts", "--json"))[0]["password"]
        found = json.loads(manage(env, "shell", "-v0", "-c", ADDRESSES % json.dumps(AUDIENCES)))
        with demonstration(env) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--disable-dev-shm-usage"])
            for file in shoot_all(browser, url, found, password):
                say(file.relative_to(ROOT))
            browser.close()


if __name__ == "__main__":
    main()
