"""Bringing a version in, publishing it; what is published never changes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from caprse.base.access import Audience
from referentiel.documents import canonical, content_hash
from referentiel.enums import VersionState
from referentiel.models import Chapter, Correspondence, Criterion, Indicator, MaturityLevel, ScaleStep, Section, Version
from referentiel.services import import_version, publish
from tests.worlds import referentiel_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def published():
    return publish(version=import_version(data=referentiel_data("NEUF", low=1, chapters=4)), by_name="Nadia")


def test_import_keeps_every_word_and_number():
    version = import_version(data=referentiel_data("NEUF", low=1, chapters=4, criteria=6))
    assert [step.value for step in version.scale.all()] == [1, 2, 3]
    assert Criterion.objects.filter(chapter__version=version).count() == 24
    criterion = Criterion.objects.get(chapter__version=version, code="3.1")
    assert [level.description for level in criterion.levels.all()] == [f"Description 3.1 degré {n}" for n in range(3)]
    assert list(criterion.correspondences.values_list("framework", "number")) == [("iso26000", 1), ("odd", 1)]
    assert criterion.indicators.get().unit == "%"


def test_levels_must_follow_the_scale():
    data = referentiel_data("NEUF")
    data["chapters"][0]["sections"][0]["criteria"][0]["levels"].pop()
    with pytest.raises(ValidationError, match="1.1 : 3 niveaux"), transaction.atomic():
        import_version(data=data)
    assert not Version.objects.filter(referentiel__code="NEUF").exists()


def test_one_draft_at_a_time_then_the_next_number(published):
    draft = import_version(data=referentiel_data("NEUF"))
    assert (published.number, draft.number) == (1, 2)
    with pytest.raises(ValidationError, match="déjà un brouillon"):
        import_version(data=referentiel_data("NEUF"))


def test_publishing_dates_signs_and_hashes_once(published):
    assert (published.state, published.published_by) == (VersionState.PUBLISHED, "Nadia")
    assert published.content_hash == content_hash(canonical(Version.objects.with_content().get(pk=published.pk)))
    with pytest.raises(ValidationError, match="déjà publiée"):
        publish(version=published, by_name="Autre")


WORDING = (
    (ScaleStep, {"label": "Autre"}),
    (Chapter, {"title": "Autre"}),
    (Section, {"title": "Autre"}),
    (Criterion, {"question": "Autre"}),
    (Criterion, {"weight": 9}),
    (MaturityLevel, {"description": "Autre"}),
    (Indicator, {"title": "Autre"}),
    (Correspondence, {"number": 30}),
    (Version, {"content_hash": "autre"}),
)


@pytest.mark.parametrize(("model", "change"), WORDING)
def test_published_wording_cannot_change(published, model, change):
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        model.objects.all().update(**change)


def test_criterion_cannot_be_added_to_a_published_version(published):
    section = Section.objects.filter(chapter__version=published).first()
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        Criterion.objects.create(
            chapter=section.chapter, section=section, code="1.9", position=9, title="x", question="y"
        )
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        MaturityLevel.objects.all()._raw_delete(using="default")


def test_published_version_is_not_reopened_but_may_be_retired(published):
    draft = {"state": VersionState.DRAFT, "published_at": None, "published_by": "", "content_hash": ""}
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        Version.objects.filter(pk=published.pk).update(**draft)
    Version.objects.filter(pk=published.pk).update(state=VersionState.RETIRED)


def test_a_draft_criterion_does_not_slip_into_a_published_chapter(published):
    draft = import_version(data=referentiel_data("NEUF"))
    chapter = published.chapters.first()
    moved = Criterion.objects.filter(chapter__version=draft)[:1].values("pk")
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        Criterion.objects.filter(pk__in=list(moved.values_list("pk", flat=True))).update(
            chapter=chapter, position=90, code="9.0"
        )


def test_presentation_help_may_be_improved(published):
    Criterion.objects.filter(chapter__version=published).update(help="Plus clair", examples="Un autre")
    assert Criterion.objects.filter(help="Plus clair").count() == 16


def test_a_draft_changes_freely():
    version = import_version(data=referentiel_data("NEUF"))
    Criterion.objects.filter(chapter__version=version).update(question="Mieux dite")
    assert Criterion.objects.filter(question="Mieux dite").count() == 8


def test_drafts_are_read_by_national_staff_alone(published):
    draft = import_version(data=referentiel_data("NEUF"))
    members, national = {Audience.REFERENT}, {Audience.NATIONAL_STAFF}
    assert draft not in Version.objects.readable_by(members)
    assert published in Version.objects.readable_by(members)
    assert draft in Version.objects.readable_by(national)
    assert not Version.objects.readable_by({Audience.PARTNER, Audience.SIGNED_IN}).exists()
