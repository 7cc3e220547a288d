"""Templates of conventions: shipped, written, brought, published. A published version never changes."""

from dataclasses import replace

from django.db import transaction
from django.db.models import Q

from caprse.base import clock, journal
from caprse.base.text import safe_filename
from caprse.base.versioned import StaleSave, guarded_update
from cohorts.enums import OrganisationKind
from cohorts.models import Organisation
from conventions import texts
from conventions.documents import canonical_sha256
from conventions.enums import TemplateKind
from conventions.models import ConventionTemplate, TemplateDraft, TemplateVersion
from conventions.texts import bringing, markdown

STANDARD = "convention-engagements"
KEY_MAX = 60
# What a template is written from, for each kind of text.
MODELS = {
    TemplateKind.CONVENTION: STANDARD,
    TemplateKind.PARTNERSHIP: "charte-partenariat",
    TemplateKind.ENGAGEMENT: "charte-engagement",
    TemplateKind.AMENDMENT: "avenant",
    TemplateKind.ACCESSION: "bulletin-adhesion",
}


class NotPublishable(Exception):
    """Something is to be put right in the draft; `problems` are those of `texts.problems`."""

    def __init__(self, problems):
        super().__init__("; ".join(problem.sentence for problem in problems))
        self.problems = problems


class Unknown(Exception):
    """A clause names a blank, or the settings a clause, that somebody took away meanwhile."""


class TakenTitle(Exception):
    """Another template has this title."""


# --- Shipped ------------------------------------------------------------------------------------------------------


@transaction.atomic
def latest_version(key=STANDARD):
    """The version of a template in force: the last one. A shipped one is recorded the first time it is asked for.

    Its new wordings follow, until somebody of the network publishes one: from there on, theirs alone.
    """
    if key in texts.SHIPPED:
        return _shipped(key)
    return ConventionTemplate.objects.get(key=key).versions.order_by("-number").first()


def _shipped(key):
    data = texts.shipped(key)
    fingerprint = canonical_sha256(data)
    known = TemplateVersion.objects.filter(template__key=key).select_related("template").order_by("-number").first()
    if known and (known.sha256 == fingerprint or known.published_by_id):
        return known
    read = texts.read_template(data)
    template, _ = ConventionTemplate.objects.get_or_create(key=key, defaults={"title": read.title, "kind": read.kind})
    template = ConventionTemplate.objects.select_for_update().get(pk=template.pk)
    if template.kind != read.kind:
        ConventionTemplate.objects.filter(pk=template.pk).update(kind=read.kind)
    return _publish(template, data, fingerprint, by=None)


def _publish(template, content, fingerprint, *, by):
    """One more version, or the last one where it says the same already; the caller holds the template."""
    last = template.versions.order_by("-number").first()
    if last and last.sha256 == fingerprint:
        return last
    return TemplateVersion.objects.create(
        template=template,
        number=last.number + 1 if last else 1,
        content=content,
        sha256=fingerprint,
        published_by_id=by.user_id if by else None,
    )


def record_shipped():
    """Record the templates that come with the product. Doing it again changes nothing."""
    return [latest_version(key) for key in texts.SHIPPED]


# --- Written ------------------------------------------------------------------------------------------------------


@transaction.atomic
def create(*, title, kind, region, by, source=None):
    """A template of a region, or of the network (`region` None), and its draft, copied from a version or a shipped one.

    Created already by the same form sent twice, it is the one returned. Raises TakenTitle.
    """
    key = key_of(title, region)
    content = {**(source.content if source else texts.shipped(MODELS[kind])), "key": key, "title": title, "kind": kind}
    content = texts.plain(texts.read_template(content))
    template, new = ConventionTemplate.objects.get_or_create(
        key=key, defaults={"title": title, "kind": kind, "region": region}
    )
    if not new:
        draft = TemplateDraft.objects.filter(template=template).first()
        if draft is None or draft.content != content or template.region_id != (region.pk if region else None):
            raise TakenTitle
        return template
    TemplateDraft.objects.create(template=template, content=content, updated_by_id=by.user_id if by else None)
    journal.record("template.created", template, by=by, region_id=template.region_id)
    return template


def key_of(title, region=None):
    """« convention-2026-nouvelle-aquitaine »: what names a template in addresses and commands."""
    suffix = f"-{region.slug}" if region else ""
    stem = safe_filename(title, "").strip("-.")[: KEY_MAX - len(suffix)].strip("-")
    return f"{stem}{suffix}"


