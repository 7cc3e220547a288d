"""Who gets what from every route, written by hand: the tests compare it with the URLs and play it.

Each line: route, method, then the status for each audience of `AUDIENCES`, all of them acting on the objects of
one structure (`ours`) except the lapsed one, who acts on their own.
"""

from caprse.access_matrix.addresses import address
from caprse.access_matrix.agreements import AGREEMENTS_TABLE
from caprse.access_matrix.depth_table import DEPTH_TABLE
from caprse.access_matrix.forward import FORWARD_TABLE
from caprse.access_matrix.table import TABLE

__all__ = ["AUDIENCES", "address", "matrix"]

AUDIENCES = (
    "anonymous",
    "referent",
    "contributor",
    "board_member",
    "legal_representative",
    "facilitator",
    "region_admin",
    "national_staff",  # to whom no référentiel was entrusted
    "editor",  # national staff to whom one was
    "partner",
    "lapsed",  # référent of a structure whose adhesion is over, on its own objects
    "neighbour",  # référent of another structure of the same cohort
    "stranger",  # référent of another region
    "stranger_facilitator",
)

# The page of the mails exists in the demonstration alone.
DEMONSTRATION = {("demo_mail", "GET"): 200}


def matrix(*, demonstration=False):
    """{(route, method): {audience: expected status}}."""
    cells = {}
    for line in (TABLE + DEPTH_TABLE + FORWARD_TABLE + AGREEMENTS_TABLE).strip().splitlines():
        if not line or line.startswith("#"):
            continue
        route, method, *statuses = line.split()
        cells[route, method] = dict(zip(AUDIENCES, map(int, statuses), strict=True))
    if demonstration:
        for key, status in DEMONSTRATION.items():
            cells[key] = dict.fromkeys(AUDIENCES, status)
    return cells
