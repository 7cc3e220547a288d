"""The page of priorities: chosen many at once, six at most, nothing typed is lost."""

import pytest
from django.urls import reverse

from autodiag.models import Priority
from autodiag.services.priorities import Chosen, save_priorities
from cohorts.enums import Role
from tests.autodiag.screens.test_path_synthesis import sign_in, text_of
from tests.autodiag.test_priorities import criteria_of, slots
from tests.test_access_matrix import contents
from tests.worlds import World

EDITORS = (Role.REFERENT, Role.CONTRIBUTOR)
READERS = (Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE)
TEAM = (Role.FACILITATOR, Role.REGION_ADMIN)


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world):
    return reverse("priorities", args=[world.participation.cohort.region.slug, world.participation.public_id])


def typed(pk, *, impact="", effort="", forward=False, seen="0.000"):
    """What the form sends for one criterion."""
    sent = {f"c{pk}-seen": seen, f"c{pk}-impact": impact, f"c{pk}-effort": effort}
    return sent | ({f"c{pk}-forward": "on"} if forward else {})


def line_of(page, pk):
    """What the page shows of one criterion in the form."""
    return page.split(f'name="c{pk}-seen"')[1].split('role="group"')[0]


def row_of(world, pk):
    return Priority.objects.get(participation=world.participation, criterion=pk)


@pytest.mark.parametrize("role", EDITORS)
def test_many_are_chosen_at_once_by_a_plain_form(ours, client, role):
    criteria = criteria_of(ours)
    sign_in(client, ours, role)
    sent = typed(criteria[2], impact="3", effort="1", forward=True) | typed(criteria[3], impact="2")
    response = client.post(url_of(ours), sent, follow=True)
    assert response.redirect_chain == [(url_of(ours), 302)]
    page = text_of(response)
    assert "2 critères sont enregistrés." in page
    assert "Mises en avant : 2 sur 6" in page
    assert (row_of(ours, criteria[2]).impact, row_of(ours, criteria[2]).effort) == (3, 1)
    assert (row_of(ours, criteria[3]).impact, row_of(ours, criteria[3]).slot) == (2, None)
    assert row_of(ours, criteria[0]).slot == 1


def test_a_page_of_four_hundred_criteria_is_kept_whole(ours, client):
    """Each sends three fields: Django would take a thousand and lose the rest with the choice."""
    pk, others = criteria_of(ours)[2], range(10_000_000, 10_000_400)
    sign_in(client, ours, Role.REFERENT)
    sent = typed(pk, impact="3", effort="1") | {name: value for one in others for name, value in typed(one).items()}
    assert client.post(url_of(ours), sent).status_code == 302
    assert (row_of(ours, pk).impact, row_of(ours, pk).effort) == (3, 1)


def test_each_one_put_forward_leads_to_an_action_of_its_answer(ours, client):
    criteria = criteria_of(ours)
    page = text_of(sign_in(client, ours, Role.REFERENT).get(url_of(ours)))
    answer = ours.submitted.answers.get(criterion=criteria[0])
    assert f'plan/nouvelle-action/?reponse={answer.pk}"' in page


def test_the_drawing_says_in_words_where_each_stands(ours, client):
    page = text_of(sign_in(client, ours, Role.BOARD_MEMBER).get(url_of(ours)))
    grid = page.split('<table class="degree-grid">')[1].split("</table>")[0]
    assert "D’abord ici" in grid
    best = grid.split('class="is-best"')[1].split("</td>")[0]
    assert "1.1" in best
    assert "Critère 1.1, mis en avant" in best
    assert grid.count("<li") == 2


def test_what_nobody_touched_is_left_alone_even_on_an_old_page(ours, client):
    """A colleague changed a criterion meanwhile; this person only touches another."""
    criteria = criteria_of(ours)
    kept = ours.priority
    old = typed(criteria[0], impact="3", effort="1", forward=True, seen="1.311")
    save_priorities(
        participation=ours.participation,
        by=ours.actor(Role.CONTRIBUTOR),
        chosen=[Chosen(criteria[0], 1, 1, True, kept.revision)],
    )
    sign_in(client, ours, Role.REFERENT)
    client.post(url_of(ours), old | typed(criteria[4], impact="2"), follow=True)
    assert row_of(ours, criteria[4]).impact == 2
    assert row_of(ours, criteria[0]).impact == 1


def test_two_people_at_once_are_shown_both_choices_and_nothing_is_lost(ours, client):
    criteria = criteria_of(ours)
    kept = ours.priority
    save_priorities(
        participation=ours.participation,
        by=ours.actor(Role.CONTRIBUTOR),
        chosen=[Chosen(criteria[0], 1, 1, False, kept.revision)],
    )
    sign_in(client, ours, Role.REFERENT)
    mine = typed(criteria[0], impact="2", effort="3", forward=True, seen="1.311")
    before = contents()
    response = client.post(url_of(ours), mine | typed(criteria[5], impact="3"))
    assert response.status_code == 409
    assert contents() == before
    line = line_of(text_of(response), criteria[0])
    assert f"{ours.user(Role.CONTRIBUTOR).full_name} a choisi : effet petit, effort petit, pas mis en avant" in line
    for kept_choice in (
        '-impact" value="2" checked',
        '-effort" value="3" checked',
        '-forward" checked',
        'value="2.110"',
    ):
        assert kept_choice in line
    assert '-impact" value="3" checked' in line_of(text_of(response), criteria[5])
    again = typed(criteria[0], impact="2", effort="3", forward=True, seen="2.110") | typed(criteria[5], impact="3")
    assert client.post(url_of(ours), again).status_code == 302
    assert (row_of(ours, criteria[0]).impact, row_of(ours, criteria[5]).impact) == (2, 3)


