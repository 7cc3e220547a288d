"""How whoever prepares a convention writes, freezes, sends, follows, amends it, and lets somebody join."""

import re

from playwright.sync_api import expect


def copies_the_template(page, source, title, *, settings):
    """The region’s own template, from a copy of the network’s; `settings` are choices of its page, by their label."""
    page.goto("/")
    page.locator("details.menu > summary").click()
    page.get_by_role("link", name="Modèles de convention").click()
    page.get_by_role("link", name=source, exact=True).click()
    page.get_by_role("link", name="Copier ce modèle").click()
    page.get_by_label("Titre", exact=True).fill(title)
    page.get_by_role("button", name="Commencer le brouillon").click()
    page.get_by_role("link", name=re.compile("^Titre, consentement")).click()
    for label, choice in settings.items():
        page.get_by_label(label).select_option(label=choice)
    page.get_by_role("button", name="Enregistrer les réglages").click()
    page.goto(page.url.removesuffix("reglages/"))
    page.get_by_role("button", name="Publier cette version").click()
    expect(page.locator(".messages")).to_contain_text("publiée")


def begins_the_convention(page, cohort, template):
    """From the cohort to a draft that follows this template."""
    page.goto("/")
    page.get_by_role("link", name=cohort, exact=True).click()
    page.get_by_role("link", name=re.compile("^Organiser la cohorte")).click()
    page.get_by_role("button", name="La convention d’engagements").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Préparer la convention")
    page.get_by_role("link", name="En choisir un autre").click()
    page.get_by_label(f"{template}, version 1").check()
    page.get_by_role("button", name="Suivre ce modèle").click()
    expect(page.locator("main")).to_contain_text(template)


def names_who_signs(page, signer):
    """On the page of the draft: who signs for a party, by what power."""
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=signer.party, exact=True))
    row.get_by_role("link", name=re.compile("le ou la signataire de")).click()
    page.get_by_label("Prénom").fill(signer.first_name)
    page.get_by_label("Nom", exact=True).fill(signer.last_name)
    address = page.get_by_label("Courriel")
    is_new = address.input_value() != signer.email
    address.fill(signer.email)
    page.get_by_label("Qualité").fill(signer.quality)
    says_by_what_power(page, signer.power, is_new=is_new)


def says_by_what_power(page, power="Statuts, article 12", *, is_new=False):
    """What lets somebody bind their party; and how a new address is known to be theirs."""
    known = page.get_by_label("Comment vous savez que cette adresse est la sienne")
    if is_new or not known.input_value():
        known.select_option(label="Nous échangeons déjà à cette adresse")
    page.get_by_label("Son pouvoir de signer vient de").select_option(label="Les statuts")
    page.get_by_label("En toutes lettres").fill(power)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Préparer")


def fills_the_blanks(page, **values):
    """Every blank that is empty, and those given by their label."""
    blanks = page.locator("section:has(#blanks-title)")
    for label, value in values.items():
        blanks.get_by_label(label.replace("_", " ")).fill(value)
    for field in blanks.locator("input:not([type=hidden]), textarea").all():
        if not field.input_value():
            field.fill("2026-01-13" if field.get_attribute("type") == "date" else "15")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.locator(".messages")).to_contain_text("Le brouillon est enregistré")


def freezes_and_sends(page, run_queue):
    page.get_by_role("button", name="Figer le texte").click()
    expect(page.locator("main")).to_contain_text("Fabrication et scellement en cours")
    run_queue()
    page.reload()
    page.get_by_role("button", name="Envoyer aux signataires").click()
    expect(page.locator(".messages")).to_contain_text("chaque signataire reçoit son lien")
    return page.url


def state_is(page, address, words):
    page.goto(address)
    expect(page.locator(".state-line").first).to_contain_text(words)


# --- What follows -----------------------------------------------------------------------------------------------


def opens_the_life(page, address):
    page.goto(address)
    page.get_by_role("link", name=re.compile("^La vie de ce texte")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La vie de ce texte")


def rewords_an_article(page, title, before, after):
    """In an amendment: some words of an article in place of others."""
    row = page.locator("li", has=page.get_by_text(re.compile(f"Article \\d+ – {re.escape(title)}$")))
    row.get_by_role("link", name=re.compile("^Récrire")).click()
    field = page.locator("textarea", has_text=before).first
    field.fill(field.input_value().replace(before, after))
    page.get_by_role("button", name="Enregistrer ce changement").click()
    expect(page.locator(".messages")).to_contain_text("Le changement est enregistré")
