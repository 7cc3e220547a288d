"""A cohort starts: created, peopled, its convention signed by every party, its first round open; by the screens alone.

Mails are read where the demonstration shows them. No row is written by the test between two clicks.
"""

import re

import pytest
from playwright.sync_api import expect

from cohorts.models import Cohort, Membership
from conventions.enums import ConventionState, DocumentKind
from conventions.models import Convention, FrozenDocument
from conventions.services import trail
from tests.browser import gestures as do

NEW = "La Nouvelle Ronde"
COHORT = "CAP RSE 2025-2027"
PASSWORD = "trois petits tours de ronde"
REFERENT = ("Jeanne", "Ronde", "jeanne.ronde@example.org")
BOARD = ("Paul", "Cercle", "paul.cercle@example.org")
# Who signs for each party, and by what power.
SIGNERS = {
    NEW: ("Irène", "Rondeau", "irene.rondeau@example.org", "Présidente"),
    "Délégation ours": ("Region_Admin", "Équipe", "region_admin@ours.example.org", "Déléguée"),
    "Tête de réseau": ("Noé", "Tête", "noe.tete@example.org", "Président"),
    "Partenaire ours": ("Partner", "Équipe", "partner@ours.example.org", "Directrice"),
}


@pytest.fixture
def mails_shown(settings, site):
    """The page of the mails, as in the demonstration."""
    settings.DEMO = True


def test_from_no_cohort_to_an_open_round(page, open_page, run_queue, mails_shown, problems):
    do.sign_in_by_form(page, "region_admin@ours.example.org")
    creates_the_cohort(page)
    brings_everybody_in(page)
    run_queue()
    referent = open_page()
    comes_in(referent, REFERENT, f"vous invite à rejoindre {NEW}", NEW)
    names_the_pair(referent)
    prepares_the_convention(page)
    run_queue()
    sends_the_convention(page)
    the_round_waits_for(referent, *SIGNERS)
    waiting = list(SIGNERS)
    while waiting:
        party = waiting.pop(0)
        signs(open_page(), party, run_queue)
        if waiting:
            the_round_waits_for(referent, *waiting)
    run_queue()
    the_round_opens(referent)
    do.excuse(problems, 422, 422)  # the structure named twice, the code mistyped
    everything_is_stored()


# --- The cohort -------------------------------------------------------------------------------------------------


def creates_the_cohort(page):
    page.get_by_role("link", name="Créer une cohorte").click()
    page.get_by_label("Nom de la cohorte").fill(COHORT)
    page.get_by_label("Référentiel", exact=True).select_option(label=version_label(page))
    page.get_by_text("Treize étapes, une journée par chapitre").click()
    page.get_by_label("Jour de la première étape").fill("2025-06-17")
    page.get_by_role("button", name="Proposer les dates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Relisez les dates")
    first_visio = page.locator(".date-row", has_text="Visio lecture du chapitre 1")
    expect(first_visio).to_contain_text("Mardi 4 novembre 2025")
    closing = page.locator(".date-row", has_text="Clôture")
    closing.locator("summary").click()
    closing.get_by_label("Ce que vous savez").select_option("unknown")
    closing.get_by_label("En toutes lettres").fill("Printemps 2026 ?")
    page.get_by_role("button", name="Créer la cohorte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mettre en route la cohorte")


def version_label(page):
    """The entry of the list that names our référentiel."""
    return next(
        text
        for text in page.get_by_label("Référentiel", exact=True).locator("option").all_inner_texts()
        if "ESSAI" in text
    )


def brings_everybody_in(page):
    page.get_by_role("link", name="Les structures").click()
    add = form(page, "structure_add")
    add.get_by_label(re.compile("^Ou une nouvelle structure")).fill(NEW)
    add.get_by_label(re.compile("^Adhésion au réseau")).fill("2026-12-31")
    fill_person(add, REFERENT)
    add.get_by_role("button", name="Ajouter la structure").click()
    expect(page.get_by_role("row", name=NEW)).to_contain_text("Jeanne Ronde, invitation en attente")
    again = form(page, "structure_add")
    again.get_by_label(re.compile("^Ou une nouvelle structure")).fill("la nouvelle ronde")
    again.get_by_role("button", name="Ajouter la structure").click()
    expect(page.get_by_text("choisissez-la dans la liste").first).to_be_visible()
    for name in ("Tête de réseau", "Partenaire ours"):
        partner = form(page, "partner_add")
        partner.get_by_label(re.compile("^Le national, ou")).select_option(label=name)
        partner.get_by_role("button", name="Associer cette organisation").click()
        expect(page.locator("#partenaires ~ .rows")).to_contain_text(name)


def form(page, route):
    """The form of one of the three lists, unfolded."""
    paths = {"structure_add": "structures/", "partner_add": "partenaires/"}
    found = page.locator(f"form[action$='participants/{paths[route]}']")
    if not found.is_visible():
        page.locator("details", has=found).locator("summary").click()
    return found


def fill_person(scope, person):
    scope.get_by_label(re.compile("^Prénom")).fill(person[0])
    scope.get_by_label(re.compile("^Nom")).fill(person[1])
    scope.get_by_label(re.compile("^Adresse électronique|^Courriel")).fill(person[2])


# --- People -----------------------------------------------------------------------------------------------------


def mail_for(page, address, about):
    """Open the latest mail for this address whose text or subject says something."""
    page.goto("/demonstration/courriels/")
    mail = page.locator("details.mail", has_text=f"Pour {address} ").filter(has_text=about).first
    if mail.get_attribute("open") is None:
        mail.locator("summary").click()
    return mail


