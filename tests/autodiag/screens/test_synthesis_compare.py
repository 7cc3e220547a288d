"""Before and after on the screen: which snapshots, what is told of each criterion, who may read it."""

from datetime import date

import pytest

from autodiag.enums import AnswerKind
from autodiag.models import Answer, Autodiag
from autodiag.services.answers import start
from autodiag.services.reviews import reopen
from autodiag.services.submission import submit
from caprse.base import clock
from cohorts.access import Actor
from cohorts.enums import CohortKind, OpeningCondition, Role
from cohorts.models import ClauseVersion, Cohort, Participation
from cohorts.services import cohorts, people, schedule
from referentiel.models import MaturityLevel
from referentiel.services import publish
from tests.autodiag.screens.test_path_synthesis import sign_in, text_of
from tests.test_access_matrix import contents
from tests.worlds import STRUCTURE_ROLES, World

TEAM = (Role.FACILITATOR, Role.REGION_ADMIN)


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(autodiag, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{autodiag.url('synthesis_compare')}?{query}" if asked else autodiag.url("synthesis_compare")


def at_level(autodiag, position, rank):
    """One answer holds the level of this rank, as a save would leave it."""
    answer = Answer.objects.get(autodiag=autodiag, criterion__position=position)
    level = MaturityLevel.objects.filter(criterion=answer.criterion).order_by("value")[rank]
    Answer.objects.filter(pk=answer.pk).update(kind=AnswerKind.LEVEL, level=level, na_reason="")


def again(world):
    """Transmitted, then taken up to be corrected: its first criterion goes from the lowest level to the highest."""
    at_level(world.draft, 1, 0)
    world.transmit()
    reopen(autodiag=world.draft, by=world.actor(Role.REFERENT), reason="Une erreur")
    at_level(world.draft, 1, 2)
    return world.draft


def rows_of(page):
    """{code: cells of its row} of the table of criteria."""
    table = page.split("Critère par critère")[1].split("</table>")[0]
    return {row.split('criteria__code">')[1].split("<")[0]: row for row in table.split("<tr class=")[1:]}


def test_with_one_version_it_says_kindly_what_will_come(ours, client):
    sign_in(client, ours, Role.FACILITATOR)
    assert "Une seule version pour l’instant" in text_of(client.get(url_of(ours.submitted)))
    assert f'href="{url_of(ours.submitted)}"' in text_of(client.get(ours.submitted.url("synthesis")))


def test_before_anything_is_transmitted_it_says_so(ours, client):
    page = text_of(sign_in(client, ours, Role.FACILITATOR).get(url_of(ours.draft)))
    assert "Rien n’a encore été transmis pour ce chapitre" in page


@pytest.mark.parametrize("role", [*STRUCTURE_ROLES, *TEAM])
def test_the_two_last_transmissions_are_compared_by_default(ours, client, role):
    again(ours)
    ours.transmit(reason="Corrigé")
    page = text_of(sign_in(client, ours, role).get(url_of(ours.draft)))
    rows = rows_of(page)
    assert list(rows) == ["2.1", "2.2", "2.3", "2.4"]
    assert "deux degrés de plus" in rows["2.1"]
    assert "0 – Degré 0" in rows["2.1"]
    assert "2 – Degré 2" in rows["2.1"]
    assert all("inchangé" in rows[code] for code in ("2.2", "2.3", "2.4"))
    assert "dont la rédaction est la même" in page
    other_way = text_of(client.get(url_of(ours.draft, avant="2", apres="1")))
    assert "deux degrés de moins" in rows_of(other_way)["2.1"]


def test_the_answers_of_the_moment_are_the_structure_s_alone(ours, client):
    autodiag = again(ours)
    page = text_of(sign_in(client, ours, Role.CONTRIBUTOR).get(url_of(autodiag)))
    assert "Réponses du moment" in page
    assert "votre structure seule les lit" in page
    assert "deux degrés de plus" in rows_of(page)["2.1"]
    sign_in(client, ours, Role.FACILITATOR)
    assert "Réponses du moment" not in text_of(client.get(url_of(autodiag)))
    assert client.get(url_of(autodiag, avant="1", apres="maintenant")).status_code == 404


def test_the_same_version_on_both_sides_says_so(ours, client):
    autodiag = again(ours)
    page = text_of(sign_in(client, ours, Role.REFERENT).get(url_of(autodiag, avant="1", apres="1")))
    assert "Les deux côtés montrent la même version" in page


def later_path(ours):
    """The same structure in a later cohort, on the version that rewords 1.2: its chapter 1, begun."""
    old = ours.participation.cohort
    with clock.stopped(clock.at(date(2025, 10, 1), 9)):
        version = publish(version=ours.draft_version, by_name="Équipe nationale")
        cohort = cohorts.create_cohort(
            region=old.region,
            slug="plus-tard",
            name="Cohorte suivante",
            kind=CohortKind.DATED,
            version=version,
            starts_on=date(2025, 10, 1),
            condition=OpeningCondition.NONE,
        )
        chapter = version.chapters.get(number=1)
        round_ = schedule.open_round(cohort=cohort, chapter=chapter, opens_on=date(2025, 10, 1))
        path = cohorts.add_structure(cohort=cohort, organisation=ours.organisation)
        begun = start(participation=path, round=round_, by=ours.actor(Role.REFERENT))
    return Autodiag.objects.with_context().get(pk=begun.pk)


def test_an_earlier_cohort_is_compared_and_what_was_reworded_is_not(ours, client):
    autodiag = later_path(ours)
    sign_in(client, ours, Role.REFERENT)
    at_level(autodiag, 1, 2)
    rows = rows_of(text_of(client.get(url_of(autodiag))))
    assert "non comparable : la rédaction du critère a changé" in rows["1.2"]
    assert "non comparable" not in rows["1.1"]
    for position in (2, 3, 4):
        at_level(autodiag, position, 1)
    submit(autodiag=autodiag, by=ours.actor(Role.REFERENT))
    page = text_of(client.get(url_of(autodiag)))
    assert "Cohorte d’ici, " in page
    assert "non comparables" in page


def test_who_accompanies_the_later_path_alone_reads_nothing_of_the_earlier_one(ours, client):
    autodiag = later_path(ours)
    for position in (1, 2, 3, 4):
        at_level(autodiag, position, 1)
    submit(autodiag=autodiag, by=ours.actor(Role.REFERENT))
    newcomer = people.create_person(email="nouvelle@exemple.org", first_name="Nouvelle", last_name="Venue")
    people.give_role(user=newcomer, role=Role.FACILITATOR, cohort=Cohort.objects.get(slug="plus-tard"))
    people.accept_clause(user=newcomer, clause=ClauseVersion.objects.latest("pk"))
    client.force_login(newcomer)
    page = text_of(client.get(url_of(autodiag)))
    assert "Une seule version pour l’instant" in page
    earlier = f"{ours.submitted.public_id}-1"
    assert client.get(url_of(autodiag, avant=earlier, apres="1")).status_code == 404
    assert not Participation.objects.visible_to(Actor.of(newcomer)).filter(pk=ours.participation.pk).exists()


@pytest.mark.parametrize(
    "asked", [{"avant": "99"}, {"apres": "abc"}, {"avant": "1%00"}, {"avant": "9" * 30}, {"apres": "zzzzzzzzzzzz-1"}]
)
def test_a_version_that_is_not_there_is_a_404(ours, client, asked):
    autodiag = again(ours)
    assert sign_in(client, ours, Role.REFERENT).get(url_of(autodiag, **asked)).status_code == 404
    assert "deux degrés de plus" in text_of(client.get(url_of(autodiag)))


def test_a_neighbour_s_version_cannot_be_asked_for(ours, client):
    autodiag, theirs = again(ours), World("neighbour").submitted
    sign_in(client, ours, Role.REFERENT)
    assert client.get(url_of(autodiag, avant=f"{theirs.public_id}-1", apres="1")).status_code == 404


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_for_others_it_does_not_exist_and_nothing_changes(ours, client, key):
    before = contents()
    sign_in(client, World(key), Role.REFERENT)
    assert client.get(url_of(ours.submitted)).status_code == 404
    assert client.post(url_of(ours.submitted)).status_code == 405
    assert contents() == before


@pytest.mark.parametrize("corrections", [1, 3])
def test_it_costs_the_same_with_two_or_four_versions(ours, client, queries, corrections):
    again(ours)
    for rank in range(corrections):
        ours.transmit(reason=f"Correction {rank}")
        reopen(autodiag=ours.draft, by=ours.actor(Role.REFERENT), reason="Encore")
    ours.transmit(reason="Enfin")
    url = url_of(ours.draft)
    sign_in(client, ours, Role.FACILITATOR)
    with queries(7):
        page = text_of(client.get(url))
    assert page.count("<option") == 2 * (corrections + 2)
