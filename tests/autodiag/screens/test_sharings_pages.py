"""Sharing on the screen: previewed exactly, confirmed, read by the others, withdrawn and gone; who may not."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from autodiag.enums import SharingKind
from autodiag.models import Answer, Sharing, Submission
from autodiag.services.plan import create_action
from autodiag.services.sharings import withdraw_sharing
from caprse.base import clock
from cohorts.enums import Role
from cohorts.models import Adhesion, Participation
from tests.test_access_matrix import contents
from tests.worlds import NEIGHBOUR, TODAY, World
from tests.worlds_sharings import shared

WORDS = {"what": "step_forward", "title": "Un carnet de bord", "text": "Chaque équipe le tient.", "to": "cohort"}
ASKED = {**WORDS, "until": "2026-01-31"}
ADVANCE = {"kind": SharingKind.STEP_FORWARD, "title": "Un carnet de bord", "text": "Chaque équipe le tient."}


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def neighbour(db):
    return World("neighbour")


def url_of(world, name="sharing_new"):
    return reverse(name, args=["ici", world.participation.public_id])


def page_of(sharing, name="sharing"):
    return reverse(name, args=["ici", sharing.public_id])


LIST = reverse("sharings", args=["ici", "cohorte"])


def sign_in(client, world, role=Role.REFERENT):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def seen_in(response):
    return response.context["preview"].stamp


def test_what_is_previewed_is_what_the_others_read(ours, neighbour, client):
    sign_in(client, ours)
    before = contents()
    preview = client.post(url_of(ours), {**ASKED, "what": f"synthesis:{ours.submitted.public_id}", "act": "preview"})
    assert contents() == before
    shown = text_of(preview)
    for told in ("rien n’est encore partagé", "samedi 31 janvier 2026", "Pratique 1.1", "Titre du chapitre 1"):
        assert told in shown
    assert "Commentaire" not in shown.replace("Commentaires, justificatifs", "")
    what = {**ASKED, "what": f"synthesis:{ours.submitted.public_id}", "act": "share", "seen": seen_in(preview)}
    listed = client.post(url_of(ours), what, follow=True)
    assert listed.redirect_chain == [(url_of(ours, "path_sharings"), 302)]
    made = Sharing.objects.filter(participation=ours.participation).latest("pk")
    sign_in(client, neighbour, Role.CONTRIBUTOR)
    assert page_of(made) in text_of(client.get(LIST))
    read = client.get(page_of(made))
    assert read.context["shown"].synthesis.rows == preview.context["preview"].shown.synthesis.rows
    assert "Partagé en confiance avec les structures de la cohorte" in text_of(read)
    assert "jusqu’au samedi 31 janvier 2026 inclus" in text_of(read)


def test_the_form_goes_back_with_all_that_was_typed(ours, client):
    sign_in(client, ours)
    page = client.post(url_of(ours), {**ASKED, "act": "change"})
    assert page.status_code == 200
    for typed in ("Un carnet de bord", "Chaque équipe le tient.", 'value="2026-01-31"', 'value="step_forward"'):
        assert typed in text_of(page)


def test_a_chapter_transmitted_again_meanwhile_is_previewed_again(ours, client):
    sign_in(client, ours)
    asked = {**ASKED, "what": f"synthesis:{ours.submitted.public_id}"}
    seen = seen_in(client.post(url_of(ours), asked))
    row = Submission.objects.get(autodiag=ours.submitted)
    content = {**row.content, "criteria": [{**one, "practice": "Corrigée depuis"} for one in row.content["criteria"]]}
    row.pk, row.number, row.reason, row.content = None, 2, "Corrigé", content
    row.save(force_insert=True)
    count = Sharing.objects.count()
    again = client.post(url_of(ours), {**asked, "act": "share", "seen": seen})
    assert again.status_code == 409
    assert "a changé" in text_of(again)
    assert "Corrigée depuis" in text_of(again)
    assert Sharing.objects.count() == count
    client.post(url_of(ours), {**asked, "act": "share", "seen": seen_in(again)})
    assert Sharing.objects.latest("pk").content["criteria"][0]["practice"] == "Corrigée depuis"


def test_sent_without_a_preview_nothing_is_shared(ours, client):
    sign_in(client, ours)
    before = contents()
    answer = client.post(url_of(ours), {**ASKED, "act": "share"})
    assert answer.status_code == 409
    assert "Voici exactement ce qui sera montré" in text_of(answer)
    assert contents() == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"what": ""}, "Choisissez ce que vous voulez montrer"),
        ({"what": "synthesis:zzzzzzzzzzzz"}, "n’est plus proposé"),
        ({"what": "a\x00b"}, "n’est plus proposé"),
        ({"title": ""}, "Donnez un titre"),
        ({"title": "x" * 161}, "le maximum est de 160"),
        ({"text": " "}, "Écrivez quelques mots"),
        ({"to": ""}, "Choisissez à qui"),
        ({"to": "zzzzzzzzzzzz"}, "n’est pas, ou plus, dans votre cohorte"),
        ({"until": "2025-11-03"}, "est passé"),
        ({"until": "2026-11-05"}, "un an au plus"),
        ({"until": "9999-12-31"}, "Vérifiez l’année"),
        ({"until": "31/02/2026"}, "Cette date n’existe pas"),
    ],
)
def test_what_is_wrong_is_said_with_what_was_typed(ours, client, wrong, said):
    sign_in(client, ours)
    before = contents()
    page = client.post(url_of(ours), {**ASKED, "act": "share", **wrong})
    assert page.status_code == 422
    assert said in text_of(page)
    assert "Chaque équipe" in text_of(page) or "text" in wrong
    assert contents() == before


def test_a_draft_is_no_choice_and_a_whole_autodiagnostic_asks_for_one_structure(ours, neighbour, client):
    sign_in(client, ours)
    drafted = client.post(url_of(ours), {**ASKED, "what": f"synthesis:{ours.draft.public_id}"})
    assert drafted.status_code == 422
    whole = {**ASKED, "what": f"autodiag:{ours.submitted.public_id}"}
    assert "choisissez laquelle" in text_of(client.post(url_of(ours), whole))
    page = text_of(client.post(url_of(ours), {**whole, "to": neighbour.organisation.public_id}))
    assert f"Les personnes de Structure {NEIGHBOUR}, et personne d’autre" in page
    assert "Description 1.1 degré" in page


def test_the_form_begins_with_what_an_action_or_a_difficulty_says(ours, client):
    sign_in(client, ours)
    ours.save(ours.answer(1), difficulty="Trouver le temps")
    answer = Answer.objects.get(autodiag=ours.draft, criterion__position=1)
    assert "Trouver le temps" in text_of(client.get(url_of(ours), {"reponse": answer.pk}))
    path, by = ours.participation, ours.actor(Role.REFERENT)
    action = create_action(participation=path, by=by, what="Ouvrir un carnet", why="Garder la mémoire")
    assert "Ouvrir un carnet" in text_of(client.get(url_of(ours), {"action": action.pk}))
    assert "checked" in text_of(client.get(url_of(ours), {"autodiag": ours.submitted.public_id}))


@pytest.mark.parametrize("named", [{"action": "9" * 30}, {"reponse": "a\x00b"}, {"autodiag": "<b>"}, {"action": "²"}])
def test_an_address_that_names_nothing_of_ours_is_a_form_without_a_word(ours, client, named):
    sign_in(client, ours)
    page = client.get(url_of(ours), named)
    assert page.status_code == 200
    assert page.context["form"].initial.get("title", "") == ""


def test_what_belongs_to_the_neighbour_fills_no_form(ours, neighbour, client):
    sign_in(client, ours)
    answer = Answer.objects.get(autodiag=neighbour.submitted, criterion__position=1)
    Answer.objects.filter(pk=answer.pk).update(difficulty="Ce qui est difficile chez eux")
    page = text_of(client.get(url_of(ours), {"reponse": answer.pk, "action": neighbour.action.pk}))
    assert "chez eux" not in page
    assert "Action gardée" not in page


# --- Withdrawn, over ----------------------------------------------------------------------------------------------


def over(how, made, world):
    if how == "withdrawn":
        withdraw_sharing(sharing=made, by=world.actor(Role.REFERENT))
    elif how == "left":
        Participation.objects.filter(pk=world.participation.pk).update(left_on=TODAY)


@pytest.mark.parametrize("how", ["withdrawn", "left", "expired"])
@pytest.mark.parametrize("who", ["neighbour", "facilitator"])
def test_over_while_it_was_open_a_sentence_says_so_and_nothing_of_it_is_left(ours, client, how, who):
    made = shared(ours, until=TODAY, **ADVANCE)
    user = World("neighbour").user(Role.BOARD_MEMBER) if who == "neighbour" else ours.user(Role.FACILITATOR)
    client.force_login(user)
    opened = client.get(page_of(made))
    assert "Chaque équipe le tient." in text_of(opened)
    # No browser shows it again from what it kept.
    assert "no-store" in opened["Cache-Control"]
    over(how, made, ours)
    with clock.stopped(clock.at(TODAY + timedelta(days=how == "expired"), 12)):
        gone = client.get(page_of(made))
        assert gone.status_code == 403
        assert "Ce partage n’est plus ouvert" in text_of(gone)
        assert "carnet" not in text_of(gone)
        assert "Chaque équipe" not in text_of(gone)
        assert "carnet" not in text_of(client.get(LIST))


def test_withdrawn_from_the_list_it_moves_below_with_who_and_when(ours, client):
    made = shared(ours, **ADVANCE)
    sign_in(client, ours, Role.LEGAL_REPRESENTATIVE)
    assert 'Retirer<span class="visually-hidden"> « Un carnet' in text_of(client.get(url_of(ours, "path_sharings")))
    for _ in range(2):
        page = client.post(page_of(made, "sharing_withdraw"), follow=True)
    name = ours.user(Role.LEGAL_REPRESENTATIVE).full_name
    assert f"retiré le mardi 4 novembre 2025 par {name}" in text_of(page)
    read = text_of(client.get(page_of(made)))
    assert "Ce partage est retiré" in read
    assert "Chaque équipe le tient." in read


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [
        ("ours", Role.CONTRIBUTOR, 403),
        ("ours", Role.BOARD_MEMBER, 403),
        ("ours", Role.FACILITATOR, 403),
        ("neighbour", Role.REFERENT, 403),
        ("lapsed", Role.REFERENT, 403),
        ("stranger", Role.REFERENT, 404),
    ],
)
def test_nobody_else_withdraws_it(ours, client, who, role, status):
    made = shared(ours, **ADVANCE)
    sign_in(client, World(who), role)
    before = contents()
    assert client.post(page_of(made, "sharing_withdraw")).status_code == status
    assert contents() == before
    assert client.get(page_of(made, "sharing_withdraw")).status_code in (403, 405)


def test_shown_to_one_structure_a_third_finds_no_page(ours, neighbour, client):
    made = shared(ours, **ADVANCE, to_organisation=neighbour.organisation)
    sign_in(client, neighbour)
    assert "à vous seulement" in text_of(client.get(LIST))
    assert "seulement, jusqu’au" in text_of(client.get(page_of(made)))
    third = World("lapsed")
    Adhesion.objects.filter(organisation=third.organisation).update(until=None)
    sign_in(client, third)
    assert client.get(page_of(made)).status_code == 404
    assert "carnet" not in text_of(client.get(LIST))
    client.force_login(ours.user(Role.FACILITATOR))
    assert client.get(page_of(made)).status_code == 404
    assert "carnet" not in text_of(client.get(LIST))


def test_a_lapsed_recipient_reads_nothing_and_is_told_whom_to_ask(ours, client):
    lapsed = World("lapsed")
    made = shared(ours, **ADVANCE, to_organisation=lapsed.organisation)
    sign_in(client, lapsed)
    for address in (page_of(made), LIST):
        refused = client.get(address)
        assert refused.status_code == 403
        assert "carnet" not in text_of(refused)
        assert "n’est plus valable" in text_of(refused) or "les outils sont fermés" in text_of(refused)


def test_a_structure_whose_adhesion_is_over_sees_what_it_shows_and_takes_it_back(client, db):
    lapsed = World("lapsed")
    sign_in(client, lapsed)
    page = text_of(client.get(url_of(lapsed, "path_sharings")))
    assert "vous pouvez les retirer" in page
    assert "Partager quelque chose" not in page
    client.post(page_of(lapsed.sharing, "sharing_withdraw"))
    assert lapsed.sharing.withdrawn_at is not None


def test_a_right_id_under_another_region_is_no_page(ours, neighbour, client):
    made = shared(ours, **ADVANCE)
    sign_in(client, neighbour)
    assert client.get(page_of(made).replace("/ici/", "/ailleurs/")).status_code == 404
    assert client.post(page_of(made, "sharing_withdraw").replace("/ici/", "/ailleurs/")).status_code == 404


def test_readers_of_the_structure_see_the_list_and_no_button(ours, client):
    shared(ours, **ADVANCE)
    for role in (Role.CONTRIBUTOR, Role.BOARD_MEMBER):
        sign_in(client, ours, role)
        page = text_of(client.get(url_of(ours, "path_sharings")))
        assert "Un carnet de bord" in page
        assert "Retirer" not in page
        assert client.get(url_of(ours)).status_code == 403


def test_a_cohort_where_nothing_is_shared_says_so(client, db):
    Sharing.objects.update(until=date(2025, 11, 1))
    sign_in(client, World("neighbour"), Role.BOARD_MEMBER)
    assert "Rien n’est partagé aujourd’hui" in text_of(client.get(LIST))
    client.force_login(World("ours").user(Role.FACILITATOR))
    assert "Rien n’est partagé aujourd’hui" in text_of(client.get(LIST))


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_whatever_their_rows(ours, neighbour, client, queries, count):
    for rank in range(count):
        shared(ours, **{**ADVANCE, "title": f"Avancée {rank}"})
    sign_in(client, neighbour, Role.BOARD_MEMBER)
    client.get("/")
    with queries(6):
        page = text_of(client.get(LIST))
    assert page.count("Avancée ") == count
    sign_in(client, ours, Role.BOARD_MEMBER)
    client.get("/")
    with queries(5):
        assert text_of(client.get(url_of(ours, "path_sharings"))).count(">Avancée ") == count