def comes_in(page, person, about, place):
    mail_for(page, person[2], about).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Rejoindre {place}")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_label("Le même mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Bonjour {person[0]}")
    assert "Notre structure" not in page.content()
    page.get_by_role("link", name="Lire la clause").click()
    page.get_by_label(re.compile("je m’engage")).check()
    page.get_by_role("button", name="Accepter et continuer").click()


def names_the_pair(page):
    opens_the_path(page)
    page.get_by_role("link", name="Choisir qui vient aux journées").click()
    page.get_by_role("link", name="Invitez cette personne").click()
    fill_person(page.locator("main form"), BOARD)
    page.get_by_text("Membre du conseil d’administration").first.click()
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_text("Paul Cercle").first).to_be_visible()
    opens_the_path(page)
    page.get_by_role("link", name="Choisir qui vient aux journées").click()
    choose(page, "Pour l’équipe", "Jeanne Ronde")
    choose(page, "Pour le conseil", "Paul Cercle")
    page.get_by_role("button", name="Enregistrer le binôme").click()
    expect(page.get_by_text("Paul Cercle").first).to_be_visible()


def choose(page, label, text):
    field = page.get_by_label(re.compile(f"^{label}"))
    options = field.locator("option").all_inner_texts()
    field.select_option(label=next(option for option in options if text in option))


def opens_the_path(page):
    page.goto("/")
    page.get_by_role("link", name=f"Le parcours de {NEW}", exact=True).click()


# --- The convention ---------------------------------------------------------------------------------------------


def prepares_the_convention(page):
    page.goto("/")
    page.get_by_role("link", name=COHORT, exact=True).click()
    page.get_by_role("link", name=re.compile("^Organiser la cohorte")).click()
    page.get_by_role("button", name="La convention d’engagements").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Préparer la convention")
    for party, signer in SIGNERS.items():
        page.get_by_role("row", name=party).get_by_role("link").click()
        fill_person(page.locator("main form"), signer)
        page.get_by_label("Qualité").fill(signer[3])
        page.get_by_label("Ce qui lui donne pouvoir de signer").fill("Statuts, article 12")
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_role("row", name=party)).to_contain_text("Statuts, article 12")
    fill_blanks(page)
    page.get_by_role("link", name="Relire comme chaque partie").click()
    page.get_by_role("link", name="Partenaire").click()
    expect(page.locator(".contract--partner [data-for='partner'] .pledge__tag").first).to_be_visible()
    expect(page.locator(".contract--partner [data-for='structure'] .pledge__tag").first).to_be_hidden()
    page.go_back()
    page.go_back()
    page.get_by_role("button", name="Figer le texte").click()


def fill_blanks(page):
    """What the cohort did not know of the blanks."""
    for field in page.locator("section:has(#blanks-title) input:not([type=hidden])").all():
        if not field.input_value():
            field.fill("2026-01-01" if field.get_attribute("type") == "date" else "15")
    page.get_by_role("button", name="Enregistrer le brouillon").click()


def sends_the_convention(page):
    page.reload()
    page.get_by_role("button", name="Envoyer aux signataires").click()
    expect(page.locator(".messages")).to_contain_text("chaque signataire reçoit son lien")


def signs(page, party, run_queue):
    """From the mail to the receipt; one of them mistypes the code first."""
    run_queue()
    _, _, address, quality = SIGNERS[party]
    mail_for(page, address, f"votre signature pour {party}").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Une convention attend votre signature")
    expect(page.locator("main")).to_contain_text(quality)
    page.get_by_role("button", name="Lire la convention").click()
    expect(page.locator(".pledge__tag:visible").first).to_have_text("Vos engagements")
    page.get_by_role("button", name="Recevoir mon code").click()
    act = page.url
    run_queue()
    code = re.search(r"(\d{3}) (\d{3})", mail_for(page, address, "votre code de signature").inner_text())
    page.goto(act)
    expect(page.locator("blockquote")).to_contain_text("Statuts, article 12")
    expect(page.get_by_label("J’ai lu ces termes")).not_to_be_checked()
    page.get_by_label("J’ai lu ces termes").check()
    if party == NEW:
        page.get_by_label("Code reçu par courriel").fill(f"{(int(code[1] + code[2]) + 1) % 1_000_000:06d}")
        page.get_by_role("button", name="Signer la convention").click()
        expect(page.locator("main")).to_contain_text("Il vous reste 4 essais")
    page.get_by_label("Code reçu par courriel").fill(f"{code[1]} {code[2]}")
    page.get_by_role("button", name="Signer la convention").click()
    expect(page.locator("main")).to_contain_text("Vous avez signé")


def the_round_waits_for(page, *parties):
    opens_the_path(page)
    expect(page.locator(".standing")).to_contain_text("En cours de signature")
    for party in parties:
        expect(page.locator(".standing")).to_contain_text(party)
    expect(page.get_by_role("button", name="Commencer")).to_have_count(0)


def the_round_opens(page):
    opens_the_path(page)
    expect(page.locator(".standing")).to_contain_text("signée par toutes les parties")
    page.get_by_role("button", name="Commencer").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1.1 ?")
    mail_for(page, SIGNERS[NEW][2], "est signée par toutes les parties")


def everything_is_stored():
    cohort = Cohort.objects.get(name=COHORT)
    assert cohort.meetings.count() == 2 + 2 * 2 + 1
    assert cohort.meetings.get(as_written="Printemps 2026 ?").precision == "unknown"
    convention = Convention.objects.get(cohort=cohort)
    assert convention.state == ConventionState.IN_FORCE
    assert trail.verify(convention) is None
    assert set(convention.parties.values_list("name", flat=True)) == set(SIGNERS)
    assert FrozenDocument.objects.filter(convention=convention, kind=DocumentKind.FINAL).exists()
    roles = Membership.objects.filter(organisation__legal_name=NEW).values_list("role", flat=True)
    assert list(roles) == ["referent"]
