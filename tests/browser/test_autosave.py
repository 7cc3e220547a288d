"""Answers are saved as one types, and nothing typed is lost: two people, a cut network, an expired session."""

import re

import pytest
from playwright.sync_api import expect

from autodiag.enums import AnswerKind
from autodiag.services.submission import submit
from cohorts.enums import Role
from tests.browser import gestures as do
from tests.worlds import World

RETRIES_WITHIN = 9_000  # milliseconds: the script tries again every five seconds
OFFLINE = "Pas enregistré : pas de connexion. Votre texte est gardé ici, nous réessayons."
SESSION = re.compile(r"^Votre session a expiré\. Votre texte est gardé sur cet appareil")


@pytest.fixture
def criterion(page, sign_in):
    """Criterion 2.3, never answered, opened by the référente."""
    sign_in(page, "referent@ours.example.org")
    page.goto(do.criterion_url(3))
    return page


@pytest.fixture
def colleague(criterion, open_page, sign_in):
    """The same criterion, opened by somebody else of the structure."""
    other = open_page()
    sign_in(other, "contributor@ours.example.org")
    other.goto(criterion.url)
    return other


def conflict_panel(page):
    return page.get_by_role("form", name="Deux textes pour la même réponse")


def posts(page):
    """The saves that leave the page from now on, as they leave."""
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request))
    return sent


def cut_off(problems):
    """The browser writes every request that found no network: they were expected."""
    assert problems
    assert all("net::ERR_" in problem for problem in problems), problems
    problems.clear()


def test_typed_text_is_saved_without_leaving_the_field(criterion):
    expect(do.save_line(criterion)).to_have_text("Rien d’enregistré pour l’instant")
    do.practice(criterion).press_sequentially("Un goûter chaque vendredi.")
    do.expect_saved(criterion)
    expect(do.practice(criterion)).to_be_focused()
    expect(criterion.locator("[aria-current=page] [data-state-chip]")).to_have_text("En cours")
    criterion.reload()
    expect(do.practice(criterion)).to_have_value("Un goûter chaque vendredi.")
    expect(do.save_line(criterion)).to_contain_text("Enregistré le mardi 4 novembre 2025, 10 h, par Referent ours")
    answer = do.stored(3)
    assert (answer.practice, answer.kind, answer.revision) == ("Un goûter chaque vendredi.", AnswerKind.NONE, 1)


def test_a_level_is_saved_at_once_and_counted(criterion):
    do.card(criterion, "Description 2.3 degré 1").click()
    do.expect_saved(criterion)
    expect(criterion.locator("[data-answered-count]")).to_have_text("3")
    expect(criterion.locator("[aria-current=page] [data-state-chip]")).to_have_text("Terminé")
    assert do.stored(3).level.value == 1


def test_one_request_at_a_time_and_the_last_word_wins(criterion, eventually):
    held, sent = [], posts(criterion)
    criterion.route("**/enregistrer/", lambda route: held.append(route), times=1)
    do.practice(criterion).fill("Premier jet")
    with criterion.expect_request("**/enregistrer/"):
        do.card(criterion, "Description 2.3 degré 1").click()
    do.practice(criterion).fill("Premier jet, puis la suite")
    do.card(criterion, "Description 2.3 degré 2").click()
    expect(do.save_line(criterion)).to_have_class(re.compile("is-saving"))
    assert len(sent) == 1
    held[0].continue_()
    do.expect_saved(criterion)
    assert eventually(lambda: do.stored(3).revision == 2)
    criterion.reload()
    expect(do.practice(criterion)).to_have_value("Premier jet, puis la suite")
    assert do.stored(3).level.value == 2
    assert [change.after.get("practice") for change in do.history(do.stored(3))] == [
        "Premier jet",
        "Premier jet, puis la suite",
    ]


