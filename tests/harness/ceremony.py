"""The next cohort's convention in its states, and who comes to sign it."""

import re
from functools import lru_cache

import pytest
from django.test import Client
from django.urls import reverse

from caprse.base import links, pdf
from caprse.base.sealing import seals
from cohorts.enums import Role
from cohorts.models import Cohort
from conventions import drawing
from conventions.models import Signatory, Signature
from conventions.models.conventions import LINK
from conventions.services import sending
from tests import worlds_conventions as do
from tests.worlds import World
from tests.worlds_conventions import fresh

FIREFOX = "Mozilla/5.0 (essai)"
# Seconds each time, and always the same bytes for the same page.
drawn_once = lru_cache(maxsize=64)(pdf.render_pdf)
seal, sealed_before = seals.seal, {}


def sealed_once(content, *, key, reason):
    """A seal that was really put, and is put again as it was on the same bytes."""
    at = getattr(key.authorities[0], "fixed_dt", None)
    if at is None:  # a server on the network, which may answer anything
        return seal(content, key=key, reason=reason)
    known = (content, key.fingerprint, at, reason)
    if known not in sealed_before:
        sealed_before[known] = seal(content, key=key, reason=reason)
    return sealed_before[known]


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def next_cohort(db):
    return Cohort.objects.select_related("region", "version").get(slug="suivante")


@pytest.fixture
def draw_anew(monkeypatch):
    """Documents are drawn once per page; `draw_anew()` forgets those that were, to see the same bytes come again."""
    monkeypatch.setattr(drawing, "render_pdf", drawn_once)
    monkeypatch.setattr(seals, "seal", sealed_once)
    return drawn_once.cache_clear


@pytest.fixture
def frozen(next_cohort, draw_anew):
    """The next cohort's convention, its text frozen, not sent."""
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    return do.frozen_convention(next_cohort)


@pytest.fixture
def sent(frozen):
    """The same, open to its two signatories: a candidate structure without account, and our region."""
    return fresh(sending.send(convention=frozen, by=None))


@pytest.fixture
def admin(ours):
    """A browser where the coordinator of our region is signed in."""
    return browser_of("region_admin@ours.example.org")


def browser_of(email):
    client = Client()
    client.force_login(World("ours").user(Role.REFERENT).__class__.objects.get(email=email))
    return client


class Ceremony:
    """One signatory with their link, in a browser of their own, without account."""

    def __init__(self, signatory, read_mail):
        self.signatory, self.read_mail = signatory, read_mail
        self.client = Client(headers={"User-Agent": FIREFOX})
        self.link = reverse("signing_link", args=[links.make(LINK, signatory.pk)])
        self.convention = signatory.party.convention

    def url(self, name="signing"):
        return reverse(name, args=[self.signatory.public_id])

    def open(self):
        assert self.client.post(self.link).url == self.url()
        return self

    def digits(self):
        """Ask for a code and read it in the mail, as it is written there."""
        assert self.client.post(self.url("signing_code")).url == self.url("signing_act")
        return self.read_mail(self.signatory.email)

    def send(self, code, **changes):
        """Send the last form."""
        shown = do.original_of(self.convention).pdf_sha256
        form = {"consent": "on", "code": code, "document_sha256": shown, **changes}
        return self.client.post(self.url("signing_act"), {k: v for k, v in form.items() if v is not None})

    @property
    def signature(self):
        return Signature.objects.filter(signatory=self.signatory).first()


@pytest.fixture
def read_mail(run_queue, mailoutbox):
    """`read_mail(address)`: the code in the last mail this address received."""

    def read(address):
        run_queue()
        mail = [mail for mail in mailoutbox if mail.to == [address]][-1]
        return re.search(r"^\d{3} \d{3}$", mail.body, re.M)[0]

    return read


@pytest.fixture
def ceremonies(sent, read_mail):
    """One per signatory, in the order they were named."""
    return [Ceremony(signatory, read_mail) for signatory in do.signatories_of(sent)]


@pytest.fixture
def ceremony(ceremonies):
    """The candidate structure's signatory: not a user of the site."""
    return next(each for each in ceremonies if each.signatory.party.role == "structure")


@pytest.fixture
def other(ceremonies):
    """The region's signatory."""
    return next(each for each in ceremonies if each.signatory.party.role == "region")


@pytest.fixture
def signed(sent, run_queue):
    """Signed by all, the final document made, the mails sent."""
    for signatory in do.signatories_of(sent):
        do.sign_as(signatory)
    run_queue()
    return fresh(sent)


@pytest.fixture
def current_of():
    """`current_of(party)`: who signs for it now."""
    return lambda party: Signatory.objects.current().with_context().get(party=party)
