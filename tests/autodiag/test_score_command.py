"""`manage.py score`: the numbers of the page, each with where it comes from."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from autodiag.documents import lines_of
from autodiag.enums import AnswerKind
from autodiag.scoring import score
from autodiag.services.reviews import reopen
from cohorts.enums import Role
from tests.worlds import World


@pytest.fixture
def ours(db):
    return World("ours")


def said(*arguments):
    out = StringIO()
    call_command("score", *map(str, arguments), stdout=out)
    return out.getvalue()


def told(*arguments):
    return json.loads(said(*arguments, "--json"))


def test_it_gives_the_numbers_of_the_page_with_their_sum(ours, client):
    found = told(ours.submitted.public_id)
    assert (found["value"], found["total"], found["weight"]) == ("1.3", 4, 3)
    assert found["left_out"] == {"not_applicable": 1, "unknown": 1, "not_answered": 0}
    assert [line["points"] for line in found["lines"]] == [2, 2, None, None]
    assert [bool(line["why_not"]) for line in found["lines"]] == [False, False, True, True]
    assert "au dixième" in found["rounding"]
    client.force_login(ours.user(Role.REFERENT))
    page = client.get(ours.submitted.url("synthesis")).content.decode().replace("&nbsp;", " ")
    assert f"{found['total']} ÷ {found['weight']} = {found['value'].replace('.', ',')}" in page


def test_it_names_the_version_and_its_hash(ours):
    last = ours.submitted.last_submission
    source = told(ours.submitted.public_id)["source"]
    assert (source["kind"], source["number"], source["content_hash"]) == ("submission", 1, last.content_hash)


def test_a_chapter_under_way_is_told_from_the_answers_of_the_moment(ours):
    found = told(ours.draft.public_id)
    assert found["source"] == {"kind": "working_answers"}
    assert found["left_out"]["not_answered"] == 2


def test_reopened_it_follows_the_page_and_each_version_keeps_its_own(ours):
    ours.transmit()
    reopen(autodiag=ours.draft, reason="Une erreur", by=ours.actor(Role.REFERENT))
    ours.save(ours.answer(2), kind=AnswerKind.UNKNOWN)
    now, before = told(ours.draft.public_id), told(ours.draft.public_id, "--submission", 1)
    assert (now["source"]["kind"], before["source"]["number"]) == ("working_answers", 1)
    assert now["weight"] < before["weight"]


def test_decimals_are_exact(ours):
    found = told(ours.submitted.public_id)
    assert Decimal(found["value"]) == score(lines_of(ours.submitted.last_submission.content["criteria"])).value


def test_it_is_read_in_a_terminal_too(ours):
    text = said(ours.submitted.public_id)
    assert "1.1  Critère 1.1 : 1 × 2 = 2" in text
    assert "4 ÷ 3 = 1,3 (arrondi au dixième" in text
    assert ours.submitted.last_submission.content_hash in text


@pytest.mark.parametrize("arguments", [["zzzzzzzzzzzz"], ["x" * 500]])
def test_an_unknown_one_is_said(db, arguments):
    with pytest.raises(CommandError, match="Aucun autodiagnostic"):
        said(*arguments)


@pytest.mark.parametrize("number", [0, 2, -1, 10**12])
def test_a_version_never_transmitted_is_said(ours, number):
    with pytest.raises(CommandError, match="pas de version transmise"):
        said(ours.submitted.public_id, f"--submission={number}")
