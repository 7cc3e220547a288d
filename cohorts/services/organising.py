"""Organising a cohort: create it with its calendar, change its dates, bring structures and people in."""

from django.db import transaction
from django.utils.text import slugify

from caprse.base import clock, journal
from caprse.base.models import AuditEvent
from caprse.base.text import NBSP, date_in_words, normalised
from cohorts.calendars import ROUND_DAYS
from cohorts.enums import ClearanceKind, CohortKind, OrganisationKind, Role
from cohorts.models import (
    Clearance,
    Cohort,
    CohortPartner,
    Meeting,
    Membership,
    Organisation,
    Participation,
    Region,
    Round,
)
from cohorts.models.memberships import current
from cohorts.services.cohorts import add_partner, add_structure, create_cohort, grant_clearance
from cohorts.services.invitations import invite
from cohorts.services.organisations import create_organisation, record_adhesion
from cohorts.services.people import give_role
from cohorts.services.schedule import add_meeting, open_round

# An address of the site: no cohort may take it.
RESERVED_SLUGS = frozenset({"nouvelle"})
SLUG_MAX = 60


class NotPossible(ValueError):
    """What was asked is not possible; `str()` is the French sentence to show, `field` the field it is about."""

    def __init__(self, field, sentence):
        super().__init__(sentence)
        self.field = field


class StaleDates(Exception):
    """Somebody changed dates since they were shown; `current` is {meeting id: its date as it stands now}."""

    def __init__(self, current):
        super().__init__("stale dates")
        self.current = current


# --- The calendar -----------------------------------------------------------------------------------------------


@transaction.atomic
def create_from_calendar(*, region, name, version, starts_on, steps, condition, by):
    """Create a dated cohort with its steps, and a round per chapter from its visio to its regroupement.

    `steps`: `PlannedMeeting`s; `starts_on` counts when the day of the first is not certain. Raises `NotPossible` when
    the name is taken.
    """
    _one_at_a_time(region.pk)
    names = {normalised(known) for known in Cohort.objects.filter(region=region).values_list("name", flat=True)}
    if normalised(name) in names:
        raise NotPossible("name", name_taken(name))
    cohort = create_cohort(
        region=region,
        slug=_free_slug(region, name),
        name=name,
        kind=CohortKind.DATED,
        version=version,
        starts_on=steps[0].when.certain_day or starts_on,
        condition=condition,
        by=by,
    )
    chapters = {chapter.number: chapter for chapter in version.chapters.all()}
    days = {number: dict.fromkeys(ROUND_DAYS.values()) for number in chapters}
    for position, step in enumerate(steps, start=1):
        _add_step(cohort, position, step, chapters.get(step.chapter), by)
        if step.kind in ROUND_DAYS:
            days[step.chapter][ROUND_DAYS[step.kind]] = step.when.certain_day
    for number, chapter in chapters.items():
        open_round(cohort=cohort, chapter=chapter, by=by, **days[number])
    return cohort


def _add_step(cohort, position, step, chapter, by):
    when = step.when
    add_meeting(
        cohort=cohort,
        position=position,
        kind=step.kind,
        title=step.title,
        chapter=chapter,
        mode=step.mode,
        precision=when.precision,
        day=when.day,
        hour=(when.hour.hour, when.hour.minute) if when.hour else None,
        as_written=when.as_written,
        by=by,
    )


def name_taken(name):
    """Why a cohort cannot be called like another one of its region."""
    return (
        f"Une cohorte de votre région s’appelle déjà «{NBSP}{name}{NBSP}». "
        "Donnez-lui un autre nom, par exemple avec ses années."
    )


def _free_slug(region, name):
    """The name as an address, with a number when another cohort of the region, or a page, has it."""
    base = slugify(name)[: SLUG_MAX - 3].strip("-") or "cohorte"
    taken = RESERVED_SLUGS | set(Cohort.objects.filter(region=region).values_list("slug", flat=True))
    slug, rank = base, 2
    while slug in taken:
        slug, rank = f"{base}-{rank}", rank + 1
    return slug


@transaction.atomic
def change_dates(*, cohort, dates, by):
    """Write the dates that differ from what stands; the rounds of their chapters follow. Returns the steps moved.

    `dates`: {meeting id: (stamp of the date that was shown, its new date)}. Raises `StaleDates` when somebody
    changed one of them in between: then nothing is written.
    """
    meetings = list(
        Meeting.objects.select_for_update(of=("self",))
        .filter(cohort=cohort, pk__in=dates)
        .select_related("chapter")
        .order_by("position")
    )
    stale = {m.pk: m.when for m in meetings if m.when.stamp not in (dates[m.pk][0], dates[m.pk][1].stamp)}
    if stale:
        raise StaleDates(stale)
    moved = [meeting for meeting in meetings if meeting.when != dates[meeting.pk][1]]
    for meeting in moved:
        _set_date(meeting, dates[meeting.pk][1])
    Meeting.objects.bulk_update(moved, ["precision", "day", "starts_at", "as_written"])
    _move_start(cohort, moved)
    AuditEvent.objects.bulk_create(
        journal.event("meeting.moved", meeting, by=by, details=_told(precision=meeting.precision, day=meeting.day))
        for meeting in moved
    )
    _move_rounds(cohort, moved, by)
    return moved


def _set_date(meeting, when):
    meeting.precision, meeting.day, meeting.as_written = when.precision, when.day, when.as_written
    meeting.starts_at = clock.at(when.day, when.hour.hour, when.hour.minute) if when.hour else None


