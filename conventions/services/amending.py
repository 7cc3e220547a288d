"""What follows a convention in force: an amendment that all its parties sign, a bulletin by which a structure joins it."""

from django.db import transaction

from caprse.base import journal
from caprse.base.versioned import guarded_update
from cohorts.models import Participation, Region
from conventions import consolidation, lifecycle
from conventions.consolidation import ADDED, MOVED, REMOVED, REPLACED
from conventions.enums import ConventionState, Nature, TemplateKind
from conventions.models import Convention, Party, Signatory
from conventions.services import drafting, family, sending, states, templates
from conventions.services.annexed import copy_annexes
from conventions.services.family import may_join
from conventions.services.signatories import write_signatory

KINDS = {Nature.AMENDMENT: TemplateKind.AMENDMENT, Nature.ACCESSION: TemplateKind.ACCESSION}
ALREADY_THERE = "Cette structure est déjà partie, ou ne fait pas partie de la cohorte."
LETTERS = {Nature.AMENDMENT: "A", Nature.ACCESSION: "B"}


class NoSuchChange(Exception):
    """The article is not in the text, or the change says nothing; `str()` says so, in French."""


@transaction.atomic
def draft_amendment(*, convention, by):
    """Begin an amendment, with all the parties of today and who signs for them; the one under way is returned.

    Raises WrongState with the reason.
    """
    Region.objects.select_for_update().get(pk=convention.region_id)
    locked = states.lock(convention)
    pending = family.under_way(locked, Nature.AMENDMENT).first()
    if pending and pending.state == ConventionState.DRAFT:
        return pending
    states.refuse_unless(lifecycle.can_amend(locked, pending))
    amendment = _begin(locked, Nature.AMENDMENT, by=by)
    family.copy_parties(locked, amendment, family.current_parties(locked), by=by)
    return amendment


@transaction.atomic
def draft_accession(*, convention, structure, by):
    """Begin the bulletin by which a structure joins: itself and the region's delegation sign it.

    The one under way for it is returned. Raises WrongState with the reason, above all when the text has no such clause.
    """
    Region.objects.select_for_update().get(pk=convention.region_id)
    locked = states.lock(convention)
    states.refuse_unless(lifecycle.can_adhere(locked, family.template_of(locked).accession))
    if structure.pk not in {one.pk for one in may_join(locked)}:
        raise states.WrongState(ALREADY_THERE)
    pending = family.under_way(locked, Nature.ACCESSION).filter(structure=structure).first()
    if pending:
        return pending
    bulletin = _begin(locked, Nature.ACCESSION, structure=structure, by=by)
    drafting.add_participants(convention=bulletin, by=by)
    return bulletin


def _begin(parent, nature, *, by, structure=None):
    version = templates.latest_version(templates.MODELS[KINDS[nature]])
    known = {**parent.variables}
    if by:
        known |= {"contact_name": by.full_name, "contact_email": by.email}
    convention = Convention.objects.create(
        region_id=parent.region_id,
        cohort_id=parent.cohort_id,
        nature=nature,
        parent=parent,
        structure=structure,
        version=version,
        reference=next_reference(parent, nature),
        variables=drafting.taken_up(version, known),
        created_by_id=by.user_id if by else None,
    )
    if nature == Nature.AMENDMENT:
        copy_annexes(parent, convention)
    journal.record("convention.follower_drafted", convention, by=by, **sending.anchors(convention))
    return convention


def next_reference(parent, nature):
    """« 2025-003-A1 » for the first amendment, « 2025-003-B1 » for the first bulletin."""
    rank = Convention.objects.filter(parent=parent, nature=nature, supersedes=None).count() + 1
    suffix = f"-{LETTERS[nature]}{rank}"
    return f"{parent.reference[: 20 - len(suffix)]}{suffix}"


@transaction.atomic
def _take_in(amendment, structure, by):
    locked = states.lock(amendment)
    if locked.state != ConventionState.DRAFT:
        raise states.WrongState(locked.state)
    if structure.pk not in {one.pk for one in may_join(locked.parent)}:
        raise states.WrongState(ALREADY_THERE)
    party, new = Party.objects.get_or_create(
        convention=locked,
        organisation=structure,
        defaults={"region_id": locked.region_id, "role": structure.kind, "name": structure.legal_name},
    )
    if new:
        for fields in drafting.proposed_signatories(locked.cohort, [structure.pk]).get(structure.pk, ()):
            write_signatory(party, by=by, **fields)
        journal.record("convention.party_entering", locked, by=by, **sending.anchors(locked, party))
    return locked


def bring_in(*, convention, structure, by):
    """Have a structure enter by an amendment that all sign: the one being written, begun when there is none.

    Returns the amendment. Raises WrongState with the reason.
    """
    return _take_in(draft_amendment(convention=convention, by=by), structure, by)


@transaction.atomic
def leave_out(*, party, by):
    """Leave out of an amendment being written a structure that was to enter by it. Raises WrongState once frozen."""
    locked = _lock_draft(party.convention)
    if family.entering(locked).filter(pk=party.pk).exists():
        Signatory.objects.filter(party=party).delete()
        Party.objects.filter(pk=party.pk).delete()
        journal.record("convention.party_left_out", locked, by=by, **sending.anchors(locked, party))
    return locked


