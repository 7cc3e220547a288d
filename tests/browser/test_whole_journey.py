"""The whole journey, from an installation with nothing in it to the facilitator's board, every person in turn.

Each has a browser of their own and finds their way by the screens; mails are read where the demonstration shows them.
Between two clicks the test writes no row: it runs the commands of the operator, and the work a worker would do.
"""

import re

import pytest
from playwright.sync_api import expect

from autodiag.models import Remark, Submission
from caprse.base.models import AuditEvent
from cohorts.enums import NoteVisibility
from cohorts.models import Cohort, FollowupNote, Membership, Need
from conventions.enums import ConventionState, DocumentKind
from conventions.models import Convention, FrozenDocument
from conventions.services import trail
from referentiel.models import Criterion, Version
from tests.browser import gestures as do
from tests.browser.steps import cohorts, installing, people, signing

HEAD, TEAM, PARTNER, STRUCTURE = "Tête des rondes", "Délégation de l’Ouest", "Appui Ouest", "La Nouvelle Ronde"
COHORT = "CAP RSE 2025-2027"
NATIONAL = ("Noé", "Tête", "noe.tete@example.org")
COORDINATOR = ("Solange", "Ouest", "solange.ouest@example.org")
FACILITATOR = ("Fanny", "Guide", "fanny.guide@example.org")
ALLY = ("Paola", "Appui", "paola.appui@example.org")
REFERENT = ("Jeanne", "Ronde", "jeanne.ronde@example.org")
BOARD = ("Paul", "Cercle", "paul.cercle@example.org")
CONTRIBUTOR = ("Karim", "Tour", "karim.tour@example.org")
SIGNERS = {
    STRUCTURE: ("Irène", "Rondeau", "irene.rondeau@example.org", "Présidente"),
    TEAM: (*COORDINATOR, "Déléguée"),
    HEAD: (*NATIONAL, "Président"),
    PARTNER: (*ALLY, "Directrice"),
}
PRACTICE = "Une tasse de thé et le tour de l’atelier."
REMARK = "Le conseil aimerait venir à cet accueil."
NOTE = "Belle avancée sur l’accueil ; on se revoit en janvier."
INTERNAL = "Penser à proposer un tutorat."
NEED = "Une formation à l’accueil"


@pytest.fixture
def mails_shown(settings, site):
    """The page of the mails, as in the demonstration."""
    settings.DEMO = True


def test_from_nothing_to_the_facilitators_board(empty_db, tmp_path, open_page, run_queue, mails_shown, problems):
    installing.installs(
        tmp_path, head=HEAD, region=("ouest", "Ouest"), team=TEAM, national=NATIONAL, coordinator=COORDINATOR
    )
    run_queue()
    national, coordinator = open_page(), open_page()
    publishes_the_referentiel(national)
    prepares_the_cohort(coordinator, run_queue)
    referent, board, contributor, facilitator, ally = (open_page() for _ in range(5))
    everybody_joins(referent, board, contributor, facilitator, ally, run_queue)
    everybody_signs(coordinator, referent, open_page, run_queue)
    answers_together(referent, contributor, board)
    transmits(referent)
    relays_a_need(coordinator, ally, run_queue)
    finds_no_tool(ally)
    finds_numbers_for_nobody(national)
    follows(facilitator, referent)
    do.excuse(problems, 422, 422, 403)  # the structure named twice, the code mistyped, the tool shut to the partner
    everything_is_stored()


# --- Before the first chapter -----------------------------------------------------------------------------------


def publishes_the_referentiel(page):
    installing.chooses_a_password(page, NATIONAL)
    people.accepts_the_clause(page)
    installing.rewords_and_publishes(page)


def prepares_the_cohort(page, run_queue):
    installing.chooses_a_password(page, COORDINATOR)
    cohorts.creates_the_cohort(page, COHORT, "Référentiel des rondes")
    cohorts.opens_the_participants(page)
    cohorts.brings_a_structure_in(page, STRUCTURE, REFERENT)
    cohorts.is_told_the_structure_is_known(page, STRUCTURE)
    cohorts.invites_a_facilitator(page, FACILITATOR)
    cohorts.associates_the_national_head(page, HEAD)
    cohorts.associates_a_new_partner(page, PARTNER, ALLY)
    run_queue()