def test_two_people_choose_field_by_field(criterion, colleague, problems):
    do.practice(criterion).fill("Texte de la référente")
    do.card(criterion, "Description 2.3 degré 2").click()
    do.expect_saved(criterion)
    expect(criterion.locator("[data-answered-count]")).to_have_text("3")
    do.practice(colleague).fill("Texte de la collègue")
    panel = conflict_panel(colleague)
    expect(panel).to_contain_text("Referent ours a enregistré pendant que vous écriviez")
    expect(panel.locator("h2")).to_be_focused()
    for text in ("Texte de la référente", "Texte de la collègue", "Niveau 2"):
        expect(panel).to_contain_text(text)
    expect(do.save_line(colleague)).to_have_text("En attente de votre choix, plus haut.")
    assert do.stored(3).practice == "Texte de la référente"
    panel.get_by_role("group", name="Notre niveau").get_by_text("Niveau 2").click()
    panel.get_by_role("group", name="Ce que nous faisons déjà").get_by_text("Texte de la collègue").click()
    panel.get_by_role("button", name="Garder ces choix").click()
    expect(colleague.locator(".messages")).to_contain_text("Critère 2.3 enregistré à 10 h.")
    expect(do.practice(colleague)).to_have_value("Texte de la collègue")
    expect(colleague.get_by_role("radio", name="Description 2.3 degré 2")).to_be_checked()
    do.excuse(problems, 409)
    answer = do.stored(3)
    assert (answer.practice, answer.level.value) == ("Texte de la collègue", 2)
    texts = [(change.by.email, change.after["practice"]) for change in do.history(answer) if "practice" in change.after]
    assert texts == [
        ("referent@ours.example.org", "Texte de la référente"),
        ("contributor@ours.example.org", "Texte de la collègue"),
    ]
    colleague.get_by_role("link", name="Historique de la réponse").click()
    for text in ("Texte de la référente", "Texte de la collègue"):
        expect(colleague.locator("ins", has_text=text)).to_have_count(1)


def test_what_is_typed_before_the_refusal_arrives_takes_part_in_the_choice(criterion, colleague, problems):
    """A slow network: the colleague goes on typing while the refused save is on its way."""
    do.practice(criterion).fill("Texte de la référente")
    do.expect_saved(criterion)
    held = []
    colleague.route("**/enregistrer/", lambda route: held.append(route), times=1)
    with colleague.expect_request("**/enregistrer/"):
        do.practice(colleague).fill("Texte de la collègue")
    do.comment(colleague).fill("Écrit pendant l’attente")
    held[0].continue_()
    panel = conflict_panel(colleague)
    expect(panel).to_contain_text("Écrit pendant l’attente")
    panel.get_by_role("group", name="Ce que nous faisons déjà").get_by_text("Texte de la référente").click()
    panel.get_by_role("button", name="Garder ces choix").click()
    expect(do.comment(colleague)).to_have_value("Écrit pendant l’attente")
    do.excuse(problems, 409, 409)
    answer = do.stored(3)
    assert (answer.practice, answer.comment.text) == ("Texte de la référente", "Écrit pendant l’attente")


def test_a_cut_network_is_said_then_mended(criterion, problems):
    criterion.context.set_offline(True)
    do.practice(criterion).fill("Écrit dans le train")
    expect(do.save_line(criterion)).to_have_text(OFFLINE)
    expect(do.save_line(criterion)).to_have_attribute("role", "alert")
    do.comment(criterion).fill("Dans le tunnel")
    assert do.stored(3).revision == 0
    criterion.context.set_offline(False)
    do.expect_saved(criterion)
    cut_off(problems)
    answer = do.stored(3)
    assert (answer.practice, answer.comment.text) == ("Écrit dans le train", "Dans le tunnel")


def test_an_answer_lost_on_the_way_back_is_no_conflict(criterion, problems):
    """The server saved, the network fell before it could say so: the same text is not offered against itself."""

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    criterion.route("**/enregistrer/", lose_the_answer, times=1)
    do.practice(criterion).fill("Arrivé sans accusé de réception")
    expect(do.save_line(criterion)).to_have_text(OFFLINE)
    expect(do.save_line(criterion)).to_have_text("Enregistré à 10 h", timeout=RETRIES_WITHIN)
    expect(criterion.locator(".conflict")).to_have_count(0)
    do.card(criterion, "Description 2.3 degré 0").click()
    do.expect_saved(criterion)
    assert [problem for problem in problems if "409" in problem]
    problems.clear()
    answer = do.stored(3)
    assert (answer.practice, answer.level.value, answer.revision) == ("Arrivé sans accusé de réception", 0, 2)


