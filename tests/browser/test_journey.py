"""The main job, from signing in to what the facilitator reads, by the screens alone."""

import io
import re
import subprocess

import pikepdf
import pytest
from django.core import mail
from playwright.sync_api import expect

from autodiag.enums import AnswerKind
from autodiag.models import Action
from caprse.base.models import Download
from cohorts.enums import Visibility
from tests.browser import gestures as do
from tests.worlds import PRIVATE, World

PRACTICE = "Nous recevons chaque stagiaire le premier jour.\nUn tuteur le suit ensuite."
SHARED = "À regarder ensemble à la prochaine visio."
KEPT = "Entre nous : le budget n’est pas voté."
REASON = "Nous n’avons pas de véhicule."


@pytest.mark.smoke
def test_a_structure_goes_from_its_home_page_to_its_action_plan(page, run_queue, problems):
    comes_in(page)
    fills_in_the_open_chapter(page)
    transmits_too_early(page)
    fills_the_last_one_from_the_list(page)
    transmits(page)
    synthesis = page.url
    reads_the_synthesis(page)
    pdf = downloads_the_pdf(page, run_queue)
    page.goto(synthesis)
    makes_an_action(page)
    do.sign_out(page)
    the_facilitator_reads(page, synthesis)
    do.sign_out(page)
    the_neighbour_finds_nothing(page, synthesis)
    do.excuse(problems, 422, 404)  # the box not ticked, the neighbour
    everything_is_stored()
    the_pdf_is_tagged_and_marked(pdf)


def comes_in(page):
    do.sign_in_by_form(page, "referent@ours.example.org")
    expect(page.locator(".timeline__today")).to_have_text("Aujourd’hui, mardi 4 novembre 2025")
    following = page.locator(".timeline__step", has_text="Prochaine étape")
    expect(following.locator(".timeline__date")).to_have_text("Juillet 2026 ?")
    task = page.locator(".task--main")
    expect(task).to_contain_text("Continuer le chapitre 2")
    expect(task).to_contain_text("2 sur 4 critères ont une réponse")
    expect(task).to_contain_text("Avant la fin du mardi 9 décembre 2025")
    task.get_by_role("link", name="Reprendre").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Titre du chapitre 2")


def fills_in_the_open_chapter(page):
    """2.3 by a level, then 2.1 and 2.2 changed to the two answers that are no level."""
    page.get_by_role("link", name="Continuer au critère 2.3").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 2.3 ?")
    do.practice(page).fill(PRACTICE)
    do.card(page, "Description 2.3 degré 2").click()
    do.expect_saved(page)
    do.comment(page).fill(SHARED)
    page.get_by_label("Notre structure et notre accompagnateur·rice").check()
    page.get_by_label("À revoir").check()
    do.expect_saved(page)
    page.get_by_role("link", name="2.1 Critère 2.1").click()
    do.card(page, "Nous ne savons pas").click()
    do.expect_saved(page)
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 2.2 ?")
    do.card(page, "Ne s’applique pas à nous").click()
    do.reason(page).fill(REASON)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    do.expect_saved(page)


def transmits_too_early(page):
    page.get_by_role("navigation", name="Vous êtes ici").get_by_role("link", name="Chapitre 2").click()
    page.get_by_role("link", name="Relire et transmettre").click()
    warning = page.locator(".alert", has_text="Il manque encore des réponses")
    expect(warning).to_contain_text("1 critère sur 4 attend une réponse")
    review = page.locator("[data-about]", has_text="Vous vouliez revoir")
    expect(review.get_by_role("link")).to_have_text(["2.2 Critère 2.2", "2.3 Critère 2.3"])
    expect(page.get_by_role("button", name="Transmettre le chapitre")).to_have_count(0)
    warning.get_by_role("link", name="2.4 Critère 2.4").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 2.4 ?")
    page.get_by_role("navigation", name="Vous êtes ici").get_by_role("link", name="Chapitre 2").click()


def fills_the_last_one_from_the_list(page):
    item = page.locator("#critere-4")
    item.locator("summary").click()
    do.card(item, "Description 2.4 degré 0").click()
    do.expect_saved(item)
    do.comment(item).fill(KEPT)
    item.get_by_role("button", name="Enregistrer").click()
    do.expect_saved(item)
    expect(item.locator("[data-answer-words]")).to_have_text("0 – Degré 0")
    expect(page.locator("[data-progress] .progress-line__text")).to_have_text("4 sur 4")


def transmits(page):
    page.reload()
    page.get_by_role("link", name="Relire et transmettre").click()
    expect(page.get_by_role("row", name="2.3 Critère 2.3")).to_contain_text("partagé")
    expect(page.get_by_role("row", name="2.4 Critère 2.4")).to_contain_text("gardé pour la structure")
    page.get_by_role("button", name="Transmettre le chapitre").click()
    expect(page.locator("#confirm-error")).to_have_text("Cochez la case pour transmettre. Rien n’a été transmis.")
    page.get_by_label("Nous avons relu nos réponses").check()
    page.get_by_role("button", name="Transmettre le chapitre").click()
    expect(page.locator(".messages")).to_contain_text("Votre chapitre est transmis")


