"""Who prepares what: ticked by the référent, told once by mail, waiting on the home page of who was asked."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from autodiag.enums import AnswerKind
from autodiag.models import Assignment
from caprse.base import clock, outbox
from cohorts.enums import Role
from cohorts.models import Membership
from tests.test_access_matrix import contents
from tests.worlds import STRUCTURE_ROLES, World

BY_DAY = "reçoivent un courriel par jour au plus"


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def url(ours):
    return ours.draft.url("assignments")


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def box(world, position, role):
    return f"{position}:{world.user(role).public_id}"


def seen_in(response):
    return re.search(r'name="seen" value="([^"]*)"', response.content.decode())[1]


def mails():
    outbox.send_waiting()
    return mail.outbox


def test_the_referent_ticks_who_prepares_what(ours, client, url):
    page = sign_in(client, ours, Role.REFERENT).get(url)
    for role in STRUCTURE_ROLES:
        assert ours.user(role).full_name in text_of(page)
    ticked = [box(ours, 3, Role.CONTRIBUTOR), box(ours, 4, Role.BOARD_MEMBER)]
    response = client.post(url, {"seen": seen_in(page), "confie": ticked}, follow=True)
    assert response.redirect_chain == [(url, 302)]
    assert "2 critères confiés" in text_of(response)
    assert ours.assigned == {(3, "contributor"), (4, "board_member")}
    assert re.findall(r'value="([^"]+)" checked', response.content.decode()) == ticked


def test_a_whole_sub_theme_is_entrusted_at_once(ours, client, url):
    seen = seen_in(sign_in(client, ours, Role.REFERENT).get(url))
    client.post(url, {"seen": seen, "theme": box(ours, 2, Role.CONTRIBUTOR), "confie": box(ours, 1, Role.REFERENT)})
    assert ours.assigned == {(1, "referent"), (3, "contributor"), (4, "contributor")}


def test_a_box_unticked_lets_the_person_off(ours, client, url):
    ours.entrust_criteria((3, Role.CONTRIBUTOR))
    seen = seen_in(sign_in(client, ours, Role.REFERENT).get(url))
    assert "1 critère repris" in text_of(client.post(url, {"seen": seen}, follow=True))
    assert ours.assigned == set()


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE, Role.FACILITATOR])
def test_nobody_else_does(ours, client, url, role):
    before = contents()
    sign_in(client, ours, role)
    assert client.get(url).status_code == 403
    assert client.post(url, {"seen": "=", "confie": box(ours, 3, Role.CONTRIBUTOR)}).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_theirs_does_not_exist(ours, client, key):
    before = contents()
    response = sign_in(client, ours, Role.REFERENT).post(World(key).draft.url("assignments"), {"seen": "="})
    assert response.status_code == 404
    assert contents() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"confie": "3:zzzzzzzzzzzz"},
        {"theme": "1:zzzzzzzzzzzz"},
        {"confie": "99:{mine}"},
        {"theme": "9:{mine}"},
        {"confie": "x" * 1_000_000},
        {"confie": "3:a\x00b"},
        {"seen": ""},
        {"seen": "=1:<script>"},
        {"seen": "=" + " 1:aaaaaaaaaaaa" * 20_000},
    ],
)
def test_what_no_page_sends_is_refused_and_changes_nothing(ours, client, url, wrong):
    before = contents()
    mine = ours.user(Role.CONTRIBUTOR).public_id
    data = {"seen": "=", **{name: text.replace("{mine}", mine) for name, text in wrong.items()}}
    response = sign_in(client, ours, Role.REFERENT).post(url, data)
    assert response.status_code == 422
    assert "À corriger" in text_of(response)
    assert contents() == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_a_person_of_another_structure_is_refused_without_being_named(ours, client, url, key):
    before, theirs = contents(), World(key)
    response = sign_in(client, ours, Role.REFERENT).post(
        url, {"seen": "=", "confie": [box(theirs, 3, Role.CONTRIBUTOR), box(ours, 3, Role.CONTRIBUTOR)]}
    )
    assert response.status_code == 422
    assert "ne fait pas partie de votre structure" in text_of(response)
    assert theirs.user(Role.CONTRIBUTOR).full_name not in text_of(response)
    assert contents() == before


def test_what_somebody_else_ticked_meanwhile_is_shown_beside_ones_own(ours, client, url):
    ours.entrust_criteria((1, Role.BOARD_MEMBER), (2, Role.BOARD_MEMBER))
    seen = seen_in(sign_in(client, ours, Role.REFERENT).get(url))
    ours.entrust_criteria((2, Role.BOARD_MEMBER), (4, Role.LEGAL_REPRESENTATIVE))
    before = contents()
    mine = [box(ours, 1, Role.BOARD_MEMBER), box(ours, 2, Role.BOARD_MEMBER), box(ours, 3, Role.CONTRIBUTOR)]
    response = client.post(url, {"seen": seen, "confie": mine})
    page = response.content.decode()
    assert response.status_code == 409
    assert "La répartition a changé" in text_of(response)
    assert (page.count("ajouté entre-temps"), page.count("retiré entre-temps")) == (1, 1)
    both = [*mine[1:], box(ours, 4, Role.LEGAL_REPRESENTATIVE)]
    assert re.findall(r'value="([^"]+)" checked', page) == both
    assert contents() == before
    client.post(url, {"seen": seen_in(response), "confie": both})
    assert ours.assigned == {(2, "board_member"), (3, "contributor"), (4, "legal_representative")}


def test_the_same_table_sent_twice_is_saved_once(ours, client, url):
    data = {"seen": "=", "confie": box(ours, 3, Role.CONTRIBUTOR)}
    sign_in(client, ours, Role.REFERENT)
    for _ in range(2):
        assert client.post(url, data).status_code == 302
    assert Assignment.objects.filter(answer__autodiag=ours.draft).count() == 1


def test_a_transmitted_chapter_shows_why_nothing_changes(ours, client):
    url, before = ours.submitted.url("assignments"), contents()
    assert "Ce chapitre est transmis" in text_of(sign_in(client, ours, Role.REFERENT).get(url))
    response = client.post(url, {"seen": "=", "confie": box(ours, 3, Role.CONTRIBUTOR)})
    assert response.status_code == 403
    assert contents() == before


def test_somebody_who_left_is_still_there_to_be_let_off(ours, client, url):
    ours.entrust_criteria((3, Role.CONTRIBUTOR))
    Membership.objects.filter(user=ours.user(Role.CONTRIBUTOR)).update(until="2025-11-03")
    page = text_of(sign_in(client, ours, Role.REFERENT).get(url))
    assert "n’est plus dans la structure" in page
    assert box(ours, 3, Role.CONTRIBUTOR) in page
    assert box(ours, 4, Role.CONTRIBUTOR) not in page


# --- Told, and waiting --------------------------------------------------------------------------------------------


def test_each_person_is_told_once_a_day_of_all_that_waits(ours, mailoutbox, clock_at):
    ours.entrust_criteria((3, Role.CONTRIBUTOR), (3, Role.REFERENT))
    ours.entrust_criteria((3, Role.CONTRIBUTOR), (4, Role.CONTRIBUTOR), (3, Role.REFERENT))
    sent = [one for one in mails() if "confié" in one.subject]
    assert [one.to for one in sent] == [["contributor@ours.example.org"]]
    assert sent[0].subject.replace("\xa0", " ") == "CAP RSE : on vous a confié 2 critères"
    assert f"{ours.draft.get_absolute_url()}?criteres=miens" in sent[0].body
    assert "Question 2.3" not in sent[0].body
    clock_at(clock.now() + timedelta(days=1))
    ours.entrust_criteria((3, Role.CONTRIBUTOR), (4, Role.CONTRIBUTOR), (4, Role.BOARD_MEMBER))
    assert [one.to for one in mails() if "confié" in one.subject][1:] == [["board_member@ours.example.org"]]


def test_nothing_is_told_of_what_was_taken_back_or_answered(ours, mailoutbox):
    ours.entrust_criteria((3, Role.CONTRIBUTOR), (4, Role.BOARD_MEMBER))
    ours.entrust_criteria((4, Role.BOARD_MEMBER))
    ours.save(ours.answer(4), kind=AnswerKind.UNKNOWN)
    assert not [one for one in mails() if "confié" in one.subject]


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_the_chapter_leads_there_who_confides_and_nobody_else(ours, client, url, role):
    page = text_of(sign_in(client, ours, role).get(ours.draft.get_absolute_url()))
    assert (f'href="{url}"' in page) is (role == Role.REFERENT)


def home(client, world, role):
    return text_of(sign_in(client, world, role).get("/"))


def test_the_home_page_recalls_them_until_each_has_an_answer(ours, client):
    ours.entrust_criteria((3, Role.CONTRIBUTOR), (4, Role.CONTRIBUTOR), (4, Role.BOARD_MEMBER))
    assert "On vous a confié 2 critères" in home(client, ours, Role.CONTRIBUTOR)
    assert "On vous a confié 1 critère" in home(client, ours, Role.BOARD_MEMBER)
    assert "On vous a confié" not in home(client, ours, Role.REFERENT)
    ours.save(ours.answer(4), kind=AnswerKind.UNKNOWN)
    assert "On vous a confié 1 critère" in home(client, ours, Role.CONTRIBUTOR)
    assert "On vous a confié" not in home(client, ours, Role.BOARD_MEMBER)


def test_it_costs_the_same_for_one_and_three(ours, client, url, queries):
    for count in (1, 3):
        ours.entrust_criteria(*[(position, Role.CONTRIBUTOR) for position in range(1, count + 1)])
        sign_in(client, ours, Role.REFERENT)
        with queries(7):
            assert client.get(url).content.decode().count(" checked") == count


def test_a_chapter_shows_ones_own_criteria_and_keeps_the_others_hidden(ours, client):
    url = ours.draft.get_absolute_url()
    assert "Confiés à vous" not in text_of(sign_in(client, ours, Role.CONTRIBUTOR).get(f"{url}?criteres=miens"))
    ours.entrust_criteria((3, Role.CONTRIBUTOR))
    assert "Confiés à vous (1)" in text_of(client.get(url))
    assert hidden_items(client.get(url)) == []
    assert hidden_items(client.get(f"{url}?criteres=miens")) == ["1", "2", "4"]
    assert "Confié à vous" in text_of(client.get(ours.draft.url("criterion", 3)))
    assert "Confiés à vous" not in text_of(sign_in(client, ours, Role.BOARD_MEMBER).get(url))


def hidden_items(response):
    return re.findall(r'id="critere-(\d+)" hidden', response.content.decode())
