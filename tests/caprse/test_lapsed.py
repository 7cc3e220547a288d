"""A structure whose adhesion is over: its own words everywhere, nothing of the network anywhere, and back the same day."""

from datetime import date

import pytest
from django.urls import reverse

from autodiag.services.answers import start
from autodiag.services.remarks import write_remark
from caprse.access_matrix import address
from caprse.base import access, clock, jobs, outbox, tasks, todo
from caprse.base.models import Job, OutboxMessage
from caprse.reminders import remind
from cohorts.enums import Role, Visibility
from cohorts.models import Adhesion, Membership
from tests.worlds import STRUCTURE_ROLES, World, answer_all

# Every text of the fixed référentiel that belongs to the network; numbers and titles of criteria do not.
PROTECTED = (
    "Question 1",
    "Question 2",
    "Description 1",
    "Description 2",
    "Aide 1",
    "Aide 2",
    "Exemple",
    "Preuve",
    "Indicateur",
)
LAST_DAY = date(2025, 8, 31)
TOLD = "jusqu’au dimanche 31 août 2025 inclus"
ASKED = "region_admin@ours.example.org"


@pytest.fixture
def lapsed(db):
    """With a second chapter begun while the adhesion was valid, as a structure that stops on the way has."""
    world = World("lapsed")
    with clock.stopped(clock.at(date(2025, 7, 1), 10)):
        second = start(participation=world.participation, round=world.round(2), by=world.actor(Role.REFERENT))
    with clock.stopped(clock.at(date(2025, 10, 20), 10)):
        answer_all(second, world.actor(Role.CONTRIBUTOR), "", count=2)
    return world


def sign_in(client, world, role=Role.REFERENT):
    client.force_login(world.user(role))
    return client


def text_of(response):
    body = b"".join(response) if response.streaming else response.content
    return body.decode(errors="replace").replace("&nbsp;", " ").replace("\xa0", " ")


def is_protected(text):
    return [words for words in PROTECTED if words in text]


# --- Nothing of the network -------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_no_page_shows_a_text_of_the_network(client, lapsed, role):
    """Every route of the site, read and followed, on the objects of the structure."""
    sign_in(client, lapsed, role)
    tasks.beat()
    seen = 0
    for name in sorted({name for _, name, _ in access.routes()} - {"account_logout"}):
        response = client.get(address(name, lapsed), follow=True)
        assert is_protected(text_of(response)) == [], name
        seen += response.status_code == 200
    assert seen > 10


@pytest.mark.parametrize("chapter", [1, 2])
def test_no_page_of_any_chapter_does(client, lapsed, chapter):
    autodiag = lapsed.autodiag(chapter)
    sign_in(client, lapsed)
    for name in ("autodiag", "autodiag_submit", "synthesis"):
        assert is_protected(text_of(client.get(autodiag.url(name), follow=True))) == []
    for position in range(1, 5):
        for name in ("criterion", "answer_history"):
            response = client.get(autodiag.url(name, position))
            assert (response.status_code, is_protected(text_of(response))) == (403, [])
            assert client.get(autodiag.url(name, position), headers={"HX-Request": "true"}).status_code == 403


def test_a_document_made_before_stays_in_and_its_page_says_why(client, lapsed):
    jobs.run(lapsed.job.pk)
    sign_in(client, lapsed)
    page = text_of(client.get(address("job", lapsed)))
    assert "Télécharger" not in page
    made = [lapsed.document.public_id]
    if result := Job.objects.get(pk=lapsed.job.pk).result:
        made.append(result.public_id)
    for public_id in made:
        response = client.post(reverse("download", args=["ici", public_id]))
        assert response.status_code == 403
        assert TOLD in text_of(response)


def test_a_document_made_while_it_was_valid_is_not_offered_any_more(client, lapsed):
    Job.objects.filter(pk=lapsed.job.pk).update(state="done", result=lapsed.document)
    page = text_of(sign_in(client, lapsed).get(address("job", lapsed)))
    assert "Télécharger" not in page
    assert TOLD in page
    assert ASKED in page


def test_a_document_asked_for_now_is_not_made(lapsed):
    jobs.run(lapsed.job.pk)
    done = Job.objects.get(pk=lapsed.job.pk)
    assert done.result is None
    assert "ne vous est plus ouvert" in done.message