def test_a_failing_server_is_said_then_tried_again(criterion, problems):
    criterion.route("**/enregistrer/", lambda route: route.fulfill(status=503, body="en panne"), times=1)
    do.practice(criterion).fill("Pendant la mise à jour")
    expect(do.save_line(criterion)).to_contain_text("Pas enregistré : une panne de notre côté.")
    expect(do.save_line(criterion)).to_have_text("Enregistré à 10 h", timeout=RETRIES_WITHIN)
    do.excuse(problems, 503)
    assert do.stored(3).practice == "Pendant la mise à jour"


def test_a_tab_closed_without_network_finds_its_text_again(criterion, problems):
    url, context = criterion.url, criterion.context
    context.set_offline(True)
    do.practice(criterion).fill("Écrit avant de fermer")
    criterion.get_by_label("À revoir").check()
    expect(do.save_line(criterion)).to_have_text(OFFLINE)
    criterion.close()
    assert do.stored(3).revision == 0
    context.set_offline(False)
    again = context.new_page()
    again.goto(url)
    expect(do.practice(again)).to_have_value("Écrit avant de fermer")
    expect(again.get_by_label("À revoir")).to_be_checked()
    expect(do.save_line(again)).to_have_class(re.compile("is-saved"))
    cut_off(problems)
    answer = do.stored(3)
    assert (answer.practice, answer.to_review) == ("Écrit avant de fermer", True)
    assert again.evaluate("Object.keys(localStorage).filter(key => key.startsWith('caprse:'))") == []


def test_an_expired_session_keeps_the_text_until_signed_in_again(criterion):
    criterion.context.clear_cookies(name="sessionid")
    do.practice(criterion).fill("Rédigé pendant la pause")
    expect(do.save_line(criterion)).to_have_text(SESSION)
    expect(do.practice(criterion)).to_have_value("Rédigé pendant la pause")
    assert do.stored(3).revision == 0
    other_tab = criterion.context.new_page()
    do.sign_in_by_form(other_tab, "referent@ours.example.org")
    other_tab.close()
    expect(do.save_line(criterion)).to_have_text("Enregistré à 10 h", timeout=RETRIES_WITHIN)
    expect(do.practice(criterion)).to_have_value("Rédigé pendant la pause")
    assert do.stored(3).practice == "Rédigé pendant la pause"


def test_the_last_field_leaves_with_the_tab(criterion, eventually):
    do.practice(criterion).press_sequentially("Fini, je ferme")
    criterion.close(run_before_unload=True)
    assert eventually(lambda: do.stored(3).practice) == "Fini, je ferme"


def test_the_last_field_leaves_with_a_link(criterion, eventually):
    do.practice(criterion).press_sequentially("Je passe au suivant")
    criterion.get_by_role("link", name="Critère suivant").click()
    expect(criterion.get_by_role("heading", level=1)).to_have_text("Question 2.4 ?")
    assert eventually(lambda: do.stored(3).practice) == "Je passe au suivant"
    criterion.go_back()
    expect(do.practice(criterion)).to_have_value("Je passe au suivant")


def test_signing_out_saves_then_leaves_nothing_on_the_device(criterion):
    do.practice(criterion).press_sequentially("Puis je me déconnecte")
    do.sign_out(criterion)
    assert do.stored(3).practice == "Puis je me déconnecte"
    assert criterion.evaluate("localStorage.length") == 0


def test_a_chapter_transmitted_meanwhile_keeps_the_text_on_screen(criterion, problems):
    ours = World("ours")
    for position in (3, 4):
        ours.save(ours.answer(position), by=Role.CONTRIBUTOR, kind=AnswerKind.UNKNOWN)
    submit(autodiag=ours.autodiag(2), by=ours.actor(Role.REFERENT))
    do.practice(criterion).fill("Une phrase de plus")
    expect(do.save_line(criterion)).to_contain_text("transmis")
    expect(do.save_line(criterion)).to_contain_text("Votre texte est gardé sur cet appareil.")
    expect(do.save_line(criterion)).to_have_class(re.compile("is-failed"))
    expect(do.practice(criterion)).to_have_value("Une phrase de plus")
    do.excuse(problems, 403)
    assert do.stored(3).practice == ""
    assert ours.autodiag(2).is_submitted


