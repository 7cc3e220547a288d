"""Every page of the site for one audience, from the matrix of access: a new page is covered by itself."""

from caprse.access_matrix import address, matrix
from tests.worlds import World

CELLS = matrix()
AUDIENCES = (
    "anonymous",
    "referent",
    "board_member",
    "facilitator",
    "region_admin",
    "national_staff",
    "editor",
    "partner",
    "lapsed",
)
# One answers machines, in JSON; the others are files and pictures.
NOT_PAGES = {"health", "convention_pdf", "convention_copy", "letterhead_logo", "network_letterhead_logo"}


def email_of(audience):
    """The person who stands for an audience; None for nobody."""
    if audience == "anonymous":
        return None
    return "referent@lapsed.example.org" if audience == "lapsed" else f"{audience}@ours.example.org"


def pages_of(audience):
    """{route: address} of every page this audience reads."""
    side = World("lapsed" if audience == "lapsed" else "ours")
    routes = [route for (route, method), cell in CELLS.items() if method == "GET" and cell[audience] == 200]
    return {route: address(route, side) for route in routes if route not in NOT_PAGES}


def enter(page, sign_in, audience):
    if email := email_of(audience):
        sign_in(page, email)
