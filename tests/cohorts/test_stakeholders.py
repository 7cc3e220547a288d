"""Stakeholders: each name once, placed or not; the launch of the cohort to start from; the map, drawn and told."""

import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from caprse.base.models import AuditEvent
from caprse.base.svg import NAMESPACE, text_width
from caprse.base.versioned import StaleSave
from cohorts.enums import Role
from cohorts.figures import CELL, MARGIN, MOST_LINES, SIZE, cell_lines, stakeholder_map, wrapped
from cohorts.models import NamedAtKickoff, Stakeholder
from cohorts.services.stakeholders import (
    MOST,
    AlreadyNamed,
    Removed,
    TooMany,
    add_stakeholder,
    edit_stakeholder,
    name_at_kickoff,
    names_of,
    remove_stakeholder,
    stamp_of,
    take_up,
)
from tests.harness.threads import at_once
from tests.worlds import STRUCTURE_ROLES, World
from tests.worlds_identity import NAMED

PLACE = {"importance": 3, "influence": 1}


@pytest.fixture
def ours(db):
    return World("ours")


def add(ours, name="Élu·e·s", **said):
    return add_stakeholder(organisation=ours.organisation, name=name, by=ours.actor(Role.REFERENT), **said)


def change(stakeholder, revision=0, **said):
    kept = {
        name: getattr(stakeholder, name) for name in ("name", "importance", "influence", "expectations", "dialogue")
    }
    return edit_stakeholder(stakeholder=stakeholder, revision=revision, by=None, **{**kept, **said})


def names(ours):
    return set(Stakeholder.objects.filter(organisation=ours.organisation).values_list("name", flat=True))


# --- The list -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Élu·e·s", "ÉLU·E·S", "elu·e·s", "  élu·e·s "])
def test_a_name_is_there_once_whatever_its_capitals_and_accents(ours, name):
    first = add(ours, expectations="Être consulté·e·s")
    with pytest.raises(AlreadyNamed) as refusal:
        add(ours, name=name)
    assert refusal.value.stakeholder == first
    other = add(ours, name="Maires")
    with pytest.raises(AlreadyNamed):
        change(other, name=name)
    assert names(ours) >= {"Élu·e·s", "Maires"}


def test_sent_four_times_at_once_it_is_one(committed_db):
    ours = World("ours")
    given = at_once(*[lambda: add(World("ours"), **PLACE).pk] * 4)
    assert set(given) == {Stakeholder.objects.get(organisation=ours.organisation, name="Élu·e·s").pk}


def test_the_same_name_is_free_in_another_structure(ours):
    add(ours)
    assert add(World("neighbour")).name == "Élu·e·s"


def test_it_changes_on_the_revision_that_was_read(ours):
    made = add(ours, **PLACE)
    change(Stakeholder.objects.select_related("organisation").get(pk=made.pk), dialogue="Un café")
    with pytest.raises(StaleSave) as refusal:
        change(made, dialogue="Une lettre")
    assert refusal.value.current.dialogue == "Un café"
    before = AuditEvent.objects.count()
    assert change(refusal.value.current, revision=1).revision == 1
    assert AuditEvent.objects.count() == before


def test_its_own_name_may_change_of_capitals(ours):
    assert change(add(ours), name="ÉLU·E·S").name == "ÉLU·E·S"


def test_removed_it_changes_no_more_and_twice_is_once(ours):
    made = add(ours)
    same = Stakeholder.objects.select_related("organisation").get(pk=made.pk)
    for _ in range(2):
        remove_stakeholder(stakeholder=same, by=ours.actor(Role.REFERENT))
        same.pk = made.pk
    assert AuditEvent.objects.filter(verb="stakeholder.removed").count() == 1
    with pytest.raises(Removed):
        change(made, dialogue="Un café")
    assert "Élu·e·s" not in names(ours)


@pytest.mark.parametrize("half", [{"importance": 3}, {"influence": 1}, {"importance": 4, "influence": 1}])
def test_the_database_takes_both_places_or_neither(ours, half):
    with pytest.raises(IntegrityError), transaction.atomic():
        add(ours, **half)


def test_only_the_structure_s_people_reach_them(ours):
    for role in STRUCTURE_ROLES:
        assert Stakeholder.objects.visible_to(ours.actor(role)).count() == 2
    for role in (Role.FACILITATOR, Role.REGION_ADMIN, Role.NATIONAL_STAFF, Role.PARTNER):
        assert not Stakeholder.objects.visible_to(ours.actor(role)).exists()
    assert ours.stakeholder not in Stakeholder.objects.visible_to(World("neighbour").actor(Role.REFERENT))


# --- Where one starts from ----------------------------------------------------------------------------------------


def test_names_are_taken_up_in_order_those_there_already_stay_as_they_are(ours):
    mine = add(ours, name="Mairie", **PLACE)
    by = ours.actor(Role.REFERENT)
    added = take_up(organisation=ours.organisation, names=["MAIRIE", "Bailleurs", "bailleurs", "Écoles"], by=by)
    assert [row.name for row in added] == ["Bailleurs", "Écoles"]
    assert [row.importance for row in added] == [None, None]
    mine.refresh_from_db()
    assert (mine.name, mine.importance) == ("Mairie", 3)
    assert take_up(organisation=ours.organisation, names=["Mairie", "Ecoles"], by=by) == []