def everybody_joins(referent, board, contributor, facilitator, ally, run_queue):
    people.joins(referent, REFERENT, STRUCTURE)
    assert "Tête des rondes" not in referent.content()
    people.accepts_the_clause(referent)
    people.names_the_pair(referent, STRUCTURE, REFERENT, BOARD)
    people.invites_a_colleague(referent, STRUCTURE, CONTRIBUTOR, "Contributeur·rice")
    run_queue()
    for page, person in ((board, BOARD), (contributor, CONTRIBUTOR)):
        people.joins(page, person, STRUCTURE)
        people.accepts_the_clause(page)
    people.joins(facilitator, FACILITATOR, COHORT)
    people.accepts_the_clause(facilitator)
    people.joins(ally, ALLY, PARTNER)


def everybody_signs(coordinator, referent, open_page, run_queue):
    signing.prepares_the_convention(coordinator, COHORT, SIGNERS)
    run_queue()
    signing.sends_the_convention(coordinator)
    signing.the_round_waits_for(referent, STRUCTURE, *SIGNERS)
    waiting = list(SIGNERS)
    while waiting:
        party = waiting.pop(0)
        signing.signs(open_page(), party, SIGNERS[party], run_queue, mistypes=party == STRUCTURE)
        if waiting:
            signing.the_round_waits_for(referent, STRUCTURE, *waiting)
    run_queue()
    people.opens_the_path(referent, STRUCTURE)
    expect(referent.locator(".standing")).to_contain_text("signée par toutes les parties")
    people.mail_for(referent, SIGNERS[STRUCTURE][2], "est signée par toutes les parties")


# --- A chapter --------------------------------------------------------------------------------------------------


def answers_together(referent, contributor, board):
    """The référente answers one criterion, a colleague the other; the board says what it thinks."""
    people.opens_the_path(referent, STRUCTURE)
    referent.get_by_role("button", name="Commencer").first.click()
    expect(referent.get_by_role("heading", level=1)).to_have_text("Comment la ronde accueille-t-elle ?")
    do.practice(referent).fill(PRACTICE)
    do.card(referent, "Tout de 1.1").click()
    do.expect_saved(referent)
    contributor.goto("/")
    contributor.get_by_role("link", name="Reprendre").click()
    contributor.get_by_role("link", name="Continuer au critère 1.2").click()
    do.card(contributor, "Un peu de 1.2").click()
    do.expect_saved(contributor)
    people.opens_the_path(board, STRUCTURE)
    board.locator("#chapitre-1").get_by_role("link").first.click()
    board.get_by_role("link", name=re.compile("^1.1")).first.click()
    expect(board.get_by_text(PRACTICE)).to_be_visible()
    board.get_by_label("Écrire une remarque à votre équipe").fill(REMARK)
    board.get_by_role("button", name="Ajouter la remarque").click()
    expect(board.locator("#remarques")).to_contain_text(REMARK)
    referent.reload()
    expect(referent.locator("#remarques")).to_contain_text(f"{BOARD[0]} {BOARD[1]}")


def transmits(page):
    page.goto("/")
    page.get_by_role("link", name="Relire et transmettre").click()
    page.get_by_label("Nous avons relu nos réponses").check()
    page.get_by_role("button", name="Transmettre le chapitre").click()
    expect(page.locator(".messages")).to_contain_text("Votre chapitre est transmis")
    expect(page.get_by_role("table", name="Niveau de chaque critère").get_by_role("cell")).to_have_text(
        ["2 – En place déclaré", "1 – En route déclaré"]
    )
    page.get_by_role("link", name="Créer une action pour le critère 1.2").click()
    page.get_by_label("Quoi", exact=True).fill("Écrire le livret d’accueil")
    page.get_by_label("Pour quand").fill("2026-03-31")
    page.get_by_label(re.compile("^Qui peut lire")).select_option("facilitator")
    page.get_by_role("button", name="Enregistrer l’action").click()
    expect(page.get_by_role("row", name="Écrire le livret d’accueil")).to_contain_text("Critère 1.2")


# --- Around it --------------------------------------------------------------------------------------------------


def relays_a_need(coordinator, ally, run_queue):
    coordinator.goto("/")
    coordinator.get_by_role("link", name=COHORT, exact=True).click()
    coordinator.get_by_role("link", name=re.compile("^Partenaires")).first.click()
    coordinator.get_by_role("link", name="Relayer un besoin").click()
    coordinator.get_by_label(PARTNER).check()
    coordinator.get_by_label("Le besoin, en une phrase").fill(NEED)
    coordinator.get_by_role("button", name="Relayer ce besoin").click()
    run_queue()
    ally.goto("/")
    ally.get_by_role("link", name=re.compile("^Répondre|^Lire et répondre")).first.click()
    expect(ally.locator("main")).to_contain_text(NEED)
    ally.get_by_label("Votre réponse").fill("Une journée est possible en février.")
    ally.get_by_role("button", name=re.compile("^Envoyer")).click()
    run_queue()
    people.mail_for(coordinator, COORDINATOR[2], NEED)


