"""Annexes of a convention: added to its draft, revised, filled over time; every party is told of each change."""

from dataclasses import dataclass

from django.db import transaction

from caprse.base import clock, files, journal, outbox
from caprse.base.versioned import StaleSave
from conventions import rules
from conventions.documents import canonical_sha256, sha256
from conventions.enums import ConventionState, TrailKind
from conventions.models import Annex, AnnexRevision
from conventions.services import sending, states, trail
from conventions.services.annexed import annexes_of, changed_by, copy_annex, copy_revision
from conventions.services.recipients import everybody

ANNEX_MAIL = "annex_revised"
BEFORE_SENDING = "Corrigée avant l’envoi"


@dataclass(frozen=True)
class Content:
    """What a revision holds: a text, a file that was checked (`Upload`), or the values of a form by the key of its field."""

    text: str = ""
    upload: object = None
    values: tuple = ()

    def sha256_with(self, fields):
        """Its fingerprint: of the bytes of a file, of a text, or of a form with its questions."""
        if self.upload:
            return self.upload.sha256
        return canonical_sha256({"fields": fields, "values": dict(self.values)}) if fields else sha256(self.text)


@transaction.atomic
def add_annex(*, convention, by, title, kind, content, binding=False, labels=()):
    """Add an annex to a draft, under the first number that is free. The same one sent twice is one.

    `labels` are the questions of a form. Raises WrongState when the convention is no longer a draft.
    """
    locked = states.lock(convention)
    states.refuse_unless(rules.can_add_annex(locked))
    fields = [{"key": f"f{rank}", "label": label} for rank, label in enumerate(labels, start=1)]
    there = annexes_of(locked)
    for known in there:
        same = (known.annex.title, known.annex.kind, known.sha256) == (title, kind, content.sha256_with(fields))
        if same and known.current.made_by_id == id_of(by):
            return known.annex
    taken = {known.annex.number for known in there}
    if locked.parent_id:  # the number of an annex of the text it changes means that annex
        taken |= {known.annex.number for known in annexes_of(locked.parent)}
    annex = Annex.objects.create(
        region_id=locked.region_id,
        convention=locked,
        number=next(number for number in range(1, len(taken) + 2) if number not in taken),
        title=title,
        kind=kind,
        binding=binding,
        fields=fields,
    )
    _write(annex, 1, content, "", by)
    journal.record("annex.added", annex, by=by, **sending.anchors(locked))
    return annex


@transaction.atomic
def drop_annex(*, annex, by):
    """Take an annex out of a draft. Twice changes nothing more. Raises WrongState once the text is frozen."""
    convention = states.lock(annex.convention)
    states.refuse_unless(rules.can_add_annex(convention))
    if Annex.objects.filter(pk=annex.pk, dropped_at=None).update(dropped_at=clock.now()):
        journal.record("annex.dropped", annex, by=by, **sending.anchors(convention))
    return annex


@transaction.atomic
def revise_annex(*, annex, number, by, content, note="", filled=False):
    """Write the next revision of an annex, made on revision `number`. What it already says adds none.

    `filled`: a form filled by somebody of a party, who puts their name to it. Once the convention binds, the chain
    keeps the change and every party is told. Raises WrongState, or StaleSave when somebody revised it meanwhile.
    """
    convention = states.lock(annex.convention)
    annex = Annex.objects.get(pk=annex.pk)
    states.refuse_unless(
        rules.can_fill_annex(convention, annex) if filled else rules.can_revise_annex(convention, annex)
    )
    last = annex.revisions.order_by("-number").first()
    if last.sha256 == content.sha256_with(annex.fields):
        return last
    if last.number != number:
        raise StaleSave(last)
    return _append(convention, annex, last.number + 1, content, note, by)


def _append(convention, annex, number, content, note, by):
    revision = _write(annex, number, content, note or BEFORE_SENDING, by)
    if convention.state == ConventionState.IN_FORCE:
        trail.append(
            convention,
            TrailKind.ANNEX_REVISED,
            actor=trail.by_user(by),
            data={"annex": annex.number, "revision": number, "sha256": revision.sha256, "binding": annex.binding},
        )
        outbox.post(ANNEX_MAIL, to_ids=everybody(convention), revision=revision.pk)
    details = {"annex": annex.pk, "number": number}
    journal.record("annex.revised", revision, by=by, details=details, **sending.anchors(convention))
    return revision


@transaction.atomic
def apply_amendment(*, amendment, by=None):
    """Once an amendment binds, its annexes become the next revisions of those that bear the same numbers.

    Doing it again changes nothing. Returns the revisions written.
    """
    parent = states.lock(amendment.parent)
    standing = {known.annex.number: known for known in annexes_of(parent)}
    note = f"Avenant n° {amendment.reference}"
    written = []
    for new in changed_by(amendment):
        known = standing.get(new.annex.number)
        revision = _next_of(known, new, note, by) if known else _added_to(parent, new, note, by)
        trail.append(
            parent,
            TrailKind.ANNEX_REVISED,
            actor=trail.by_user(by),
            data={
                "annex": new.annex.number,
                "revision": revision.number,
                "sha256": revision.sha256,
                "amendment": amendment.public_id,
            },
        )
        outbox.post(ANNEX_MAIL, to_ids=everybody(parent), revision=revision.pk)
        written.append(revision)
    return written


def _next_of(known, new, note, by):
    if new.annex.fields != known.annex.fields:
        Annex.objects.filter(pk=known.annex.pk).update(fields=new.annex.fields)
    return copy_revision(known.annex, new.current, known.current.number + 1, note=note, by_id=id_of(by))


def _added_to(parent, new, note, by):
    return copy_annex(new, parent, note=note, by_id=id_of(by)).revisions.get()


def _write(annex, number, content, note, by):
    stored = None
    if content.upload:
        stored = files.store_upload(content.upload, created_by_id=id_of(by), region_id=annex.region_id)
    return AnnexRevision.objects.create(
        region_id=annex.region_id,
        convention_id=annex.convention_id,
        annex=annex,
        number=number,
        text=content.text,
        file=stored,
        values=dict(content.values),
        sha256=content.sha256_with(annex.fields),
        note=note if number > 1 else "",
        made_by_id=id_of(by),
    )


def id_of(user):
    """The id of who acts; None for the product itself."""
    return user.user_id if user is not None else None
