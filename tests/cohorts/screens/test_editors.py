"""Who writes a référentiel: entrusted by name to the national staff, until a day, and taken back."""

import pytest
from django.urls import reverse

from caprse.base.models import AuditEvent
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import EditorGrant, Organisation, User
from cohorts.services.grants import NotEditable, entrust, take_back
from cohorts.services.people import create_person, give_role
from tests.harness.threads import raised_at_once
from tests.test_access_matrix import contents
from tests.worlds import World
from tests.worlds_organising import page

URL = "/referentiels/ESSAI/redaction/"


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def colleague(ours):
    return User.objects.get(email="national_staff@ours.example.org")


@pytest.fixture
def editor(client, ours):
    client.force_login(ours.editor)
    return client


def removal(user):
    return reverse("editor_remove", args=["ESSAI", user.public_id])


def may_edit(user):
    return bool(Actor.of(user).edited_referentiel_ids)


def test_a_colleague_may_write_at_once_and_until_the_end_of_the_day(ours, editor, colleague):
    said = page(editor.post(URL, {"person": colleague.public_id, "until": "2025-12-31"}, follow=True))
    assert f"{colleague.full_name} peut rédiger ce référentiel dès maintenant" in said
    assert "jusqu’au mercredi 31 décembre 2025 compris" in said
    grant = EditorGrant.objects.get(user=colleague)
    assert (grant.granted_by, grant.content_object.code) == (ours.editor, "ESSAI")
    assert may_edit(colleague)
    assert AuditEvent.objects.filter(verb="referentiel.entrusted", actor_id=ours.editor.pk).exists()


def test_doing_it_again_changes_the_day(ours, editor, colleague):
    editor.post(URL, {"person": colleague.public_id, "until": "2025-12-31"})
    editor.post(URL, {"person": colleague.public_id, "until": ""})
    assert EditorGrant.objects.get(user=colleague).expires_at is None


def test_a_colleague_reads_who_writes_and_nothing_else(ours, client, colleague):
    client.force_login(colleague)
    said = page(client.get(URL))
    assert ours.editor.full_name in said
    assert "pouvez le lire, pas le modifier" in said
    assert "Confier la rédaction" not in said
    before = contents()
    assert "ne vous est pas confiée" in page(client.post(URL, {"person": colleague.public_id}))
    assert "ne vous est pas confiée" in page(client.post(removal(ours.editor)))
    assert contents() == before


def bad_choices():
    return [
        ({"person": ""}, "Choisissez la personne"),
        ({"person": "a\x00b"}, "n’est plus dans l’équipe"),
        ({"person": "zzzzzzzzzzzz"}, "n’est plus dans l’équipe"),
        ({"until": "2025-11-03"}, "est passé"),
        ({"until": "0001-01-01"}, "Vérifiez l’année"),
        ({"until": "9" * 30}, "À corriger"),
    ]


@pytest.mark.parametrize(("change", "words"), bad_choices())
def test_a_bad_choice_says_why_and_changes_nothing(ours, editor, colleague, change, words):
    before = contents()
    response = editor.post(URL, {"person": colleague.public_id, **change})
    assert response.status_code == 422
    assert words in page(response)
    assert contents() == before


@pytest.mark.parametrize("who", ["referent@ours.example.org", "region_admin@ours.example.org"])
def test_it_is_entrusted_to_the_national_staff_alone(ours, editor, who):
    other = User.objects.get(email=who)
    assert editor.post(URL, {"person": other.public_id}).status_code == 422
    with pytest.raises(NotEditable, match="ne fait pas partie de l’équipe nationale"):
        entrust(referentiel=ours.draft_version.referentiel, user=other)
    assert not EditorGrant.objects.filter(user=other).exists()


def test_it_is_taken_back_at_once(ours, editor, colleague):
    entrust(referentiel=ours.draft_version.referentiel, user=colleague)
    said = page(editor.post(removal(colleague), follow=True))
    assert "ne rédige plus ce référentiel" in said
    assert not may_edit(colleague)
    assert AuditEvent.objects.filter(verb="referentiel.taken_back", actor_id=ours.editor.pk).exists()


def test_one_may_leave_once_somebody_else_can(ours, editor, colleague):
    entrust(referentiel=ours.draft_version.referentiel, user=colleague)
    assert "pas le modifier" in page(editor.post(removal(ours.editor), follow=True))
    assert not may_edit(ours.editor)


def test_the_last_one_stays(ours, editor):
    before = contents()
    response = editor.post(removal(ours.editor))
    assert response.status_code == 422
    assert "est la dernière personne à pouvoir rédiger" in page(response)
    assert "Lui retirer" not in page(editor.get(URL))
    shortened = editor.post(URL, {"person": ours.editor.public_id, "until": "2025-12-31"})
    assert "est la dernière personne" in page(shortened)
    assert contents() == before


def test_whoever_left_the_national_staff_does_not_count(ours, colleague):
    referentiel = ours.draft_version.referentiel
    entrust(referentiel=referentiel, user=colleague)
    colleague.memberships.update(until="2025-11-03")
    with pytest.raises(NotEditable, match="dernière personne"):
        take_back(referentiel=referentiel, user=ours.editor)
    assert may_edit(ours.editor)


def test_two_editors_who_remove_each_other_leave_one(committed_db):
    ours, colleague = World("ours"), User.objects.get(email="national_staff@ours.example.org")
    referentiel = ours.draft_version.referentiel
    entrust(referentiel=referentiel, user=colleague)
    acts = [lambda user=user: take_back(referentiel=referentiel, user=user) for user in (ours.editor, colleague)]
    raised = raised_at_once(*acts)
    assert sorted(type(refusal).__name__ for refusal in raised) == ["NoneType", "NotEditable"]
    assert EditorGrant.objects.filter(content_object=referentiel).count() == 1


def test_somebody_who_holds_nothing_is_not_found(ours, editor, colleague):
    before = contents()
    assert editor.post(removal(colleague)).status_code == 404
    assert editor.post(reverse("editor_remove", args=["AILLEURS", ours.editor.public_id])).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_or_three_editors(ours, editor, queries, count):
    national = Organisation.objects.get(legal_name="Tête de réseau")
    for rank in range(count - 1):
        user = create_person(email=f"n{rank}@n.example.org", first_name="Rédac", last_name=str(rank), password="x")
        give_role(user=user, role=Role.NATIONAL_STAFF, organisation=national)
        entrust(referentiel=ours.draft_version.referentiel, user=user)
    with queries(max=7):
        said = page(editor.get(URL))
    assert said.count("sans date de fin") == count


@pytest.mark.parametrize("role", [Role.REFERENT, Role.FACILITATOR, Role.REGION_ADMIN, Role.PARTNER])
def test_others_do_not_enter(ours, client, role):
    client.force_login(ours.user(role))
    before = contents()
    assert "Rien n’a été modifié" in page(client.get(URL))
    assert "Rien n’a été modifié" in page(client.post(removal(ours.editor)))
    assert contents() == before