def finds_no_tool(ally):
    """The calendar is there; a tool is not, and the page says why."""
    ally.goto("/")
    ally.get_by_role("link", name=COHORT, exact=True).click()
    expect(ally.locator("main")).to_contain_text("Printemps 2026 ?")
    assert STRUCTURE not in ally.locator("#calendar-title ~ *").all_inner_texts()
    ally.goto("/referentiels/")
    expect(ally.locator("main")).to_contain_text("structures adhérentes")


def finds_numbers_for_nobody(national):
    """One structure transmitted: nothing is shown under five, and no name ever."""
    national.goto("/")
    national.get_by_role("link", name=re.compile("résultats", re.I)).first.click()
    expect(national.get_by_role("heading", level=1)).to_have_text("Résultats du réseau")
    row = national.get_by_role("row", name=COHORT)
    expect(row).to_contain_text("Moins de cinq structures à chaque chapitre")
    assert STRUCTURE not in national.content()


def follows(facilitator, referent):
    """What was transmitted is read and taken note of; the board; a note kept and a note shared, read by the structure."""
    facilitator.goto("/")
    facilitator.locator(".task--main").get_by_role("link").click()
    facilitator.get_by_role("link", name="Répondre à la structure").click()
    facilitator.locator("[name=decision][value=noted]").check()
    facilitator.get_by_role("button", name="Envoyer ce retour").click()
    expect(facilitator.locator("main")).to_contain_text("en a pris acte")
    facilitator.goto("/")
    facilitator.locator(".task--main").get_by_role("link").click()
    expect(facilitator.get_by_role("heading", level=1)).to_have_text("Où en sont les structures")
    row = facilitator.get_by_role("row", name=STRUCTURE)
    expect(row).to_contain_text("Transmis")
    expect(row).to_contain_text("1,5")
    row.get_by_role("link", name=STRUCTURE).click()
    for text, who in ((INTERNAL, "Interne à l’équipe"), (NOTE, "Partagée avec la structure")):
        people.opens_the_notes(facilitator)
        facilitator.get_by_text(who, exact=True).first.click()
        facilitator.get_by_label("Note", exact=True).fill(text)
        facilitator.get_by_role("button", name="Enregistrer la note").click()
        expect(facilitator.locator(".notes")).to_contain_text(text)
    people.opens_the_path(referent, STRUCTURE)
    referent.get_by_role("link", name=re.compile("note", re.I)).first.click()
    expect(referent.locator("main")).to_contain_text(NOTE)
    assert INTERNAL not in referent.content()


def everything_is_stored():
    version = Version.objects.get()
    assert version.published_by == f"{NATIONAL[0]} {NATIONAL[1]}"
    assert Criterion.objects.get(code="1.1").question == "Comment la ronde accueille-t-elle ?"
    cohort = Cohort.objects.get(name=COHORT)
    assert cohort.meetings.count() == 2 + 2 * 2 + 1
    assert cohort.meetings.get(as_written="Printemps 2026 ?").precision == "unknown"
    convention = Convention.objects.get(cohort=cohort)
    assert convention.state == ConventionState.IN_FORCE
    assert trail.verify(convention) is None
    assert set(convention.parties.values_list("name", flat=True)) == set(SIGNERS)
    assert FrozenDocument.objects.filter(convention=convention, kind=DocumentKind.FINAL).exists()
    roles = Membership.objects.filter(organisation__legal_name=STRUCTURE).values_list("role", flat=True)
    assert sorted(roles) == ["board_member", "contributor", "referent"]
    content = Submission.objects.get().content
    assert content["score"]["value"] == "1.5"
    assert REMARK not in str(content)
    assert Submission.objects.get().review.decision == "noted"
    assert Remark.objects.get().written_by.email == BOARD[2]
    notes = FollowupNote.objects.order_by("pk").values_list("text", "visibility")
    assert list(notes) == [(INTERNAL, NoteVisibility.INTERNAL), (NOTE, NoteVisibility.SHARED)]
    assert Need.objects.get().answered_by.email == ALLY[2]
    acts = set(AuditEvent.objects.values_list("verb", flat=True))
    assert acts >= {"version.published", "referentiel.entrusted", "region.created", "clause.accepted"}
