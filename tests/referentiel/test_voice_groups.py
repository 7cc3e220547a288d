"""Groups of voices: data of a version, from the file, changed whole in a draft, frozen once published."""

import tomllib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from caprse.base.models import AuditEvent
from referentiel.documents import canonical, compare, content_hash, groups_stamp, missing, stamp
from referentiel.imports import problems
from referentiel.models import Version, VoiceGroup
from referentiel.services import USUAL_GROUPS, NotEditable, import_version, publish, start_draft
from referentiel.services.voices import StaleGroups, set_voice_groups
from tests.harness.threads import raised_at_once
from tests.referentiel.test_drafts import published, whole
from tests.worlds import referentiel_data

GROUPS = [{"name": "Équipe"}, {"name": "Habitant·e·s", "surveyed": True}]


@pytest.fixture
def draft(db):
    return start_draft(referentiel=published().referentiel)


def said(version):
    return [(group.name, group.surveyed) for group in VoiceGroup.objects.filter(version=version)]


def rows(version):
    return [(group.stable_id, group.name, group.surveyed) for group in version.voice_groups.all()]


def change(version, groups, seen=None):
    return set_voice_groups(version=version, seen=groups_stamp(version) if seen is None else seen, groups=groups)


# --- From the file ------------------------------------------------------------------------------------------------


def test_the_file_gives_them_else_the_usual_ones(db):
    own = import_version(data={**referentiel_data("NEUF"), "voice_groups": GROUPS})
    assert said(own) == [("Équipe", False), ("Habitant·e·s", True)]
    assert said(import_version(data=referentiel_data("AUTRE"))) == list(USUAL_GROUPS)


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([], "de 2 à 15 groupes"),
        (GROUPS[:1], "de 2 à 15 groupes"),
        ([{"name": f"Groupe {rank}"} for rank in range(16)], "de 2 à 15 groupes"),
        ("Direction", "doit être une liste de tables"),
        ([*GROUPS, "CSE"], "doit être une liste de tables"),
        ([*GROUPS, {"name": "équipe"}], "deux groupes de voix ont le même nom"),
        ([*GROUPS, {"surveyed": True}], "le groupe de voix 3 : « name » manque"),
        ([*GROUPS, {"name": 3}], "« name » n’est pas un texte"),
        ([*GROUPS, {"name": "x" * 61}], "dépasse 60 caractères"),
        ([*GROUPS, {"name": "a\0b"}], "caractère nul"),
        ([*GROUPS, {"name": "CSE", "surveyed": "oui"}], "« surveyed » doit être true ou false"),
        ([*GROUPS, {"name": "CSE", "blind": True}], "« blind » n’existe pas"),
    ],
)
def test_a_bad_list_is_told_in_a_sentence(groups, words):
    found = problems({**referentiel_data("NEUF"), "voice_groups": groups})
    assert any(words in sentence for sentence in found)


def test_the_file_described_in_the_documentation_is_accepted():
    text = Path("docs/referentiels.md").read_text(encoding="utf-8")
    data = tomllib.loads(text.split("```toml")[1].split("```")[0])
    assert [group["name"] for group in data["voice_groups"]] == ["Direction", "Salarié·e·s en parcours"]
    assert not [sentence for sentence in problems(data) if "voix" in sentence or "voice" in sentence]


# --- In a draft ---------------------------------------------------------------------------------------------------


def test_a_draft_takes_them_with_their_identifiers(draft):
    before = draft.referentiel.versions.get(number=1)
    assert rows(before) == rows(draft)


def test_the_list_is_changed_in_one_save_and_kept_groups_keep_their_identifier(draft):
    direction, board, *_ = rows(draft)
    change(draft, [(board[0], "Administrateur·rice·s", False), (direction[0], "Direction", True), ("", "=1+1", True)])
    assert said(draft) == [("Administrateur·rice·s", False), ("Direction", True), ("=1+1", True)]
    kept = [group.stable_id for group in VoiceGroup.objects.filter(version=draft)]
    assert kept[:2] == [board[0], direction[0]]
    assert kept[2] not in {stable_id for stable_id, _, _ in rows(draft.referentiel.versions.get(number=1))}
    assert said(draft.referentiel.versions.get(number=1)) == list(USUAL_GROUPS)
    event = AuditEvent.objects.get(verb="voice_groups.edited", target_id=draft.pk)
    assert event.details == {"count": 3}


