"""Publishing a draft on screen: what changes is read, confirmed, then frozen."""

import re

import pytest
from django.urls import reverse

from caprse.base.access import Audience
from cohorts.enums import Role
from cohorts.models import Cohort, User
from referentiel.enums import VersionState
from referentiel.models import Criterion, Version
from tests.referentiel.test_drafts import criterion_of, reword, rows
from tests.worlds import World
from tests.worlds_drafts import REWORDED
from tests.worlds_organising import page

URL = "/referentiels/ESSAI/brouillon/publier/"


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def editor(client, ours):
    client.force_login(ours.editor)
    return client


def shown(client):
    """The page and the fingerprint it carries."""
    said = page(client.get(URL))
    found = re.search(r'name="seen" value="(\w+)"', said)
    return said, {"confirm": "yes", "seen": found[1] if found else ""}


def test_it_shows_what_changes_and_who_stays(ours, editor):
    said, _ = shown(editor)
    assert "1 texte diffère" in said
    assert "Question 1.2 ?" in said
    assert REWORDED in said
    assert "Les cohortes en cours restent sur leur version" in said
    assert f"{Cohort.objects.filter(version__referentiel__code='ESSAI').count()} cohortes aujourd’hui" in said


def test_it_publishes_says_what_it_means_and_leaves_the_rest(ours, editor, client):
    before = rows("autodiag", "cohorts", "conventions")
    _, data = shown(editor)
    said = page(editor.post(URL, data, follow=True))
    assert "La version 2 est publiée" in said
    assert "cohortes en cours restent sur leur version" in said
    published = Version.objects.get(referentiel__code="ESSAI", number=2)
    assert (published.state, published.published_by) == (VersionState.PUBLISHED, ours.editor.full_name)
    assert rows("autodiag", "cohorts", "conventions") == before
    assert Version.objects.get(referentiel__code="ESSAI", number=1).state == VersionState.PUBLISHED
    assert published in Version.objects.readable_by({Audience.REFERENT})
    client.force_login(ours.user(Role.REFERENT))
    assert REWORDED not in page(client.get(ours.draft.url("criterion", 2)))


def test_new_cohorts_are_offered_the_newest_first(ours, editor, client):
    editor.post(URL, shown(editor)[1])
    client.force_login(ours.user(Role.REGION_ADMIN))
    said = page(client.get(reverse("cohort_new", args=["ici"])))
    assert said.index("Référentiel ESSAI – version 2") < said.index("Référentiel ESSAI – version 1")


def test_without_the_box_nothing_is_published(ours, editor):
    _, data = shown(editor)
    response = editor.post(URL, {"seen": data["seen"]})
    assert response.status_code == 422
    assert "Cochez la case" in page(response)
    assert ours.draft_version.state == VersionState.DRAFT


def test_what_is_missing_is_listed_each_a_link(ours, editor):
    _, data = shown(editor)
    criterion = criterion_of(ours.draft_version, "2.3")
    reword(criterion, question="", levels={0: ""})
    said, _ = shown(editor)
    link = reverse("draft_criterion", args=["ESSAI", criterion.stable_id])
    assert said.count(f'href="{link}"') == 2
    assert "Critère 2.3 : la question" in said
    assert "Publier cette version" not in said
    assert editor.post(URL, data).status_code == 422
    assert ours.draft_version.state == VersionState.DRAFT


def test_a_draft_that_changed_since_is_read_again(ours, editor):
    _, data = shown(editor)
    reword(criterion_of(ours.draft_version, "2.3"), help="Une aide de dernière minute")
    response = editor.post(URL, data)
    assert response.status_code == 409
    assert "Rien n’a été publié" in page(response)
    assert "Une aide de dernière minute" in page(response)
    assert ours.draft_version.state == VersionState.DRAFT


def test_nothing_changed_nothing_to_publish(ours, editor):
    reword(criterion_of(ours.draft_version, "1.2"), question="Question 1.2 ?")
    said, data = shown(editor)
    assert "rien à publier" in said
    assert editor.post(URL, data).status_code == 422
    assert ours.draft_version.state == VersionState.DRAFT


@pytest.mark.parametrize("seen", ["", "a\x00b", "9" * 1000])
def test_a_forged_fingerprint_publishes_nothing(ours, editor, seen):
    assert "Rien n’a été publié" in page(editor.post(URL, {"confirm": "yes", "seen": seen}))
    assert ours.draft_version.state == VersionState.DRAFT


def test_sent_twice_it_publishes_once_says_so_and_the_page_is_gone(ours, editor):
    _, data = shown(editor)
    editor.post(URL, data)
    again = editor.post(URL, data, follow=True)
    assert again.redirect_chain == [(reverse("referentiel_version", args=["ESSAI", 2]), 302)]
    assert "La version 2 est déjà publiée : rien de plus n’a été fait." in page(again)
    assert editor.get(URL).status_code == 404
    assert Version.objects.filter(referentiel__code="ESSAI").count() == 2
    assert Criterion.objects.filter(chapter__version__referentiel__code="ESSAI").count() == 16


def test_a_colleague_does_not_publish(ours, client):
    client.force_login(User.objects.get(email="national_staff@ours.example.org"))
    assert "ne vous est pas confiée" in page(client.get(URL))
    assert "ne vous est pas confiée" in page(client.post(URL, {"confirm": "yes"}))
    assert ours.draft_version.state == VersionState.DRAFT