def test_not_applicable_asks_for_its_reason_and_loses_nothing(criterion):
    do.practice(criterion).fill("Nous n’avons pas d’atelier")
    do.expect_saved(criterion)
    expect(do.reason(criterion)).to_be_hidden()
    do.card(criterion, "Ne s’applique pas à nous").click()
    expect(do.save_line(criterion)).to_have_text(re.compile("^Pas encore enregistré : dites en quelques mots pourquoi"))
    expect(do.reason(criterion)).to_be_focused()
    expect(do.practice(criterion)).to_have_value("Nous n’avons pas d’atelier")
    criterion.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(do.save_line(criterion)).to_have_class(re.compile("is-failed"))
    assert do.stored(3).kind == AnswerKind.NONE
    do.reason(criterion).fill("Pas d’atelier chez nous")
    do.expect_saved(criterion)
    answer = do.stored(3)
    assert (answer.kind, answer.na_reason) == (AnswerKind.NOT_APPLICABLE, "Pas d’atelier chez nous")
    assert answer.practice == "Nous n’avons pas d’atelier"


def test_a_double_click_makes_one_line_of_history(criterion):
    do.practice(criterion).fill("Une seule fois")
    criterion.get_by_role("button", name="Enregistrer", exact=True).dblclick()
    do.expect_saved(criterion)
    criterion.get_by_role("link", name="Historique de la réponse").click()
    expect(criterion.locator(".change")).to_have_count(1)
    expect(criterion.locator(".change")).to_contain_text("Referent ours")
    assert [change.after["practice"] for change in do.history(do.stored(3))] == ["Une seule fois"]


def test_a_text_put_back_meets_what_a_colleague_saved(criterion, problems):
    """Closed offline, reopened after somebody else's save: both texts are shown, none is written over."""
    url, context = criterion.url, criterion.context
    context.set_offline(True)
    do.practice(criterion).fill("Mon brouillon hors ligne")
    expect(do.save_line(criterion)).to_have_text(OFFLINE)
    criterion.close()
    ours = World("ours")
    ours.save(ours.answer(3), by=Role.CONTRIBUTOR, practice="Le texte de la collègue")
    context.set_offline(False)
    again = context.new_page()
    again.goto(url)
    panel = conflict_panel(again)
    expect(panel).to_contain_text("Mon brouillon hors ligne")
    expect(panel).to_contain_text("Le texte de la collègue")
    panel.get_by_text("Le texte de la collègue").click()
    panel.get_by_role("button", name="Garder ces choix").click()
    expect(do.practice(again)).to_have_value("Le texte de la collègue")
    assert [problem for problem in problems if "409" in problem]
    problems.clear()
    answer = do.stored(3)
    assert (answer.practice, answer.revision) == ("Le texte de la collègue", 1)


def test_a_text_kept_from_the_list_opens_by_itself(page, sign_in, problems):
    sign_in(page, "referent@ours.example.org")
    context, chapter = page.context, World("ours").autodiag(2).get_absolute_url()
    page.goto(chapter)
    page.locator("#critere-4 summary").click()
    expect(do.practice(page)).to_be_visible()
    context.set_offline(True)
    do.practice(page).fill("Depuis la liste, hors ligne")
    expect(do.save_line(page)).to_have_text(OFFLINE)
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(chapter)
    item = again.locator("#critere-4")
    expect(do.practice(item)).to_have_value("Depuis la liste, hors ligne")
    do.expect_saved(item)
    expect(again.locator("[data-fill][open]")).to_have_count(1)
    cut_off(problems)
    assert do.stored(4).practice == "Depuis la liste, hors ligne"


def test_signing_out_with_a_text_that_waits_asks_first(criterion):
    asked = []
    criterion.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    do.card(criterion, "Ne s’applique pas à nous").click()
    do.practice(criterion).fill("Pas encore enregistré")
    expect(do.save_line(criterion)).to_contain_text("dites en quelques mots pourquoi")
    criterion.locator("details.menu > summary").click()
    criterion.get_by_role("button", name="Se déconnecter").click()
    expect(do.practice(criterion)).to_have_value("Pas encore enregistré")
    assert "Se déconnecter quand même" in asked[0]
