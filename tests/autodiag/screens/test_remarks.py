"""Remarks on a criterion: written by anybody of the structure, read by its people alone, taken back by their author."""

import pytest

from autodiag.models import Remark, Submission
from autodiag.services.reading import reading_of
from autodiag.services.remarks import write_remark
from autodiag.services.submission import submit
from cohorts.access import Actor
from cohorts.enums import Role
from tests.test_access_matrix import contents
from tests.worlds import STRUCTURE_ROLES, World

HTMX = {"HX-Request": "true"}
WORDS = "Le conseil d’administration en a parlé en juin."


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def url(ours):
    return ours.draft.url("remark_add", 3)


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def remarks_on(world, position):
    return Remark.objects.of_chapter(world.draft).filter(position=position)


def withdraw_url(world, remark):
    return world.draft.url("remark_withdraw", remark.position, remark.pk)


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_everybody_of_the_structure_writes_one_and_their_colleagues_read_it(ours, client, url, role):
    response = sign_in(client, ours, role).post(url, {"text": f"  {WORDS}  "}, follow=True)
    assert response.redirect_chain == [(f"{ours.draft.url('criterion', 3)}#remarques", 302)]
    assert "Votre remarque est enregistrée" in text_of(response)
    remark = remarks_on(ours, 3).get()
    assert (remark.text, remark.written_by) == (WORDS, ours.user(role))
    for colleague in STRUCTURE_ROLES:
        page = text_of(sign_in(client, ours, colleague).get(ours.draft.url("criterion", 3)))
        assert WORDS in page
        assert "Visible par votre structure seulement" in page
        assert "1 remarque de votre équipe" in text_of(client.get(ours.draft.get_absolute_url()))


def test_the_answer_is_not_touched(ours, client, url):
    before = (ours.answer(3).revision, ours.answer(3).updated_at)
    sign_in(client, ours, Role.BOARD_MEMBER).post(url, {"text": WORDS})
    assert (ours.answer(3).revision, ours.answer(3).updated_at) == before


def test_without_leaving_the_page_the_remarks_alone_come_back(ours, client, url):
    page = text_of(sign_in(client, ours, Role.CONTRIBUTOR).post(url, {"text": WORDS}, headers=HTMX))
    assert page.strip().startswith('<section class="remarks"')
    assert WORDS in page
    assert "Votre remarque est enregistrée" in page
    assert "Question 2.3" not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Écrivez votre remarque"),
        ("   \n ", "Écrivez votre remarque"),
        ("x" * 2001, "le maximum est de 2\u202f000"),
        ("Un mot gardé\x00", "U+0000"),
        ("Un mot gardé \u202e", "U+202E"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refused_remark_comes_back_as_typed(ours, client, url, typed, words, headers):
    before = contents()
    response = sign_in(client, ours, Role.BOARD_MEMBER).post(url, {"text": typed}, headers=headers)
    assert response.status_code == 422
    assert words in text_of(response)
    assert typed.strip("\x00 \n\u202e")[:2001] in text_of(response)
    assert ("Question 2.3" in text_of(response)) is not headers
    assert contents() == before


def test_the_same_words_sent_twice_are_one_remark(ours, client, url):
    sign_in(client, ours, Role.BOARD_MEMBER)
    for _ in range(2):
        client.post(url, {"text": WORDS})
    assert remarks_on(ours, 3).count() == 1


def test_html_typed_is_shown_as_text(ours, client, url):
    page = text_of(sign_in(client, ours, Role.REFERENT).post(url, {"text": "<script>alert(1)</script>"}, follow=True))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_its_author_takes_it_back_and_its_text_is_gone(ours, client):
    remark, words = ours.remark, ours.remark.text
    page = sign_in(client, ours, Role.BOARD_MEMBER).get(ours.draft.url("criterion", 1))
    assert withdraw_url(ours, remark) in text_of(page)
    page = text_of(client.post(withdraw_url(ours, remark), follow=True))
    assert "Remarque retirée" in page
    assert words not in page
    assert (ours.remark.text, ours.remark.withdrawn_at is None) == ("", False)
    assert "remarque de votre équipe" not in text_of(client.get(ours.draft.get_absolute_url()))


@pytest.mark.parametrize("role", [Role.REFERENT, Role.CONTRIBUTOR, Role.LEGAL_REPRESENTATIVE])
def test_nobody_else_takes_it_back(ours, client, role):
    before = contents()
    sign_in(client, ours, role)
    assert withdraw_url(ours, ours.remark) not in text_of(client.get(ours.draft.url("criterion", 1)))
    response = client.post(withdraw_url(ours, ours.remark))
    assert response.status_code == 403
    assert "seul·e son auteur·rice peut la retirer" in text_of(response)
    assert contents() == before


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REGION_ADMIN])
def test_who_accompanies_the_structure_neither_writes_nor_reads_any(ours, client, url, role):
    before = contents()
    sign_in(client, ours, role)
    assert client.post(url, {"text": WORDS}).status_code == 403
    assert contents() == before
    assert not Remark.objects.visible_to(ours.actor(role)).exists()
    for autodiag in (ours.draft, ours.submitted):
        write_remark(answer=autodiag.answers.first(), text=WORDS, by=ours.user(Role.BOARD_MEMBER))
        for page in (autodiag.get_absolute_url(), autodiag.url("synthesis")):
            assert WORDS not in text_of(client.get(page, follow=True))


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_for_others_the_criterion_does_not_exist(ours, client, url, key):
    before = contents()
    sign_in(client, World(key), Role.BOARD_MEMBER)
    assert client.post(url, {"text": WORDS}).status_code == 404
    assert client.post(withdraw_url(ours, ours.remark)).status_code == 404
    assert contents() == before


