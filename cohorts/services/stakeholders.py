"""The stakeholders of a structure, and those the launch of a cohort named."""

import hashlib

from django.db import transaction

from caprse.base import journal
from caprse.base.text import normalised
from caprse.base.versioned import StaleSave, guarded_update
from cohorts.models import Cohort, NamedAtKickoff, Organisation, Stakeholder

# Where many structures begin, in words of our own.
USUAL = (
    "Salarié·e·s en parcours",
    "Salarié·e·s permanent·e·s",
    "Bénévoles et conseil d’administration",
    "Clients, particuliers et professionnels",
    "Collectivités locales",
    "État et autres financeurs",
    "Fournisseurs",
    "Réseau et structures voisines",
    "Habitant·e·s du territoire",
)
MOST = 200  # of one structure: beyond, a map says nothing any more
PLACES = ("importance", "influence")
TEXTS = ("expectations", "dialogue")


class AlreadyNamed(Exception):
    """The structure has somebody of this name already, as `stakeholder`. Nothing was written."""

    def __init__(self, stakeholder):
        super().__init__("already named")
        self.stakeholder = stakeholder


class Removed(Exception):
    """Somebody took this stakeholder off the list in between. Nothing was written."""


class TooMany(Exception):
    """The map of this structure holds no more names; the message says so, in French."""


@transaction.atomic
def add_stakeholder(*, organisation, name, by, **said):
    """Add somebody to the stakeholders of a structure. Returns the stakeholder.

    `said`: importance, influence (both or neither), expectations, dialogue. The same thing sent twice is one. Raises
    `AlreadyNamed` for a name that is there already, whatever its capitals and accents, `TooMany` when the map is full.
    """
    said = {"importance": None, "influence": None, "expectations": "", "dialogue": ""} | said
    known = _by_name(organisation)
    same = known.get(normalised(name))
    if same and same.name == name and all(getattr(same, field) == value for field, value in said.items()):
        return same
    if same:
        raise AlreadyNamed(same)
    _refuse_too_many(known, 1)
    stakeholder = Stakeholder.objects.create(
        region_id=organisation.region_id, organisation=organisation, name=name, created_by_id=by.user_id, **said
    )
    journal.record("stakeholder.added", stakeholder, by=by)
    return stakeholder


@transaction.atomic
def edit_stakeholder(*, stakeholder, revision, by, **said):
    """Change what is said of a stakeholder: name, importance, influence, expectations, dialogue. Returns it.

    Raises `StaleSave` when somebody saved in between, `AlreadyNamed` when another has that name, `Removed`.
    """
    if stakeholder.revision == revision and all(getattr(stakeholder, field) == value for field, value in said.items()):
        return stakeholder
    known = _by_name(stakeholder.organisation)
    if stakeholder.pk not in {row.pk for row in known.values()}:
        raise Removed
    same = known.get(normalised(said["name"]))
    if same and same.pk != stakeholder.pk:
        raise AlreadyNamed(same)
    guarded_update(stakeholder, revision=revision, **said)
    journal.record("stakeholder.edited", stakeholder, by=by, details={"revision": stakeholder.revision})
    return stakeholder


@transaction.atomic
def remove_stakeholder(*, stakeholder, by):
    """Take somebody off the list. Twice changes nothing more."""
    locked = Stakeholder.objects.select_for_update(of=("self",)).filter(pk=stakeholder.pk).first()
    if locked:
        journal.record("stakeholder.removed", locked, by=by)
        locked.delete()


@transaction.atomic
def take_up(*, organisation, names, by):
    """Add those of these names the structure does not have yet, in this order, to be placed. Returns them.

    Raises `TooMany` when the map cannot hold them all.
    """
    known, fresh = _by_name(organisation), {}
    for name in names:
        if normalised(name) not in known:
            fresh.setdefault(normalised(name), name)
    _refuse_too_many(known, len(fresh))
    anchors = {"region_id": organisation.region_id, "organisation": organisation, "created_by_id": by.user_id}
    added = [Stakeholder.objects.create(name=name, **anchors) for name in fresh.values()]
    for stakeholder in added:
        journal.record("stakeholder.added", stakeholder, by=by)
    return added


def _by_name(organisation):
    """The stakeholders of a structure by name, held so that no other is added meanwhile."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    return {normalised(row.name): row for row in Stakeholder.objects.filter(organisation=organisation)}


def _refuse_too_many(known, more):
    if more and len(known) + more > MOST:
        raise TooMany(f"Votre carte compte déjà {len(known)} noms, et {MOST} au plus. Réunissez-en quelques-uns.")


# --- The launch of a cohort ---------------------------------------------------------------------------------------


def names_of(cohort):
    """What the launch of a cohort named, in order."""
    return list(NamedAtKickoff.objects.filter(cohort=cohort).order_by("position").values_list("name", flat=True))


def stamp_of(names):
    """Fingerprint of the names a page shows: a save is made upon it."""
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


@transaction.atomic
def name_at_kickoff(*, cohort, names, seen, by):
    """Write the whole list of what the launch of a cohort named, in order. What structures took up stays theirs.

    `seen`: fingerprint of the list the page showed (`stamp_of`). Raises `StaleSave`, its `current` being the names now,
    when somebody changed it in between.
    """
    Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    before = names_of(cohort)
    if before == names:
        return names
    if stamp_of(before) != seen:
        raise StaleSave(before)
    NamedAtKickoff.objects.filter(cohort=cohort).delete()
    NamedAtKickoff.objects.bulk_create(
        NamedAtKickoff(region_id=cohort.region_id, cohort=cohort, position=rank, name=name)
        for rank, name in enumerate(names, start=1)
    )
    details = {"names": len(names)}
    journal.record("cohort.stakeholders_named", cohort, by=by, details=details, **_anchors(cohort))
    return names


def _anchors(cohort):
    return {"region_id": cohort.region_id, "cohort_id": cohort.pk}
