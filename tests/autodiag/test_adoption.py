"""The adoption of a plan: frozen as it stood, numbered once, told from what it became."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from autodiag.enums import ActionStatus, AdoptedBy
from autodiag.models import Action, PlanAdoption
from autodiag.plans import freezing
from autodiag.rules.adoption import can_adopt
from autodiag.services.adoption import NothingToAdopt, PlanMoved, adopt_plan, adoption_of, frozen_plan
from autodiag.services.plan import create_action, update_action
from caprse.base import files
from caprse.base.models import AuditEvent, StoredFile
from caprse.base.uploads import accept
from cohorts.enums import Role, Visibility
from referentiel.models import Criterion
from tests.harness.threads import at_once
from tests.worlds import TODAY, World


@pytest.fixture
def ours(db):
    return World("ours")


def shown(world):
    return freezing.stamp_of(frozen_plan(world.participation))


def adopt(world, **more):
    said = {"shown": shown(world), "adopted_on": TODAY, "body": AdoptedBy.BOARD, **more}
    return adopt_plan(participation=world.participation, by=world.actor(Role.REFERENT), **said)


def rich_action(world):
    criteria = Criterion.objects.filter(chapter__version=world.participation.cohort.version).order_by("pk")
    return create_action(
        participation=world.participation,
        by=world.actor(Role.REFERENT),
        criterion=criteria[0],
        what="Former les encadrants",
        why="Chacun fait à sa façon",
        who="L’équipe",
        pilot_id=world.user(Role.CONTRIBUTOR).pk,
        due_on=date(2026, 6, 30),
        starts_on=date(2026, 1, 5),
        means="Deux jours",
        indicator="Tous formés",
        status=ActionStatus.BLOCKED,
        status_reason="Pas de salle",
        partners="La mairie",
        budget=Decimal("1200.50"),
        visibility=Visibility.FACILITATOR,
        steps=["Choisir la date", "Inviter"],
        also=[criteria[1], criteria[2]],
    )


def of(actions, action):
    return next(one for one in actions if one["id"] == action.public_id)


def test_every_field_of_an_action_is_frozen_steps_criteria_and_readers_included(ours):
    action = rich_action(ours)
    frozen = of(adopt(ours).content["actions"], action)
    criteria = list(Criterion.objects.filter(chapter__version=ours.participation.cohort.version).order_by("pk")[:3])
    assert {name: frozen[name] for name in ("due_on", "starts_on", "budget", "status", "visibility")} == {
        "due_on": "2026-06-30",
        "starts_on": "2026-01-05",
        "budget": "1200.50",
        "status": "blocked",
        "visibility": "facilitator",
    }
    assert frozen["steps"] == [{"text": "Choisir la date", "done": False}, {"text": "Inviter", "done": False}]
    assert [one["code"] for one in frozen["also"]] == [criteria[1].code, criteria[2].code]
    assert frozen["criterion"] == {name: getattr(criteria[0], name) for name in ("stable_id", "code", "title")}
    assert frozen["pilot"] == ours.user(Role.CONTRIBUTOR).full_name
    told = freezing.in_words(frozen)
    assert told["budget"] == "1\u202f200,50\u00a0€"
    assert told["due_on"] == "mardi 30 juin 2026"
    assert told["status"] == "Bloquée"


def test_no_field_of_an_action_is_left_out_of_what_is_frozen():
    technical = {"id", "public_id", "region", "participation", "proposal", "revision"}
    technical |= {"created_at", "created_by", "updated_at"}
    columns = {field.name for field in Action._meta.concrete_fields} - technical
    assert columns <= set(freezing.LABELS)


def test_a_plan_of_many_actions_is_frozen_in_one_query_in_the_order_of_the_page(ours, queries):
    rich_action(ours)
    late = create_action(participation=ours.participation, by=ours.actor(Role.REFERENT), what="B", due_on=TODAY)
    with queries(1):
        actions = frozen_plan(ours.participation)
    order = Action.objects.filter(participation=ours.participation).in_order().values_list("public_id", flat=True)
    assert [one["id"] for one in actions] == list(order)
    assert actions[0]["id"] == late.public_id


def test_what_was_adopted_can_never_be_changed_and_says_whether_it_is_whole(ours):
    adoption = adopt(ours)
    assert adoption.is_intact
    adoption.content["actions"][0]["what"] = "Autre chose"
    assert not adoption.is_intact
    rows = PlanAdoption.objects.filter(pk=adoption.pk)
    for write in (lambda: rows.update(note="Autre"), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_a_plan_without_action_is_not_adopted_nor_one_of_abandoned_actions(ours):
    rows = [{"status": "abandoned"}, {"status": "abandoned"}]
    assert "rien à adopter" in can_adopt([]).reason
    assert "abandonnées" in can_adopt(rows).reason
    assert can_adopt([*rows, {"status": "done"}])
    for action in Action.objects.filter(participation=ours.participation):
        update_action(
            action=action,
            revision=action.revision,
            by=ours.actor(Role.REFERENT),
            status=ActionStatus.ABANDONED,
            status_reason="Plus d’actualité",
        )
    before = PlanAdoption.objects.count()
    with pytest.raises(NothingToAdopt, match="abandonnées"):
        adopt(ours)
    assert PlanAdoption.objects.count() == before


def test_a_plan_that_changed_since_it_was_shown_is_not_adopted_and_the_actions_are_named(ours):
    seen = shown(ours)
    added = create_action(participation=ours.participation, by=ours.actor(Role.CONTRIBUTOR), what="Arrivée entre-temps")
    changed = Action.objects.get(participation=ours.participation, criterion__isnull=False)
    update_action(action=changed, revision=changed.revision, by=ours.actor(Role.CONTRIBUTOR), who="Une autre")
    before = PlanAdoption.objects.count()
    with pytest.raises(PlanMoved) as refusal:
        adopt(ours, shown=seen)
    assert {one["id"] for one in refusal.value.changed} == {added.public_id, changed.public_id}
    assert PlanAdoption.objects.count() == before
    for stamp in ("", "n’importe quoi", ":::", "a:b " * 9):
        with pytest.raises(PlanMoved):
            adopt(ours, shown=stamp)


def test_the_decision_is_the_structures_own_and_no_one_else_reaches_it(ours):
    upload = accept("pv.txt", b"Le conseil adopte le plan.")
    adoption = adopt(ours, upload=upload, note="À l’unanimité")
    assert files.read(adoption.decision) == upload.content
    for role in (Role.REFERENT, Role.FACILITATOR):
        assert not StoredFile.objects.visible_to(ours.actor(role)).filter(pk=adoption.decision_id).exists()
    assert AuditEvent.objects.get(verb="plan.adopted", target_id=adoption.pk).details == {
        "number": adoption.number,
        "body": "board",
        "actions": len(adoption.content["actions"]),
    }


def test_sent_twice_it_is_one_adoption_and_said_otherwise_another(ours):
    first = adopt(ours)
    assert adopt(ours).pk == first.pk
    assert adopt(ours, body=AdoptedBy.BUREAU).number == first.number + 1
    assert adopt(ours, body=AdoptedBy.BUREAU, upload=accept("pv.txt", b"PV")).number == first.number + 2


def test_the_same_form_twice_at_the_same_moment_counts_once_and_two_bodies_count_both(committed_db):
    ours = World("ours")
    seen, before = shown(ours), PlanAdoption.objects.filter(participation=ours.participation).count()
    given = at_once(*[lambda: adopt(ours, shown=seen).pk] * 3)
    assert len(set(given)) == 1
    bodies = (AdoptedBy.ASSEMBLY, AdoptedBy.BUREAU, AdoptedBy.DIRECTION)
    made = at_once(*[lambda body=body: adopt(ours, shown=seen, body=body).number for body in bodies])
    assert sorted(made) == [before + 2, before + 3, before + 4]


def test_changes_since_are_told_field_by_field_before_and_after(ours):
    kept, done = rich_action(ours), rich_action(ours)
    update_action(action=done, revision=0, by=ours.actor(Role.REFERENT), what="À finir")
    adoption = adopt(ours)
    by = ours.actor(Role.CONTRIBUTOR)
    update_action(action=kept, revision=0, by=by, budget=Decimal("900"), due_on=date(2026, 9, 30), steps=["Inviter"])
    update_action(action=done, revision=1, by=by, status=ActionStatus.DONE)
    added = create_action(participation=ours.participation, by=by, what="Nouvelle")
    found = {one.id: one for one in adoption_of(ours.participation, by).changes}
    assert set(found) == {kept.public_id, done.public_id, added.public_id}
    assert found[added.public_id].kind == freezing.ADDED
    assert found[done.public_id].kind == freezing.DONE
    told = {one.label: (one.before, one.after) for one in found[kept.public_id].fields}
    assert told == {
        "Pour quand": ("mardi 30 juin 2026", "mercredi 30 septembre 2026"),
        "Budget": ("1\u202f200,50\u00a0€", "900\u00a0€"),
        "Étapes": ("Choisir la date\nInviter", "Inviter"),
    }
    assert adoption_of(ours.participation, by).adoption == adoption


def test_an_action_changed_and_put_back_is_no_change(ours):
    adopt(ours)
    action = Action.objects.get(participation=ours.participation, criterion__isnull=False)
    was = action.who
    update_action(action=action, revision=action.revision, by=ours.actor(Role.REFERENT), who="Autre")
    assert len(adoption_of(ours.participation, ours.actor(Role.REFERENT)).changes) == 1
    update_action(action=action, revision=action.revision, by=ours.actor(Role.REFERENT), who=was)
    assert adoption_of(ours.participation, ours.actor(Role.REFERENT)).changes == []


def test_two_adoptions_are_compared_and_what_is_gone_is_told():
    before = [{"id": "a", "what": "A", "status": "to_do", "visibility": "structure"}]
    after = [{"id": "b", "what": "B", "status": "abandoned", "visibility": "structure"}]
    assert [(one.kind, one.id) for one in freezing.compare(before, after)] == [("added", "b"), ("gone", "a")]
    abandoned = [{**before[0], "status": "abandoned", "status_reason": "Trop cher"}]
    (change,) = freezing.compare(before, abandoned)
    assert change.kind == freezing.ABANDONED
    assert [(one.label, one.after) for one in change.fields] == [
        ("Où en est-on", "Abandonnée"),
        ("Raison", "Trop cher"),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_last_adoption_costs_two_queries_whatever_the_plan(ours, queries, count):
    for rank in range(count):
        create_action(participation=ours.participation, by=ours.actor(Role.REFERENT), what=f"A{rank}", steps=["x", "y"])
    actor = ours.actor(Role.BOARD_MEMBER)
    with queries(2):
        adopted = adoption_of(ours.participation, actor)
    assert len(adopted.changes) == count


def test_who_accompanies_the_structure_reads_no_adoption(ours, queries):
    actor = ours.actor(Role.REFERENT)
    accompanying = World("stranger").actor(Role.REFERENT)
    assert adoption_of(ours.participation, actor)
    with queries(0):
        assert adoption_of(ours.participation, accompanying) is None
