"""Coming in: one person is asked to hold one role somewhere; they answer through a personal link or once signed in."""

from django.db import IntegrityError, transaction
from django.db.models import Q

from caprse.base import clock, journal, links, outbox
from caprse.base.text import NBSP, day_in_words
from cohorts.enums import InvitationState, Role
from cohorts.models import Invitation, Membership, User
from cohorts.models.invitations import LINK, next_expiry
from cohorts.models.memberships import current
from cohorts.services import pairs
from cohorts.services.people import give_role, person_for

INVITATION_MAIL, ACCOUNT_OPENED_MAIL, JOINED_MAIL = "invitation", "account_opened", "colleague_joined"


class CannotInvite(ValueError):
    """What was asked is not possible; `str()` is the French sentence to show."""


class AlreadyThere(CannotInvite):
    """The person holds that role there, or is already invited to it."""


class AlreadyClosed(CannotInvite):
    """The invitation was answered, cancelled or is over: it can no longer change that way."""


@transaction.atomic
def invite(*, email, first_name, last_name, role, organisation=None, cohort=None, job="", by) -> Invitation:
    """Ask a person to hold a role in an organisation, or for a cohort; the mail leaves through the outbox.

    The person is found by address whatever its case, or registered without account. `by` is a user, an actor or
    None. Raises `AlreadyThere`, and then nothing is kept.
    """
    scope = organisation or cohort
    user = person_for(email=email, first_name=first_name, last_name=last_name, job=job, by=by)
    _refuse_who_is_there(user, role, organisation, cohort)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                region_id=scope.region_id,
                organisation=organisation,
                cohort=cohort,
                role=role,
                user=user,
                email=email.strip(),
                first_name=first_name,
                last_name=last_name,
                job=job,
                invited_by_id=getattr(by, "user_id", None),
            )
    except IntegrityError as twice:  # somebody else invited them in the meantime
        _refuse_who_is_there(user, role, organisation, cohort)
        raise AlreadyThere("Cette personne vient d’être invitée par quelqu’un d’autre.") from twice
    journal.record("invitation.sent", invitation, by=by, details={"role": role, "user": user.pk})
    outbox.post(INVITATION_MAIL, to_ids=[user.pk], invitation=invitation.pk)
    return invitation


def _refuse_who_is_there(user, role, organisation, cohort):
    """Raise `AlreadyThere` when the role is held today or a pending invitation asks for it."""
    asked = {"user": user, "role": role, "organisation": organisation, "cohort": cohort}
    where = organisation.legal_name if organisation else f"la cohorte «{NBSP}{cohort.name}{NBSP}»"
    if Membership.objects.filter(current(clock.today()), **asked).exists():
        raise AlreadyThere(
            f"Cette personne a déjà ce rôle ({Role(role).label}) dans {where}{NBSP}: rien n’a été envoyé."
        )
    waiting = Invitation.objects.pending().filter(**asked).first()
    if waiting:
        day = day_in_words(waiting.sent_at)
        raise AlreadyThere(
            f"Cette personne a déjà une invitation en attente pour ce rôle, envoyée le {day}. "
            f"Rien de plus n’est parti{NBSP}; vous pouvez la renvoyer depuis la liste des invitations."
        )


@transaction.atomic
def resend(*, invitation, by):
    """Send it again, valid from today; earlier links keep working. A double click sends one mail.

    Raises `AlreadyClosed` when it no longer waits for an answer.
    """
    now = clock.now()
    renewed = {"sent_at": now, "expires_at": next_expiry(), "reminders": 0, "reminded_on": None}
    _change_pending(invitation, **renewed)
    minute = now.strftime("%Y%m%d%H%M")
    fresh = outbox.post_once(
        INVITATION_MAIL,
        to_id=invitation.user_id,
        once_key=f"invitation:{invitation.pk}:{minute}",
        invitation=invitation.pk,
    )
    if fresh:
        journal.record("invitation.resent", invitation, by=by)
    return invitation


