"""The page of gaps: how viewpoints differ, once compared, without ever pointing at one person."""

import gzip

import pytest

from autodiag.services.viewpoints import open_comparison
from cohorts.enums import Role
from tests import scale
from tests.autodiag.screens.test_viewpoints import JSON, SENTENCE, clear, posted, sign_in, text_of
from tests.autodiag.test_viewpoints import newcomer_of
from tests.voices_at_scale import give_voices
from tests.worlds import STRUCTURE_ROLES, World
from tests.worlds_voices import BECAUSE, BOARD, TEAM, give, speak


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def url(ours):
    return ours.draft.url("viewpoint_save", 3)


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_once_open_everybody_reads_the_gaps_without_a_name(ours, client, role):
    page = text_of(sign_in(client, ours, role).get(ours.submitted.url("gaps")))
    assert "Écart de 2 degrés : de « Degré 0 » à « Degré 2 »" in page
    assert page.count(f"{BECAUSE} 1") == 4
    for other in STRUCTURE_ROLES:
        if other != role:
            assert ours.user(other).full_name not in page
    assert BOARD not in page
    assert TEAM not in page


def test_groups_of_three_are_shown_and_the_others_together(ours, client):
    people = [newcomer_of(ours, name) for name in ("alma", "basile", "cleo")]
    for person in people:
        speak(ours, None, TEAM, user=person)
    for person in people:
        give(ours, 1, person, 2, note=SENTENCE)
    give(ours, 1, Role.LEGAL_REPRESENTATIVE, 0)
    give(ours, 2, Role.CONTRIBUTOR, 1)
    open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    page = text_of(sign_in(client, ours, Role.CONTRIBUTOR).get(ours.draft.url("gaps")))
    assert 'Toutes les voix <span class="soft num">7 voix</span>' in page
    assert BOARD not in page
    assert "2 voix : il en faut trois" in page
    assert "Personne n’a donné son point de vue sur ce critère" in page


def test_each_criterion_says_what_a_closed_survey_told_of_it(ours, client):
    """Five answers or more, once closed; of the survey still open, nothing."""
    give(ours, 1, Role.CONTRIBUTOR, 1)
    open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    page = text_of(sign_in(client, ours, Role.CONTRIBUTOR).get(ours.draft.url("gaps")))
    of_first = page.split('id="critere-1"')[1].split("</article>")[0]
    assert "à propos de 2-1 ? » CSE : 4 sur 6 répondent oui." in " ".join(of_first.split())
    assert page.count("sur 6 répondent oui") == 3
    assert "Salarié·e·s en parcours :" not in page


def test_the_widest_gaps_come_first_when_asked(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)

    def order(query):
        page = text_of(client.get(ours.submitted.url("gaps") + query))
        return [
            part.split('"')[0]
            for part in page.split('<article class="gap ')[1:]
            for part in part.split('id="critere-')[1:]
        ]

    assert order("") == ["1", "2", "3", "4"]
    assert order("?ordre=ecarts") == ["1", "2", "4", "3"]
    assert order("?ordre=%00") == ["1", "2", "3", "4"]


# --- Cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_one_or_three_voices_cost_the_same(ours, client, queries, count):
    clear(ours)
    for role in STRUCTURE_ROLES[:count]:
        give(ours, 3, role, 1, note=SENTENCE)
    open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    sign_in(client, ours, Role.REFERENT)
    draft = ours.draft
    gaps, viewpoints, viewpoint = draft.url("gaps"), draft.url("viewpoints"), draft.url("viewpoint", 3)
    with queries(8):
        page = text_of(client.get(gaps))
    assert page.count(SENTENCE) == (3 if count == 3 else 0)
    with queries(11):
        client.get(viewpoints)
    with queries(12):
        client.get(viewpoint)


def test_a_save_costs_what_an_answer_costs(ours, client, url, queries):
    sign_in(client, ours, Role.CONTRIBUTOR)
    with queries(max=8):
        client.post(url, posted(choice="1"), headers=JSON)
    with queries(max=8):
        assert client.post(url, posted(1, choice="2"), headers=JSON).status_code == 200


@pytest.mark.parametrize("criteria", [20, 100])
def test_a_large_chapter_costs_no_more(db, client, queries, criteria):
    big = scale.build(structures=1, criteria=criteria)
    give_voices(big)
    client.force_login(big.referent)
    with queries(8):
        response = client.get(big.autodiag.url("gaps") + "?ordre=ecarts")
    assert text_of(response).count("Toutes les voix") == 2 * criteria
    assert len(gzip.compress(response.content)) < 100_000
    with queries(11):
        client.get(big.autodiag.url("viewpoints"))