def test_a_remark_of_another_criterion_or_structure_is_a_404(ours, client):
    sign_in(client, ours, Role.BOARD_MEMBER)
    theirs = World("neighbour").remark
    before = contents()
    for position, pk in ((2, ours.remark.pk), (1, theirs.pk), (1, 10**18)):
        assert client.post(ours.draft.url("remark_withdraw", position, pk)).status_code == 404
    assert client.post(ours.draft.url("remark_add", 99), {"text": WORDS}).status_code == 404
    assert contents() == before


def test_it_never_enters_what_is_transmitted(ours, client):
    for position in (3, 4):
        ours.save(ours.answer(position), kind="unknown")
    write_remark(answer=ours.answer(3), text=WORDS, by=ours.user(Role.BOARD_MEMBER))
    submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    assert WORDS not in str(Submission.objects.get(autodiag=ours.draft).content)
    read = reading_of(ours.draft, Actor.of(ours.user(Role.FACILITATOR)))
    assert read.submission == Submission.objects.get(autodiag=ours.draft)
    assert WORDS not in str(read.content)


def test_remarks_go_on_after_the_chapter_is_transmitted(ours, client):
    url = ours.submitted.url("remark_add", 1)
    page = text_of(sign_in(client, ours, Role.BOARD_MEMBER).post(url, {"text": WORDS}, follow=True))
    assert WORDS in page
    assert "Ajouter la remarque" in page


def test_when_the_adhesion_is_over_it_is_refused_with_whom_to_ask(client, db):
    lapsed = World("lapsed")
    before = contents()
    response = sign_in(client, lapsed, Role.BOARD_MEMBER).post(lapsed.draft.url("remark_add", 1), {"text": WORDS})
    assert response.status_code == 403
    assert "jusqu’au dimanche 31 août 2025 inclus" in text_of(response)
    assert "region_admin@ours.example.org" in text_of(response)
    assert client.post(withdraw_url(lapsed, lapsed.remark)).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("count", [1, 3])
def test_one_or_three_remarks_cost_the_same(ours, client, queries, count):
    for rank in range(count):
        write_remark(answer=ours.answer(3), text=f"Mot {rank}", by=ours.user(STRUCTURE_ROLES[rank]))
    sign_in(client, ours, Role.BOARD_MEMBER)
    chapter, criterion = ours.draft.get_absolute_url(), ours.draft.url("criterion", 3)
    with queries(12):
        assert text_of(client.get(criterion)).count("Mot ") == count
    with queries(7):
        page = text_of(client.get(chapter))
    assert f"{count} remarque" in page


def test_reading_it_by_its_address_is_refused(ours, client, url):
    sign_in(client, ours, Role.BOARD_MEMBER)
    assert client.get(url).status_code == 405
    assert client.get(withdraw_url(ours, ours.remark)).status_code == 405
