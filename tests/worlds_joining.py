"""Coming in, in the fixed worlds: one pending invitation and one pair per structure, made through the services."""

from caprse.base import links
from caprse.base.models import PersonalLink
from cohorts.enums import Role
from cohorts.models import Invitation
from cohorts.models.invitations import LINK
from cohorts.services import pairs
from cohorts.services.invitations import invite


def invitation_token_of(key):
    """The token of a structure's invitation, known without writing."""
    return f"jeton-invitation-{key}"


def address_of(key, marker=""):
    return f"invite-{key}@{marker or key}.example.org"


def build_joining(world, marker=""):
    """Somebody is invited as a contributor; the référent and the board member are the pair."""
    invitation = invite(
        email=address_of(world.key, marker),
        first_name="Ariane",
        last_name=marker or "Conviée",
        role=Role.CONTRIBUTOR,
        organisation=world.organisation,
        by=world.user(Role.REFERENT),
    )
    PersonalLink.objects.create(
        purpose=LINK, target_id=invitation.pk, digest=links.digest(invitation_token_of(world.key))
    )
    pairs.name_pair(
        participation=world.participation,
        staff_id=world.user(Role.REFERENT).pk,
        board_id=world.user(Role.BOARD_MEMBER).pk,
        by=world.user(Role.REFERENT),
    )


def invitation_of(world):
    return Invitation.objects.with_context().get(
        organisation=world.organisation, email__istartswith=f"invite-{world.key}@"
    )