@transaction.atomic
def start_draft(*, template, by):
    """The draft of a template's next version; none yet, a copy of the last one."""
    held = ConventionTemplate.objects.select_for_update().get(pk=template.pk)
    draft = TemplateDraft.objects.filter(template=held).first()
    if draft:
        return draft
    last = held.versions.order_by("-number").first()
    source = last.content if last else texts.shipped(MODELS[held.kind])
    content = texts.plain(texts.read_template({**source, "key": held.key}))
    draft = TemplateDraft.objects.create(template=held, content=content, updated_by_id=by.user_id if by else None)
    journal.record("template.draft_started", held, by=by, region_id=held.region_id)
    return draft


@transaction.atomic
def drop_draft(*, draft, by):
    """Leave the next version unwritten; what is published stays. A template never published goes with its draft."""
    template = ConventionTemplate.objects.select_for_update().get(pk=draft.template_id)
    TemplateDraft.objects.filter(pk=draft.pk).delete()
    journal.record("template.draft_dropped", template, by=by, region_id=template.region_id)
    if not template.versions.exists():
        template.delete()
        return None
    return template


@transaction.atomic
def edit(*, draft, seen, part, by):
    """Change one part of a draft: `part.of(template)` as it was when read has the fingerprint `seen`.

    Two people who write two articles do not get in each other's way. Raises StaleSave with the draft as it stands
    when somebody wrote this part meanwhile, Unknown when it no longer goes with the rest.
    """
    held = TemplateDraft.objects.select_for_update().select_related("template").get(pk=draft.pk)
    template = texts.read_template(held.content)
    if part.seen(template) != seen:
        raise StaleSave(held)
    return _save(held, texts.plain(part.put(template)), by=by)


def _save(draft, content, *, by):
    if content != draft.content:
        try:
            texts.read_template(content)
        except ValueError as error:
            raise Unknown from error
        now = clock.now()
        by_id = by.user_id if by else None
        guarded_update(draft, revision=draft.revision, content=content, updated_at=now, updated_by_id=by_id)
        journal.record("template.draft_saved", draft.template, by=by, region_id=draft.template.region_id)
    return draft


@transaction.atomic
def publish(*, draft, revision, by):
    """Make the draft, as it was read, the next version. Raises NotPublishable, or StaleSave when it changed meanwhile."""
    template = ConventionTemplate.objects.select_for_update().get(pk=draft.template_id)
    held = TemplateDraft.objects.select_for_update().get(pk=draft.pk)
    if held.revision != revision:
        raise StaleSave(held)
    read = texts.read_template(held.content)
    if problems := texts.problems(read):
        raise NotPublishable(problems)
    if template.title != read.title:
        ConventionTemplate.objects.filter(pk=template.pk).update(title=read.title)
    before = template.versions.count()
    version = _publish(template, held.content, canonical_sha256(held.content), by=by)
    if template.versions.count() > before:
        journal.record(
            "template.published", template, by=by, region_id=template.region_id, details={"number": version.number}
        )
    return version


# --- Brought ------------------------------------------------------------------------------------------------------


def organisation_names(region_id=None):
    """{name: kind} of the delegations, national heads and partners that a text may call by their names."""
    rows = Organisation.objects.exclude(kind=OrganisationKind.STRUCTURE)
    if region_id:
        rows = rows.filter(Q(region=None) | Q(region_id=region_id))
    return dict(rows.order_by("pk").values_list("legal_name", "kind"))


def read_text(*, content, template):
    """A text that is brought, read for a template: with what it already says of its blanks and of organisations."""
    return markdown.read_markdown(
        content,
        names=organisation_names(template.region_id if template else None),
        variables=current(template).variables,
    )


def current(template):
    """A template as it is being written, else as it was published, else the shipped one."""
    if template is None:
        return texts.read_template(texts.shipped(STANDARD))
    draft = TemplateDraft.objects.filter(template=template).first()
    row = draft or template.versions.order_by("-number").first()
    return texts.read_template(row.content if row else texts.shipped(MODELS[template.kind]))


@transaction.atomic
def bring(*, key, brought, by, region=None):
    """Put a text that was read without error in the draft of a template, made when there is none. Returns the draft."""
    template, new = ConventionTemplate.objects.get_or_create(
        key=key, defaults={"title": brought.title, "region": region, "kind": TemplateKind.CONVENTION}
    )
    template = ConventionTemplate.objects.select_for_update().get(pk=template.pk)
    former = replace(current(template), key=key)
    content = bringing.with_text(former, brought)
    if new:
        journal.record("template.created", template, by=by, region_id=template.region_id)
    draft, _ = TemplateDraft.objects.get_or_create(template=template, defaults={"content": texts.plain(former)})
    held = TemplateDraft.objects.select_for_update().select_related("template").get(pk=draft.pk)
    return _save(held, content, by=by)
