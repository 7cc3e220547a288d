"""Preparing the next version: copied whole, changed text by text, published without touching anything else."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from caprse.base.models import AuditEvent
from caprse.base.versioned import StaleSave
from cohorts.enums import Role
from referentiel.documents import canonical, compare, missing, stamp
from referentiel.enums import VersionState
from referentiel.models import Criterion, MaturityLevel, Referentiel, Version
from referentiel.services import NotEditable, edit_chapter, edit_criterion, import_version, publish, start_draft
from tests.harness.threads import raised_at_once
from tests.test_access_matrix import rows_of
from tests.worlds import World, referentiel_data

TEXTS = ("title", "question", "help", "examples", "evidence_hint", "weight")


def whole(version):
    return Version.objects.with_content().get(pk=version.pk)


def published(code="NEUF", **sizes):
    return publish(version=import_version(data=referentiel_data(code, **sizes)), by_name="Nadia")


def criterion_of(version, code="1.1"):
    rows = Criterion.objects.select_related("chapter").prefetch_related("levels")
    return rows.get(chapter__version=version, code=code)


def reword(criterion, *, revision=None, levels=None, **changes):
    texts = {**{name: getattr(criterion, name) for name in TEXTS}, **changes}
    revision = criterion.revision if revision is None else revision
    return edit_criterion(criterion=criterion, revision=revision, levels=levels or {}, **texts)


@pytest.fixture
def first(db):
    return published()


@pytest.fixture
def draft(first):
    return start_draft(referentiel=first.referentiel)


def helps(version):
    return list(
        Criterion.objects.filter(chapter__version=version)
        .order_by("chapter__number", "position")
        .values_list("help", "examples", "evidence_hint", "chapter__summary", "chapter__short_title")
    )


def test_a_draft_takes_every_word_and_keeps_identifiers(first, draft):
    before, after = canonical(whole(first)), canonical(whole(draft))
    assert after.pop("number") == before.pop("number") + 1
    assert after == before
    assert helps(draft) == helps(first)
    assert (draft.state, draft.published_by) == (VersionState.DRAFT, "")
    kept = [
        list(model.objects.filter(**{of: version}).order_by("pk").values_list("stable_id", flat=True))
        for model, of in ((Criterion, "chapter__version"), (apps.get_model("referentiel.Section"), "chapter__version"))
        for version in (first, draft)
    ]
    assert kept[0] == kept[1]
    assert kept[2] == kept[3]
    assert compare(whole(first), whole(draft)) == []


def test_a_draft_starts_from_the_newest_published_version(first, draft):
    reword(criterion_of(draft), question="Deuxième façon ?")
    publish(version=draft, by_name="Nadia")
    third = start_draft(referentiel=first.referentiel)
    assert (third.number, criterion_of(third).question, criterion_of(third).revision) == (3, "Deuxième façon ?", 0)


def test_preparing_costs_the_same_whatever_the_size(db, queries):
    costs = []
    for code, criteria in (("PETIT", 4), ("GRAND", 20)):
        version = published(code, criteria=criteria)
        with queries(max=22) as captured:
            start_draft(referentiel=version.referentiel)
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_one_draft_at_a_time(first, draft):
    with pytest.raises(ValidationError, match="déjà un brouillon"), transaction.atomic():
        start_draft(referentiel=first.referentiel)
    assert first.referentiel.versions.count() == 2


def test_nothing_published_nothing_to_copy(db):
    empty = Referentiel.objects.create(code="VIDE", title="Vide")
    with pytest.raises(ValidationError, match="rien à reprendre"), transaction.atomic():
        start_draft(referentiel=empty)
    assert not empty.versions.exists()


def test_a_criterion_is_changed_and_the_published_one_is_not(first, draft):
    reword(criterion_of(draft), question="=SOMME(A1) ?", weight=3, levels={1: "Autre niveau"})
    changed, kept = criterion_of(draft), criterion_of(first)
    assert (changed.question, changed.weight, changed.revision) == ("=SOMME(A1) ?", 3, 1)
    assert [level.description for level in changed.levels.all()][1] == "Autre niveau"
    assert (kept.question, kept.weight) == ("Question 1.1 ?", 2)
    event = AuditEvent.objects.get(verb="criterion.edited", target_id=changed.pk)
    assert event.details["levels"] == [1]
    assert "Autre niveau" not in str(event.details)
    [change] = compare(whole(first), whole(draft))
    assert change.what == ["question", "niveau 1", "poids"]


def test_a_chapter_is_changed(first, draft):
    chapter = draft.chapters.first()
    edit_chapter(chapter=chapter, revision=0, title="Nouveau titre", short_title="Nouveau", summary="Dit mieux.")
    chapter.refresh_from_db()
    assert (chapter.title, chapter.summary, chapter.revision) == ("Nouveau titre", "Dit mieux.", 1)
    [change] = compare(whole(first), whole(draft))
    assert change.what == ["titre", "titre court", "présentation"]


def test_a_stale_save_is_refused_levels_included(draft):
    stale = criterion_of(draft)
    reword(criterion_of(draft), question="La première arrivée ?")
    with pytest.raises(StaleSave) as refusal, transaction.atomic():
        reword(stale, question="La seconde ?", levels={0: "Perdu"})
    assert refusal.value.current.question == "La première arrivée ?"
    assert criterion_of(draft).question == "La première arrivée ?"
    assert not MaturityLevel.objects.filter(description="Perdu").exists()


def test_published_texts_are_refused_with_the_reason_help_too(first):
    criterion, chapter = criterion_of(first), first.chapters.first()
    with pytest.raises(NotEditable, match="ne change plus"):
        reword(criterion, help="Autre aide")
    with pytest.raises(NotEditable, match="version suivante"):
        edit_chapter(chapter=chapter, revision=0, title=chapter.title, short_title="x", summary="Autre")
    assert criterion_of(first).help == "Aide 1.1"
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        Criterion.objects.filter(pk=criterion.pk).update(title="Autre")


# --- Publishing -------------------------------------------------------------------------------------------------


def test_what_is_missing_is_named_and_stops_publication(draft):
    reword(criterion_of(draft), question="", levels={2: "  "})
    gaps = missing(whole(draft))
    assert [(gap.where, gap.what) for gap in gaps] == [
        ("critère 1.1", "la question"),
        ("critère 1.1", "la description du niveau 2"),
    ]
    with pytest.raises(ValidationError, match="critère 1.1, la question"), transaction.atomic():
        publish(version=draft, by_name="Nadia")
    assert Version.objects.get(pk=draft.pk).state == VersionState.DRAFT


def test_what_is_published_is_what_was_read(draft):
    seen = stamp(whole(draft))
    reword(criterion_of(draft), help="Changée depuis")
    with pytest.raises(ValidationError, match="a changé"), transaction.atomic():
        publish(version=draft, by_name="Nadia", seen=seen)
    assert publish(version=draft, by_name="Nadia", seen=stamp(whole(draft))).state == VersionState.PUBLISHED


def rows(*labels):
    return {model._meta.label: rows_of(model) for label in labels for model in apps.get_app_config(label).get_models()}


def test_publishing_touches_no_diagnostic_no_cohort_no_older_version(db, queries):
    ours = World("ours")
    draft, older = ours.draft_version, ours.participation.cohort.version
    below, above = rows("referentiel"), rows("autodiag", "cohorts", "conventions")
    publish(version=draft, by_name="Nadia")
    assert rows("autodiag", "cohorts", "conventions") == above
    after = rows("referentiel")
    changed = {label for label in after if after[label] != below[label]}
    assert changed == {"referentiel.Version", "referentiel.SurveyQuestion"}
    assert set(below["referentiel.SurveyQuestion"]) <= set(after["referentiel.SurveyQuestion"])
    assert len(set(after["referentiel.Version"]) - set(below["referentiel.Version"])) == 1
    assert World("ours").participation.cohort.version == older
    assert ours.draft.round.chapter.version_id == older.pk
    answer = ours.answer(1)
    ours.save(answer, by=Role.REFERENT, practice="Nous continuons sur notre version")
    assert ours.draft.answers.filter(criterion__chapter__version=older).count() == 4


@pytest.mark.parametrize("criteria", [4, 20])
def test_publishing_costs_the_same_whatever_the_size(db, queries, criteria):
    version = import_version(data=referentiel_data("NEUF", criteria=criteria))
    with queries(14):
        publish(version=version, by_name="Nadia")


def test_two_people_publishing_at_once_make_one_version(committed_db):
    draft = World("ours").draft_version
    acts = [lambda name=name: publish(version=draft, by_name=name) for name in ("Nadia", "Paul")]
    raised = raised_at_once(*acts)
    assert sorted(refusal is None for refusal in raised) == [False, True]
    assert "déjà publiée" in str(next(filter(None, raised)))
    assert AuditEvent.objects.filter(verb="version.published", target_id=draft.pk).count() == 1
    assert Version.objects.get(pk=draft.pk).published_by in ("Nadia", "Paul")


def test_two_people_preparing_at_once_make_one_draft(committed_db):
    first = published()
    raised = raised_at_once(*[lambda: start_draft(referentiel=first.referentiel)] * 2)
    assert sorted(refusal is None for refusal in raised) == [False, True]
    assert first.referentiel.versions.drafts().count() == 1


def test_saving_while_somebody_publishes_is_in_the_version_or_refused(committed_db):
    draft = World("ours").draft_version
    criterion = criterion_of(draft)
    raised = raised_at_once(
        lambda: publish(version=draft, by_name="Nadia"), lambda: reword(criterion, question="De justesse ?")
    )
    saved = criterion_of(draft).question == "De justesse ?"
    assert raised[0] is None
    assert saved == (raised[1] is None)
