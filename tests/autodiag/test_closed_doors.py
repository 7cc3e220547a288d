"""Every act of the autodiagnostic in depth has its effect while all is open, and none once something closes it."""

import secrets
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from autodiag.enums import AnswerKind
from autodiag.models import Assignment
from autodiag.services.surveys import code_of
from caprse.base import clock
from cohorts.enums import Role
from cohorts.models import Adhesion, ClauseAcceptance
from tests.test_access_matrix import contents
from tests.worlds import World
from tests.worlds_surveys import give as tick
from tests.worlds_threads import WORDS

CLOSED = date(2025, 12, 20)  # the round of chapter 2 ended on 9 December
ROUND, TRANSMITTED, LAPSED, CLAUSE = "round closed", "transmitted", "adhesion over", "clause not accepted"
WRITING = (ROUND, TRANSMITTED, LAPSED, CLAUSE)
TOOLS = (LAPSED, CLAUSE)


def of_draft(name, *more):
    return lambda ours: ours.draft.url(name, *more)


def of_survey(name):
    return lambda ours: ours.survey.url(name)


def of_library(name, *more):
    return lambda ours: reverse(name, args=["ici", ours.organisation.public_id, *(m(ours) for m in more)])


def shared(ours):
    return ours.evidence.public_id


def ticked(ours):
    return {"number": secrets.token_hex(16), f"q-{ours.survey.questions[0]['id']}": "yes"}


def entrusted(ours):
    rows = Assignment.objects.of_chapter(ours.draft)
    seen = "".join(f" {row.position}:{row.user.public_id}" for row in rows)
    return {"seen": f"={seen}", "confie": f"4:{ours.user(Role.CONTRIBUTOR).public_id}"}


def group(ours, name):
    return ours.participation.cohort.version.voice_groups.get(name=name)


def viewpoint(ours):
    return {"revision": 0, "rule": "blind", "choice": "1", "note": "Parce que"}


# name: (address, data, situations that refuse it)
ACTS = {
    "answer_save": (
        of_draft("answer_save", 3),
        {"revision": 0, "choice": "1", "practice": "Une pratique", "comment_visibility": "structure"},
        WRITING,
    ),
    "answer_restore": (of_draft("answer_restore", 1, 1), lambda ours: {"revision": ours.answer(1).revision}, WRITING),
    "indicator_save": (of_draft("indicator_save", 4, 1, 2025), {"revision": 0, "value": "12"}, WRITING),
    "viewpoint_save": (of_draft("viewpoint_save", 3), viewpoint, WRITING),
    "comparison_open": (of_draft("comparison_open"), {"confirm": "yes"}, TOOLS),
    "consensus": (
        of_draft("consensus", 4),
        {"revision": 0, "choice": "1", "reason": "Nous en avons parlé"},
        WRITING,
    ),
    "assignments": (of_draft("assignments"), entrusted, WRITING),
    "thread_open": (of_draft("thread_open", 4), {"text": WORDS}, TOOLS),
    "survey_new": (
        of_draft("survey_new"),
        lambda ours: {"group": group(ours, "CSE").stable_id, "closes_on": clock.today() + timedelta(days=5)},
        WRITING,
    ),
    "survey_entry": (of_survey("survey_entry"), ticked, TOOLS),
    "survey_entry_undo": (of_survey("survey_entry_undo"), {"sheets": "1"}, TOOLS),
    "survey_renew": (of_survey("survey_renew"), {"number": "1"}, TOOLS),
    "survey_close": (of_survey("survey_close"), {}, TOOLS),
    "survey_answer": (lambda ours: reverse("survey_answer", args=[code_of(ours.survey)]), ticked, (LAPSED,)),
    "evidence_new": (
        of_library("evidence_new"),
        lambda ours: {"title": "Attestation", "visibility": "structure", "file": SimpleUploadedFile("a.txt", b"oui")},
        TOOLS,
    ),
    "evidence_edit": (
        of_library("evidence_edit", shared),
        lambda ours: {"revision": ours.evidence.revision, "title": "Autre", "visibility": "structure"},
        TOOLS,
    ),
    "evidence_replace": (of_library("evidence_replace", shared), {"url": "https://exemple.fr/page"}, TOOLS),
    "evidence_archive": (of_library("evidence_archive", shared), {}, TOOLS),
    "evidence_link": (
        of_draft("evidence_link", 2),
        lambda ours: {"evidence": ours.private_evidence.public_id, "page": "p. 2"},
        WRITING,
    ),
    "evidence_page": (
        lambda ours: ours.draft.url("evidence_page", 1, shared(ours)),
        {"page": "p. 9"},
        WRITING,
    ),
    "evidence_unlink": (lambda ours: ours.draft.url("evidence_unlink", 1, shared(ours)), {}, WRITING),
    "autodiag_submit": (of_draft("autodiag_submit"), {"confirm": "yes"}, (ROUND, TRANSMITTED, LAPSED, CLAUSE)),
}
OPEN = [(act, None) for act in ACTS]
CLOSED_BY = [(act, situation) for act, (_, _, situations) in ACTS.items() for situation in situations]
SAVES = ("answer_save", "indicator_save", "viewpoint_save")


@pytest.fixture
def ours(db):
    """Our structure, where each of these acts has something to change."""
    world = World("ours")
    for position in (3, 4):
        world.save(world.answer(position), kind=AnswerKind.UNKNOWN)
    world.save(world.answer(1), practice="Ce que nous faisons depuis")
    tick(world.survey, "yes", on_paper=True)
    return world


def data_of(act, world):
    data = ACTS[act][1]
    data = dict(data(world) if callable(data) else data)
    if act in ("answer_save", "consensus"):
        data["revision"] = world.answer(3).revision
    return data


def come_to(world, situation):
    """What closes the door, the day apart."""
    if situation == TRANSMITTED:
        world.transmit()
    if situation == LAPSED:
        Adhesion.objects.filter(organisation=world.organisation).update(until=clock.today() - timedelta(days=1))
    if situation == CLAUSE:
        ClauseAcceptance.objects.filter(user=world.user(Role.REFERENT)).delete()


@pytest.mark.parametrize(("act", "situation"), OPEN + CLOSED_BY)
def test_it_has_its_effect_while_all_is_open_and_none_once_closed(ours, client, act, situation):
    where, data = ACTS[act][0](ours), data_of(act, ours)
    client.force_login(ours.user(Role.REFERENT))
    come_to(ours, situation)
    before = contents()
    with clock.stopped(clock.at(CLOSED, 10) if situation == ROUND else clock.now()):
        response = client.post(where, data)
    assert (contents() != before) is (situation is None)
    assert response.status_code < 500


@pytest.mark.parametrize("situation", WRITING)
@pytest.mark.parametrize("act", SAVES)
def test_saved_as_one_types_it_is_never_told_kept(ours, client, act, situation):
    where, data = ACTS[act][0](ours), data_of(act, ours)
    client.force_login(ours.user(Role.REFERENT))
    come_to(ours, situation)
    before = contents()
    with clock.stopped(clock.at(CLOSED, 10) if situation == ROUND else clock.now()):
        response = client.post(where, data, headers={"Accept": "application/json"})
    assert contents() == before
    assert b"saved_at" not in response.content
    if situation != CLAUSE:
        assert response.status_code == 403
        assert response.json()["error"].endswith(".")
