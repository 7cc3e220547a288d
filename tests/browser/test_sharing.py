"""Shared, read as the neighbour, withdrawn, gone – in the tab the neighbour left open too; and told to the network."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from autodiag.models import PracticeCard, Sharing
from tests.browser import gestures as do
from tests.browser.everywhere import enter, pages_of
from tests.browser.test_accessibility import complaints, goes_through
from tests.browser.test_keyboard_and_phone import WIDER
from tests.worlds import World

WORDS = "Chaque équipe tient son carnet."


def url_of(name):
    return reverse(name, args=["ici", World("ours").participation.public_id])


def share(page):
    page.get_by_role("link", name="Partager quelque chose").click()
    page.get_by_label(re.compile("Une avancée")).check()
    page.get_by_role("textbox", name="Titre").fill("Un carnet par équipe")
    page.get_by_label("En quelques mots").fill(WORDS)
    page.get_by_role("button", name="Voir ce qui sera montré").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Voici exactement ce qui sera montré")
    expect(page.get_by_role("region", name="Un carnet par équipe")).to_contain_text(WORDS)
    assert page.evaluate(WIDER) == []
    assert not Sharing.objects.filter(title="Un carnet par équipe").exists()
    page.get_by_role("button", name="Partager").click()
    expect(page.get_by_text("C’est partagé")).to_be_visible()


def test_shared_read_by_the_neighbour_withdrawn_and_gone_from_the_open_tab(open_page, sign_in, problems):
    ours, theirs = open_page(), open_page()
    sign_in(ours, "referent@ours.example.org")
    sign_in(theirs, "contributor@neighbour.example.org")
    ours.goto(url_of("path_sharings"))
    share(ours)
    theirs.goto("/regions/ici/cohortes/cohorte/partages/")
    theirs.get_by_role("link", name="Un carnet par équipe").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Un carnet par équipe")
    expect(theirs.get_by_text("Partagé en confiance")).to_be_visible()
    expect(theirs.get_by_text(WORDS)).to_be_visible()
    ours.get_by_role("button", name="Retirer « Un carnet par équipe »").click()
    expect(ours.get_by_text("plus personne d’autre ne le voit")).to_be_visible()
    theirs.reload()
    expect(theirs.get_by_text("Ce partage n’est plus ouvert")).to_be_visible()
    expect(theirs.get_by_text(WORDS)).to_have_count(0)
    expect(theirs.get_by_text("Un carnet par équipe")).to_have_count(0)
    theirs.goto("/regions/ici/cohortes/cohorte/partages/")
    expect(theirs.get_by_text("Un carnet par équipe")).to_have_count(0)
    do.excuse(problems, 403)


def test_axe_finds_nothing_in_a_preview_and_in_what_is_read(page, open_page, sign_in):
    ours = World("ours")
    sign_in(page, "referent@ours.example.org")
    for what in ("synthesis", "autodiag"):
        page.goto(url_of("sharing_new"))
        page.locator(f"[value='{what}:{ours.submitted.public_id}']").check()
        page.get_by_label("À qui ?").select_option(index=0 if what == "synthesis" else 1)
        page.get_by_role("button", name="Voir ce qui sera montré").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Voici exactement ce qui sera montré")
        assert complaints(page) == []
    for audience in ("referent", "facilitator"):
        reader = open_page()
        enter(reader, sign_in, audience)
        pages = pages_of(audience).items()
        mine = {route: url for route, url in pages if "sharing" in route or "practice" in route}
        assert len(mine) > 4
        assert goes_through(reader, mine) == {}


def test_everything_is_done_without_scripts(open_page, sign_in):
    page = open_page(java_script_enabled=False)
    sign_in(page, "legal_representative@ours.example.org")
    page.goto(url_of("path_sharings"))
    share(page)
    page.get_by_role("button", name="Retirer « Un carnet par équipe »").click()
    assert Sharing.objects.get(title="Un carnet par équipe").withdrawn_at is not None


def test_a_practice_from_its_criterion_to_its_readers_on_a_phone(phone, open_page, sign_in):
    sign_in(phone, "referent@ours.example.org")
    phone.goto(do.criterion_url(1))
    phone.get_by_role("link", name="En faire une fiche pratique").click()
    expect(phone.get_by_label("Ce que nous faisons")).to_have_value(re.compile("Pratique 2.1"))
    phone.get_by_role("textbox", name="Titre").fill("Une fiche écrite au téléphone")
    phone.get_by_label("Notre structure est d’accord").check()
    assert phone.evaluate(WIDER) == []
    phone.get_by_role("button", name="Proposer à la région").click()
    expect(phone.get_by_text("La fiche est proposée à la région")).to_be_visible()
    team = open_page()
    sign_in(team, "facilitator@ours.example.org")
    team.goto("/")
    team.get_by_role("link", name="Relire la fiche").click()
    team.get_by_label("Publier la fiche telle qu’elle est").check()
    team.get_by_role("button", name="Envoyer ma réponse").click()
    expect(team.get_by_text("La fiche est publiée")).to_be_visible()
    theirs = open_page()
    sign_in(theirs, "board_member@neighbour.example.org")
    theirs.goto("/fiches-pratiques/")
    theirs.get_by_label("Mots, ou territoire").fill("TELEPHONE")
    theirs.get_by_role("button", name="Chercher").click()
    expect(theirs.get_by_text("1 fiche", exact=True)).to_be_visible()
    theirs.get_by_role("link", name="Une fiche écrite au téléphone").click()
    expect(theirs.get_by_text("Une structure qui reste anonyme")).to_be_visible()
    assert PracticeCard.objects.get(title="Une fiche écrite au téléphone").signed_as == ""
