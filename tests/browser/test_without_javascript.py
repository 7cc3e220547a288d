"""Every essential act by plain forms: a browser whose scripts are off loses comfort, never words."""

import re

import pytest
from playwright.sync_api import expect

from autodiag.enums import AnswerKind
from cohorts.enums import Role
from tests.browser import gestures as do
from tests.worlds import World


@pytest.fixture
def bare(open_page):
    """The référente's browser, without scripts, signed in by the form."""
    page = open_page(java_script_enabled=False)
    do.sign_in_by_form(page, "referent@ours.example.org")
    return page


def saves(page):
    page.get_by_role("button", name="Enregistrer", exact=True).click()


def test_a_criterion_is_filled_with_the_plain_button(bare):
    bare.get_by_role("link", name="Reprendre").click()
    bare.get_by_role("link", name="Continuer au critère 2.3").click()
    do.practice(bare).fill("Sans script,\nmais avec du texte")
    do.card(bare, "Description 2.3 degré 2").click()
    do.comment(bare).fill("Gardé pour nous")
    bare.get_by_label("À revoir").check()
    bare.locator("details.both-sides > summary").click()
    bare.get_by_label("Ce qui est une force", exact=True).fill("Une équipe soudée")
    bare.get_by_label("Ce qui est difficile", exact=True).fill("Peu de temps")
    bare.get_by_role("button", name="Enregistrer et continuer").click()
    expect(bare.locator(".messages")).to_contain_text("Critère 2.3 enregistré à 10 h.")
    expect(bare.get_by_role("heading", level=1)).to_have_text("Question 2.4 ?")
    bare.get_by_role("link", name="Critère précédent").click()
    expect(do.practice(bare)).to_have_value("Sans script,\nmais avec du texte")
    answer = do.stored(3)
    assert (answer.practice, answer.level.value) == ("Sans script,\nmais avec du texte", 2)
    assert (answer.comment.text, answer.to_review) == ("Gardé pour nous", True)
    assert (answer.strength, answer.difficulty) == ("Une équipe soudée", "Peu de temps")


def test_the_list_leads_to_each_criterion(bare):
    """Its forms come when asked for, by a script; without it a link stands in their place."""
    bare.goto(World("ours").autodiag(2).get_absolute_url())
    item = bare.locator("#critere-4")
    item.locator("summary").click()
    item.get_by_role("link", name="Ouvrir ce critère sur sa page").click()
    do.card(bare, "Nous ne savons pas").click()
    bare.get_by_role("button", name="Enregistrer et continuer").click()
    expect(bare.locator("#critere-4 [data-answer-words]")).to_have_text("Ne sait pas")
    expect(bare.locator("[data-progress] .progress-line__text")).to_have_text("3 sur 4")
    assert do.stored(4).kind == AnswerKind.UNKNOWN


def test_a_missing_reason_keeps_everything_typed(bare, problems):
    bare.goto(do.criterion_url(3))
    do.practice(bare).fill("Ce que nous faisons")
    do.comment(bare).fill("Un commentaire")
    bare.get_by_label("Notre structure et notre accompagnateur·rice").check()
    bare.get_by_label("À revoir").check()
    do.card(bare, "Ne s’applique pas à nous").click()
    saves(bare)
    summary = bare.get_by_role("alert").filter(has_text="Ce que vous avez écrit est toujours là.")
    expect(summary.get_by_role("link")).to_contain_text("Dites en quelques mots pourquoi")
    expect(do.practice(bare)).to_have_value("Ce que nous faisons")
    expect(do.comment(bare)).to_have_value("Un commentaire")
    expect(bare.get_by_label("Notre structure et notre accompagnateur·rice")).to_be_checked()
    expect(bare.get_by_label("À revoir")).to_be_checked()
    expect(bare.get_by_role("radio", name="Ne s’applique pas à nous")).to_be_checked()
    do.excuse(problems, 422)
    assert do.stored(3).revision == 0
    do.reason(bare).fill("Pas de bureau")
    saves(bare)
    expect(bare.locator(".messages")).to_contain_text("Critère 2.3 enregistré")
    answer = do.stored(3)
    assert (answer.kind, answer.na_reason, answer.practice) == (
        AnswerKind.NOT_APPLICABLE,
        "Pas de bureau",
        "Ce que nous faisons",
    )


def test_a_stale_save_shows_both_texts_and_the_choice_is_saved(bare, problems):
    bare.goto(do.criterion_url(3))
    ours = World("ours")
    ours.save(ours.answer(3), by=Role.CONTRIBUTOR, practice="Texte de la collègue", to_review=True)
    do.practice(bare).fill("Mon texte")
    do.card(bare, "Description 2.3 degré 1").click()
    saves(bare)
    expect(bare.get_by_role("heading", level=1)).to_have_text("Critère 2.3 : choisir ce qui reste")
    choice = bare.get_by_role("group", name="Ce que nous faisons déjà")
    expect(choice).to_contain_text("Mon texte")
    expect(choice).to_contain_text("Texte de la collègue")
    assert do.stored(3).practice == "Texte de la collègue"
    choice.get_by_text("Texte de la collègue").click()
    bare.get_by_role("button", name="Garder ces choix").click()
    expect(do.practice(bare)).to_have_value("Texte de la collègue")
    expect(bare.get_by_role("radio", name="Description 2.3 degré 1")).to_be_checked()
    do.excuse(problems, 409)
    answer = do.stored(3)
    assert (answer.practice, answer.level.value, answer.to_review) == ("Texte de la collègue", 1, False)
    assert [change.by.email for change in do.history(answer)] == [
        "contributor@ours.example.org",
        "referent@ours.example.org",
    ]


def test_a_chapter_is_transmitted_and_its_pdf_downloaded(bare, run_queue):
    for position in (3, 4):
        bare.goto(do.criterion_url(position))
        do.card(bare, "Nous ne savons pas").click()
        saves(bare)
    bare.goto(World("ours").autodiag(2).get_absolute_url())
    bare.get_by_role("link", name="Relire et transmettre").click()
    bare.get_by_label("Nous avons relu nos réponses").check()
    bare.get_by_role("button", name="Transmettre le chapitre").click()
    expect(bare.locator(".messages")).to_contain_text("Votre chapitre est transmis")
    expect(bare.locator(".figure__picture svg").filter(visible=True)).to_have_count(2)
    bare.get_by_role("button", name="Préparer le PDF").click()
    expect(bare.get_by_text("Votre document se prépare")).to_be_visible()
    run_queue()
    bare.get_by_role("link", name="Voir où il en est").click()
    expect(bare.get_by_text("Votre document est prêt")).to_be_visible()
    with bare.expect_download() as download:
        bare.get_by_role("button", name="Télécharger").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert re.fullmatch(r"synthese-chapitre-2-.*\.pdf", download.value.suggested_filename)
    assert World("ours").autodiag(2).is_submitted


def test_an_action_is_written_and_the_menu_signs_out(bare):
    bare.goto(World("ours").submitted.url("synthesis"))
    bare.get_by_role("link", name=re.compile("^Créer une action pour le critère")).first.click()
    bare.get_by_label("Quoi", exact=True).fill("Écrire la procédure")
    bare.get_by_role("button", name="Enregistrer l’action").click()
    expect(bare.get_by_role("row", name="Écrire la procédure")).to_be_visible()
    do.sign_out(bare)
    assert World("ours").participation.actions.filter(what="Écrire la procédure").count() == 1
