"""« Nous contacter »: somebody of the network writes to the structure of a practice, which answers if it wishes."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from autodiag.models import Practice, PracticeCard, PracticeContact
from autodiag.rules import practices as rules
from caprse.base import clock, journal, outbox
from cohorts.enums import OrganisationKind, Role
from cohorts.models import Membership, Organisation, User
from cohorts.models.memberships import STRUCTURE_ROLES, current

CONTACT_MAIL = "practice_contact"
NAMED = (*STRUCTURE_ROLES, Role.REGION_ADMIN, Role.NATIONAL_STAFF)


class CannotContact(PermissionDenied):
    """This person may not write to this structure, or not today; the message says why, in French."""


def may_contact(*, card, by):
    """Whether this person may write to the structure of a card, and if not, why."""
    return rules.can_contact(card, card.practice.participation.organisation_id in by.structure_ids, _sent_today(by))


def _sent_today(by):
    midnight = clock.at(clock.today(), 0)
    asked = PracticeContact.objects.filter(asked_by=by.user_id, asked_at__gte=midnight)
    return asked.filter(asked_at__lt=midnight + timedelta(days=1)).count()


@transaction.atomic
def contact_structure(*, card, text, by):
    """Keep the message and send it to the structure's référent·e·s, with who asks. Returns it.

    The same words to the same structure, sent twice in a day, are one message. Raises `CannotContact`.
    """
    card = _held(card)
    User.objects.select_for_update(no_key=True).get(pk=by.user_id)
    practice = card.practice
    same = PracticeContact.objects.filter(practice=practice, asked_by=by.user_id, text=text)
    if known := same.filter(asked_at__gte=clock.at(clock.today(), 0)).first():
        return known
    verdict = may_contact(card=card, by=by)
    if not verdict:
        raise CannotContact(verdict.reason)
    contact = PracticeContact.objects.create(
        region_id=practice.region_id,
        participation_id=practice.participation_id,
        practice=practice,
        text=text,
        asked_by_id=by.user_id,
        asked_for=organisation_of(by),
    )
    journal.record("practice.contacted", contact, by=by, details={"practice": practice.pk})
    outbox.post(CONTACT_MAIL, to_ids=_recipients(practice.participation), contact=contact.pk)
    return contact


def _held(card):
    """The card as it stands, which nobody withdraws nor publishes again until the message is sent.

    Whoever writes a card holds its practice first, and so does this: the other way round, both would wait for ever.
    """
    Practice.objects.select_for_update().get(pk=card.practice_id)
    held = PracticeCard.objects.select_related("practice__participation").filter(pk=card.pk).first()
    if held is None:
        raise CannotContact("La structure a retiré cette fiche : elle ne se lit plus.")
    return held


def organisation_of(by):
    """In whose name one writes: one's own organisation, or the delegation of the region one accompanies."""
    for held in by.held:
        if held.role in NAMED and held.organisation_id:
            return Organisation.objects.get(pk=held.organisation_id)
    regions = [held.region_id for held in by.held if held.role == Role.FACILITATOR]
    delegation = Organisation.objects.filter(kind=OrganisationKind.REGION, region__in=regions).order_by("pk").first()
    if delegation is None:
        raise CannotContact(
            "Vous n’appartenez à aucune organisation du réseau : votre message ne dirait pas qui écrit."
        )
    return delegation


def _recipients(path):
    """The structure's référent·e·s; where there is none, who represents it."""
    people = Membership.objects.filter(current(clock.today()), organisation=path.organisation_id)
    for role in (Role.REFERENT, Role.LEGAL_REPRESENTATIVE):
        if found := list(people.filter(role=role).order_by("pk").values_list("user_id", flat=True)):
            return found
    return []