def test_the_same_list_sent_again_writes_nothing(draft):
    keys = set(draft.voice_groups.values_list("pk", flat=True))
    change(draft, rows(draft))
    assert set(draft.voice_groups.values_list("pk", flat=True)) == keys
    assert not AuditEvent.objects.filter(verb="voice_groups.edited", target_id=draft.pk).exists()


def test_an_identifier_of_elsewhere_or_used_twice_is_replaced(draft):
    theirs = VoiceGroup.objects.filter(version__referentiel__code="AILLEURS").first().stable_id
    mine = rows(draft)[0][0]
    change(draft, [(mine, "Un", False), (mine, "Deux", False), (theirs, "Trois", False)])
    kept = [group.stable_id for group in VoiceGroup.objects.filter(version=draft)]
    assert kept[0] == mine
    assert len(set(kept)) == 3
    assert theirs not in kept


def test_a_stale_list_is_refused_and_given_back(draft):
    seen = groups_stamp(draft)
    change(draft, [("", "Un", False), ("", "Deux", False)])
    with pytest.raises(StaleGroups) as refusal, transaction.atomic():
        change(draft, [("", "Trois", False), ("", "Quatre", False)], seen=seen)
    assert [group.name for group in refusal.value.current] == ["Un", "Deux"]
    assert said(draft) == [("Un", False), ("Deux", False)]


def test_two_people_saving_at_once_one_is_told(committed_db):
    draft = start_draft(referentiel=published().referentiel)
    seen = groups_stamp(draft)
    lists = [[("", f"{name} 1", False), ("", f"{name} 2", False)] for name in ("A", "B")]
    raised = raised_at_once(*[lambda groups=groups: change(draft, groups, seen=seen) for groups in lists])
    assert sorted(type(refusal).__name__ for refusal in raised) == ["NoneType", "StaleGroups"]
    assert len(said(draft)) == 2


# --- Published ----------------------------------------------------------------------------------------------------


def test_they_are_part_of_what_changes_and_of_what_is_published(draft):
    before, seen = whole(draft.referentiel.versions.get(number=1)), stamp(whole(draft))
    change(draft, [*rows(draft)[:2], ("", "Habitant·e·s", True)])
    [difference] = compare(before, whole(draft))
    assert (difference.kind, difference.name) == ("voice_groups", "Groupes de voix")
    assert "Habitant·e·s (peut répondre sans compte)" in difference.texts[0][2]
    with pytest.raises(ValidationError, match="a changé"), transaction.atomic():
        publish(version=draft, by_name="Nadia", seen=seen)
    done = publish(version=draft, by_name="Nadia", seen=stamp(whole(draft)))
    data = canonical(whole(done))
    assert [group[1] for group in data["voice_groups"]][-1] == "Habitant·e·s"
    assert done.content_hash == content_hash(data)
    assert done.content_hash != content_hash({**data, "voice_groups": []})


def test_a_hash_written_before_them_stays_as_it_was(draft):
    older = Version.objects.get(referentiel=draft.referentiel, number=1)
    kept = older.content_hash
    change(draft, [("", "Un", False), ("", "Deux", False)])
    publish(version=draft, by_name="Nadia")
    older.refresh_from_db()
    assert older.content_hash == kept


def test_at_least_two_groups_are_needed_to_publish(draft):
    change(draft, [("", "Seul", False)])
    [gap] = missing(whole(draft))
    assert (gap.kind, gap.where, gap.what) == ("voice_groups", "groupes de voix", "au moins 2 groupes")
    with pytest.raises(ValidationError, match="au moins 2 groupes"), transaction.atomic():
        publish(version=draft, by_name="Nadia")


def test_published_they_never_change(draft):
    older = draft.referentiel.versions.get(number=1)
    with pytest.raises(NotEditable, match="ne change plus"):
        change(older, [("", "Un", False), ("", "Deux", False)])
    for act in (
        lambda: VoiceGroup.objects.filter(version=older).update(name="Autre"),
        lambda: VoiceGroup.objects.filter(version=older).update(surveyed=True),
        lambda: VoiceGroup.objects.filter(version=older).delete(),
        lambda: VoiceGroup.objects.create(version=older, position=99, name="De plus"),
    ):
        with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
            act()
    assert said(older) == list(USUAL_GROUPS)
