"""Opening an installation: the national head and its clause, a region and its delegation, and who holds them first.

Only commands come here: on the screens nobody invites to these roles.
"""

from typing import NamedTuple

from django.db import transaction

from caprse.base import clock, outbox
from caprse.base.text import NBSP
from cohorts.enums import OrganisationKind, Role
from cohorts.models import ClauseVersion, Membership, Organisation, Region, User
from cohorts.models.memberships import current
from cohorts.services.organisations import create_organisation, create_region
from cohorts.services.people import give_role, person_for, publish_clause

ACCESS_MAIL = "access_opened"


class CannotOpen(ValueError):
    """What was asked contradicts what is there; `str()` is the French sentence to show."""


class Opened(NamedTuple):
    """Who holds the organisation. `written_to` is False when they already held it: then no mail left."""

    organisation: Organisation
    user: User
    written_to: bool


@transaction.atomic
def open_network(*, name, email, first_name, last_name, clause="") -> Opened:
    """The national head, the non-diffusion clause in force, and one person of the national staff.

    What is already there under the same name and words is kept. Raises `CannotOpen`, and then nothing changes.
    """
    head = Organisation.objects.filter(kind=OrganisationKind.NATIONAL).first()
    if head and head.legal_name != name:
        raise CannotOpen(f"Le réseau est déjà ouvert sous le nom «{NBSP}{head.legal_name}{NBSP}».")
    head = head or create_organisation(kind=OrganisationKind.NATIONAL, legal_name=name)
    _put_in_force(clause)
    return _give_access(head, Role.NATIONAL_STAFF, email, first_name, last_name)


@transaction.atomic
def open_region(*, slug, name, team, email, first_name, last_name) -> Opened:
    """A region, its delegation, and one person who coordinates it.

    What is already there under the same names is kept. Raises `CannotOpen`, and then nothing changes.
    """
    region = Region.objects.filter(slug=slug).first()
    if region and region.name != name:
        raise CannotOpen(f"La région {slug} existe déjà sous le nom «{NBSP}{region.name}{NBSP}».")
    region = region or create_region(slug=slug, name=name)
    delegation = Organisation.objects.filter(kind=OrganisationKind.REGION, region=region).first()
    if delegation and delegation.legal_name != team:
        raise CannotOpen(f"La délégation de cette région s’appelle «{NBSP}{delegation.legal_name}{NBSP}».")
    delegation = delegation or create_organisation(kind=OrganisationKind.REGION, legal_name=team, region=region)
    return _give_access(delegation, Role.REGION_ADMIN, email, first_name, last_name)


def _put_in_force(text):
    """The clause applies from today, unless the same words already do."""
    today = clock.today()
    in_force = ClauseVersion.objects.in_force(today).first()
    if in_force is None and not text:
        raise CannotOpen("Aucune clause de non-diffusion n’est en vigueur : donnez son texte avec --clause.")
    if in_force and text and in_force.text != text:
        raise CannotOpen(f"Une autre clause de non-diffusion est déjà en vigueur (version {in_force.number}).")
    if in_force is None:
        publish_clause(text=text, since=today)


def _give_access(organisation, role, email, first_name, last_name):
    user = person_for(email=email, first_name=first_name, last_name=last_name)
    if not user.is_active:
        raise CannotOpen("Le compte qui porte cette adresse est fermé.")
    held = Membership.objects.filter(current(clock.today()), user=user, role=role, organisation=organisation)
    if held.exists():
        return Opened(organisation, user, written_to=False)
    membership = give_role(user=user, role=role, organisation=organisation)
    outbox.post(ACCESS_MAIL, to_ids=[user.pk], membership=membership.pk)
    return Opened(organisation, user, written_to=True)
