"""The annexes of a convention as they stand: what a frozen text prints of them, what their pages show."""

from dataclasses import dataclass

from caprse.base.text import size_in_words
from conventions.models import Annex, AnnexRevision


@dataclass(frozen=True)
class Standing:
    """An annex as it stands: what a frozen text prints of it, and what its page shows."""

    annex: Annex
    current: AnnexRevision

    @property
    def label(self):
        return f"Rév. {self.current.number:02d}"

    @property
    def sha256(self):
        return self.current.sha256

    @property
    def entries(self):
        """(question, answer) of a form; the answer is empty until somebody fills it."""
        return [(field["label"], self.current.values.get(field["key"], "")) for field in self.annex.fields]

    @property
    def file_in_words(self):
        """Name and size of the file, where there is one."""
        stored = self.current.file
        return f"{stored.name}, {size_in_words(stored.size)}" if stored else ""


def annexes_of(convention):
    """The annexes of a convention, each with its present revision, in order: two queries whatever their number."""
    return standing_among(Annex.objects.standing().filter(convention=convention))


def standing_among(annexes):
    """The same, of annexes that came through a door."""
    annexes = list(annexes.order_by("number"))
    newest = {}
    revisions = AnnexRevision.objects.filter(annex__in=annexes).select_related("file", "made_by")
    for revision in revisions.order_by("annex", "number"):
        newest[revision.annex_id] = revision
    return [Standing(annex, newest[annex.pk]) for annex in annexes]


def copy_annexes(source, draft):
    """Take up in a draft the annexes of another text as they stand, numbers and revisions too; what is there stays.

    Returns those written.
    """
    taken = set(Annex.objects.standing().filter(convention=draft).values_list("number", flat=True))
    written = []
    for known in annexes_of(source):
        if known.annex.number in taken:
            continue
        written.append(copy_annex(known, draft))
    return written


def copy_annex(known, convention, *, note="", by_id=None):
    """An annex of one text, as it stands, in another."""
    annex = Annex.objects.create(
        region_id=convention.region_id,
        convention=convention,
        **{name: getattr(known.annex, name) for name in ("number", "title", "kind", "binding", "fields")},
    )
    copy_revision(annex, known.current, known.current.number, note=note or known.current.note, by_id=by_id)
    return annex


def changed_by(amendment):
    """The annexes that an amendment changes or adds to the text it follows, as it has them.

    One that it took up as it stood then changes nothing, though the parties have revised theirs since.
    """
    now = {known.annex.number: known.sha256 for known in annexes_of(amendment.parent)}
    revisions = AnnexRevision.objects.filter(annex__convention=amendment.parent_id, annex__dropped_at=None)
    taken_up = set(revisions.values_list("annex__number", "number", "sha256"))
    return [
        new
        for new in annexes_of(amendment)
        if now.get(new.annex.number) != new.sha256
        and (new.annex.number, new.current.number, new.sha256) not in taken_up
    ]


def copy_revision(annex, revision, number, *, note="", by_id=None):
    """What a revision says, as revision `number` of another annex of the same kind."""
    return AnnexRevision.objects.create(
        region_id=annex.region_id,
        convention_id=annex.convention_id,
        annex=annex,
        number=number,
        note=note,
        made_by_id=by_id or revision.made_by_id,
        **{name: getattr(revision, name) for name in ("text", "file", "values", "sha256")},
    )