@transaction.atomic
def cancel(*, invitation, by):
    """Take an invitation back: its links end, and the seat it held in a pair is free again.

    Cancelling twice changes nothing. Raises `AlreadyClosed` when it was accepted.
    """
    try:
        _change_pending(invitation, state=InvitationState.CANCELLED, closed_at=clock.now())
    except AlreadyClosed:
        if invitation.state == InvitationState.CANCELLED:
            return invitation
        raise
    links.void(LINK, invitation.pk)
    if invitation.organisation_id:
        pairs.vacate_if_gone(user_id=invitation.user_id, organisation_id=invitation.organisation_id, by=by)
    journal.record("invitation.cancelled", invitation, by=by)
    return invitation


@transaction.atomic
def accept(*, invitation, password=None, first_name="", last_name="") -> Invitation:
    """The invited person takes the role; accepting twice, or from two tabs at once, gives one membership.

    Without account yet, `password` opens it under the names they typed; somebody who has an account passes none,
    and the caller knows that they are signed in as `invitation.user`. Raises `AlreadyClosed` when it is cancelled or
    over, or when an account was opened in the meantime: then nothing changes.
    """
    user = User.objects.select_for_update().get(pk=invitation.user_id)
    try:
        _change_pending(invitation, still_valid=True, state=InvitationState.ACCEPTED, closed_at=clock.now())
    except AlreadyClosed:
        if invitation.state == InvitationState.ACCEPTED:
            return invitation
        raise
    if password is not None:
        _open_account(user, invitation, password, first_name, last_name)
    _give_role_once(user, invitation)
    links.void(LINK, invitation.pk)
    outbox.post(JOINED_MAIL, to_ids=_to_be_told(invitation), invitation=invitation.pk)
    journal.record("invitation.accepted", invitation, by=user, details={"role": invitation.role})
    return invitation


def _to_be_told(invitation):
    """The référents of the structure somebody joins: nobody comes to read a structure's answers unseen by it."""
    referents = Membership.objects.filter(
        current(clock.today()), organisation=invitation.organisation, role=Role.REFERENT
    ).exclude(Q(organisation=None) | Q(user=invitation.user))
    return referents.order_by("pk").values_list("user_id", flat=True)


def _open_account(user, invitation, password, first_name, last_name):
    if user.has_usable_password():
        raise AlreadyClosed("Un compte existe déjà à votre adresse : connectez-vous pour accepter cette invitation.")
    user.first_name, user.last_name = first_name or user.first_name, last_name or user.last_name
    user.job = user.job or invitation.job
    user.set_password(password)
    user.save(update_fields=["first_name", "last_name", "job", "password"])
    journal.record("account.opened", user, by=user, region_id=invitation.region_id)
    outbox.post(ACCOUNT_OPENED_MAIL, to_ids=[user.pk], invitation=invitation.pk)


def _give_role_once(user, invitation):
    scope = {"organisation": invitation.organisation, "cohort": invitation.cohort}
    held = Membership.objects.filter(current(clock.today()), user=user, role=invitation.role, **scope)
    if not held.exists():
        give_role(user=user, role=invitation.role, by=invitation.invited_by, **scope)


def _change_pending(invitation, *, still_valid=False, **values):
    """Change the row only if it still waits, which one statement decides. Raises `AlreadyClosed` otherwise.

    The instance is read again in both cases.
    """
    rows = Invitation.objects.pending().filter(pk=invitation.pk)
    if still_valid:
        rows = rows.filter(expires_at__gte=clock.now())
    changed = rows.update(**values)
    invitation.refresh_from_db(fields=["state", "sent_at", "expires_at", "reminders", "reminded_on", "closed_at"])
    if not changed:
        raise AlreadyClosed(_closed_sentence(invitation))


def _closed_sentence(invitation):
    if invitation.state == InvitationState.ACCEPTED:
        return "Cette invitation a déjà été acceptée : il n’y a plus rien à envoyer ni à annuler."
    if invitation.state == InvitationState.CANCELLED:
        return (
            "Cette invitation a été annulée. Pour inviter à nouveau cette personne, envoyez-lui une autre invitation."
        )
    return "Cette invitation est expirée. La personne qui vous a invité·e peut vous la renvoyer."
