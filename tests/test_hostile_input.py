"""Values no person types – null characters, huge numbers, years of no calendar – are refused, and nothing changes."""

import pytest
from django.urls import reverse

from autodiag.models import Consensus, Evidence, EvidenceUse, IndicatorValue, Message
from autodiag.services.evidence import deposit
from caprse.base.uploads import accept
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


# --- The autodiagnostic in depth ----------------------------------------------------------------------------------

FAR, LONG = int(HUGE), "x" * 1_000_000


def of_chapter(name, *more):
    return lambda ours: ours.draft.url(name, *more)


def of_library(name, *more):
    return lambda ours: reverse(name, args=["ici", ours.organisation.public_id, *more])


def of_thread(name, *more):
    return lambda ours: reverse(name, args=["ici", ours.thread.public_id, *more])


def of_survey(name):
    return lambda ours: ours.survey.url(name)


def own_item(name, *more):
    return lambda ours: reverse(name, args=["ici", ours.organisation.public_id, ours.evidence.public_id, *more])


DEPTH_POSTS = {
    "answer": (of_chapter("answer_save", 3), {"revision": "0", "choice": "999", "practice": NULL, "strength": LONG}),
    "answer far away": (of_chapter("answer_save", 3), {"revision": HUGE, "choice": "٣" * 3, "comment": NULL}),
    "restoring": (of_chapter("answer_restore", 1, FAR), {"revision": "1"}),
    "restoring upon nothing": (of_chapter("answer_restore", 1, 1), {"revision": HUGE}),
    "figure": (of_chapter("indicator_save", 3, 1, FAR), {"revision": HUGE, "value": HUGE, "source": NULL}),
    "figure of a year": (of_chapter("indicator_save", 3, 1, 2025), {"revision": "0", "value": "1e9", "comment": LONG}),
    "viewpoint": (of_chapter("viewpoint_save", 3), {"revision": HUGE, "rule": NULL, "choice": "1", "note": LONG}),
    "group": (of_chapter("voice_choose"), {"group": HUGE}),
    "rule": (of_chapter("voice_rule"), {"revision": HUGE, "rule": NULL}),
    "opening": (of_chapter("comparison_open"), {"confirm": NULL}),
    "agreement": (of_chapter("consensus", 3), {"revision": HUGE, "choice": "²", "reason": LONG}),
    "assignments": (of_chapter("assignments"), {"seen": LONG, "confie": [NULL, HUGE], "theme": f"{HUGE}:{NOBODY}"}),
    "exchange": (of_chapter("thread_open", 3), {"side": NULL, "text": LONG}),
    "reply": (of_thread("thread_reply"), {"text": NULL}),
    "message taken back": (of_thread("message_withdraw", FAR), {}),
    "survey": (of_chapter("survey_new"), {"group": NULL, "closes_on": "9999-12-31", "expected": HUGE}),
    "sheet": (of_survey("survey_entry"), {"number": NULL, "q-": NULL}),
    "evidence": (of_library("evidence_new"), {"title": LONG, "url": f"https://exemple.fr/{NULL}", "visibility": NULL}),
    "evidence of an answer": (
        lambda ours: f"{of_library('evidence_new')(ours)}?autodiag={NULL}&critere={HUGE}",
        {"title": "Un titre", "url": "https://exemple.fr/", "visibility": "structure"},
    ),
    "evidence edited": (own_item("evidence_edit"), {"revision": HUGE, "title": NULL, "valid_until": "9999-12-31"}),
    "evidence replaced": (own_item("evidence_replace"), {"url": LONG, "valid_from": "0001-01-01"}),
    "evidence downloaded": (own_item("evidence_download", 99), {}),
    "evidence linked": (of_chapter("evidence_link", 3), {"evidence": HUGE, "page": NULL}),
    "evidence of nobody": (of_chapter("evidence_page", 1, NOBODY), {"page": "p. 1"}),
    "transmission": (of_chapter("autodiag_submit"), {"seen": LONG, "confirm": "yes", "reason": NULL}),
    "correction": (lambda ours: ours.submitted.url("autodiag_reopen"), {"reason": LONG}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", DEPTH_POSTS)
def test_in_depth_too_it_is_refused_and_nothing_changes(client, name):
    ours = World("ours")
    client.force_login(ours.user(Role.REFERENT))
    where, data = DEPTH_POSTS[name]
    before = contents()
    assert client.post(where(ours), data).status_code in (403, 404, 422)
    saved = client.post(where(ours), data, headers={"Accept": "application/json"})
    assert saved.status_code in (403, 404, 422)
    assert contents() == before


PLAIN = '=HYPERLINK("http://a") +1 @x 🌱👩🏽‍🌾 <b>fort</b> «\u00a0oui\u00a0»'
KEPT = {
    "agreement": (of_chapter("consensus", 4), {"revision": "0", "choice": "1", "reason": PLAIN}, Consensus, "reason"),
    "figure": (
        of_chapter("indicator_save", 4, 1, 2025),
        {"revision": "0", "value": "3", "source": PLAIN},
        IndicatorValue,
        "source",
    ),
    "exchange": (of_chapter("thread_open", 4), {"text": PLAIN}, Message, "text"),
    "evidence": (
        of_library("evidence_new"),
        {"title": PLAIN, "url": "https://exemple.fr/", "visibility": "structure"},
        Evidence,
        "title",
    ),
    "page": (
        lambda ours: ours.draft.url("evidence_link", 2),
        lambda ours: {"evidence": ours.evidence.public_id, "page": PLAIN[:30]},
        EvidenceUse,
        "page",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", KEPT)
def test_emoji_and_what_looks_like_a_formula_are_words(client, name):
    ours = World("ours")
    client.force_login(ours.user(Role.REFERENT))
    where, data, model, field = KEPT[name]
    data = data(ours) if callable(data) else data
    if name == "agreement":
        data = {**data, "revision": ours.answer(4).revision}
    response = client.post(where(ours), data, follow=True)
    kept = getattr(model.objects.latest("pk"), field)
    assert kept == (PLAIN[:30].strip() if name == "page" else PLAIN)
    assert response.status_code == 200
    assert "<b>fort</b>" not in response.content.decode()


@pytest.mark.django_db
def test_the_name_of_a_file_is_only_a_name(client):
    ours = World("ours")
    client.force_login(ours.user(Role.REFERENT))
    upload = accept('a"; filename="x.exe\r\nSet-Cookie: a=b.txt', b"=1+1")
    made = deposit(organisation=ours.organisation, by=ours.actor(Role.REFERENT), title="Un titre", upload=upload)
    where = reverse("evidence_download", args=["ici", ours.organisation.public_id, made.public_id, 1])
    response = client.post(where)
    assert response.content == b"=1+1"
    name = "a-; filename=-x.exeSet-Cookie- a=b.txt"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("text/plain", "nosniff")
    assert not response.cookies