def _move_start(cohort, moved):
    """The cohort starts with its first step."""
    first = next((meeting for meeting in moved if meeting.position == 1 and meeting.is_certain), None)
    if first and first.day != cohort.starts_on:
        cohort.starts_on = first.day
        cohort.save(update_fields=["starts_on"])


def _move_rounds(cohort, moved, by):
    """Each round takes the days its moved steps give; a day that is no longer certain leaves it without."""
    rounds = {round_.chapter_id: round_ for round_ in Round.objects.select_for_update().filter(cohort=cohort)}
    followed = {}
    for meeting in moved:
        round_ = rounds.get(meeting.chapter_id)
        if round_ and meeting.kind in ROUND_DAYS:
            setattr(round_, ROUND_DAYS[meeting.kind], meeting.when.certain_day)
            followed[round_.pk] = round_
    Round.objects.bulk_update(followed.values(), list(ROUND_DAYS.values()))
    AuditEvent.objects.bulk_create(
        journal.event("round.moved", round_, by=by, details=_told(opens_on=round_.opens_on, closes_on=round_.closes_on))
        for round_ in followed.values()
    )


def _told(**values):
    """Journal details: dates as text."""
    return {name: str(value) if value else None for name, value in values.items()}


# --- Who takes part ---------------------------------------------------------------------------------------------


@transaction.atomic
def bring_structure(*, cohort, organisation=None, legal_name="", adhesion_until=None, referent=None, by):
    """Bring a structure of the region into a cohort, registering it when only its name is given.

    `adhesion_until` records an adhesion from today; `referent` (email, first_name, last_name) invites that person.
    Returns the participation. Raises `NotPossible`, or `AlreadyThere` of the invitation: then nothing is kept.
    """
    _one_at_a_time(cohort.region_id)
    if organisation is None:
        organisation = _register(OrganisationKind.STRUCTURE, legal_name, cohort, by)
    already = Participation.objects.filter(cohort=cohort, organisation=organisation).first()
    if already:
        raise NotPossible(
            "organisation",
            f"{organisation.legal_name} participe déjà à cette cohorte, depuis le {date_in_words(already.joined_on)}. "
            "Rien n’a été ajouté.",
        )
    if adhesion_until:
        record_adhesion(organisation=organisation, since=clock.today(), until=adhesion_until, by=by)
    participation = add_structure(cohort=cohort, organisation=organisation, by=by)
    if referent:
        invite(role=Role.REFERENT, organisation=organisation, by=by, **referent)
    return participation


@transaction.atomic
def bring_facilitator(*, cohort, user, by):
    """Let somebody accompany a cohort from today. Returns the membership. Raises `NotPossible`."""
    _one_at_a_time(cohort.region_id)
    held = Membership.objects.filter(current(clock.today()), user=user, cohort=cohort, role=Role.FACILITATOR).first()
    if held:
        raise NotPossible(
            "known", f"{user.full_name} accompagne déjà cette cohorte, depuis le {date_in_words(held.since)}."
        )
    return give_role(user=user, role=Role.FACILITATOR, cohort=cohort, by=by)


@transaction.atomic
def bring_partner(*, cohort, organisation=None, legal_name="", by):
    """Make the national head or a partner, registered when only its name is given, a party to a cohort.

    Returns the `CohortPartner`. Raises `NotPossible`.
    """
    _one_at_a_time(cohort.region_id)
    if organisation is None:
        organisation = _register(OrganisationKind.PARTNER, legal_name, cohort, by)
    if CohortPartner.objects.filter(cohort=cohort, organisation=organisation).exists():
        raise NotPossible("organisation", f"{organisation.legal_name} est déjà associée à cette cohorte.")
    return add_partner(cohort=cohort, organisation=organisation, by=by)


@transaction.atomic
def grant_exception(*, participation, since, until=None, reason, by):
    """Open a structure's chapters without the convention, between two days. Returns the clearance.

    Raises `NotPossible` when an exception without end, or one that covers all these days, is already given.
    """
    _one_at_a_time(participation.region_id)
    given = Clearance.objects.filter(participation=participation, kind=ClearanceKind.EXCEPTION)
    lasting = given.filter(until=None).first()
    if lasting:
        raise NotPossible(
            "since",
            f"Une exception sans date de fin est déjà accordée à partir du {date_in_words(lasting.since)}. "
            "Mettez-y fin, plus haut, avant d’en accorder une autre.",
        )
    covering = until and given.filter(since__lte=since, until__gte=until).first()
    if covering:
        raise NotPossible(
            "until",
            f"Une exception est déjà accordée du {date_in_words(covering.since)} au {date_in_words(covering.until)}"
            f"{NBSP}: rien n’a été ajouté. Pour qu’elle dure plus longtemps, donnez une fin plus tardive.",
        )
    return grant_clearance(
        participation=participation, kind=ClearanceKind.EXCEPTION, since=since, until=until, reason=reason, by=by
    )


def _register(kind, legal_name, cohort, by):
    """A new organisation of the cohort's region, unless one of its kind has this name, accents and case apart."""
    known = Organisation.objects.filter(kind=kind, region_id=cohort.region_id).values_list("legal_name", flat=True)
    same = next((name for name in known if normalised(name) == normalised(legal_name)), None)
    if same:
        raise NotPossible(
            "legal_name",
            f"«{NBSP}{same}{NBSP}» existe déjà dans votre région{NBSP}: choisissez-la dans la liste plutôt que d’en "
            "créer une deuxième.",
        )
    return create_organisation(kind=kind, legal_name=legal_name, region=cohort.region, by=by)


def _one_at_a_time(region_id):
    """Two people who organise the same region wait for each other, so that nothing is brought in twice."""
    Region.objects.select_for_update().get(pk=region_id)