def test_mails_and_reminders_sent_to_its_people_hold_none(lapsed, mailoutbox, clock_at):
    clock_at(clock.at(date(2025, 11, 5), 10))
    remind()
    outbox.send_waiting()
    people = set(lapsed.organisation.memberships.values_list("user__email", flat=True))
    written = [mail for mail in mailoutbox if people & set(mail.to)]
    assert all(is_protected(f"{mail.subject} {mail.body}") == [] for mail in written)
    assert not any("critère" in mail.body for mail in written)
    assert OutboxMessage.objects.exclude(recipient_id=None).exists() or not written


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_nobody_is_asked_to_work_on_closed_tools(lapsed, role):
    expected = todo.collect(lapsed.actor(role), [lapsed.participation])
    assert [thing.title for thing in expected] == ["Vos outils sont fermés : l’adhésion n’est plus à jour"]


# --- Its own words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_it_reads_every_chapter_in_its_own_words(client, lapsed, role):
    answers = list(lapsed.autodiag(2).answers.order_by("criterion__position"))
    write_remark(answer=answers[2], text="Une remarque d’avant", by=lapsed.user(Role.BOARD_MEMBER))
    write_remark(answer=answers[1], text="<b>Une autre</b>", by=lapsed.user(Role.CONTRIBUTOR))
    path = text_of(sign_in(client, lapsed, role).get(lapsed.participation.get_absolute_url()))
    for chapter in (1, 2):
        url = lapsed.autodiag(chapter).get_absolute_url()
        assert url in path
        page = text_of(client.get(url))
        assert all(f"Critère {chapter}.{rank}" in page for rank in range(1, 5))
        assert all(lapsed.autodiag(other).get_absolute_url() in page for other in (1, 2))
        assert TOLD in page
        assert f"Pratique {chapter}.1" in page
        assert "Niveau choisi : <strong>1 – Degré 1</strong>" in page
        assert "Niveau choisi : <strong>2 – Degré 2</strong>" in page
    assert "Une remarque d’avant" in page
    assert "&lt;b&gt;Une autre&lt;/b&gt;" in page
    assert "Retirer ma remarque" not in page
    first = text_of(client.get(lapsed.autodiag(1).get_absolute_url()))
    for words in ("Ne sait pas", "Non applicable", "Motif", "Commentaire gardé", "Commentaire partagé"):
        assert words in first


def test_what_it_never_answered_is_named_apart(client, lapsed):
    page = text_of(sign_in(client, lapsed).get(lapsed.autodiag(2).get_absolute_url()))
    assert "2 réponses sur 4, chapitre non transmis" in page
    assert "Critère 2.4" in page.split("Sans réponse")[1]
    assert "Critère 2.1" not in page.split("Sans réponse")[1]


def test_it_reads_its_actions_whole_without_a_button(client, lapsed):
    action = lapsed.action
    action.__class__.objects.filter(pk=action.pk).update(
        why="Parce que", means="Un cahier", who="Samira", visibility=Visibility.STRUCTURE
    )
    whole = reverse("action", args=["ici", lapsed.participation.public_id, action.public_id])
    listed, read = (text_of(sign_in(client, lapsed).get(url)) for url in (address("plan", lapsed), whole))
    assert f'href="{whole}"' in listed
    assert all(words in read for words in (action.what, "Parce que", "Un cahier", "Samira", TOLD, ASKED))
    for page in (listed, read):
        assert "Ajouter une action" not in page
        assert f"{whole}modifier/" not in page


def test_the_path_says_what_stays_what_reopens_and_whom_to_ask(client, lapsed):
    page = text_of(sign_in(client, lapsed).get(lapsed.participation.get_absolute_url()))
    for words in ("Ce qui reste à vous", "Ce qui rouvre avec l’adhésion", TOLD, ASKED, "mailto:", "Facilitator Équipe"):
        assert words in page
    assert "Commencer" not in page
    assert "Continuer" not in page
    assert "Voir la synthèse" not in page


# --- Refusals ---------------------------------------------------------------------------------------------------

CLOSED = ("criterion", "answer_history", "action_new", "action_edit", "autodiag_submit", "referentiels")


