"""Practices: closed by default, frozen when put forward, moderated once, withdrawn everywhere, contacted with measure."""

from types import SimpleNamespace

import pytest

from autodiag.enums import PracticeAnswer, PracticeScope, PracticeState
from autodiag.models import Practice, PracticeCard, PracticeContact, PracticeProposal
from autodiag.rules.practices import CONTACTS_A_DAY, can_begin, warnings_of
from autodiag.services.contacts import CONTACT_MAIL, CannotContact, contact_structure
from autodiag.services.practices import (
    NewerProposal,
    NotPossibleNow,
    answer_practice,
    edit_practice,
    propose_practice,
    put_forward,
    warnings_about,
    withdraw_practice,
    write_practice,
)
from autodiag.todos.practices import practices_returned, practices_to_read
from caprse.base import clock, outbox
from caprse.base.echoes import Passage, Protected
from caprse.base.models import AuditEvent, OutboxMessage
from caprse.base.versioned import StaleSave
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import Membership, Participation, User
from tests.harness.threads import at_once
from tests.worlds import TODAY, World
from tests.worlds_practices import SAID, moderator_of, proposed, published, written

PUBLISH, RETURN = PracticeAnswer.PUBLISHED, PracticeAnswer.RETURNED


@pytest.fixture
def ours(db):
    return World("ours")


def by(world, role=Role.REFERENT):
    return world.actor(role)


def staff(role):
    return Actor.of(User.objects.get(email=f"{role}@ours.example.org"))


def last_of(practice):
    return practice.proposals.latest("number")


def card_of(practice):
    return PracticeCard.objects.select_related("practice__participation").get(practice=practice)


def seen_by(actor, practice):
    return PracticeCard.objects.visible_to(actor).filter(practice=practice).exists()


def said_now(practice, **changes):
    return {name: getattr(practice, name) for name in SAID} | changes


# --- Rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("practice", "uses", "allowed"), [("Un texte", 1, True), ("", 1, False), ("Un texte", 0, False)]
)
def test_a_practice_begins_where_something_is_written_and_shown(practice, uses, allowed):
    verdict = can_begin(SimpleNamespace(practice=practice), uses)
    assert bool(verdict) is allowed
    assert allowed or "justificatif" in verdict.reason


WORDING = Protected([Passage("critère 1.2, niveau 2", "La structure associe toutes les parties prenantes à ses choix")])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"how": "Ici, la structure associe toutes les parties prenantes."}, ["réservé aux adhérents"]),
        ({"what": "A la passerelle des deux rives, chacun choisit."}, ["nomme la structure"]),
        ({"result": "Merci à Maëlle Courtadon."}, ["« Maëlle Courtadon »"]),
        ({"title": "L’idée de Courtadon"}, ["Dans le titre, on lit le nom d’une personne"]),
        ({"what": "Un petit rose trémière, une rose.", "signed": False}, []),
        ({"what": "La Passerelle des Deux Rives, avec Maëlle Courtadon.", "signed": True}, []),
    ],
)
def test_who_moderates_is_warned_of_wording_and_of_names(changes, told):
    content = {**SAID, "signed": False, **changes}
    found = warnings_of(content, WORDING, "La Passerelle des Deux Rives", ["Maëlle Courtadon", "Ana Rose"])
    assert len(found) == len(told)
    for sentence, words in zip(found, told, strict=True):
        assert words in sentence.replace("\xa0", " ")


def test_warnings_come_from_the_version_and_the_people_of_the_structure(ours):
    person = ours.user(Role.BOARD_MEMBER).full_name
    name = ours.organisation.legal_name
    practice = proposed(ours, what=f"Question 1.1 ? Description 1.1 degré 0. {person}, {name}.")
    found = " ".join(warnings_about(PracticeProposal.objects.with_context().get(practice=practice)))
    for told in ("critère 1.1", person, name):
        assert told in found


# --- Written, put forward -----------------------------------------------------------------------------------------


def test_a_practice_is_closed_by_default_and_read_by_its_structure_alone(ours):
    made = written(ours)
    assert (made.state, made.scope, made.signed) == (PracticeState.DRAFT, PracticeScope.COHORT, False)
    assert Practice.objects.visible_to(by(ours, Role.BOARD_MEMBER)).filter(pk=made.pk).exists()
    for actor in (World("neighbour").actor(Role.REFERENT), moderator_of(ours), staff("region_admin")):
        assert not Practice.objects.visible_to(actor).filter(pk=made.pk).exists()
    assert not seen_by(by(ours), made)


