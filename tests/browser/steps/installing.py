"""How an installation opens: by the commands of its operator, then by the mail its first people receive."""

from django.core.management import call_command
from playwright.sync_api import expect

from tests.browser.steps.people import PASSWORD, mail_for

CLAUSE = "Ce que vous lirez ici reste entre adhérents du réseau."
REFERENTIEL = """
code = "RONDE"
title = "Référentiel des rondes"
notice = "Référentiel inventé"
scale = [
  { value = 0, label = "Pas encore" },
  { value = 1, label = "En route" },
  { value = 2, label = "En place" },
]
"""
CHAPTER = """
[[chapters]]
number = {number}
title = "Chapitre {number}"
short_title = "Chapitre {number}"
[[chapters.sections]]
number = 1
title = "Partie {number}.1"
"""
CRITERION = """
[[chapters.sections.criteria]]
code = "{code}"
title = "Critère {code}"
question = "Question {code} ?"
levels = ["Rien de {code}", "Un peu de {code}", "Tout de {code}"]
"""


def installs(folder, *, head, region, team, national, coordinator):
    """The four commands of the guide: network, region, référentiel, its editor."""
    clause, referentiel = folder / "clause.txt", folder / "referentiel.toml"
    clause.write_text(CLAUSE)
    referentiel.write_text(
        REFERENTIEL
        + "".join(
            CHAPTER.format(number=number) + "".join(CRITERION.format(code=f"{number}.{rank}") for rank in (1, 2))
            for number in (1, 2)
        )
    )
    call_command("open_network", "--name", head, "--clause", str(clause), *names_of(national))
    call_command("open_region", *region, "--team", team, *names_of(coordinator))
    call_command("import_referentiel", str(referentiel))
    call_command("entrust_referentiel", national[2], "RONDE")


def names_of(person):
    return ["--first-name", person[0], "--last-name", person[1], "--email", person[2]]


def chooses_a_password(page, person):
    """From the mail that opens the account to the home page."""
    mail_for(page, person[2], "Votre accès à CAP RSE").get_by_role("link").first.click()
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Enregistrer le mot de passe").click()
    page.locator("main").get_by_role("link", name="Se connecter").click()
    page.get_by_label("Courriel").fill(person[2])
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Bonjour {person[0]}")


def rewords_and_publishes(page):
    """The national staff rewords one question of the draft, reads over what it holds, publishes."""
    page.goto("/referentiels/")
    page.get_by_role("link", name="Référentiel des rondes, version 1").click()
    page.get_by_role("link", name="1.1").first.click()
    page.get_by_label("Question").fill("Comment la ronde accueille-t-elle ?")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_role("link", name="Tout le brouillon").click()
    page.get_by_role("link", name="Relire et publier").click()
    page.get_by_label("J’ai relu ce qui change").check()
    page.get_by_role("button", name="Publier cette version").click()
    expect(page.locator(".messages")).to_contain_text("publiée")
