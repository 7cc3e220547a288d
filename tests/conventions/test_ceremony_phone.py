"""The ceremony in a real browser, on a phone: what the headers and the forms allow, seen from the other side."""

import re

from cohorts.models import Cohort
from conventions.emails.letters import signing_url
from conventions.models import Signature
from conventions.services import sending
from tests import worlds_conventions as do
from tests.browser.everywhere import pages_of
from tests.browser.test_accessibility import complaints
from tests.worlds import World


def test_a_representative_signs_alone_on_a_phone(site, phone, run_queue, mailoutbox, problems):
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    cohort = Cohort.objects.select_related("region", "version").get(slug="suivante")
    signatory = next(s for s in do.signatories_of(do.sent_convention(cohort)) if s.party.role == "structure")
    phone.goto(re.sub(r"^https?://[^/]+", site.url, signing_url(signatory)))
    assert complaints(phone) == []
    phone.get_by_role("button", name="Lire la convention").click()
    assert phone.get_by_text("Vos engagements", exact=True).first.is_visible()
    assert complaints(phone) == []
    phone.get_by_role("button", name="Recevoir mon code").click()
    phone.get_by_role("heading", name="Ce que vous acceptez").wait_for()
    run_queue()
    code = re.search(r"^\d{3} \d{3}$", mailoutbox[-1].body, re.M)[0]
    phone.get_by_label("Code reçu par courriel").fill(code)
    phone.get_by_role("button", name="Signer la convention").click()
    assert phone.get_by_text("Cochez la case").first.is_visible()
    assert phone.get_by_label("Code reçu par courriel").input_value() == code
    assert complaints(phone) == []
    problems.clear()  # the browser notes the refusal, which is asked for
    phone.get_by_label("J’ai lu ces termes").check()
    phone.get_by_role("button", name="Signer la convention").click()
    phone.get_by_role("heading", name="Vous avez signé", exact=True).wait_for()
    assert Signature.objects.filter(signatory=signatory).count() == 1
    assert complaints(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_pages_of_who_prepares_it_hold_on_a_phone(phone, sign_in):
    sign_in(phone, "region_admin@ours.example.org")
    pages = {route: url for route, url in pages_of("region_admin").items() if "/conventions/" in url}
    assert {"convention", "convention_edit", "convention_life", "convention_register", "breaches"} <= pages.keys()
    wide = []
    for route, url in pages.items():
        phone.goto(url)
        if phone.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(route)
    assert wide == []
