"""Values no person types – null characters, huge numbers, years of no calendar – are refused, and nothing changes."""

import pytest
from django.urls import reverse

from cohorts.enums import Role
from tests.test_access_matrix import contents
from tests.worlds import World

NULL, HUGE, NOBODY = "a\x00b", "9" * 30, "zzzzzzzzzzzz"
PERSON = {"first_name": NULL, "last_name": "Nom", "email": "a\x00@b.fr"}
COHORT = ("ici", "cohorte")


def address(name, *arguments):
    return lambda ours: reverse(name, args=arguments or ["ici", ours.organisation.public_id])


def of_path(name, *more):
    return lambda ours: reverse(name, args=["ici", ours.participation.public_id, *more])


def of_convention(name, which):
    return lambda ours: reverse(name, args=["ici", getattr(ours, which).public_id])


POSTS = {
    "structure": (address("structure_add", *COHORT), {"organisation": NULL}),
    "partner": (address("partner_add", *COHORT), {"organisation": NULL}),
    "facilitator": (address("facilitator_add", *COHORT), {"known": NULL}),
    "invitation": (address("organisation_invite"), {**PERSON, "role": NULL}),
    "adhesion": (address("adhesion_add"), {"since": "0001-01-01", "until": "9999-12-31"}),
    "pair": (of_path("pair"), {"staff": NULL, "board": HUGE, "seen": NULL}),
    "exception": (
        of_path("clearance_exception"),
        {"since": "0202-01-01", "until": "9999-12-31", "reason": "Parce que"},
    ),
    "end of an exception": (of_path("clearance_end", int(HUGE)), {}),
    "cohort": (address("cohort_new", "ici"), {"name": NULL, "version": NULL, "calendar": NULL, "starts_on": HUGE}),
    "calendar": (address("cohort_calendar", *COHORT), {"etape-1-day": NULL, "etape-1-seen": NULL}),
    "draft": (of_convention("convention_edit", "draft_convention"), {"revision": HUGE, "project": NULL}),
    "end": (of_convention("convention_end", "convention"), {"last_day": "0001-01-01", "reason": NULL}),
    "signatory": (of_convention("signing_open", "convention"), {"signataire": NULL}),
    "another signatory": (of_convention("signing_open", "convention"), {"signataire": NOBODY}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", POSTS)
def test_it_is_refused_and_nothing_changes(client, name):
    ours = World("ours")
    client.force_login(ours.user(Role.REGION_ADMIN))
    where, data = POSTS[name]
    before = contents()
    assert client.post(where(ours), data).status_code in (404, 422)
    assert contents() == before


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/invitations/a%00b/", "/signer/a%00b/"])
def test_a_link_of_no_alphabet_leads_nowhere(client, path):
    assert client.get(path).status_code == 404