@pytest.mark.parametrize("route", [*CLOSED, "referentiel_version"])
def test_what_is_closed_says_why_until_when_and_whom_to_ask(client, lapsed, route):
    response = sign_in(client, lapsed).get(address(route, lapsed))
    assert response.status_code == 403
    for words in (TOLD, "restent lisibles", ASKED, "Region_Admin Équipe", "Facilitator Équipe"):
        assert words in text_of(response)


@pytest.mark.parametrize("route", ["answer_save", "autodiag_start", "synthesis_pdf", "remark_add"])
def test_so_does_what_is_sent(client, lapsed, route):
    response = sign_in(client, lapsed).post(address(route, lapsed), {"text": "Mot", "revision": "1"})
    assert response.status_code == 403
    assert TOLD in text_of(response)


def test_an_answer_being_typed_is_told_why_in_its_own_line(client, lapsed):
    response = sign_in(client, lapsed).post(
        lapsed.autodiag(2).url("answer_save", 3), {"revision": "0"}, headers={"Accept": "application/json"}
    )
    assert response.status_code == 403
    assert TOLD in response.json()["error"]


def test_a_structure_without_any_adhesion_and_nobody_to_name_is_told_so(client, lapsed):
    Adhesion.objects.filter(organisation=lapsed.organisation).delete()
    Membership.objects.filter(role__in=(Role.REGION_ADMIN, Role.FACILITATOR)).update(until=date(2025, 11, 3))
    page = text_of(sign_in(client, lapsed).get(address("criterion", lapsed)))
    assert "Aucune adhésion de votre structure au réseau n’est notée" in page
    assert "La délégation Région d’ici rouvre les outils dès que l’adhésion est renouvelée." in page
    path = text_of(client.get(lapsed.participation.get_absolute_url()))
    assert "la délégation Région d’ici." in path


@pytest.mark.parametrize("count", [1, 3])
def test_its_path_costs_the_same_with_one_or_three_coordinators(client, lapsed, queries, count):
    team = Membership.objects.get(user__email=ASKED).organisation
    for user in (lapsed.user(role) for role in STRUCTURE_ROLES[1:count]):
        Membership.objects.create(
            user=user, role=Role.REGION_ADMIN, organisation=team, region=team.region, since=date(2025, 1, 1)
        )
    url = lapsed.autodiag(2).get_absolute_url()
    sign_in(client, lapsed)
    with queries(12):
        assert TOLD in text_of(client.get(url))


# --- Back, and gone ---------------------------------------------------------------------------------------------


def renew(client, world, until):
    """A coordinator notes the adhesion on their own screen."""
    client.force_login(World("ours").user(Role.REGION_ADMIN))
    return client.post(
        reverse("adhesion_add", args=["ici", world.organisation.public_id]), {"since": "2025-11-04", "until": until}
    )


def test_the_tools_reopen_with_the_very_next_request(client, lapsed):
    url = lapsed.autodiag(2).url("criterion", 3)
    assert sign_in(client, lapsed).get(url).status_code == 403
    renew(client, lapsed, "2026-12-31")
    page = text_of(sign_in(client, lapsed).get(url))
    assert "Question 2.3 ?" in page
    assert "Description 2.3 degré 1" in page
    assert "Question 2.1 ?" in text_of(client.get(lapsed.autodiag(2).get_absolute_url()))


def test_they_close_the_day_after_the_last_day_which_is_included(client, lapsed, clock_at):
    url = lapsed.autodiag(2).url("criterion", 3)
    renew(client, lapsed, "2025-11-20")
    sign_in(client, lapsed)
    clock_at(clock.at(date(2025, 11, 20), 23, 59))
    assert "Question 2.3 ?" in text_of(client.get(url))
    clock_at(clock.at(date(2025, 11, 21), 0))
    response = client.get(url)
    assert response.status_code == 403
    assert is_protected(text_of(response)) == []
    assert "jusqu’au jeudi 20 novembre 2025 inclus" in text_of(response)


def test_an_adhesion_to_come_says_when_the_tools_reopen(client, lapsed):
    Adhesion.objects.create(
        region=lapsed.participation.region, organisation=lapsed.organisation, since=date(2026, 1, 1)
    )
    page = text_of(sign_in(client, lapsed).get(lapsed.participation.get_absolute_url()))
    assert "Ils rouvrent le jeudi 1er janvier 2026" in page
