"""Help: a page per role, open to all, whose links lead somewhere; the words of the field; legal pages."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.text import slugify

from autodiag.enums import ActionStatus, AnswerKind, AutodiagState
from caprse.access_matrix import AUDIENCES
from caprse.views.help import PAGES, glossary_terms
from cohorts.context import HELP_PAGES
from cohorts.enums import CohortKind, MeetingKind, Role
from cohorts.models import Cohort, Participation
from conventions.enums import ConventionState
from referentiel.enums import VersionState
from tests.test_access_matrix import signed_in
from tests.worlds import NEIGHBOUR, PRIVATE, STRANGER, World

SLUGS = [page.slug for page in PAGES]
LEGAL = ("legal_notice", "privacy", "accessibility")
ADDRESSES = ["/aide/", "/aide/glossaire/", *(f"/aide/{slug}/" for slug in SLUGS), *map(reverse, LEGAL)]
# A sentence each page must hold: what its reader comes for.
SAYS = {
    "referent": "Cochez la case, puis « Transmettre le chapitre »",
    "contribution": "Rien n’est écrasé : l’écran montre les deux textes",
    "conseil-administration": "toute la structure la lit, personne d’autre",
    "representation-legale": "Six chiffres arrivent à votre adresse",
    "accompagnement": "celles à aider d’abord, avec la raison en mots",
    "coordination-regionale": "Les rappels partent seuls",
    "equipe-nationale": "rien ne s’affiche sous cinq structures",
    "partenaire": "Chaque besoin vient de la région",
    "signature-sans-compte": "Vous n’avez pas de compte à créer",
    "vos-reponses": "Jamais une autre structure, jamais un partenaire",
    "de-l-image-au-plan": "au-delà, rien n’est prioritaire",
    "a-plusieurs": "Un groupe de moins de trois voix n’est jamais montré à part",
    "convention": "signature électronique simple",
    "preparer-une-convention": "Celles et ceux du rang 2 reçoivent leur lien",
    "modele-de-convention": "### Engagements de la structure",
    "apres-la-signature": "Tant qu’une signature manque, rien ne change",
    "verifier-un-document": "c’est exactement le document signé par toutes les parties",
    "en-cas-de-souci": "J’ai oublié mon mot de passe",
}
ENGLISH = re.compile(
    r"\b(the|and|your|you|help|click|login|password|logout|upload|download|email|mail|token|dashboard|save|submit|"
    r"settings|user|feedback|workflow|draft|error|link|step|cookie policy)\b",
    re.IGNORECASE,
)


class Words(HTMLParser):
    """The words shown, the addresses and the identifiers of the page itself, its head and foot left aside."""

    def __init__(self, page):
        super().__init__()
        self.text, self.hrefs, self.ids, self.deep = "", [], [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.deep += tag == "main"
        if self.deep:
            self.hrefs += [found["href"]] if tag == "a" else []
            self.ids += [found["id"]] if "id" in found else []

    def handle_endtag(self, tag):
        self.deep -= tag == "main"

    def handle_data(self, data):
        if self.deep:
            self.text += " " + data

    @property
    def sentence(self):
        return " ".join(self.text.split())


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return Words(response.content.decode())


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_page_opens_to_everybody_with_its_content(db, audience):
    client = signed_in(audience)
    for slug in SLUGS:
        page = read(client, f"/aide/{slug}/")
        assert SAYS[slug] in page.sentence, slug


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_link_of_the_help_leads_somewhere(db, audience):
    """Signed out, a page of members asks to sign in; signed in, each link opens."""
    client, checked = signed_in(audience), set()
    for address in ADDRESSES:
        for href in read(client, address).hrefs:
            path, _, anchor = href.partition("#")
            if href in checked or href.startswith("mailto:"):
                continue
            checked.add(href)
            response = client.get(path or address)
            signing_in = response.status_code == 302 and (audience == "anonymous" or path == "/mot-de-passe/oublie/")
            assert response.status_code == 200 or signing_in, (address, href)
            if anchor:
                assert anchor in Words(response.content.decode()).ids, (address, href)
    assert len(checked) > 15


def test_links_of_a_role_lead_its_holder_to_their_own_pages(db, client):
    ours = World("ours")
    plan = reverse("plan", args=["ici", ours.participation.public_id])
    assert plan not in read(client, "/aide/referent/").hrefs
    client.force_login(ours.user(Role.BOARD_MEMBER))
    assert plan not in read(client, "/aide/referent/").hrefs
    client.force_login(ours.user(Role.REFERENT))
    assert plan in read(client, "/aide/referent/").hrefs


def test_the_pair_of_the_help_is_that_of_the_path_with_dates(db, client):
    """A path open permanently has no day in person, even when it was begun last."""
    ours = World("ours")
    permanent = Participation.objects.get(organisation=ours.organisation, cohort__kind=CohortKind.PERMANENT)
    Cohort.objects.filter(pk=permanent.cohort_id).update(starts_on=date(2026, 1, 1))
    client.force_login(ours.user(Role.REFERENT))
    hrefs = read(client, "/aide/referent/").hrefs
    assert reverse("pair", args=["ici", ours.participation.public_id]) in hrefs
    assert reverse("pair", args=["ici", permanent.public_id]) not in hrefs


def test_an_unknown_page_of_help_is_not_found(db, client):
    response = client.get("/aide/tout-et-rien/")
    assert response.status_code == 404
    assert "Cette page est introuvable" in response.content.decode()


# --- The index --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_the_index_puts_first_the_page_of_the_role(db, client, role):
    client.force_login(World("ours").user(role))
    hrefs = read(client, "/aide/").hrefs
    assert hrefs[0] == f"/aide/{HELP_PAGES[role]}/"
    assert {f"/aide/{slug}/" for slug in SLUGS} <= set(hrefs)


def test_the_index_puts_first_for_a_stranger_who_signs_without_account(db, client):
    assert read(client, "/aide/").hrefs[0] == "/aide/signature-sans-compte/"


# --- The way to it ----------------------------------------------------------------------------------------------


def header_of(page):
    return page.partition("<main")[0]


@pytest.mark.parametrize("role", Role)
def test_the_header_leads_to_the_page_of_the_role_on_a_desktop_and_in_the_menu(db, client, role):
    client.force_login(World("ours").user(role))
    header = header_of(client.get(reverse("rights")).content.decode())
    assert header.count(f'href="/aide/{HELP_PAGES[role]}/"') == 2


def test_the_header_leads_to_the_help_from_pages_of_strangers(db, client):
    ours = World("ours")
    pages = {
        reverse("account_login"): "/aide/",
        reverse("account_reset_password"): "/aide/",
        reverse("signing_link", args=[ours.signing_token]): "/aide/signature-sans-compte/",
        reverse("invitation", args=[ours.invitation_token]): "/aide/",
        "/nulle-part/": "/aide/",
    }
    for address, leads in pages.items():
        assert f'href="{leads}"' in header_of(client.get(address).content.decode()), address
    client.post(reverse("signing_link", args=[ours.signing_token]))
    signing = client.get(reverse("signing", args=[ours.signatory.public_id])).content.decode()
    assert 'href="/aide/signature-sans-compte/"' in header_of(signing)


def test_refusals_and_failures_keep_the_help_and_the_legal_pages(db, client, monkeypatch):
    client.force_login(World("ours").user(Role.PARTNER))
    refused = client.get(World("ours").participation.get_absolute_url()).content.decode()
    assert 'href="/aide/partenaire/"' in header_of(refused)
    monkeypatch.setattr("caprse.views.home.render", lambda *args: 1 / 0)
    broken = Client(raise_request_exception=False)
    broken.force_login(World("ours").user(Role.REFERENT))
    failed = broken.get("/").content.decode()
    assert "Une panne de notre côté" in failed
    assert 'href="/aide/en-cas-de-souci/"' in header_of(failed)
    for page in (refused, failed):
        for route in LEGAL:
            assert f'href="{reverse(route)}"' in page.partition("</main>")[2]


def test_every_page_has_the_legal_pages_at_its_foot(db, client):
    for address in ("/connexion/", "/aide/", "/nulle-part/"):
        foot = client.get(address).content.decode().partition("</main>")[2]
        for route in LEGAL:
            assert f'href="{reverse(route)}"' in foot, (address, route)


# --- The words --------------------------------------------------------------------------------------------------

# Words of the screens that explain themselves.
PLAIN = {ConventionState.FREEZING.label, MeetingKind.CAPSULE.label}
SHOWN = [
    *Role.labels,
    *AnswerKind.labels,
    *AutodiagState.labels,
    *ActionStatus.labels,
    *ConventionState.labels,
    *VersionState.labels,
    *CohortKind.labels,
    *MeetingKind.labels,
]


@pytest.mark.parametrize("label", sorted({label for label in SHOWN if label not in PLAIN}))
def test_the_glossary_explains_each_word_shown(label):
    held = {
        word.lower()
        for term in glossary_terms()
        for word in [term["word"], *term.get("also", []), *term.get("states", [])]
    }
    assert label.lower() in held


def test_words_have_anchors_of_their_own_and_stand_in_order(db, client):
    anchors = [slugify(term["word"]) for term in glossary_terms()]
    assert len(set(anchors)) == len(anchors) >= 30
    assert anchors == sorted(anchors)
    page = read(client, "/aide/glossaire/")
    assert len(set(page.ids)) == len(page.ids)
    for term in glossary_terms():
        assert f"#{term['anchor']}" in page.hrefs
        assert " ".join(term["meaning"].split()[:4]) in page.sentence


def test_pages_are_short_french_and_hold_nothing_of_the_tools(db, client):
    for address in ADDRESSES:
        page = read(client, address)
        assert ENGLISH.findall(page.sentence) == [], address
        for protected in ("Question 1.1", "Description 1.1", "Aide 1.1", STRANGER, NEIGHBOUR, PRIVATE):
            assert protected not in page.text, address
    for slug in SLUGS:
        assert 200 <= len(read(client, f"/aide/{slug}/").sentence.split()) <= 520, slug


# --- Legal pages ------------------------------------------------------------------------------------------------


def test_the_legal_notice_says_who_answers_for_the_site(db, client):
    page = read(client, "/mentions-legales/")
    for said in settings.LEGAL.values():
        assert said in page.sentence
    assert f"mailto:{settings.LEGAL['contact']}" in page.hrefs


def test_the_statement_of_accessibility_says_what_was_tested_and_whom_to_turn_to(db, client):
    page = read(client, "/accessibilite/").sentence
    for said in ("partiellement conforme", "Aucun audit par un tiers", "axe-core", "200 %", "Défenseur des droits"):
        assert said in page
    assert f"mailto:{settings.LEGAL['contact']}" in read(client, "/accessibilite/").hrefs


def test_the_only_cookies_are_those_the_page_of_personal_data_tells(db):
    ours = World("ours")
    client = Client()
    client.get("/connexion/")
    client.post("/connexion/", {"login": ours.user(Role.REFERENT).email, "password": "mot-de-passe-test"})
    for address in (ours.draft.get_absolute_url(), "/aide/"):
        client.get(address)
    told = read(client, "/donnees-personnelles/").sentence
    assert set(client.cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages"}
    assert "Trois, indispensables" in told
    assert "aucun bandeau" in told
