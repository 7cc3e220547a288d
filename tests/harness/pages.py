"""A page as somebody reads it, and who reads it."""

from cohorts.enums import Role
from tests.worlds import World


def text_of(response):
    """Its text, every space an ordinary one."""
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def as_role(client, role, side="ours"):
    """The same browser, signed in as who holds this role on this side."""
    client.force_login(World(side).user(role))
    return client


def admin_user():
    """Who coordinates our region."""
    return World("ours").user(Role.REGION_ADMIN)
