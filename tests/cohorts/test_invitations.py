"""Invitations: who is asked, what accepting gives, and that asking or answering twice changes nothing more."""

import re
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connections

from caprse.base import clock, links
from caprse.base.models import AuditEvent, OutboxMessage, PersonalLink
from cohorts import rules
from cohorts.enums import InvitationState, OrganisationKind, Role
from cohorts.models import Invitation, Membership, User
from cohorts.models.invitations import LINK
from cohorts.services import organisations
from cohorts.services.invitations import AlreadyClosed, AlreadyThere, accept, cancel, invite, resend
from tests.worlds import World

PASSWORD = "une petite phrase facile"
NEW = {"email": "nadia@nouvelle.example.org", "first_name": "Nadia", "last_name": "Benali"}


@pytest.fixture
def ours(db):
    return World("ours")


def ask(world, *, role=Role.CONTRIBUTOR, **changes):
    asked = {**NEW, "role": role, "organisation": world.organisation, "by": world.user(Role.REFERENT)}
    return invite(**{**asked, **changes})


def held_by(user, **scope):
    return list(Membership.objects.filter(user=user, **scope).values_list("role", flat=True))


def token_in(message):
    return re.search(r"/invitations/([\w-]+)/", message.body)[1]


def test_a_new_person_is_registered_without_account_and_written_to(ours, run_queue):
    invitation = ask(ours, job="Présidente")
    user = User.objects.get(email=NEW["email"])
    assert not user.has_usable_password()
    assert held_by(user) == []
    assert clock.today() + timedelta(days=21) == invitation.expires_at.astimezone(clock.PARIS).date()
    run_queue()
    [sent] = mail.outbox
    assert sent.to == [NEW["email"]]
    for words in ("Notre structure", "contributeur·rice", "mardi 25 novembre 2025", "http"):
        assert words in sent.body
    assert links.holder(LINK, token_in(sent)).target_id == invitation.pk


def test_the_token_is_stored_nowhere(ours, run_queue):
    ask(ours)
    run_queue()
    token = token_in(mail.outbox[0])
    stored = repr(list(PersonalLink.objects.values())) + repr(list(OutboxMessage.objects.values()))
    assert token not in stored


def test_the_journal_holds_ids_and_no_name(ours):
    ask(ours)
    lines = repr(list(AuditEvent.objects.filter(verb__in=("invitation.sent", "person.created")).values()))
    assert "invitation.sent" in lines
    assert NEW["email"] not in lines
    assert NEW["last_name"] not in lines


def test_somebody_known_is_found_whatever_the_case_and_keeps_their_name(ours):
    known = World("neighbour").user(Role.REFERENT)
    invitation = ask(ours, email=known.email.upper(), first_name="Autre", last_name="Nom")
    assert invitation.user == known
    known.refresh_from_db()
    assert known.last_name != "Nom"
    assert invitation.full_name == "Autre Nom"


def test_accepting_opens_the_account_gives_the_role_and_tells_its_owner(ours, run_queue):
    invitation = ask(ours, job="Présidente")
    run_queue()
    token = token_in(mail.outbox.pop())
    accept(invitation=invitation, password=PASSWORD, first_name="Nadia-Rose", last_name="Benali")
    user = User.objects.get(email=NEW["email"])
    assert user.check_password(PASSWORD)
    assert (user.first_name, user.job) == ("Nadia-Rose", "Présidente")
    assert held_by(user, organisation=ours.organisation) == [Role.CONTRIBUTOR]
    assert links.holder(LINK, token).voided
    run_queue()
    [opened] = [sent for sent in mail.outbox if sent.to == [NEW["email"]]]
    assert opened.subject.endswith("votre compte est ouvert")


def test_somebody_with_an_account_takes_the_role_and_keeps_their_password(ours, run_queue):
    known = World("neighbour").user(Role.CONTRIBUTOR)
    accept(invitation=ask(ours, email=known.email))
    known.refresh_from_db()
    assert known.check_password("mot-de-passe-test")
    assert held_by(known, organisation=ours.organisation) == [Role.CONTRIBUTOR]
    assert len(held_by(known)) == 2


def test_accepting_twice_gives_one_membership(ours):
    invitation = ask(ours)
    again = Invitation.objects.get(pk=invitation.pk)
    accept(invitation=invitation, password=PASSWORD)
    assert accept(invitation=again, password="une autre phrase ici").state == InvitationState.ACCEPTED
    user = User.objects.get(email=NEW["email"])
    assert len(held_by(user)) == 1
    assert user.check_password(PASSWORD)
    assert AuditEvent.objects.filter(verb="invitation.accepted", target_id=invitation.pk).count() == 1