def test_the_same_practice_sent_twice_at_once_is_one(committed_db):
    ours = World("ours")
    given = at_once(*[lambda: written(ours, title="Envoyée deux fois").pk] * 3)
    assert set(given) == {Practice.objects.get(title="Envoyée deux fois").pk}


def test_put_forward_twice_at_once_it_waits_once(committed_db):
    ours = World("ours")
    practice = written(ours)
    given = at_once(*[lambda: propose_practice(practice=practice, by=by(ours)).pk] * 3)
    assert set(given) == {practice.proposals.get().pk}
    assert practice.proposals.get().content == said_now(practice)


def test_put_forward_again_with_another_text_the_one_that_waited_is_taken_back(ours):
    practice = proposed(ours)
    second = put_forward(practice=practice, revision=0, by=by(ours), **said_now(practice, what="Mieux dit"))
    first = practice.proposals.get(number=1)
    assert (first.answer, first.answered_by) == (PracticeAnswer.TAKEN_BACK, ours.user(Role.REFERENT))
    assert (second.number, second.answer, second.content["what"]) == (2, "", "Mieux dit")


def test_saving_what_is_there_writes_nothing_and_an_older_save_is_refused(ours):
    practice = written(ours)
    edit_practice(practice=practice, revision=0, by=by(ours), **said_now(practice, title="Neuf"))
    edit_practice(practice=practice, revision=0, by=by(ours), **said_now(practice, title="Neuf"))
    with pytest.raises(StaleSave) as met:
        edit_practice(practice=practice, revision=0, by=by(ours), **said_now(practice, title="Vieux"))
    assert met.value.current.title == "Neuf"
    with pytest.raises(StaleSave):
        put_forward(practice=practice, revision=0, by=by(ours), **said_now(practice, title="Vieux"))
    assert not practice.proposals.exists()


# --- Moderated ----------------------------------------------------------------------------------------------------


def test_published_the_card_holds_what_was_agreed_and_no_more(ours):
    anonymous, signed = published(ours), published(ours, position=2, signed=True, scope=PracticeScope.NETWORK)
    card = anonymous.card
    assert (card.signed_as, card.territory, card.siae_kinds) == ("", "", ["ai"])
    assert card.criterion_stable_id == anonymous.criterion.stable_id
    assert (signed.card.signed_as, signed.card.territory) == (ours.organisation.legal_name, ours.organisation.territory)
    line = AuditEvent.objects.get(verb="practice.published", target_id=anonymous.pk)
    assert line.details == {"number": 1}


def test_changed_after_moderation_the_card_stays_until_published_again(ours):
    practice = published(ours)
    edit_practice(practice=practice, revision=0, by=by(ours), **said_now(practice, what="Nouveau", signed=True))
    assert (card_of(practice).what, card_of(practice).signed_as) == (SAID["what"], "")
    propose_practice(practice=practice, by=by(ours))
    assert card_of(practice).what == SAID["what"]
    answer_practice(practice=practice, number=2, answer=RETURN, message="À revoir", by=moderator_of(ours))
    assert card_of(practice).what == SAID["what"]
    practice.refresh_from_db()
    assert practice.state == PracticeState.RETURNED
    put_forward(practice=practice, revision=1, by=by(ours), **said_now(practice, what="Encore mieux"))
    answer_practice(practice=practice, number=3, answer=PUBLISH, by=moderator_of(ours))
    assert (card_of(practice).what, card_of(practice).signed_as) == ("Encore mieux", ours.organisation.legal_name)
    assert PracticeCard.objects.filter(practice=practice).count() == 1


def test_what_is_published_is_what_was_put_forward_not_what_was_typed_since(ours):
    practice = proposed(ours)
    edit_practice(practice=practice, revision=0, by=by(ours), **said_now(practice, what="Tapé depuis"))
    answer_practice(practice=practice, number=1, answer=PUBLISH, by=moderator_of(ours))
    assert card_of(practice).what == SAID["what"]


def test_another_text_put_forward_meanwhile_is_read_first(ours):
    practice = proposed(ours)
    put_forward(practice=practice, revision=0, by=by(ours), **said_now(practice, what="Autre"))
    with pytest.raises(NewerProposal) as met:
        answer_practice(practice=practice, number=1, answer=PUBLISH, by=moderator_of(ours))
    assert met.value.proposal.number == 2
    assert last_of(practice).answer == ""
    assert not PracticeCard.objects.filter(practice=practice).exists()