def test_a_seventh_is_refused_with_a_sentence_and_every_choice_is_kept(ours, client):
    criteria = criteria_of(ours)
    sign_in(client, ours, Role.REFERENT)
    sent = {}
    for pk in criteria[2:8]:
        sent |= typed(pk, impact="3", effort="2", forward=True)
    before = contents()
    response = client.post(url_of(ours), sent)
    page = text_of(response)
    assert response.status_code == 422
    assert "Six priorités au plus" in page
    assert contents() == before
    assert page.count('-forward" checked') == 7
    assert "Mises en avant : 1 sur 6" in page
    del sent[f"c{criteria[7]}-forward"]
    assert client.post(url_of(ours), sent).status_code == 302
    assert len(slots(ours)) == 6


@pytest.mark.parametrize(
    "wrong",
    [
        {"impact": "4"},
        {"impact": "0"},
        {"effort": "9" * 30},
        {"effort": "a\x00b"},
        {"impact": "grand"},
        {"seen": "x" * 5000},
    ],
)
def test_a_choice_of_no_page_is_refused_and_nothing_changes(ours, client, wrong):
    criteria = criteria_of(ours)
    sign_in(client, ours, Role.REFERENT)
    before = contents()
    response = client.post(url_of(ours), typed(criteria[2], impact="2", forward=True) | typed(criteria[3], **wrong))
    assert response.status_code == 422
    assert contents() == before
    assert '-impact" value="2" checked' in line_of(text_of(response), criteria[2])


def test_a_version_of_nobody_is_taken_for_an_old_one(ours, client):
    criteria = criteria_of(ours)
    sign_in(client, ours, Role.REFERENT)
    sent = typed(criteria[0], impact="1", seen="999999999.000")
    assert client.post(url_of(ours), sent).status_code == 409
    assert row_of(ours, criteria[0]).impact == 3


def test_criteria_of_others_and_of_chapters_not_begun_are_not_there(ours, client):
    theirs = criteria_of(World("stranger"))
    before = contents()
    sign_in(client, ours, Role.REFERENT)
    assert client.post(url_of(ours), typed(theirs[0], impact="3", forward=True)).status_code == 302
    assert contents() == before
    assert f"c{theirs[0]}-seen" not in text_of(client.get(url_of(ours)))


@pytest.mark.parametrize("role", READERS)
def test_who_reads_only_has_no_form_and_changes_nothing(ours, client, role):
    criteria = criteria_of(ours)
    sign_in(client, ours, role)
    page = text_of(client.get(url_of(ours)))
    assert "Critère 1.1" in page
    assert "Enregistrer" not in page
    assert "Créer une action" not in page
    before = contents()
    assert client.post(url_of(ours), typed(criteria[2], impact="3")).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("role", TEAM)
def test_who_accompanies_reads_nothing_of_it(ours, client, role):
    before = contents()
    sign_in(client, ours, role)
    assert client.get(url_of(ours)).status_code == 403
    assert client.post(url_of(ours), typed(criteria_of(ours)[2], impact="3")).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_for_others_it_does_not_exist(ours, client, key):
    before = contents()
    sign_in(client, World(key), Role.REFERENT)
    assert client.get(url_of(ours)).status_code == 404
    assert client.post(url_of(ours), typed(criteria_of(ours)[2], impact="3")).status_code == 404
    assert contents() == before


def test_without_adhesion_it_is_still_read_and_nothing_is_written(client, db):
    lapsed = World("lapsed")
    sign_in(client, lapsed, Role.REFERENT)
    page = text_of(client.get(url_of(lapsed)))
    assert "Critère 1.1" in page
    assert "Enregistrer" not in page
    before = contents()
    response = client.post(url_of(lapsed), typed(criteria_of(lapsed)[2], impact="3"))
    assert response.status_code == 403
    assert "jusqu’au dimanche 31 août 2025 inclus" in text_of(response)
    assert contents() == before


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_with_one_or_three_more(ours, client, queries, count):
    criteria = criteria_of(ours)
    save_priorities(
        participation=ours.participation,
        by=ours.actor(Role.REFERENT),
        chosen=[Chosen(pk, 2, 2, True, 0) for pk in criteria[2 : 2 + count]],
    )
    sign_in(client, ours, Role.REFERENT)
    with queries(8):
        page = text_of(client.get(url_of(ours)))
    assert f"Mises en avant : {1 + count} sur 6" in page