def test_two_invitations_open_one_account(ours):
    first, second = ask(ours), ask(ours, role=Role.BOARD_MEMBER)
    accept(invitation=first, password=PASSWORD)
    with pytest.raises(AlreadyClosed, match="connectez-vous"):
        accept(invitation=second, password="celle d’un autre onglet")
    user = User.objects.get(email=NEW["email"])
    assert user.check_password(PASSWORD)
    assert held_by(user) == [Role.CONTRIBUTOR]
    accept(invitation=second)
    assert sorted(held_by(user)) == [Role.BOARD_MEMBER, Role.CONTRIBUTOR]


def test_one_person_joins_several_structures(ours):
    other = World("neighbour")
    invitation, another = ask(ours), ask(other)
    assert invitation.user == another.user
    accept(invitation=invitation, password=PASSWORD)
    accept(invitation=another)
    joined = set(Membership.objects.filter(user=invitation.user).values_list("organisation", flat=True))
    assert joined == {ours.organisation.pk, other.organisation.pk}


def test_a_cohort_is_followed_on_invitation(ours):
    invitation = invite(**NEW, role=Role.FACILITATOR, cohort=ours.cohort, by=ours.user(Role.REGION_ADMIN))
    accept(invitation=invitation, password=PASSWORD)
    assert held_by(invitation.user, cohort=ours.cohort) == [Role.FACILITATOR]


def test_somebody_already_there_is_not_invited(ours):
    before = Invitation.objects.count()
    with pytest.raises(AlreadyThere, match="a déjà ce rôle"):
        ask(ours, email="CONTRIBUTOR@ours.example.org")
    assert Invitation.objects.count() == before
    assert ask(ours, email="contributor@ours.example.org", role=Role.BOARD_MEMBER).pk


def test_an_ended_role_can_be_asked_again(ours):
    user = ours.user(Role.CONTRIBUTOR)
    Membership.objects.filter(user=user).update(since=date(2025, 1, 6), until=date(2025, 11, 3))
    accept(invitation=ask(ours, email=user.email))
    assert len(held_by(user)) == 2


def test_inviting_twice_says_since_when_and_sends_nothing_more(ours, clock_at, run_queue):
    ask(ours)
    clock_at(clock.at(date(2025, 11, 6), 9))
    with pytest.raises(AlreadyThere, match="mardi 4 novembre 2025"):
        ask(ours, email=NEW["email"].upper())
    run_queue()
    assert len(mail.outbox) == 1


def test_sent_again_it_lives_longer_and_earlier_links_still_open(ours, clock_at, run_queue):
    invitation = ask(ours)
    run_queue()
    Invitation.objects.filter(pk=invitation.pk).update(reminders=3, reminded_on=date(2025, 11, 19))
    clock_at(clock.at(date(2025, 12, 2), 9))
    resend(invitation=invitation, by=ours.user(Role.REFERENT))
    resend(invitation=invitation, by=ours.user(Role.REFERENT))
    run_queue()
    first, second = map(token_in, mail.outbox)
    assert first != second
    assert not links.holder(LINK, first).voided
    assert (invitation.reminders, invitation.reminded_on) == (0, None)
    assert rules.can_accept(invitation, False, clock.at(date(2025, 12, 23), 22))
    assert not rules.can_accept(invitation, False, clock.at(date(2025, 12, 24), 1))


def test_cancelled_it_opens_nothing_and_its_mail_does_not_leave(ours, run_queue):
    invitation = ask(ours)
    cancel(invitation=invitation, by=ours.user(Role.REFERENT))
    cancel(invitation=invitation, by=ours.user(Role.REFERENT))
    run_queue()
    assert mail.outbox == []
    with pytest.raises(AlreadyClosed, match="annulée"):
        accept(invitation=invitation, password=PASSWORD)
    with pytest.raises(AlreadyClosed, match="annulée"):
        resend(invitation=invitation, by=None)
    assert not User.objects.get(email=NEW["email"]).has_usable_password()
    assert AuditEvent.objects.filter(verb="invitation.cancelled", target_id=invitation.pk).count() == 1


def test_accepted_it_can_be_neither_cancelled_nor_sent_again(ours):
    invitation = ask(ours)
    accept(invitation=invitation, password=PASSWORD)
    for change in (cancel, resend):
        with pytest.raises(AlreadyClosed, match="déjà été acceptée"):
            change(invitation=invitation, by=None)
    assert held_by(invitation.user) == [Role.CONTRIBUTOR]


