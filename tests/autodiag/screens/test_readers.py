"""What each person of a structure finds on its pages: their own acts, no dead button, and who does the rest."""

import pytest
from django.urls import reverse

from cohorts.enums import Role
from tests.worlds import STRUCTURE_ROLES, World

READERS = (Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE)
ACCOMPANYING = (Role.FACILITATOR, Role.REGION_ADMIN)


@pytest.fixture
def ours(db):
    return World("ours")


def page_of(client, world, role, url):
    client.force_login(world.user(role))
    return client.get(url, follow=True).content.decode().replace("&nbsp;", " ").replace("\xa0", " ")


def of_path(world, name, **more):
    return reverse(name, kwargs={"region": "ici", "public_id": world.participation.public_id, **more})


@pytest.mark.parametrize("role", READERS)
def test_a_reader_finds_no_form_to_answer_and_is_told_who_does(ours, client, role):
    for url in (ours.draft.get_absolute_url(), ours.draft.url("criterion", 1)):
        page = page_of(client, ours, role, url)
        assert "Votre rôle vous permet de tout lire et d’écrire des remarques" in page
        assert "votre référent·e transmet le chapitre" in page
        assert "data-answer " not in page
        assert "Répondre ici" not in page
        assert "Relire et transmettre" not in page
        assert " disabled" not in page


@pytest.mark.parametrize("role", READERS)
def test_a_reader_of_the_plan_reads_each_action_whole_and_finds_no_button(ours, client, role):
    ours.action.__class__.objects.filter(pk=ours.action.pk).update(why="Parce que", means="Un cahier", indicator="Dix")
    page = page_of(client, ours, role, of_path(ours, "plan"))
    whole = of_path(ours, "action", action_id=ours.action.public_id)
    assert f'href="{whole}"' in page
    assert "votre référent·e et l’équipe le tiennent à jour" in page
    assert of_path(ours, "action_new") not in page
    page = page_of(client, ours, role, whole)
    assert all(words in page for words in (ours.action.what, "Parce que", "Un cahier", "Dix"))
    assert of_path(ours, "action_edit", action_id=ours.action.public_id) not in page


def test_a_contributor_answers_and_is_told_who_transmits(ours, client):
    page = page_of(client, ours, Role.CONTRIBUTOR, ours.draft.get_absolute_url())
    assert "Répondre ici" in page
    assert "Votre référent·e relit et transmet le chapitre" in page
    assert ours.draft.url("autodiag_submit") not in page
    for position in (3, 4):
        ours.save(ours.answer(position), kind="unknown")
    page = page_of(client, ours, Role.CONTRIBUTOR, ours.draft.get_absolute_url())
    assert "Tous les critères ont une réponse. Votre référent·e relit et transmet" in page
    assert ours.draft.url("autodiag_submit") not in page


def test_the_referent_is_told_none_of_it(ours, client):
    page = page_of(client, ours, Role.REFERENT, ours.draft.get_absolute_url())
    assert "Votre rôle vous permet" not in page
    assert "relit et transmet le chapitre" not in page


def pages_both_read(world):
    return (
        world.participation.get_absolute_url(),
        of_path(world, "plan"),
        world.submitted.url("synthesis"),
        world.organisation.get_absolute_url(),
    )


@pytest.mark.parametrize("role", ACCOMPANYING)
def test_for_who_accompanies_it_is_never_your_structure(ours, client, role):
    for url in (*pages_both_read(ours), ours.draft.get_absolute_url()):
        page = page_of(client, ours, role, url)
        assert "Visible par la structure et l’équipe qui l’accompagne" in page, url
        assert "votre structure" not in page.lower().replace("vous et votre structure", ""), url
        assert "Votre image" not in page


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_for_its_people_it_is(ours, client, role):
    for url in pages_both_read(ours):
        page = page_of(client, ours, role, url)
        assert "Visible par votre structure" in page, url
        assert "Visible par la structure et" not in page, url
