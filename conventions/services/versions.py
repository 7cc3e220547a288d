"""The next version of a text that was not signed by all: who must sign again, and why."""

from django.db import transaction

from caprse.base import journal, links, outbox
from cohorts.models import Region
from conventions import lifecycle
from conventions.enums import ConventionState, Nature, TrailKind
from conventions.models import Convention, Signatory, Signature
from conventions.models.conventions import LINK
from conventions.services import clearances, family, sending, states, trail
from conventions.services.annexed import copy_annexes

SUPERSEDED_MAIL = "convention_superseded"
LENGTH = 20


def next_version_reference(former):
    """« 2025-003-v2 »: the same number, so that everybody knows which text it takes the place of."""
    root = former.reference.removesuffix(f"-v{former.number}")
    suffix = f"-v{former.number + 1}"
    return f"{root[: LENGTH - len(suffix)]}{suffix}"


@transaction.atomic
def new_version(*, convention, reason, by):
    """Begin the version n+1, with the blanks, parties and signatories of this one; that one made already is returned.

    A text still being signed is taken back: its links die, its signatures lapse and stay in the history. Raises
    WrongState with the reason when nothing may follow this text.
    """
    Region.objects.select_for_update().get(pk=convention.region_id)  # as drafts do: the region, then the convention
    locked = states.lock(convention)
    made = Convention.objects.filter(supersedes=locked).first()
    if made:
        return made
    states.refuse_unless(lifecycle.can_renew(locked, stands=_another_stands(locked)))
    if locked.state in (ConventionState.FROZEN, ConventionState.OPEN):
        _take_back(locked, reason, by)
    version = Convention.objects.create(
        region_id=locked.region_id,
        cohort_id=locked.cohort_id,
        nature=locked.nature,
        parent_id=locked.parent_id,
        structure_id=locked.structure_id,
        version_id=locked.version_id,
        number=locked.number + 1,
        supersedes=locked,
        reference=next_version_reference(locked),
        variables=locked.variables,
        changes=locked.changes,
        created_by_id=by.user_id if by else None,
    )
    family.copy_parties(locked, version, locked.parties.filter(left_on=None), by=by)
    copy_annexes(locked, version)
    trail.append(locked, TrailKind.SUPERSEDED, actor=trail.by_user(by), data={"by": version.public_id})
    journal.record("convention.version_begun", version, by=by, **sending.anchors(version))
    return version


def _another_stands(convention):
    """Whether another text has taken the place already."""
    rows = Convention.objects.standing().filter(nature=convention.nature, structure=convention.structure_id)
    if convention.nature == Nature.CONVENTION:
        return (
            bool(convention.cohort_id) and rows.filter(cohort=convention.cohort_id).exclude(pk=convention.pk).exists()
        )
    pending = family.under_way(convention.parent, convention.nature).exclude(pk=convention.pk)
    return pending.filter(structure=convention.structure_id).exists()


def _take_back(convention, reason, by):
    """What is being signed is signed no more; whoever had received it is told."""
    told = convention.state == ConventionState.OPEN
    states.move(convention, to=ConventionState.SUPERSEDED, end_reason=reason)
    signatories = list(Signatory.objects.current().filter(party__convention=convention).order_by("pk"))
    for signatory in signatories:
        links.void(LINK, signatory.pk)
    if told:
        to_ids = [signatory.user_id for signatory in signatories if signatory.sent_at]
        outbox.post(SUPERSEDED_MAIL, to_ids=to_ids, convention=convention.pk)
        clearances.settle(convention=convention, by=by)


def what_changed(version):
    """What differs from the version before, as sentences: nothing, when the same words are signed again."""
    former = version.supersedes
    if former is None:
        return []
    told = []
    before = [(text.title, [p.text for p in text.paragraphs]) for text in family.base_of(former)]
    now = [(text.title, [p.text for p in text.paragraphs]) for text in family.base_of(version)]
    if former.version_id != version.version_id:
        told.append("Le modèle du texte est plus récent.")
    if before != now:
        titles = [title for title, words in now if (title, words) not in before]
        gone = [title for title, words in before if title not in [other for other, _ in now]]
        articles = ", ".join(f"« {title} »" for title in titles + gone)
        told.append(f"Le texte change : {articles}." if articles else "L’ordre des articles change.")
    if former.changes != version.changes and version.nature == Nature.AMENDMENT:
        told.append("Les articles que l’avenant modifie ne sont plus les mêmes.")
    old = set(former.parties.filter(left_on=None).values_list("organisation", "name"))
    new = set(version.parties.values_list("organisation", "name"))
    told += [f"{name} n’est plus partie." for pk, name in sorted(old, key=lambda row: row[1]) if pk not in dict(new)]
    told += [f"{name} devient partie." for pk, name in sorted(new, key=lambda row: row[1]) if pk not in dict(old)]
    return told


def lapsed_signatures(convention):
    """The signatures that bind nobody any more, since not all have signed: kept, and shown as such."""
    if convention.state not in lifecycle.LAPSED:
        return Signature.objects.none()
    rows = Signature.objects.filter(party__convention=convention)
    return rows.select_related("party", "signatory").order_by("signed_at", "pk")


def signs_again(version):
    """[(party, the signature given to the version before, or None)]: everybody signs what nobody has signed yet."""
    given = {}
    if version.supersedes_id:
        rows = Signature.objects.filter(party__convention=version.supersedes_id).select_related("party")
        given = {signature.party.organisation_id: signature for signature in rows.order_by("pk")}
    parties = version.parties.order_by("name")
    return [(party, given.get(party.organisation_id)) for party in parties]
