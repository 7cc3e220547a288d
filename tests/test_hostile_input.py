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
    "note": (of_path("notes"), {"held_on": "0001-01-01", "visibility": NULL, "text": NULL}),
    "change of a note": (of_path("note_edit", NOBODY), {"revision": HUGE, "text": NULL}),
    "delay": (of_path("round_adjust", 2), {"closes_on": "9999-12-31", "reason": NULL, "seen": NULL}),
    "cohort": (address("cohort_new", "ici"), {"name": NULL, "version": NULL, "calendar": NULL, "starts_on": HUGE}),
    "calendar": (address("cohort_calendar", *COHORT), {"etape-1-day": NULL, "etape-1-seen": NULL}),
    "need": (address("need_new", *COHORT), {"organisation": NULL, "title": NULL, "text": NULL}),
    "resource": (
        address("resource_new", *COHORT),
        {"organisations": [NULL, NOBODY], "title": NULL, "until": "9999-12-31", "file": NULL},
    ),
    "share": (
        lambda ours: reverse("resource_share", args=[*COHORT, ours.share.resource.public_id]),
        {"organisations": [NULL], "until": "0001-01-01"},
    ),
    "end of a share": (address("share_withdraw", *COHORT, NOBODY), {}),
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
@pytest.mark.parametrize("text", [NULL, "x" * 1_000_000, "a\u200bb", "\u202e"])
def test_a_remark_no_person_types_is_refused_and_nothing_changes(client, text):
    ours = World("ours")
    client.force_login(ours.user(Role.BOARD_MEMBER))
    before = contents()
    assert client.post(ours.draft.url("remark_add", 1), {"text": text}).status_code == 422
    assert client.post(ours.draft.url("remark_withdraw", 1, int(HUGE))).status_code == 404
    assert contents() == before


def of_draft(name, row=None):
    def where(ours):
        return reverse(name, args=["ESSAI", getattr(ours, row).stable_id] if row else ["ESSAI"])

    return where


EDITOR_POSTS = {
    "criterion": (of_draft("draft_criterion", "draft_criterion"), {"revision": HUGE, "title": NULL, "level_0": NULL}),
    "chapter": (of_draft("draft_chapter", "draft_chapter"), {"revision": "0", "title": NULL, "summary": "x" * 10**6}),
    "publication": (of_draft("draft_publish"), {"confirm": "yes", "seen": NULL}),
    "editor": (of_draft("referentiel_editors"), {"person": NULL, "until": "9999-12-31"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", EDITOR_POSTS)
def test_an_editor_s_is_refused_too(client, name):
    ours = World("ours")
    client.force_login(ours.editor)
    where, data = EDITOR_POSTS[name]
    before = contents()
    response = client.post(where(ours), data)
    assert response.status_code in (409, 422)
    assert "Rien n’a été publié" in response.content.decode() or "À corriger" in response.content.decode()
    assert contents() == before


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/invitations/a%00b/", "/signer/a%00b/"])
def test_a_link_of_no_alphabet_leads_nowhere(client, path):
    assert client.get(path).status_code == 404
