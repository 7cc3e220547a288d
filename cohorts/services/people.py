"""People, their roles, and the clause they accept."""

from django.db import IntegrityError, transaction

from caprse.base import clock, journal
from cohorts.models import ClauseAcceptance, ClauseVersion, Membership, User


@transaction.atomic
def create_person(*, email, first_name, last_name, job="", password=None, by=None):
    """Register a person; without a password they have no account yet."""
    user = User.objects.create_user(email=email, first_name=first_name, last_name=last_name, job=job, password=password)
    journal.record("person.created", user, by=by, region_id=None)
    return user


@transaction.atomic
def person_for(*, email, first_name, last_name, job="", by=None):
    """The person with this address, whatever its case, or a new one without account under these names.

    Somebody already known keeps their own names.
    """
    email = email.strip()
    known = User.objects.filter(email__iexact=email)
    if user := known.first():
        return user
    try:
        with transaction.atomic():
            return create_person(email=email, first_name=first_name, last_name=last_name, job=job, by=by)
    except IntegrityError:  # registered by somebody else in the meantime
        return known.get()


@transaction.atomic
def give_role(*, user, role, organisation=None, cohort=None, since=None, by=None):
    """Give a person a role in an organisation, or for a cohort."""
    scope = organisation or cohort
    membership = Membership.objects.create(
        region_id=scope.region_id,
        user=user,
        role=role,
        organisation=organisation,
        cohort=cohort,
        since=since or clock.today(),
        created_by=by,
    )
    journal.record(
        "membership.given",
        membership,
        by=by,
        details={"role": role, "user": user.pk},
        region_id=scope.region_id,
        organisation_id=organisation.pk if organisation else None,
        cohort_id=cohort.pk if cohort else None,
    )
    return membership


@transaction.atomic
def publish_clause(*, text, since, by=None):
    """Put a new version of the non-diffusion clause in force; everybody will be shown it again."""
    last = ClauseVersion.objects.order_by("-number").first()
    clause = ClauseVersion.objects.create(number=last.number + 1 if last else 1, text=text, since=since)
    journal.record("clause.published", clause, by=by, region_id=None)
    return clause


@transaction.atomic
def accept_clause(*, user, clause):
    """Record that a person accepted a version of the clause; accepting twice changes nothing."""
    acceptance, created = ClauseAcceptance.objects.get_or_create(user=user, clause=clause)
    if created:
        journal.record("clause.accepted", acceptance, by=user, details={"clause": clause.pk}, region_id=None)
    return acceptance