def reads_the_synthesis(page):
    expect(page.get_by_text("Transmis le mardi 4 novembre 2025.")).to_be_visible()
    expect(page.locator(".figure__picture svg").filter(visible=True)).to_have_count(2)
    table = page.get_by_role("table", name="Niveau de chaque critère")
    answers = ["Ne sait pas", "Non applicable", "2 – Degré 2 déclaré", "0 – Degré 0 déclaré"]
    expect(table.get_by_role("cell")).to_have_text(answers)
    why = page.locator("details.why")
    expect(why.get_by_text("2.3 Critère 2.3")).to_be_hidden()
    why.get_by_text("Pourquoi 1,0 ?").click()
    expect(why.get_by_role("row", name="2.3 Critère 2.3")).to_contain_text("2 × 1")
    expect(why).to_contain_text("2 ÷ 2 = 1,0")
    strengths = page.get_by_role("region", name="Vos points d’appui")
    expect(strengths.locator(".card")).to_have_count(1)
    expect(strengths).to_contain_text("Un tuteur le suit ensuite.")


def downloads_the_pdf(page, run_queue):
    page.get_by_role("button", name="Préparer le PDF").click()
    expect(page.get_by_text("Votre document se prépare")).to_be_visible()
    run_queue()
    expect(page.get_by_text("Votre document est prêt")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger").click()
    assert download.value.suggested_filename == "synthese-chapitre-2-notre-structure.pdf"
    return download.value.path().read_bytes()


def makes_an_action(page):
    page.get_by_role("link", name="Créer une action pour le critère 2.4").click()
    expect(page.locator(".kicker")).to_have_text("Critère 2.4 – Critère 2.4")
    page.get_by_label("Quoi", exact=True).fill("Voter le budget des trajets")
    page.get_by_label("Qui (facultatif)", exact=True).fill("Amina")
    page.get_by_label("Pour quand").fill("2026-03-31")
    page.get_by_role("button", name="Enregistrer l’action").click()
    expect(page.locator(".messages")).to_contain_text("L’action est dans votre plan.")
    row = page.get_by_role("row", name="Voter le budget des trajets")
    expect(row).to_contain_text("Critère 2.4")
    expect(row).to_contain_text("31 mars 2026")
    expect(row).to_contain_text("structure seule")


def the_facilitator_reads(page, synthesis):
    """From the cohort to the synthesis: what is shared, and nothing of what is kept."""
    do.sign_in_by_form(page, "facilitator@ours.example.org")
    page.get_by_role("link", name="Cohorte d’ici", exact=True).click()
    page.get_by_role("link", name="Voir où en sont les structures").click()
    table = page.get_by_role("table", name="Toutes les structures")
    ours = table.get_by_role("row", name="Notre structure")
    expect(ours.get_by_role("link", name="Transmis")).to_have_count(2)
    ours.get_by_role("link", name="Notre structure").click()
    page.locator("#chapitre-2").get_by_role("link", name="Voir la synthèse").click()
    assert page.url == synthesis
    page.locator("summary", has_text="Critère 2.3").click()
    expect(page.get_by_text(SHARED)).to_be_visible()
    assert KEPT not in page.content()
    assert PRIVATE not in page.content()


def the_neighbour_finds_nothing(page, synthesis):
    do.sign_in_by_form(page, "referent@neighbour.example.org")
    page.goto(synthesis)
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette page est introuvable")
    assert PRACTICE.split("\n")[0] not in page.content()


def everything_is_stored():
    unknown, excluded, level, last = (do.stored(position) for position in (1, 2, 3, 4))
    assert unknown.kind == AnswerKind.UNKNOWN
    assert (excluded.kind, excluded.na_reason) == (AnswerKind.NOT_APPLICABLE, REASON)
    assert (level.kind, level.level.value, level.practice) == (AnswerKind.LEVEL, 2, PRACTICE)
    assert level.to_review
    assert (level.comment.text, level.comment.visibility) == (SHARED, Visibility.FACILITATOR)
    assert (last.level.value, last.comment.text, last.comment.visibility) == (0, KEPT, Visibility.STRUCTURE)
    submission = World("ours").autodiag(2).submissions.get()
    frozen = {criterion["code"]: criterion for criterion in submission.content["criteria"]}
    assert (frozen["2.3"]["comment"], frozen["2.4"]["comment"]) == (SHARED, "")
    assert submission.content["score"]["value"] == "1.0"
    assert {to for message in mail.outbox for to in message.to} >= {"facilitator@ours.example.org"}
    action = Action.objects.get(what="Voter le budget des trajets")
    assert (action.criterion.code, action.who, action.due_on.isoformat()) == ("2.4", "Amina", "2026-03-31")


def the_pdf_is_tagged_and_marked(content):
    line = Download.objects.get()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        count = len(pdf.pages)
    told = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    pages = [re.sub(r"\s+", " ", text) for text in told.stdout.decode().split("\f")[:-1]]
    assert len(pages) == count
    for text in pages:
        assert f"Remis à {line.person} – Notre structure" in text
        assert f"n° {line.number}" in text
    assert line.person == World("ours").user("referent").full_name
    assert "Un tuteur le suit ensuite." in " ".join(pages)
    assert KEPT not in " ".join(pages)
