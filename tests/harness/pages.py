"""A page as somebody reads it, and who reads it."""

from cohorts.enums import Role
from tests.worlds import World

READ = {"\xa0": " ", "&nbsp;": " ", "&#x27;": "’", "&quot;": '"'}


def text_of(response):
    """Its text, quotes as people type them, every space an ordinary one."""
    text = response.content.decode()
    for written, read in READ.items():
        text = text.replace(written, read)
    return text


def as_role(client, role, side="ours"):
    """The same browser, signed in as who holds this role on this side."""
    client.force_login(World(side).user(role))
    return client


def admin_user():
    """Who coordinates our region."""
    return World("ours").user(Role.REGION_ADMIN)