# --- What an amendment changes ------------------------------------------------------------------------------------


@transaction.atomic
def set_change(*, amendment, revision, change, by):
    """Write one change, in place of the one this article had; one that changes nothing is taken away.

    `change`: {"act", "key", and for the act "title", "clauses", "after"}. An article to add has no key. The
    same change again changes nothing. Raises StaleSave, NoSuchChange, or WrongState once frozen.
    """
    locked = _lock_draft(amendment)
    before = family.text_before(locked)
    change = _checked(locked, before, change)
    if change in locked.changes:
        return locked
    others = [entry for entry in locked.changes if not (entry["key"] == change["key"] and _clashes(entry, change))]
    useless = change["act"] != ADDED and consolidation.amended(before, [change]) == before
    changes = in_order(before, others if useless else [*others, change])
    guarded_update(locked, revision=revision, only_if={"state": ConventionState.DRAFT}, changes=changes)
    journal.record("convention.change_set", locked, by=by, **sending.anchors(locked))
    return locked


@transaction.atomic
def drop_change(*, amendment, revision, key, by):
    """Leave an article as it was. Raises StaleSave, or WrongState once frozen."""
    locked = _lock_draft(amendment)
    changes = [entry for entry in locked.changes if entry["key"] != key]
    if changes != locked.changes:
        guarded_update(locked, revision=revision, only_if={"state": ConventionState.DRAFT}, changes=changes)
        journal.record("convention.change_dropped", locked, by=by, **sending.anchors(locked))
    return locked


def _lock_draft(amendment):
    locked = states.lock(amendment)
    if locked.state != ConventionState.DRAFT or locked.nature != Nature.AMENDMENT:
        raise states.WrongState(locked.state)
    return locked


def _clashes(entry, change):
    """Whether both say the same thing of an article: new words and a new place live together."""
    return entry["act"] == change["act"] or REMOVED in (entry["act"], change["act"])


def _checked(amendment, before, change):
    keys = {text.key for text in before}
    added = {entry["key"] for entry in amendment.changes if entry["act"] == ADDED}
    key, act = change.get("key", ""), change["act"]
    if act == ADDED:
        if key not in added:
            key = _key_of_same(amendment, change) or _new_key(amendment, keys | added)
    elif key not in (keys | added if act == MOVED else keys):
        raise NoSuchChange("Cet article n’est pas dans le texte.")
    if change.get("after") and change["after"] not in keys | added - {key}:
        raise NoSuchChange("L’article après lequel le mettre n’est pas dans le texte.")
    if act in (ADDED, REPLACED) and not (change.get("title") and change.get("clauses")):
        raise NoSuchChange("Un article a un titre et au moins un alinéa ; pour le retirer, supprimez-le.")
    names = {ADDED: ("title", "clauses", "after"), REPLACED: ("title", "clauses"), MOVED: ("after",), REMOVED: ()}
    return {"act": act, "key": key, **{name: change.get(name, "") for name in names[act]}}


def _key_of_same(amendment, change):
    """The key of an article added already with these very words at this very place, or None."""
    said = {**change, "key": ""}
    return next((entry["key"] for entry in amendment.changes if {**entry, "key": ""} == said), None)


def _new_key(amendment, taken):
    rank = 1
    while f"{amendment.reference[-8:].lower()}-{rank}" in taken:
        rank += 1
    return f"{amendment.reference[-8:].lower()}-{rank}"


def in_order(before, changes):
    """New words first, then what is added, what is moved, and what is taken out: an article named is always there."""
    ranks = {text.key: rank for rank, text in enumerate(before)}
    acts = (REPLACED, ADDED, MOVED, REMOVED)
    return sorted(changes, key=lambda entry: (acts.index(entry["act"]), ranks.get(entry["key"], len(ranks))))


# --- One convention a structure -----------------------------------------------------------------------------------


@transaction.atomic
def draft_for_structures(*, cohort, by):
    """Begin one convention for each structure of a cohort that has none of its own. Returns those begun.

    Its parties: the structure, and whoever a collective one would bind beside the structures. Raises WrongState while
    a collective one stands.
    """
    Region.objects.select_for_update().get(pk=cohort.region_id)
    states.refuse_unless(
        lifecycle.can_begin_each(Convention.objects.collective().standing().filter(cohort=cohort).first())
    )
    own = Convention.objects.one_each().filter(cohort=cohort)
    paths = Participation.objects.current().filter(cohort=cohort).exclude(organisation__in=own.values("structure"))
    version = templates.latest_version()
    begun = []
    for path in paths.select_related("organisation").order_by("organisation__legal_name"):
        convention = Convention.objects.create(
            region_id=cohort.region_id,
            cohort=cohort,
            structure=path.organisation,
            version=version,
            reference=drafting.next_reference(cohort.region_id),
            variables=drafting.proposed_variables(version, cohort, by),
            created_by_id=by.user_id if by else None,
        )
        drafting.add_participants(convention=convention, by=by)
        journal.record("convention.drafted", convention, by=by, **sending.anchors(convention))
        begun.append(convention)
    return begun
