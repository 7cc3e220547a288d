"""Notes of follow-up: internal or shared, written by the team, read by the structure once shared."""

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from caprse.base import outbox
from caprse.base.models import AuditEvent, OutboxMessage
from cohorts.enums import NoteVisibility, Role
from cohorts.models import FollowupNote
from cohorts.services.notes import NOTE_MAIL, change_note, write_note
from cohorts.services.organising import NotPossible
from tests.worlds import World
from tests.worlds_organising import page

GOOD = {"held_on": "2025-11-03", "visibility": "internal", "text": "Rappeler vendredi."}
STRUCTURE = (Role.REFERENT, Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE)


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def team(ours, client):
    client.force_login(ours.user(Role.FACILITATOR))
    return client


def url(world, note=None):
    region = world.participation.cohort.region.slug
    args = [region, world.participation.public_id]
    return reverse("note_edit", args=[*args, note.public_id]) if note else reverse("notes", args=args)


def mails():
    return OutboxMessage.objects.filter(kind=NOTE_MAIL)


def change(note, **changes):
    return {**GOOD, "visibility": note.visibility, "revision": note.revision, **changes}


def test_an_internal_note_is_for_the_team_alone_and_nobody_is_written_to(ours, team):
    before = mails().count()
    assert team.post(url(ours), GOOD).url == url(ours)
    note = FollowupNote.objects.get(text=GOOD["text"])
    assert (note.visibility, note.held_on) == (NoteVisibility.INTERNAL, date(2025, 11, 3))
    assert note.written_by == ours.user(Role.FACILITATOR)
    assert AuditEvent.objects.get(verb="note.written", target_id=note.pk).actor_id == note.written_by_id
    shown = page(team.get(url(ours)))
    assert GOOD["text"] in shown
    assert "Interne : visible par l’équipe qui accompagne seulement" in shown
    team.force_login(ours.user(Role.REFERENT))
    assert GOOD["text"] not in page(team.get(url(ours)))
    assert mails().count() == before


def test_a_shared_note_is_read_by_the_structure_and_its_referents_are_told_without_its_text(ours, team):
    outbox.send_waiting()
    mail.outbox.clear()
    team.post(url(ours), {**GOOD, "visibility": "shared"})
    outbox.send_waiting()
    (sent,) = [message for message in mail.outbox if "note de suivi" in message.subject]
    assert sent.to == ["referent@ours.example.org"]
    assert url(ours) in sent.body
    assert GOOD["text"] not in sent.body
    for role in STRUCTURE:
        team.force_login(ours.user(role))
        shown = page(team.get(url(ours)))
        assert GOOD["text"] in shown
        assert "Note interne" not in shown
        assert "<textarea" not in shown
        assert "Vous pouvez demander à lire celles qui vous concernent" in shown
        assert url(ours) in page(team.get(ours.participation.get_absolute_url()))


def test_the_warning_stands_right_above_the_text(ours, team):
    shown = page(team.get(url(ours)))
    assert shown.index("Rien sur la santé, la religion") < shown.index("<textarea")
    assert "demander à la lire" in shown
    assert 'name="visibility"' in shown
    assert "checked" not in shown


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"visibility": ""}, "Choisissez qui peut lire cette note"),
        ({"visibility": "public"}, ""),
        ({"text": "  "}, "Écrivez la note"),
        ({"text": "x" * 10_001}, "10 001"),
        ({"held_on": "2025-11-05"}, "Ce jour n’est pas encore venu (mercredi 5 novembre 2025)"),
        ({"held_on": "0025-11-03"}, "Vérifiez l’année"),
    ],
)
def test_a_bad_one_says_why_keeps_what_was_typed_and_writes_nothing(ours, team, changes, words):
    before = FollowupNote.objects.count()
    response = team.post(url(ours), {**GOOD, **changes})
    assert response.status_code == 422
    assert words in page(response).replace("\u202f", " ")
    if "text" not in changes:
        assert GOOD["text"] in page(response)
    assert FollowupNote.objects.count() == before