def test_a_map_that_is_full_says_so(ours):
    by = ours.actor(Role.REFERENT)
    take_up(organisation=ours.organisation, names=[f"Groupe {rank}" for rank in range(MOST - 2)], by=by)
    with pytest.raises(TooMany, match="200 au plus"):
        add(ours)
    with pytest.raises(TooMany):
        take_up(organisation=ours.organisation, names=["Un de plus"], by=by)
    assert len(names(ours)) == MOST


def test_the_launch_is_written_whole_and_takes_nothing_from_structures(ours):
    cohort, by = ours.cohort, ours.actor(Role.FACILITATOR)
    take_up(organisation=ours.organisation, names=list(NAMED), by=ours.actor(Role.REFERENT))
    name_at_kickoff(cohort=cohort, names=["Écoles", "Mairie"], seen=stamp_of(list(NAMED)), by=by)
    assert names_of(cohort) == ["Écoles", "Mairie"]
    assert names(ours) >= set(NAMED)
    with pytest.raises(StaleSave) as refusal:
        name_at_kickoff(cohort=cohort, names=["Autre"], seen=stamp_of(list(NAMED)), by=by)
    assert refusal.value.current == ["Écoles", "Mairie"]
    before = AuditEvent.objects.count()
    name_at_kickoff(cohort=cohort, names=["Écoles", "Mairie"], seen=stamp_of(list(NAMED)), by=by)
    assert AuditEvent.objects.count() == before


def test_who_takes_part_in_the_cohort_and_who_accompanies_it_reach_the_names(ours):
    for role in (Role.BOARD_MEMBER, Role.FACILITATOR, Role.REGION_ADMIN):
        assert NamedAtKickoff.objects.visible_to(ours.actor(role)).count() == len(NAMED)
    assert (
        not NamedAtKickoff.objects.visible_to(World("stranger").actor(Role.REFERENT))
        .filter(cohort=ours.cohort)
        .exists()
    )


# --- The map ------------------------------------------------------------------------------------------------------


def placed(count, name="Groupe", importance=3, influence=3):
    return [SimpleNamespace(name=f"{name} {n}", importance=importance, influence=influence) for n in range(count)]


def drawn(people):
    return ET.fromstring(stakeholder_map(people))


def texts_of(drawing):
    return [(float(node.get("x")), float(node.get("y")), node.text) for node in drawing.iter(f"{{{NAMESPACE}}}text")]


def boxes_of(drawing):
    found = [
        [float(node.get(name)) for name in ("x", "y", "width", "height")]
        for node in drawing.iter(f"{{{NAMESPACE}}}rect")
    ]
    return found[1:]  # the first one is the paper


@pytest.mark.parametrize("count", [0, 1, 40])
def test_nothing_leaves_its_cell_however_many_there_are(count):
    drawing = drawn(placed(count))
    boxes = boxes_of(drawing)
    assert len(boxes) == 9
    names = [(x, y, text) for x, y, text in texts_of(drawing) if x > 0 and re.match(r"Groupe|et \d", text)]
    assert len(names) == min(count, MOST_LINES)
    corner = max(boxes, key=lambda box: (box[0], -box[1]))
    for x, y, text in names:
        left, top, width, height = corner
        assert left + MARGIN <= x
        assert x + text_width(text, SIZE) <= left + width
        assert top + SIZE <= y <= top + height
    assert len({y for _, y, _ in names}) == len(names)
    if count == 40:
        assert names[-1][2] == "et 32 autres"


def test_cells_touch_and_never_overlap():
    people = placed(12) + placed(3, importance=1, influence=1) + placed(1, name="Très long " * 11, importance=2)
    boxes = boxes_of(drawn(people))
    rows = sorted({(top, height) for _, top, _, height in boxes})
    assert [top for top, _ in rows] == pytest.approx([0, rows[0][1], rows[0][1] + rows[1][1]])
    assert sorted({left for left, *_ in boxes}) == [0, CELL, 2 * CELL]


@pytest.mark.parametrize("name", ["Communauté de communes " * 5, "W" * 120, "a" * 119 + " b", "日" * 120])
def test_a_long_name_is_wrapped_whole(name):
    name = name.strip()
    lines = wrapped(name, CELL - 2 * MARGIN - 12)
    assert "".join(lines).replace(" ", "") == name.replace(" ", "")
    assert all(text_width(line, SIZE) <= CELL - 2 * MARGIN - 12 for line in lines)


@pytest.mark.parametrize(("count", "end"), [(9, "Nom 8"), (10, "et 2 autres"), (13, "et 5 autres")])
def test_those_left_over_are_counted(count, end):
    lines = cell_lines([f"Nom {rank}" for rank in range(count)])
    assert (len(lines), lines[-1][0]) == (MOST_LINES, end)


def test_it_is_told_in_words_whole_and_by_attributes_alone():
    people = placed(40) + [SimpleNamespace(name="<b>&\"'", importance=1, influence=2)]
    text = stakeholder_map(people, ident="carte")
    told = ET.fromstring(text).find(f"{{{NAMESPACE}}}desc").text
    assert told.startswith("Importance grande, influence grande : Groupe 0, Groupe 1,")
    assert "Groupe 39." in told
    assert "Importance petite, influence moyenne : <b>&\"'." in told
    for forbidden in ("style=", "class=", "<script", "<b>", "href"):
        assert forbidden not in text
    assert "Personne n’est encore placé" in stakeholder_map([])