def test_over_it_gives_nothing(ours, clock_at):
    invitation = ask(ours)
    clock_at(clock.at(date(2025, 11, 26)))
    with pytest.raises(AlreadyClosed, match="expirée"):
        accept(invitation=invitation, password=PASSWORD)
    assert held_by(invitation.user) == []
    assert Invitation.objects.get(pk=invitation.pk).state == InvitationState.PENDING


@pytest.mark.parametrize(
    ("kind", "held", "expected"),
    [
        (OrganisationKind.STRUCTURE, {Role.REFERENT}, 4),
        (OrganisationKind.STRUCTURE, {Role.LEGAL_REPRESENTATIVE}, 4),
        (OrganisationKind.STRUCTURE, {Role.REGION_ADMIN}, 4),
        (OrganisationKind.STRUCTURE, {Role.CONTRIBUTOR, Role.BOARD_MEMBER}, 0),
        (OrganisationKind.PARTNER, {Role.REGION_ADMIN}, 1),
        (OrganisationKind.PARTNER, {Role.PARTNER}, 0),
        (OrganisationKind.REGION, {Role.REGION_ADMIN}, 0),
        (OrganisationKind.NATIONAL, {Role.NATIONAL_STAFF}, 0),
    ],
)
def test_roles_one_may_invite_to(kind, held, expected):
    roles = rules.invitable_roles(kind, held)
    assert len(roles) == expected
    assert not {Role.REGION_ADMIN, Role.NATIONAL_STAFF, Role.FACILITATOR} & set(roles)


def test_reasons_not_to_accept(ours):
    invitation = ask(ours)
    now = clock.now()
    assert rules.can_accept(invitation, False, now)
    assert "remplacé" in rules.can_accept(invitation, True, now).reason
    over = rules.can_accept(invitation, False, now + timedelta(days=30)).reason
    assert "mardi 25 novembre 2025" in over
    assert ours.user(Role.REFERENT).full_name in over


# --- At the same moment -------------------------------------------------------------------------------------------


def at_once(*acts):
    """Run each in its own thread, started together; returns what each gave or raised."""
    barrier, results = Barrier(len(acts)), []

    def run(act):
        barrier.wait()
        try:
            with clock.stopped(clock.at(date(2025, 11, 4), 10)):
                results.append(act())
        except (AlreadyThere, AlreadyClosed) as refusal:
            results.append(refusal)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_tabs_accepting_at_once_give_one_membership(committed_db):
    ours = World("ours")
    pk = ask(ours).pk
    passwords = ["la première des deux phrases", "la seconde des deux phrases"]

    def accepting(password):
        return lambda: accept(invitation=Invitation.objects.get(pk=pk), password=password)

    results = at_once(*map(accepting, passwords))
    assert [found.state for found in results] == [InvitationState.ACCEPTED] * 2
    user = User.objects.get(email=NEW["email"])
    assert len(held_by(user)) == 1
    assert sum(map(user.check_password, passwords)) == 1
    assert AuditEvent.objects.filter(verb="invitation.accepted", target_id=pk).count() == 1


def test_two_people_inviting_the_same_one_at_once_send_one_invitation(committed_db):
    ours = World("ours")
    results = at_once(lambda: ask(ours), lambda: ask(ours, by=ours.user(Role.LEGAL_REPRESENTATIVE)))
    assert sorted(type(found) for found in results if isinstance(found, AlreadyThere)) == [AlreadyThere]
    assert Invitation.objects.filter(email=NEW["email"]).count() == 1
    assert User.objects.filter(email=NEW["email"]).count() == 1


def test_a_partner_organisation_gets_partners(ours):
    partner = organisations.create_organisation(
        kind=OrganisationKind.PARTNER, legal_name="Autre partenaire", region=ours.organisation.region
    )
    accept(invitation=ask(ours, role=Role.PARTNER, organisation=partner), password=PASSWORD)
    assert partner.memberships.get().role == Role.PARTNER


def test_a_structure_is_told_who_joins_it(ours, run_queue):
    admin, referent = ours.user(Role.REGION_ADMIN), ours.user(Role.REFERENT)
    invitation = ask(ours, role=Role.REFERENT, by=admin)
    OutboxMessage.objects.all().delete()
    accept(invitation=invitation, password=PASSWORD)
    run_queue()
    told = [sent for sent in mail.outbox if "a rejoint" in sent.subject]
    assert [sent.to for sent in told] == [[referent.email]]
    assert "Nadia Benali a rejoint Notre structure" in told[0].subject
    assert admin.full_name in told[0].body