def test_its_author_changes_it_then_shares_it_and_the_mail_leaves_once(ours, team):
    note = ours.note
    before = mails().count()
    team.post(url(ours, note), change(note, text="Texte corrigé"))
    note.refresh_from_db()
    assert (note.text, note.revision, note.visibility) == ("Texte corrigé", 1, "internal")
    assert mails().count() == before
    team.post(url(ours, note), change(note, visibility="shared"))
    note.refresh_from_db()
    team.post(url(ours, note), change(note, text="Encore corrigé"))
    note.refresh_from_db()
    assert (note.text, note.is_shared, note.revision) == ("Encore corrigé", True, 3)
    assert mails().count() == before + 1
    verbs = AuditEvent.objects.filter(target_id=note.pk, verb__startswith="note.").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["note.written", "note.changed", "note.shared", "note.changed"]


def test_what_is_shared_never_becomes_internal_again(ours, team):
    note = ours.shared_note
    assert 'name="visibility"' not in page(team.get(url(ours, note)))
    team.post(url(ours, note), change(note, visibility="internal"))
    note.refresh_from_db()
    assert (note.is_shared, note.text) == (True, GOOD["text"])
    values = {"held_on": note.held_on, "text": "Autre", "visibility": NoteVisibility.INTERNAL}
    with pytest.raises(NotPossible, match="ne redevient pas interne"):
        change_note(note=note, revision=note.revision, by=ours.actor(Role.FACILITATOR), **values)
    note.refresh_from_db()
    assert (note.is_shared, note.text) == (True, GOOD["text"])


def test_two_windows_are_shown_both_texts(ours, team):
    note = ours.note
    team.post(url(ours, note), change(note, text="Première fenêtre"))
    response = team.post(url(ours, note), change(note, text="Seconde fenêtre"))
    assert response.status_code == 409
    shown = page(response)
    assert "Première fenêtre" in shown
    assert "Seconde fenêtre" in shown
    assert 'name="revision" value="1"' in shown
    note.refresh_from_db()
    assert note.text == "Première fenêtre"


def test_a_colleague_reads_it_and_may_not_change_it(ours, team):
    note = ours.note
    team.force_login(ours.user(Role.REGION_ADMIN))
    shown = page(team.get(url(ours)))
    assert note.text.strip() in shown
    assert url(ours, note) not in shown
    for response in (team.get(url(ours, note)), team.post(url(ours, note), change(note))):
        assert response.status_code == 403
        assert "qui peut seul·e la modifier" in page(response)
    values = {"held_on": note.held_on, "text": "Autre", "visibility": note.visibility}
    with pytest.raises(NotPossible):
        change_note(note=note, revision=note.revision, by=ours.actor(Role.REGION_ADMIN), **values)
    note.refresh_from_db()
    assert note.revision == 0


@pytest.mark.parametrize("role", STRUCTURE)
def test_the_structure_reads_and_does_not_write(ours, client, role):
    client.force_login(ours.user(role))
    before = FollowupNote.objects.count()
    assert client.post(url(ours), {**GOOD, "visibility": "shared"}).status_code == 403
    assert client.post(url(ours, ours.shared_note), change(ours.shared_note)).status_code == 403
    assert FollowupNote.objects.count() == before
    assert ours.shared_note.revision == 0


def test_a_structure_whose_adhesion_is_over_still_reads_what_was_shared(db, client):
    lapsed = World("lapsed")
    client.force_login(lapsed.user(Role.REFERENT))
    shown = page(client.get(url(lapsed)))
    assert "Note partagée" in shown
    assert "Note interne" not in shown


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_for_another_structure_it_does_not_exist(ours, client, key):
    client.force_login(World(key).user(Role.REFERENT))
    before = FollowupNote.objects.count()
    assert client.get(url(ours)).status_code == 404
    assert client.post(url(ours), GOOD).status_code == 404
    client.force_login(World("stranger").user(Role.FACILITATOR))
    assert client.post(url(ours), GOOD).status_code == 404
    assert client.get(url(ours, ours.note)).status_code == 404
    assert FollowupNote.objects.count() == before


def test_a_note_is_not_reached_through_another_structure(ours, team):
    theirs = World("neighbour").note
    assert team.get(url(ours, theirs)).status_code == 404
    assert team.delete(url(ours, ours.note)).status_code == 405
    assert FollowupNote.objects.filter(pk=ours.note.pk).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(ours, team, queries, count):
    for rank in range(count):
        write_note(
            participation=ours.participation,
            visibility=NoteVisibility.INTERNAL,
            held_on=date(2025, 11, 1),
            text=f"Note n° {rank}",
            by=ours.actor(Role.REGION_ADMIN),
        )
    with queries(5):
        shown = page(team.get(url(ours)))
    assert shown.count("Note n° ") == count
