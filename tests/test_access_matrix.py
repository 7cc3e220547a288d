"""The matrix of access: it names every route, every cell holds, nothing of theirs shows, nothing refused writes."""

import re
from contextlib import contextmanager
from functools import cache

import pytest
from django.apps import apps
from django.core.signals import request_started
from django.db import connection, transaction
from django.test import Client

from caprse.access_matrix import AUDIENCES, address, matrix
from caprse.base import access, tasks
from cohorts.enums import Role
from cohorts.models import User
from cohorts.roles import Permission, roles_with
from tests.worlds import NEIGHBOUR, PRIVATE, STRANGER, World

CELLS = matrix()
REFUSED = (403, 404, 405, 422)
WHO = {
    "lapsed": "referent@lapsed.example.org",
    "neighbour": "referent@neighbour.example.org",
    "stranger": "referent@stranger.example.org",
    "stranger_facilitator": "facilitator@stranger.example.org",
}
# A facilitator and a coordinator see the neighbour's name and what it transmits; national staff, every cohort's name.
SEES = {
    "facilitator": {NEIGHBOUR},
    "region_admin": {NEIGHBOUR},
    "national_staff": {STRANGER},
    "editor": {STRANGER},
    "neighbour": {NEIGHBOUR, PRIVATE},
    "stranger": {STRANGER, PRIVATE},
    "stranger_facilitator": {STRANGER},
}
READS_PRIVATE = {"referent", "contributor", "board_member", "legal_representative", "lapsed"}
# The parties of one convention know each other by name, and by nothing else.
OF_A_CONVENTION = {
    "convention_bound",
    "convention_life",
    "amendment_changes",
    "convention_copy",
    "convention",
    "convention_pdf",
    "convention_end",
    "signing",
    "signing_act",
    "signing_pdf",
}
# Whom something may be shown to is chosen among them.
OF_A_CONVENTION |= {"sharing_new"}
# What a request leaves behind whatever it does: its session, its place in the queue of mails.
IGNORED = {"sessions.session", "base.heartbeat"}
READS = re.compile(r"(SELECT|SAVEPOINT|RELEASE|ROLLBACK)\b")


def signed_in(audience):
    client = Client()
    if audience != "anonymous":
        email = WHO.get(audience, f"{audience}@ours.example.org")
        client.force_login(User.objects.get(email=email))
    return client


def side_of(audience):
    return World("lapsed" if audience == "lapsed" else "ours")


def contents():
    """Every value of every row, signing in apart, to see that a refused request changed none."""
    return {
        model._meta.label_lower: rows_of(model) for model in apps.get_models() if model._meta.label_lower not in IGNORED
    }


def rows_of(model):
    """Values of every row; frozen bytes are left aside, their fingerprint is in the row."""
    skipped = {"last_login", "pdf", "html", "built"}
    columns = [field.attname for field in model._meta.concrete_fields if field.attname not in skipped]
    return sorted(map(repr, model.objects.values_list(*columns)))


@pytest.fixture
def beating(db):
    tasks.beat()


def test_matrix_names_every_route_with_both_methods():
    names = {name for _, name, _ in access.routes()}
    assert None not in names
    assert set(CELLS) == {(name, method) for name in names for method in ("GET", "POST")}


def test_every_route_of_ours_declares_the_audiences_the_matrix_lets_in():
    for _, name, view in access.routes():
        if access.is_ours(view):
            assert view.audience, name


@cache
def untouched():
    """The contents of the worlds, read once per process: every test finds them as they were built."""
    return contents()


@contextmanager
def statements_that_may_write():
    """Those sent meanwhile: whatever is neither a plain read nor the control of a transaction."""
    found = []

    def note(execute, sql, params, many, context):
        if not READS.match(str(sql)):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


@pytest.mark.parametrize(("route", "method"), CELLS)
def test_row(beating, route, method):
    """Every audience in turn, each on the untouched worlds."""
    untouched()
    for audience in AUDIENCES:
        with transaction.atomic():
            play(route, method, audience)
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cohorts_region SET name = 'Autre'",
        "WITH other AS (SELECT 'Autre' AS name) UPDATE cohorts_region SET name = (SELECT name FROM other)",
        "DELETE FROM cohorts_clauseacceptance",
    ],
)
def test_row_notices_what_a_refused_request_writes(beating, statement):
    untouched()

    def write(**kwargs):
        with connection.cursor() as cursor:
            cursor.execute(statement)

    request_started.connect(write)
    try:
        with pytest.raises(AssertionError, match="contributor"):
            play("plan", "POST", "contributor")
    finally:
        request_started.disconnect(write)


def play(route, method, audience):
    """One cell: its status, no word of anybody else's, and nothing changed when it is refused."""
    expected = CELLS[route, method][audience]
    client, url = signed_in(audience), address(route, side_of(audience))
    with statements_that_may_write() as written:
        response = client.generic(method, url)
    assert response.status_code == expected, audience
    text = b"".join(response) if response.streaming else response.content
    if route in OF_A_CONVENTION:
        text = text.replace(f"Structure {NEIGHBOUR}".encode(), b"")
    for marker in {NEIGHBOUR, STRANGER} - SEES.get(audience, set()):
        assert marker.encode() not in text, audience
    if audience not in READS_PRIVATE and PRIVATE not in SEES.get(audience, set()):
        assert PRIVATE.encode() not in text, audience
    if method == "POST" and expected in REFUSED and written:
        assert contents() == untouched(), audience


OF_SOMEBODY = (
    "participation",
    "organisation",
    "notes",
    "plan",
    "autodiag",
    "synthesis",
    "submission",
    "criterion",
    "answer_history",
    "threads",
    "thread",
    "action_edit",
    "job",
)
OURS = ("referent", "contributor", "board_member", "legal_representative", "facilitator", "region_admin")


