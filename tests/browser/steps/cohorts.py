"""How a coordinator makes a cohort and brings everybody in."""

import re

from playwright.sync_api import expect

from tests.browser.steps.people import choose, fill_person

PATHS = {"structure": "structures/", "facilitator": "accompagnement/", "partner": "partenaires/"}


def creates_the_cohort(page, name, referentiel):
    """Thirteen steps from a first day; one date is left in words."""
    page.goto("/")
    page.get_by_role("link", name="Créer une cohorte").click()
    page.get_by_label("Nom de la cohorte").fill(name)
    choose(page, "Référentiel", referentiel)
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


def opens_the_participants(page):
    page.get_by_role("link", name="Les structures").click()


def form(page, kind):
    """The form of one of the three lists, unfolded."""
    found = page.locator(f"form[action$='participants/{PATHS[kind]}']")
    if not found.is_visible():
        page.locator("details", has=found).locator("summary").click()
    return found


def brings_a_structure_in(page, name, referent):
    add = form(page, "structure")
    add.get_by_label(re.compile("^Ou une nouvelle structure")).fill(name)
    add.get_by_label(re.compile("^Adhésion au réseau")).fill("2026-12-31")
    fill_person(add, referent)
    add.get_by_role("button", name="Ajouter la structure").click()
    row = page.get_by_role("row", name=name)
    expect(row).to_contain_text(f"{referent[0]} {referent[1]}, invitation en attente")


def is_told_the_structure_is_known(page, name):
    """The same name in another case is no second structure."""
    again = form(page, "structure")
    again.get_by_label(re.compile("^Ou une nouvelle structure")).fill(name.lower())
    again.get_by_role("button", name="Ajouter la structure").click()
    expect(page.get_by_text("choisissez-la dans la liste").first).to_be_visible()


def invites_a_facilitator(page, person):
    invite = form(page, "facilitator")
    fill_person(invite, person)
    invite.get_by_role("button").click()
    expect(page.get_by_text(f"{person[0]} {person[1]}").first).to_be_visible()


def associates_the_national_head(page, name):
    partner = form(page, "partner")
    partner.get_by_label(re.compile("^Le national, ou")).select_option(label=name)
    partner.get_by_role("button", name="Associer cette organisation").click()
    expect(page.locator("#partenaires ~ .rows")).to_contain_text(name)


def associates_a_new_partner(page, name, person):
    """The organisation first, then the person who comes for it."""
    partner = form(page, "partner")
    partner.get_by_label(re.compile("^Ou un nouveau partenaire")).fill(name)
    partner.get_by_role("button", name="Associer cette organisation").click()
    row = page.locator("#partenaires ~ .rows li", has_text=name)
    row.get_by_role("link", name="Inviter une personne").click()
    fill_person(page.locator("main form"), person)
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.locator("main")).to_contain_text(f"{person[0]} {person[1]}")
