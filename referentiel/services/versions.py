"""Writes on référentiels: bring a version in, prepare the next one, change its texts, publish it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from caprse.base import clock, journal
from caprse.base.versioned import guarded_update
from referentiel import rules
from referentiel.documents import canonical, content_hash, missing, stamp
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
    VoiceGroup,
)
from referentiel.services.questions import carry, questions_of

# Whose voices count, unless the file says otherwise: name, and whether they may be heard without an account.
USUAL_GROUPS = (
    ("Direction", False),
    ("Conseil d’administration", False),
    ("Bénévoles", False),
    ("Salarié·e·s permanent·e·s", False),
    ("Salarié·e·s en parcours", True),
    ("CSE", True),
    ("Partenaires", True),
)
PROPERTIES = ("title", "question", "help", "examples", "evidence_hint")
CHANGED_MEANWHILE = "changed"
CHAPTER_EDITED, CRITERION_EDITED = "chapter.edited", "criterion.edited"


class NotEditable(Exception):
    """The wording of this version is fixed; the message is French, for the reader."""


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
        raise ValidationError(rules.DRAFT_EXISTS)
    last = versions.first()
    version = Version.objects.create(referentiel=referentiel, number=last.number + 1 if last else 1)
    values = [step["value"] for step in data["scale"]]
    ScaleStep.objects.bulk_create(ScaleStep(version=version, **step) for step in data["scale"])
    VoiceGroup.objects.bulk_create(
        VoiceGroup(version=version, position=position, name=name, surveyed=surveyed)
        for position, (name, surveyed) in enumerate(_groups_of(data), start=1)
    )
    for chapter in data["chapters"]:
        _import_chapter(version, chapter, values)
    journal.record("version.imported", version, by=by)
    return version


def _groups_of(data):
    """The groups the file gives, or the usual ones."""
    return [(group["name"], group.get("surveyed", False)) for group in data.get("voice_groups", [])] or USUAL_GROUPS


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
def start_draft(*, referentiel, by=None):
    """Copy the latest published version into the next draft, stable identifiers kept. Returns the draft.

    Raises `ValidationError` when there is a draft already, or nothing published to copy. The number of queries does
    not depend on the size of the version.
    """
    Referentiel.objects.select_for_update().get(pk=referentiel.pk)
    versions = list(Version.objects.filter(referentiel=referentiel).order_by("-number"))
    if any(version.state == VersionState.DRAFT for version in versions):
        raise ValidationError(rules.DRAFT_EXISTS)
    published = next((version for version in versions if version.state == VersionState.PUBLISHED), None)
    if published is None:
        raise ValidationError(rules.NOTHING_TO_COPY)
    draft = Version.objects.create(referentiel=referentiel, number=versions[0].number + 1)
    _copy(Version.objects.with_content().get(pk=published.pk), draft)
    journal.record("version.drafted", draft, by=by, details={"from": published.number})
    return draft


def _copy(source, draft):
    """Every row a version holds, written again under another; one statement per table."""
    chapters = list(source.chapters.all())
    criteria = [criterion for chapter in chapters for criterion in chapter.criteria.all()]
    _copies(source.scale.all(), version=draft)
    _copies(source.voice_groups.all(), version=draft)
    new_chapters = _copies(chapters, version=draft)
    new_sections = _copies((s for c in chapters for s in c.sections.all()), chapter=new_chapters)
    new_criteria = _copies(criteria, chapter=new_chapters, section=new_sections)
    for name in ("levels", "indicators", "correspondences"):
        _copies((row for criterion in criteria for row in getattr(criterion, name).all()), criterion=new_criteria)


def _copies(rows, **parents):
    """Insert copies of rows under other parents: each a row, or {old key: new row}. Returns {old key: new row}."""
    rows = list(rows)
    if not rows:
        return {}
    model = type(rows[0])
    kept = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    kept = [name for name in kept if name not in {"revision", *(f"{parent}_id" for parent in parents)}]
    copies = [
        model(
            **{name: getattr(row, name) for name in kept},
            **{
                name: parent[getattr(row, f"{name}_id")] if isinstance(parent, dict) else parent
                for name, parent in parents.items()
            },
        )
        for row in rows
    ]
    return dict(zip((row.pk for row in rows), model.objects.bulk_create(copies), strict=True))


@transaction.atomic
def edit_chapter(*, chapter, revision, by=None, **texts):
    """Change the title, short title or presentation of a draft's chapter. Returns the chapter.

    Raises `StaleSave` when somebody saved in between, `NotEditable` once the version is published.
    """
    hold_draft(chapter.version_id)
    guarded_update(chapter, revision=revision, **texts)
    journal.record(CHAPTER_EDITED, chapter, by=by, details={"fields": sorted(texts)})
    return chapter


@transaction.atomic
def edit_criterion(*, criterion, revision, levels, by=None, **texts):
    """Change the texts and weight of a draft's criterion; `levels` is {value: description}. Returns the criterion.

    Raises `StaleSave` when somebody saved in between, `NotEditable` once the version is published.
    """
    hold_draft(criterion.chapter.version_id)
    guarded_update(criterion, revision=revision, **texts)
    changed = [
        level for level in criterion.levels.all() if levels.get(level.value, level.description) != level.description
    ]
    for level in changed:
        level.description = levels[level.value]
    if changed:
        MaturityLevel.objects.bulk_update(changed, ["description"])
    details = {"fields": sorted(texts), "levels": [level.value for level in changed]}
    journal.record(CRITERION_EDITED, criterion, by=by, details=details)
    return criterion


def hold_draft(version_id):
    """Hold the version while a text is saved, so that it is not published in between. Returns it."""
    version = Version.objects.select_for_update().get(pk=version_id)
    reason = rules.why_not_edited(version)
    if reason:
        raise NotEditable(reason)
    return version


@transaction.atomic
def publish(*, version, by_name, by=None, seen=None):
    """Freeze a draft: from now on its wording never changes. Returns the version.

    Writes the version's own row, and copies the questions asked without an account from the version in force: whoever
    works on an older version stays on it. `seen` is the `stamp` of what
    the person read. Raises `ValidationError` when it is not a draft, is not complete, or has changed since (code
    "changed").
    """
    Referentiel.objects.select_for_update().get(pk=version.referentiel_id)  # nobody releases a question meanwhile
    version = Version.objects.with_content().select_for_update(of=("self",)).get(pk=version.pk)
    questions = _standing_questions(version)
    reason = rules.why_not_published(version, missing(version, asked=[q for q in questions if q.is_asked]))
    if reason:
        raise ValidationError(reason)
    if seen is not None and seen != stamp(version):
        raise ValidationError("Le brouillon a changé pendant que vous le relisiez.", code=CHANGED_MEANWHILE)
    version.state = VersionState.PUBLISHED
    version.published_at = clock.now()
    version.published_by = by_name
    version.content_hash = content_hash(canonical(version))
    version.save(update_fields=["state", "published_at", "published_by", "content_hash"])
    carry(questions, version)
    journal.record("version.published", version, by=by)
    return version


def _standing_questions(version):
    """The questions of the version in force, which the next one takes over."""
    published = Version.objects.published().filter(referentiel=version.referentiel_id).first()
    return list(questions_of(published)) if published else []