def test_of_two_moderators_one_answers_and_the_other_is_told(committed_db):
    ours = World("ours")
    practice = proposed(ours)
    people = (moderator_of(ours), staff("region_admin"))

    def answering(actor, answer):
        return lambda: answer_practice(practice=practice, number=1, answer=answer, message="Un mot", by=actor)

    given = at_once(answering(people[0], PUBLISH), answering(people[1], RETURN))
    (refused,) = [one for one in given if isinstance(one, NotPossibleNow)]
    said = last_of(practice)
    assert said.answered_by.full_name in str(refused)
    published_now = said.answer == PUBLISH
    assert PracticeCard.objects.filter(practice=practice).exists() is published_now


def test_the_same_answer_sent_twice_is_one(ours):
    practice = proposed(ours)
    for _ in range(2):
        answer_practice(practice=practice, number=1, answer=PUBLISH, by=moderator_of(ours))
    assert AuditEvent.objects.filter(verb="practice.published", target_id=practice.pk).count() == 1


def test_withdrawn_it_is_gone_everywhere_at_once(ours):
    practice = published(ours, scope=PracticeScope.NETWORK)
    put_forward(practice=practice, revision=0, by=by(ours), **said_now(practice, what="En attente"))
    for _ in range(2):
        withdraw_practice(practice=practice, by=by(ours))
    practice.refresh_from_db()
    assert practice.state == PracticeState.WITHDRAWN
    assert not PracticeCard.objects.filter(practice=practice).exists()
    assert last_of(practice).answer == PracticeAnswer.TAKEN_BACK
    assert AuditEvent.objects.filter(verb="practice.withdrawn", target_id=practice.pk).count() == 1
    for act in (
        lambda: propose_practice(practice=practice, by=by(ours)),
        lambda: edit_practice(practice=practice, revision=1, by=by(ours), **said_now(practice, title="Autre")),
        lambda: answer_practice(practice=practice, number=2, answer=PUBLISH, by=moderator_of(ours)),
    ):
        with pytest.raises(NotPossibleNow):
            act()
    assert not PracticeCard.objects.filter(practice=practice).exists()


def test_withdrawn_while_it_is_published_one_of_both_comes_first(committed_db):
    ours = World("ours")
    practice, moderator = proposed(ours), moderator_of(ours)
    at_once(
        lambda: answer_practice(practice=practice, number=1, answer=PUBLISH, by=moderator),
        lambda: withdraw_practice(practice=practice, by=by(ours)),
    )
    assert not PracticeCard.objects.filter(practice=practice).exists()
    assert Practice.objects.get(pk=practice.pk).state == PracticeState.WITHDRAWN


def test_after_it_was_withdrawn_another_is_written_from_the_same_criterion(ours):
    practice = written(ours)
    withdraw_practice(practice=practice, by=by(ours))
    assert written(ours).pk != practice.pk


# --- Scopes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "read", "hidden"),
    [
        (PracticeScope.COHORT, ("neighbour", "facilitator", "region_admin"), ("stranger", "national_staff", "partner")),
        (PracticeScope.REGION, ("neighbour", "facilitator", "region_admin"), ("stranger", "partner")),
        (PracticeScope.NETWORK, ("neighbour", "facilitator", "stranger", "national_staff"), ()),
    ],
)
def test_a_card_is_read_as_far_as_was_agreed(ours, scope, read, hidden):
    practice = published(ours, scope=scope)

    def actor(name):
        return World(name).actor(Role.CONTRIBUTOR) if name in ("neighbour", "stranger") else staff(name)

    for name in read:
        assert seen_by(actor(name), practice), name
    for name in hidden:
        assert not seen_by(actor(name), practice), name


@pytest.mark.parametrize("scope", [PracticeScope.COHORT, PracticeScope.REGION])
def test_a_structure_whose_adhesion_is_over_reads_none_of_its_cohort_or_region(ours, scope):
    assert not seen_by(World("lapsed").actor(Role.REFERENT), published(ours, scope=scope))


def test_a_structure_that_left_no_longer_reads_those_of_the_cohort(ours):
    practice, neighbour = published(ours), World("neighbour")
    Participation.objects.filter(pk=neighbour.participation.pk).update(left_on=TODAY)
    assert not seen_by(neighbour.actor(Role.REFERENT), practice)


# --- Contact ------------------------------------------------------------------------------------------------------


def asks(practice, text="Pouvons-nous venir voir ?", actor=None):
    return contact_structure(card=card_of(practice), text=text, by=actor or World("neighbour").actor(Role.CONTRIBUTOR))


