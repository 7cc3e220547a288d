"""What a convention opens and closes: clearances granted and withdrawn as its signatures and its end say.

A convention drives rounds, never tools: these depend on adhesion and on the clause alone.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q

from caprse.base import clock, journal, outbox, sweeps
from cohorts.enums import ClearanceKind, OpeningCondition, OrganisationKind
from cohorts.models import Clearance, Membership, Participation
from cohorts.models.memberships import current
from cohorts.roles import Permission, roles_with
from cohorts.services.cohorts import grant_clearance, grant_clearances, withdraw_clearances
from conventions import rules
from conventions.enums import ConventionState, Nature, TerminationDecision
from conventions.holding import BINDING, UNDECIDED, WITHOUT_END, Bond, holds_until, opens_before_all_signed
from conventions.models import Breach, Convention, GracePeriod, Party
from conventions.models.conventions import OVER
from conventions.services import states

GRACE_MAIL = "grace_decided"
ONE_DAY = timedelta(days=1)


class NoGrace(Exception):
    """No time can be given here; `str()` says why, in French. `field`: the one it is about."""

    def __init__(self, reason, field="until"):
        super().__init__(reason)
        self.field = field


def grant(convention, parties):
    """Clear the structures among these parties to open their rounds; those already cleared stay so."""
    if convention.cohort_id is None:
        return
    bound = Participation.objects.current().filter(
        cohort_id=convention.cohort_id,
        organisation__in=parties.filter(role=OrganisationKind.STRUCTURE, left_on=None).values("organisation"),
    )
    cleared = Clearance.objects.filter(kind=ClearanceKind.CONVENTION, until=None, participation__in=bound)
    grant_clearances(
        participations=list(bound.exclude(pk__in=cleared.values("participation")).order_by("pk")),
        kind=ClearanceKind.CONVENTION,
        since=clock.today(),
        reason=f"Convention n° {convention.reference}",
    )


def grant_before_all(convention, party):
    """After the signature of a party that is not the last: clear what the condition of the cohort opens already.

    The caller holds the convention.
    """
    if convention.cohort_id is None or convention.nature not in BINDING:
        return
    condition = convention.cohort.condition
    if condition not in (OpeningCondition.OWN_SIGNED, OpeningCondition.NETWORK_SIGNED):
        return
    unsigned = tuple(Party.objects.filter(convention=convention).unsigned().values_list("pk", "role"))
    if opens_before_all_signed(condition, party.pk, unsigned):
        mine = Party.objects.filter(pk=party.pk)
        grant(convention, mine if condition == OpeningCondition.OWN_SIGNED else convention.parties.all())


def _grant(participation, convention, *, since=None, until=None, reason="", by=None):
    return grant_clearance(
        participation=participation,
        kind=ClearanceKind.CONVENTION,
        since=since or clock.today(),
        until=until,
        reason=reason or f"Convention n° {convention.reference}",
        by=by,
    )


# --- Bringing clearances in line ----------------------------------------------------------------------------------


@transaction.atomic
def settle(*, convention, by=None):
    """Bring the clearances of the structures of a convention in line with what holds them today; a grace counts.

    Granted where they are missing, ended where nothing holds them any more. Doing it again changes nothing.
    Structures that no text ever bound are left alone. Returns how many changed.
    """
    if convention.cohort_id is None:
        return 0
    today = clock.today()
    paths = list(paths_of(convention).select_for_update().order_by("pk"))
    bonds, parents = bonds_of(convention.cohort_id, [path.organisation_id for path in paths])
    graces = graces_of({pk for own in bonds.values() for pk in texts_of(own)})
    rows = clearances_of(paths)
    condition = convention.cohort.condition
    changed = 0
    for path in paths:
        own = bonds.get(path.organisation_id, ())
        ends = holds_until(own, parents, condition, today)
        if ends is not None:
            grace = max((graces[pk] for pk in texts_of(own) if pk in graces), key=lambda one: one.until, default=None)
            changed += _settle_path(path, convention, rows.get(path.pk, []), ends, grace, by)
    return changed


def paths_of(convention):
    """The paths, in its cohort, of the structures it binds: its parties, and those that joined it since."""
    texts = Q(convention=convention) | Q(convention__parent=convention, convention__nature=Nature.ACCESSION)
    structures = Party.objects.filter(texts, role=OrganisationKind.STRUCTURE)
    return Participation.objects.filter(
        cohort_id=convention.cohort_id, organisation__in=structures.values("organisation")
    )


def texts_of(bonds):
    """The ids of the conventions that bind a structure, those it joined included."""
    return {pk for bond in bonds for pk in (bond.convention.pk, bond.convention.parent_id) if pk}


def _settle_path(path, convention, rows, ends, grace, by):
    """One structure: `rows` are its clearances, `ends` the last day something holds it. Returns 1 if it changed."""
    if ends == WITHOUT_END:
        if path.left_on or any(row.until is None for row in rows):
            return 0
        _grant(path, convention)
        return 1
    if ends == UNDECIDED and grace is None:
        return 0
    closes = grace.until if ends == UNDECIDED else max(ends, grace.until) if grace else ends
    today = clock.today()
    if any(row.until is None or row.until > closes for row in rows):
        one = Participation.objects.filter(pk=path.pk)
        return int(withdraw_clearances(participations=one, kind=ClearanceKind.CONVENTION, until=closes, by=by) > 0)
    latest = max((row.until for row in rows), default=None)
    if grace and latest and latest < closes and closes >= today and not path.left_on:
        since = max(today, latest + ONE_DAY)
        reason = f"Délai de grâce : {grace.reason}"[:300]
        _grant(path, convention, since=since, until=closes, reason=reason, by=grace.decided_by)
        return 1
    return 0


def bonds_of(cohort_id, organisation_ids):
    """{structure: its bonds} in a cohort, and {id: convention} of those that accessions join; four queries."""
    parties = list(
        Party.objects.filter(
            convention__cohort=cohort_id, convention__nature__in=BINDING, organisation__in=organisation_ids
        )
        .select_related("convention__parent")
        .order_by("pk")
    )
    conventions = {party.convention_id for party in parties}
    unsigned = {}
    still_open = {p.convention_id for p in parties if p.convention.state == ConventionState.OPEN}
    if still_open:
        awaited = Party.objects.filter(convention__in=still_open).unsigned()
        for convention_id, *one in awaited.values_list("convention_id", "pk", "role"):
            unsigned.setdefault(convention_id, []).append(tuple(one))
    broken = dict(
        Breach.objects.filter(convention__in=conventions, decision=TerminationDecision.ENDED)
        .values_list("party")
        .annotate(Min("effect_on"))
    )
    bonds = {}
    for party in parties:
        bond = Bond(party, tuple(unsigned.get(party.convention_id, ())), broken.get(party.pk))
        bonds.setdefault(party.organisation_id, []).append(bond)
    parents = {p.convention.parent_id: p.convention.parent for p in parties if p.convention.nature == Nature.ACCESSION}
    return bonds, parents


def graces_of(convention_ids):
    """{convention: the farthest time given after it}."""
    rows = (
        GracePeriod.objects.filter(convention__in=convention_ids).select_related("decided_by").order_by("until", "pk")
    )
    return {row.convention_id: row for row in rows}


def clearances_of(paths):
    """{participation: its clearances by convention}."""
    found = {}
    for row in Clearance.objects.filter(participation__in=paths, kind=ClearanceKind.CONVENTION).order_by("pk"):
        found.setdefault(row.participation_id, []).append(row)
    return found


def settle_all():
    """Sweep: the conventions sent to their signatories, each in its own transaction. Returns how many clearances changed."""
    lasting = Clearance.objects.filter(
        Q(until=None) | Q(until__gte=clock.today()),
        kind=ClearanceKind.CONVENTION,
        participation__cohort=OuterRef("cohort"),
    )
    sent = Convention.objects.filter(
        ~Q(state__in=OVER) | Exists(lasting), nature__in=BINDING, cohort__isnull=False, sent_at__isnull=False
    )
    return sum(sweeps.each(sent.order_by("pk").values_list("pk", flat=True), settle_one))


@transaction.atomic
def settle_one(pk):
    """Settle one convention, held so that no signature comes in between."""
    convention = Convention.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=pk)
    return settle(convention=convention)


# --- Time given ---------------------------------------------------------------------------------------------------


def stopped(convention):
    """[(participation, last day of its rounds)] of the structures that this convention does not hold any more.

    None for a day: nobody has said until when.
    """
    if convention.cohort_id is None:
        return []
    today = clock.today()
    current_ones = paths_of(convention).current().select_related("organisation", "cohort__region")
    paths = list(current_ones.order_by("organisation__legal_name"))
    bonds, parents = bonds_of(convention.cohort_id, [path.organisation_id for path in paths])
    rows = clearances_of(paths)
    found = []
    for path in paths:
        ends = holds_until(bonds.get(path.organisation_id, ()), parents, convention.cohort.condition, today)
        own = rows.get(path.pk, [])
        if ends is not None and ends != WITHOUT_END and own:
            found.append((path, None if any(row.until is None for row in own) else max(row.until for row in own)))
    return found


@transaction.atomic
def decide_grace(*, convention, until, reason, by):
    """Let rounds go on until a day, though nothing holds them any more; once more makes it longer, never shorter.

    The same decision sent twice is one. Raises NoGrace with the reason when it cannot be given.
    """
    locked = states.lock(convention)
    latest = GracePeriod.objects.filter(convention=locked).order_by("-until", "-pk").first()
    if latest and (latest.until, latest.reason, latest.decided_by_id) == (until, reason, by.user_id):
        return latest
    structures = stopped(locked)
    verdict = rules.can_give_grace(structures, latest, until, clock.today())
    if not verdict:
        raise NoGrace(verdict.reason)
    grace = GracePeriod.objects.create(
        region_id=locked.region_id, convention=locked, until=until, reason=reason, decided_by_id=by.user_id
    )
    settle(convention=locked, by=grace.decided_by)
    journal.record(
        "convention.grace_given",
        grace,
        by=by,
        region_id=locked.region_id,
        cohort_id=locked.cohort_id,
        details={"until": until.isoformat()},
    )
    outbox.post(GRACE_MAIL, to_ids=people_of([path for path, _ in structures]), grace=grace.pk)
    return grace


def people_of(paths):
    """Who is told in these structures: those who lead the work, and those who commit the structure."""
    return Membership.objects.filter(
        current(clock.today()),
        organisation__in=[path.organisation_id for path in paths],
        role__in=roles_with(Permission.SUBMIT) | roles_with(Permission.ADOPT_PLAN),
        user__is_active=True,
    ).values_list("user_id", flat=True)
