"""How people come in: by the mail they received, as the demonstration shows it."""

import re

from playwright.sync_api import expect

PASSWORD = "trois petits tours de ronde"


def mail_for(page, address, about):
    """Open the latest mail for this address whose text or subject says something."""
    page.goto("/demonstration/courriels/")
    mail = page.locator("details.mail", has_text=f"Pour {address} ").filter(has_text=about).first
    if mail.get_attribute("open") is None:
        mail.locator("summary").click()
    return mail


def fill_person(scope, person):
    """Fill first name, name and address: `person` is those three, and maybe more."""
    scope.get_by_label(re.compile("^Prénom")).fill(person[0])
    scope.get_by_label(re.compile("^Nom")).fill(person[1])
    scope.get_by_label(re.compile("^Adresse électronique|^Courriel")).fill(person[2])


def joins(page, person, place):
    """From the invitation to one's own home page, the account made on the way."""
    mail_for(page, person[2], f"vous invite à rejoindre {place}").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Rejoindre {place}")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_label("Le même mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Bonjour {person[0]}")


def accepts_the_clause(page):
    page.goto("/")
    page.get_by_role("link", name="Lire la clause").click()
    page.get_by_label(re.compile("je m’engage")).check()
    page.get_by_role("button", name="Accepter et continuer").click()


def opens_the_path(page, structure):
    page.goto("/")
    page.get_by_role("link", name=f"Le parcours de {structure}", exact=True).click()


def names_the_pair(page, structure, staff, board):
    """Invite somebody of the board, then choose both seats."""
    opens_the_path(page, structure)
    page.get_by_role("link", name="Choisir qui vient aux journées").click()
    page.get_by_role("link", name="Invitez cette personne").click()
    fill_person(page.locator("main form"), board)
    page.get_by_text("Membre du conseil d’administration").first.click()
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_text(f"{board[0]} {board[1]}").first).to_be_visible()
    opens_the_path(page, structure)
    page.get_by_role("link", name="Choisir qui vient aux journées").click()
    choose(page, "Pour l’équipe", f"{staff[0]} {staff[1]}")
    choose(page, "Pour le conseil", f"{board[0]} {board[1]}")
    page.get_by_role("button", name="Enregistrer le binôme").click()
    expect(page.get_by_text(f"{board[0]} {board[1]}").first).to_be_visible()


def choose(page, label, text):
    """Pick the entry of a list that says something."""
    field = page.get_by_label(re.compile(f"^{label}"))
    options = field.locator("option").all_inner_texts()
    field.select_option(label=next(option for option in options if text in option))


def invites_a_colleague(page, structure, person, role):
    """From the structure's card, as somebody who holds this role."""
    opens_the_path(page, structure)
    page.get_by_role("link", name="La fiche de la structure").click()
    page.get_by_role("link", name=re.compile("^Inviter")).first.click()
    fill_person(page.locator("main form"), person)
    page.get_by_text(role).first.click()
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_text(f"{person[0]} {person[1]}").first).to_be_visible()


def opens_the_notes(page):
    """Where a note is written, from the structure's path or from its notes."""
    link = page.get_by_role("link", name="Notes de suivi")
    if link.count():
        link.first.click()
    fold = page.locator("details.note-new")
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