def test_a_message_goes_to_the_referents_with_who_asks(ours, mailoutbox):
    practice, before = published(ours), OutboxMessage.objects.filter(kind=CONTACT_MAIL).count()
    for _ in range(2):
        contact = asks(practice)
    assert contact.asked_for == World("neighbour").organisation
    assert OutboxMessage.objects.filter(kind=CONTACT_MAIL).count() == before + 1
    outbox.send_waiting()
    mail = next(mail for mail in mailoutbox if "fiche pratique" in mail.subject)
    assert mail.to == [ours.user(Role.REFERENT).email]
    asking = World("neighbour").user(Role.CONTRIBUTOR)
    for told in (
        asking.full_name,
        asking.email,
        World("neighbour").organisation.legal_name,
        "venir voir",
        SAID["title"],
    ):
        assert told in mail.body.replace("\xa0", " ")


def test_the_same_message_sent_twice_at_once_leaves_once(committed_db):
    practice = published(World("ours"))
    asking = World("neighbour").actor(Role.CONTRIBUTOR)
    given = at_once(*[lambda: asks(practice, actor=asking).pk] * 3)
    assert set(given) == {PracticeContact.objects.get(practice=practice).pk}
    assert OutboxMessage.objects.filter(kind=CONTACT_MAIL).count() == 1


def test_where_there_is_no_referent_who_represents_the_structure_is_told(ours):
    practice = published(ours)
    Membership.objects.filter(organisation=ours.organisation, role=Role.REFERENT).update(
        until=clock.today().replace(day=1)
    )
    asks(practice)
    told = OutboxMessage.objects.get(kind=CONTACT_MAIL).recipient_id
    assert told == ours.user(Role.LEGAL_REPRESENTATIVE).pk


def test_a_facilitator_writes_in_the_name_of_the_delegation_of_the_region(ours):
    contact = asks(published(World("neighbour")), actor=moderator_of(ours))
    assert contact.asked_for.legal_name == "Délégation ours"


def test_nobody_writes_more_than_a_few_times_a_day_nor_to_oneself_nor_unasked(ours):
    practice, asking = published(ours), World("neighbour").actor(Role.REFERENT)
    for rank in range(CONTACTS_A_DAY):
        asks(practice, f"Question {rank}", asking)
    with pytest.raises(CannotContact, match="Revenez demain"):
        asks(practice, "Une de trop", asking)
    assert asks(practice, "Question 0", asking).text == "Question 0"
    with clock.stopped(clock.at(TODAY.replace(day=5), 9)):
        assert asks(practice, "Le lendemain", asking).pk
    with pytest.raises(CannotContact, match="celle de votre structure"):
        asks(practice, "À nous", ours.actor(Role.CONTRIBUTOR))
    with pytest.raises(CannotContact, match="n’a pas souhaité"):
        asks(published(ours, position=3, contact=False), "Bonjour", World("lapsed").actor(Role.REFERENT))


# --- What remains to be done --------------------------------------------------------------------------------------


def todos(provider, actor, world):
    paths = list(Participation.objects.with_context().filter(organisation=world.organisation))
    return list(provider(actor, paths))


@pytest.mark.parametrize("count", [1, 3])
def test_who_moderates_is_asked_once_a_region_in_one_query(ours, queries, count):
    for position in range(1, count + 1):
        proposed(ours, position=position)
    for actor in (moderator_of(ours), staff("region_admin")):
        with queries(1):
            (todo,) = list(practices_to_read(actor, []))
        assert ("une fiche" in todo.title) is (count == 1)
        assert todo.when == "Proposée le mardi 4 novembre 2025"
    assert todos(practices_to_read, moderator_of(World("stranger")), ours) == []
    assert todos(practices_to_read, by(ours), ours) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_structure_is_told_what_is_returned_in_one_query(ours, queries, count):
    for position in range(1, count + 1):
        practice = proposed(ours, position=position)
        answer_practice(practice=practice, number=1, answer=RETURN, message="À revoir", by=moderator_of(ours))
    paths = list(Participation.objects.with_context().filter(organisation=ours.organisation))
    asked, reader = by(ours), by(ours, Role.BOARD_MEMBER)
    with queries(1):
        assert len(list(practices_returned(asked, paths))) == count
    with queries(0):
        assert list(practices_returned(reader, paths)) == []


def test_a_practice_needs_an_answer_of_its_own_structure(ours):
    answer = ours.submitted.answers.select_related("criterion").get(criterion__position=4)
    made = write_practice(answer=answer, by=by(ours), **SAID)
    assert (made.participation_id, made.region_id) == (ours.participation.pk, ours.participation.region_id)