# A neighbour of the same cohort is a party to these, a stranger is not.
OF_A_COHORT = ("convention", "convention_pdf", "convention_end", "signing")


@pytest.mark.parametrize("route", [*OF_SOMEBODY, *OF_A_COHORT])
@pytest.mark.parametrize("audience", OURS)
def test_pages_of_a_stranger_do_not_exist(db, route, audience):
    response = signed_in(audience).get(address(route, World("stranger")))
    assert response.status_code in (403, 404)
    assert STRANGER.encode() not in response.content


@pytest.mark.parametrize("route", OF_SOMEBODY)
@pytest.mark.parametrize("audience", OURS[:4])
def test_pages_of_a_neighbour_do_not_exist(db, route, audience):
    response = signed_in(audience).get(address(route, World("neighbour")))
    assert response.status_code == 404 or (route == "action_edit" and response.status_code == 403)
    assert NEIGHBOUR.encode() not in response.content


@pytest.mark.parametrize("route", [r for r in OF_SOMEBODY if r != "job"])
def test_a_right_id_under_another_region_is_a_404(db, route):
    ours = World("ours")
    url = address(route, ours).replace("/regions/ici/", "/regions/ailleurs/")
    assert url != address(route, ours)
    assert signed_in("referent").get(url).status_code == 404


# The page each right opens, and what it answers there: rights declared as data are the rights enforced.
OPENS = {
    Permission.SEE_PATH: (("participation", "GET"), 200),
    Permission.READ_DIAGNOSTIC: (("criterion", "GET"), 200),
    Permission.ANSWER: (("answer_save", "POST"), 422),
    Permission.SUBMIT: (("autodiag_submit", "GET"), 200),
    Permission.READ_SUBMISSION: (("synthesis", "GET"), 200),
    Permission.REMARK: (("remark_add", "POST"), 422),
    Permission.GIVE_VIEWPOINT: (("viewpoint_save", "POST"), 422),
    Permission.SEE_GAPS: (("gaps", "GET"), 200),
    Permission.ASSIGN: (("assignments", "GET"), 200),
    Permission.OPEN_COMPARISON: (("comparison_open", "GET"), 200),
    Permission.DISCUSS: (("threads", "GET"), 200),
    Permission.RUN_SURVEY: (("survey_new", "GET"), 200),
    Permission.REVIEW: (("autodiag_review", "GET"), 200),
    Permission.EDIT_PLAN: (("action_new", "GET"), 200),
    Permission.EXPORT: (("synthesis_pdf", "POST"), 302),
    Permission.READ_CARD: (("organisation", "GET"), 200),
    Permission.EDIT_CARD: (("organisation_edit", "GET"), 200),
    Permission.INVITE: (("organisation_invite", "GET"), 200),
    Permission.NAME_PAIR: (("pair", "GET"), 200),
    Permission.ORGANISE: (("cohort_new", "GET"), 200),
    Permission.RECORD_ADHESION: (("adhesion_add", "GET"), 200),
    Permission.GRANT_EXCEPTION: (("clearance_exception", "GET"), 200),
    Permission.SEE_COHORT_PROGRESS: (("cohort_board", "GET"), 200),
    Permission.WRITE_NOTES: (("notes", "POST"), 422),
    Permission.ADJUST_ROUND: (("round_adjust", "GET"), 200),
    Permission.READ_CONVENTION: (("convention", "GET"), 200),
    Permission.MANAGE_CONVENTION: (("convention_preview", "GET"), 200),
    Permission.WRITE_TEMPLATES: (("template_settings", "GET"), 200),
    Permission.RELAY: (("cohort_relays", "GET"), 200),
    Permission.READ_RELAYED: (("relays", "GET"), 200),
    Permission.READ_REFERENTIEL: (("referentiels", "GET"), 200),
    Permission.READ_DRAFT: (("referentiel_draft", "GET"), 200),
    Permission.EDIT_DRAFT: (("draft_criterion", "GET"), 200),
    Permission.RELEASE_QUESTIONS: (("survey_question_new", "GET"), 200),
    Permission.SEE_NETWORK: (("network", "GET"), 200),
    Permission.EDIT_EVIDENCE: (("evidence_edit", "GET"), 200),
    Permission.ADOPT_PLAN: (("plan_adopt", "GET"), 200),
    Permission.READ_MAP: (("stakeholders", "GET"), 200),
    Permission.EDIT_MAP: (("stakeholder_new", "GET"), 200),
    Permission.NAME_STAKEHOLDERS: (("kickoff_stakeholders", "GET"), 200),
    Permission.SHARE: (("sharing_new", "GET"), 200),
    Permission.READ_SHARINGS: (("sharings", "GET"), 200),
    Permission.READ_PRACTICES: (("practices", "GET"), 200),
    Permission.MODERATE_PRACTICES: (("practice_review", "GET"), 200),
    Permission.PROPOSE_ACTIONS: (("proposed_action_new", "GET"), 200),
}


# A right that the role gives only to whom a référentiel was entrusted: another column of the table.
ENTRUSTED = {
    (Permission.EDIT_DRAFT, Role.NATIONAL_STAFF): "editor",
    (Permission.RELEASE_QUESTIONS, Role.NATIONAL_STAFF): "editor",
    (Permission.PROPOSE_ACTIONS, Role.NATIONAL_STAFF): "editor",
}


@pytest.mark.parametrize("permission", OPENS)
def test_page_of_rights_and_matrix_say_the_same(permission):
    cell, status = OPENS[permission]
    let_in = {role for role in Role if CELLS[cell][ENTRUSTED.get((permission, role), role.value)] == status}
    assert let_in == roles_with(permission)
