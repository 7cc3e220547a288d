"""The same from the picture to the plan: what no person types, and rows of a neighbour named where ours are asked for."""

import pytest
from django.urls import reverse

from cohorts.enums import Role
from tests.test_access_matrix import contents
from tests.test_hostile_input import FAR, HUGE, LONG, NOBODY, NULL, address, of_path
from tests.worlds import World
from tests.worlds_practices import proposed


def of_plan(name, which, *more):
    return lambda ours: reverse(name, args=["ici", ours.participation.public_id, getattr(ours, which).public_id, *more])


def of_practice(name, row="practice"):
    def where(ours):
        return reverse(name, args=[*(["ici"] if row == "practice" else []), getattr(ours, row).public_id])

    return where


def new_practice(ours):
    return ours.submitted.url("practice_new", 1)


def of_stakeholder(name):
    return lambda ours: reverse(name, args=["ici", ours.organisation.public_id, ours.stakeholder.public_id])


ACTION = {
    "what": NULL,
    "due_on": "9999-12-31",
    "budget": "1e999999",
    "pilot": HUGE,
    "also": [NULL, HUGE],
    "steps": LONG,
}
TOLD = {"title": NULL, "what": LONG, "scope": HUGE, "signed": NULL, "revision": HUGE, "consent": "on"}
WHO = {"name": NULL, "importance": HUGE, "influence": "²", "expectations": LONG, "revision": HUGE}
FORWARD_POSTS = {
    "action": (of_path("action_new"), ACTION),
    "action of nobody": (lambda ours: f"{of_path('action_new')(ours)}?reponse={HUGE}", {"what": "Une action"}),
    "action of no number": (lambda ours: f"{of_path('action_new')(ours)}?reponse=%00²", {"what": "Une action"}),
    "action adapted": (lambda ours: f"{of_path('action_new')(ours)}?proposition=%00{HUGE}", {"what": "Une action"}),
    "action edited": (of_plan("action_edit", "full_action"), {**ACTION, "revision": HUGE, "evidence": [NULL, NOBODY]}),
    "step": (of_plan("action_step_toggle", "full_action", FAR), {"done": "1"}),
    "step neither done nor not": (
        lambda ours: of_plan("action_step_toggle", "full_action", ours.step.pk)(ours),
        {"done": NULL},
    ),
    "news": (of_plan("action_note_add", "full_action"), {"text": NULL}),
    "long news": (of_plan("action_note_add", "full_action"), {"text": LONG}),
    "news taken back": (of_plan("action_note_withdraw", "full_action", FAR), {}),
    "proposal accepted": (of_path("proposal_accept", NOBODY), {}),
    "proposal refused": (of_plan("proposal_refuse", "proposal"), {"reason": NULL}),
    "proposal refused at length": (of_plan("proposal_refuse", "proposal"), {"reason": LONG}),
    "proposal taken up again": (of_path("proposal_reconsider", NOBODY), {}),
    "priorities": (
        of_path("priorities"),
        lambda ours: {
            f"c{ours.priority.criterion_id}-seen": HUGE,
            f"c{ours.priority.criterion_id}-impact": NULL,
            f"c{ours.priority.criterion_id}-effort": HUGE,
        },
    ),
    "presentation": (of_path("presentation_new"), {"audience": NULL, "held_on": "0001-01-01", "note": NULL}),
    "presentation to come": (of_path("presentation_new"), {"audience": "board", "held_on": "9999-12-31"}),
    "presentation edited": (
        of_plan("presentation_edit", "presentation"),
        {"audience": "board", "held_on": "2025-10-21", "revision": HUGE, "take_off": [NULL, HUGE], "note": LONG},
    ),
    "presentation of no file": (of_plan("presentation_file", "presentation", "__class__"), {}),
    "move": (of_plan("action_move", "full_action"), {"status": NULL, "revision": HUGE}),
    "move without why": (of_plan("action_move", "full_action"), {"status": "blocked", "status_reason": NULL}),
    "several": (of_path("plan_bulk"), {"change": NULL, "action": [NULL, f"{NOBODY}:{HUGE}"], "confirmed": "1"}),
    "several to nobody": (
        of_path("plan_bulk"),
        lambda ours: {
            "change": "pilot",
            "pilot": HUGE,
            "action": f"{ours.full_action.public_id}:{ours.full_action.revision}",
            "confirmed": "1",
        },
    ),
    "several of no version": (
        of_path("plan_bulk"),
        lambda ours: {"change": "who", "who": "X", "action": f"{ours.full_action.public_id}:{HUGE}", "confirmed": "1"},
    ),
    "adoption": (of_path("plan_adopt"), {"shown": NULL, "adopted_on": "0001-01-01", "body": HUGE, "decision": NULL}),
    "adoption of a stamp": (
        of_path("plan_adopt"),
        {"shown": "[" * 10_000, "adopted_on": "2025-10-30", "body": "board", "note": LONG},
    ),
    "decision of no number": (of_path("plan_adoption_file", 999), {}),
    "reading over": (of_path("plan_review"), {"act": NULL, "months": HUGE, "revision": HUGE}),
    "rhythm": (of_path("plan_review"), {"act": "rhythm", "months": HUGE, "revision": HUGE}),
    "review": (of_path("plan_review"), {"act": "review", "held_on": "9999-12-31", "note": NULL}),
    "plan brought": (of_path("plan_import"), {"file": NULL}),
    "plan of nobody": (of_path("plan_import_confirm", NOBODY), {}),
    "model of no plan": (address("plan_import_model", "ici", NOBODY), {"file": NULL}),
    "model of a plan elsewhere": (
        lambda ours: reverse("plan_import_model", args=["ailleurs", ours.participation.public_id]),
        {},
    ),
    "export": (of_path("plan_export"), {"form": NULL}),
    "document": (of_path("document_request"), {"about": HUGE, "edition": NULL, "form": NULL, "with_plan": HUGE}),
    "practice": (new_practice, TOLD),
    "practice edited": (of_practice("practice_edit"), TOLD),
    "practice put forward": (of_practice("practice_propose"), TOLD),
    "sharing": (
        of_path("sharing_new"),
        {"what": NULL, "to": HUGE, "until": "9999-12-31", "seen": NULL, "act": "share"},
    ),
    "sharing of nobody": (
        of_path("sharing_new"),
        {"what": f"synthesis:{NOBODY}", "to": NOBODY, "until": "2025-12-31", "seen": LONG, "act": "share"},
    ),
    "end of a sharing": (address("sharing_withdraw", "ici", NOBODY), {}),
    "letterhead": (address("letterhead"), {"mentions": NULL, "revision": HUGE, "logo_text": LONG, "logo": NULL}),
    "purpose": (address("purpose"), {"text": NULL, "revision": HUGE}),
    "long purpose": (address("purpose"), {"text": LONG, "revision": "-1"}),
    "stakeholder": (address("stakeholder_new"), WHO),
    "stakeholder edited": (of_stakeholder("stakeholder_edit"), WHO),
    "stakeholder of nobody": (
        lambda ours: reverse("stakeholder_remove", args=["ici", ours.organisation.public_id, NOBODY]),
        {"revision": HUGE},
    ),
    "stakeholders to begin with": (address("stakeholders_seed"), {"names": [NULL, LONG]}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORWARD_POSTS)
def test_forward_too_it_is_refused_and_nothing_changes(client, name):
    ours = World("ours")
    client.force_login(ours.user(Role.REFERENT))
    where, data = FORWARD_POSTS[name]
    data = data(ours) if callable(data) else data
    before = contents()
    for headers in ({}, {"Accept": "application/json"}, {"HX-Request": "true"}):
        assert client.post(where(ours), data, headers=headers).status_code in (403, 404, 409, 422)
    assert contents() == before


def theirs_in_every_field(ours, theirs):
    """Rows of the neighbour named wherever a form takes a public id: (address, what is posted)."""
    pilot = theirs.user(Role.REFERENT).public_id
    action = {"what": "À nous", "status": "to_do", "visibility": "structure"}
    ticked = f"{theirs.full_action.public_id}:{theirs.full_action.revision}"
    shown = {"until": "2025-12-31", "act": "share", "title": "T", "text": "T"}
    new, chapter = of_path("action_new")(ours), theirs.submitted.public_id
    return [
        (new, {**action, "pilot": pilot}),
        (new, {**action, "evidence": [theirs.evidence.public_id]}),
        (f"{new}?reponse={theirs.answer(1).pk}", action),
        (of_path("action_edit", theirs.full_action.public_id)(ours), action),
        (of_path("action_move", theirs.full_action.public_id)(ours), {"status": "done", "revision": "1"}),
        (of_path("plan_bulk")(ours), {"change": "who", "who": "X", "action": ticked, "confirmed": "1"}),
        (of_path("presentation_edit", theirs.presentation.public_id)(ours), {"audience": "board"}),
        (of_path("presentation_file", theirs.presentation.public_id, "compte-rendu")(ours), {}),
        (of_path("plan_import_confirm", theirs.plan_import.public_id)(ours), {}),
        (of_path("document_request")(ours), {"about": chapter, "edition": "outward", "form": "pdf"}),
        (of_path("sharing_new")(ours), {**shown, "what": f"synthesis:{chapter}", "to": "cohort"}),
        (of_path("sharing_new")(ours), {**shown, "what": "difficulty", "to": ours.organisation.public_id}),
        (address("sharing_withdraw", "ici", theirs.sharing.public_id)(ours), {}),
        (address("practice_withdraw", "ici", theirs.practice.public_id)(ours), {}),
        (address("stakeholder_edit", "ici", ours.organisation.public_id, theirs.stakeholder.public_id)(ours), {}),
        (address("stakeholder_remove", "ici", ours.organisation.public_id, theirs.stakeholder.public_id)(ours), {}),
        (address("plan_import_model", "ici", theirs.participation.public_id)(ours), {}),
    ]


@pytest.mark.django_db
def test_rows_of_the_neighbour_are_taken_by_no_field(client):
    ours, theirs = World("ours"), World("neighbour")
    client.force_login(ours.user(Role.REFERENT))
    posts = theirs_in_every_field(ours, theirs)
    before = contents()
    for where, data in posts:
        assert client.post(where, data).status_code in (403, 404, 422), (where, data)
    assert contents() == before


@pytest.mark.django_db
def test_an_address_that_names_a_row_of_the_neighbour_begins_with_nothing_of_theirs(client):
    ours, theirs = World("ours"), World("neighbour")
    client.force_login(ours.user(Role.REFERENT))
    new = of_path("sharing_new")(ours)
    answer = theirs.answer(1)
    theirs.save(answer, difficulty="Une difficulté toute à eux")
    for asked in (
        f"action={theirs.full_action.pk}",
        f"reponse={answer.pk}",
        f"autodiag={theirs.submitted.public_id}",
        f"action={HUGE}&reponse=²&autodiag={HUGE}",
    ):
        text = client.get(f"{new}?{asked}").content.decode()
        assert theirs.full_action.what not in text
        assert "toute à eux" not in text
        assert " checked" not in text


PROPOSED = {
    "level": HUGE,
    "what": NULL,
    "why": LONG,
    "effort": HUGE,
    "effect": "²",
    "revision": HUGE,
    "publishable": "x",
}
OTHERS_POSTS = {
    "library": (
        "editor",
        lambda ours: reverse("proposed_action_new", args=["ESSAI", ours.proposal.criterion_stable_id]),
        PROPOSED,
    ),
    "library of no criterion": (
        "editor",
        lambda ours: reverse("proposed_action_new", args=["ESSAI", NOBODY]),
        PROPOSED,
    ),
    "proposed action": (
        "editor",
        lambda ours: reverse("proposed_action", args=["ESSAI", ours.proposal.public_id]),
        PROPOSED,
    ),
    "end of a proposed action of nobody": (
        "editor",
        lambda ours: reverse("proposed_action_withdraw", args=["ESSAI", NOBODY]),
        {"revision": HUGE},
    ),
    "end of a proposed action of another library": (
        "editor",
        lambda ours: reverse("proposed_action_withdraw", args=["E" * 20, ours.proposal.public_id]),
        {},
    ),
    "return of a proposed action of nobody": (
        "editor",
        lambda ours: reverse("proposed_action_offer", args=["ESSAI", NOBODY]),
        {"level": NULL},
    ),
    "return of a proposed action of another library": (
        "editor",
        lambda ours: reverse("proposed_action_offer", args=["E" * 20, ours.withdrawn_proposal.public_id]),
        {},
    ),
    "network": (
        "editor",
        lambda ours: reverse("network_letterhead"),
        {"mentions": NULL, "revision": HUGE, "logo": NULL},
    ),
    "launch": (
        "facilitator",
        lambda ours: reverse("kickoff_stakeholders", args=["ici", "cohorte"]),
        {"names": NULL, "seen": LONG},
    ),
    "review": (
        "facilitator",
        lambda ours: reverse("practice_review", args=["ici", proposed(ours).public_id]),
        {"number": HUGE, "answer": NULL, "message": LONG},
    ),
    "contact": (
        "facilitator",
        lambda ours: reverse("practice_contact", args=[ours.practice_card.public_id]),
        {"text": NULL},
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", OTHERS_POSTS)
def test_from_the_others_it_is_refused_and_nothing_changes(client, name):
    ours = World("ours")
    who, where, data = OTHERS_POSTS[name]
    client.force_login(ours.editor if who == "editor" else ours.user(Role.FACILITATOR))
    where = where(ours)
    before = contents()
    assert client.post(where, data).status_code in (404, 409, 422)
    assert contents() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "row"), [("proposed_action_withdraw", "withdrawn_proposal"), ("proposed_action_offer", "proposal")]
)
def test_what_the_library_does_already_is_said_and_nothing_changes(client, name, row):
    ours = World("ours")
    client.force_login(ours.editor)
    before = contents()
    answered = client.post(reverse(name, args=["ESSAI", getattr(ours, row).public_id]), {"level": NULL}, follow=True)
    assert "Rien n’a changé." in answered.content.decode()
    assert contents() == before
