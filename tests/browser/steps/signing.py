"""How a convention is prepared, sent and signed by each party."""

import re

from playwright.sync_api import expect

from tests.browser.steps.agreements import names_who_signs
from tests.browser.steps.ceremony import Signer
from tests.browser.steps.people import mail_for, opens_the_path


def prepares_the_convention(page, cohort, signers):
    """Who signs for each party (`{party: (first name, name, address, quality)}`), the blanks, then the text frozen."""
    page.goto("/")
    page.get_by_role("link", name=cohort, exact=True).click()
    page.get_by_role("link", name=re.compile("^Organiser la cohorte")).click()
    page.get_by_role("button", name="La convention d’engagements").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Préparer la convention")
    for party, signer in signers.items():
        names_who_signs(page, Signer(party, *signer))
        expect(page.get_by_role("row", name=party)).to_contain_text("Statuts, article 12")
    fills_the_blanks(page)
    page.get_by_role("link", name="Relire comme chaque partie").click()
    page.get_by_role("link", name="Partenaire").click()
    expect(page.locator(".contract--partner [data-for='partner'] .pledge__tag").first).to_be_visible()
    expect(page.locator(".contract--partner [data-for='structure'] .pledge__tag").first).to_be_hidden()
    page.go_back()
    page.go_back()
    page.get_by_role("button", name="Figer le texte").click()


def fills_the_blanks(page):
    """What the cohort did not know of the blanks."""
    for field in page.locator("section:has(#blanks-title) input:not([type=hidden])").all():
        if not field.input_value():
            field.fill("2026-01-01" if field.get_attribute("type") == "date" else "15")
    page.get_by_role("button", name="Enregistrer le brouillon").click()


def sends_the_convention(page):
    page.reload()
    page.get_by_role("button", name="Envoyer aux signataires").click()
    expect(page.locator(".messages")).to_contain_text("chaque signataire reçoit son lien")


def signs(page, party, signer, run_queue, *, mistypes=False):
    """From the mail to the receipt, a code mistyped first if asked."""
    run_queue()
    _, _, address, quality = signer
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
    if mistypes:
        page.get_by_label("Code reçu par courriel").fill(f"{(int(code[1] + code[2]) + 1) % 1_000_000:06d}")
        page.get_by_role("button", name="Signer la convention").click()
        expect(page.locator("main")).to_contain_text("Il vous reste 4 essais")
    page.get_by_label("Code reçu par courriel").fill(f"{code[1]} {code[2]}")
    page.get_by_role("button", name="Signer la convention").click()
    expect(page.locator("main")).to_contain_text("Vous avez signé")


def the_round_waits_for(page, structure, *parties):
    opens_the_path(page, structure)
    expect(page.locator(".standing")).to_contain_text("En cours de signature")
    for party in parties:
        expect(page.locator(".standing")).to_contain_text(party)
    expect(page.get_by_role("button", name="Commencer")).to_have_count(0)
