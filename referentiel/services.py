"""Writes on référentiels: bring a version in, publish it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from caprse.base import clock, journal
from referentiel.documents import canonical, content_hash
from referentiel.enums import Framework, VersionState
from referentiel.models import (
    Chapter,
    Correspondence,
    Criterion,
    Indicator,
    MaturityLevel,
    Referentiel,
    ScaleStep,
    Section,
    Version,
)

PROPERTIES = ("title", "question", "help", "examples", "evidence_hint")


@transaction.atomic
def import_version(*, data, by=None):
    """Create the next draft version of a référentiel from plain data (code, title, scale, chapters).

    Raises `ValidationError` when the data is incoherent: a criterion whose levels do not follow the scale,
    or a référentiel that already has a draft.
    """
    referentiel, _ = Referentiel.objects.update_or_create(
        code=data["code"], defaults={"title": data["title"], "notice": data.get("notice", "")}
    )
    versions = referentiel.versions.order_by("-number")
    if versions.filter(state=VersionState.DRAFT).exists():
        raise ValidationError("Ce référentiel a déjà un brouillon.")
    last = versions.first()
    version = Version.objects.create(referentiel=referentiel, number=last.number + 1 if last else 1)
    values = [step["value"] for step in data["scale"]]
    ScaleStep.objects.bulk_create(ScaleStep(version=version, **step) for step in data["scale"])
    for chapter in data["chapters"]:
        _import_chapter(version, chapter, values)
    journal.record("version.imported", version, by=by)
    return version


def _import_chapter(version, data, values):
    chapter = Chapter.objects.create(
        version=version,
        number=data["number"],
        title=data["title"],
        short_title=data.get("short_title", data["title"])[:30],
        summary=data.get("summary", ""),
    )
    position = 0
    for section_data in data["sections"]:
        section = Section.objects.create(chapter=chapter, number=section_data["number"], title=section_data["title"])
        for criterion_data in section_data["criteria"]:
            position += 1
            _import_criterion(section, criterion_data, values, position)


def _import_criterion(section, data, values, position):
    if len(data["levels"]) != len(values):
        raise ValidationError(f"Critère {data['code']} : {len(values)} niveaux attendus.")
    criterion = Criterion.objects.create(
        chapter=section.chapter,
        section=section,
        code=data["code"],
        position=position,
        weight=data.get("weight", 1),
        **{name: data.get(name, "") for name in PROPERTIES},
    )
    MaturityLevel.objects.bulk_create(
        MaturityLevel(criterion=criterion, value=value, description=text)
        for value, text in zip(values, data["levels"], strict=True)
    )
    Indicator.objects.bulk_create(
        Indicator(criterion=criterion, position=rank, **indicator)
        for rank, indicator in enumerate(data.get("indicators", []), start=1)
    )
    Correspondence.objects.bulk_create(
        Correspondence(criterion=criterion, framework=framework, number=number)
        for framework, key in ((Framework.ISO_26000, "iso"), (Framework.ODD, "odd"))
        for number in data.get(key, [])
    )


@transaction.atomic
def publish(*, version, by_name, by=None):
    """Freeze a draft: from now on its wording never changes. Returns the version.

    Raises `ValidationError` when it is not a draft or holds no criterion.
    """
    version = Version.objects.with_content().select_for_update(of=("self",)).get(pk=version.pk)
    if version.state != VersionState.DRAFT:
        raise ValidationError("Cette version est déjà publiée.")
    content = canonical(version)
    if not any(chapter["criteria"] for chapter in content["chapters"]):
        raise ValidationError("Cette version ne contient aucun critère.")
    version.state = VersionState.PUBLISHED
    version.published_at = clock.now()
    version.published_by = by_name
    version.content_hash = content_hash(content)
    version.save(update_fields=["state", "published_at", "published_by", "content_hash"])
    journal.record("version.published", version, by=by)
    return version
