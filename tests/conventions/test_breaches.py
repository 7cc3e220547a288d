"""A breach: a clause cited, a party told alone, time to reply, a decision with its reason, and what it does."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from caprse.base import clock, links
from caprse.base.models import OutboxMessage
from caprse.base.versioned import StaleSave
from cohorts.enums import ClearanceKind, Role
from cohorts.models import Clearance
from conventions.enums import ConventionState, TerminationDecision, TrailKind
from conventions.models import Breach, Party, Signatory, TrailEntry
from conventions.models.life import BREACH_LINK
from conventions.services import breaches, charters
from conventions.services.charters import identity_until
from tests.charters_at_hand import ENGAGEMENT, fresh, signed_from
from tests.harness.pages import admin_user, as_role, text_of
from tests.harness.threads import at_once
from tests.test_access_matrix import contents
from tests.worlds import NEIGHBOUR, World

FACTS = "Absence aux journées d’avril et de juin, sans prévenir."
REPLY = "Nous étions en sous-effectif, voici comment nous rattrapons."
REASON = "L’absence est expliquée et rattrapée."
TODAY, DEADLINE = date(2025, 11, 4), date(2025, 12, 4)


@pytest.fixture
def party(ours):
    return ours.own_party


def first_clause(party):
    return breaches.clauses_binding(party.convention, party)[0]


def notified(party, *, facts=FACTS):
    said = {"clause": first_clause(party).key, "facts": facts, "reply_by": DEADLINE}
    return Breach.objects.with_context().get(pk=breaches.notify_breach(party=party, by=admin_user(), **said).pk)


def decided(breach, *, decision="ended", effect_on=TODAY, reason=REASON):
    breach.refresh_from_db()
    return breaches.decide_breach(
        breach=breach, revision=breach.revision, decision=decision, reason=reason, effect_on=effect_on, by=admin_user()
    )


def replied(breach, text=REPLY):
    return breaches.reply_to_breach(breach=breach, text=text, by=World("ours").user(Role.REFERENT))


def breach_url(breach, name="breach"):
    return reverse(name, args=["ici", breach.convention.public_id, breach.public_id])


def new_url(party):
    return reverse("breach_new", args=["ici", party.convention.public_id, party.pk])


def notice(party, **changes):
    return {"clause": first_clause(party).key, "facts": FACTS, "reply_by": "2025-12-04", **changes}


# --- Notified -----------------------------------------------------------------------------------------------------


def test_a_breach_is_notified_once_and_cites_a_clause_of_the_frozen_text(party, admin, run_queue, mailoutbox):
    for _ in range(2):
        response = admin.post(new_url(party), notice(party))
        assert response.status_code == 302
    breach = Breach.objects.get(party=party, decision="")
    clause = first_clause(party)
    page = text_of(admin.get(response.url))
    assert FACTS in page
    assert clause.number in page
    assert "Réponse attendue" in page
    assert TrailEntry.objects.filter(convention=party.convention, kind=TrailKind.BREACH_NOTICED).count() == 1
    run_queue()
    told = {mail.to[0] for mail in mailoutbox if "vous est notifié" in mail.subject}
    assert told == {f"{role}@ours.example.org" for role in ("referent", "legal_representative")}
    for mail in mailoutbox:
        assert FACTS not in mail.body
        assert f"la clause {clause.number}" in mail.body
    assert breach.reply_by == DEADLINE


def test_notified_at_the_same_moment_it_is_one(committed_db):
    party, by = World("ours").own_party, admin_user()
    said = {"clause": first_clause(party).key, "facts": FACTS, "reply_by": DEADLINE}
    given = at_once(*[lambda: breaches.notify_breach(party=party, by=by, **said).pk] * 4)
    assert set(given) == {Breach.objects.get(party=party, decision="").pk}


WRONG = {
    "no clause": ({"clause": ""}, "À corriger"),
    "clause of nobody": ({"clause": "zzz"}, "À corriger"),
    "no facts": ({"facts": " "}, "À corriger"),
    "null": ({"facts": "a\x00b"}, "U+0000"),
    "novel": ({"facts": "x" * 6_001}, "le maximum est de 6"),
    "too soon": ({"reply_by": "2025-12-03"}, "Laissez au moins 30 jours"),
    "past": ({"reply_by": "2024-01-01"}, "Laissez au moins 30 jours"),
    "no day": ({"reply_by": "31/02/2026"}, "n’existe pas"),
    "year": ({"reply_by": "9999-12-31"}, "Vérifiez l’année"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_notice_comes_back_as_typed_and_tells_nobody(party, admin, name):
    typed, words = WRONG[name]
    before = contents()
    response = admin.post(new_url(party), notice(party, **typed))
    assert response.status_code == 422
    assert words in text_of(response)
    if "facts" not in typed:
        assert FACTS in text_of(response)
    assert contents() == before


def test_nothing_is_notified_to_the_delegation_itself_nor_to_a_party_of_another_convention(ours, admin):
    convention = ours.convention
    region = convention.parties.get(role="region")
    theirs = World("stranger").own_party
    before = contents()
    for pk in (region.pk, theirs.pk, 10**20):
        url = reverse("breach_new", args=["ici", convention.public_id, pk])
        assert admin.post(url, notice(ours.own_party)).status_code == 404
    assert contents() == before


# --- Who reads ----------------------------------------------------------------------------------------------------


def test_only_the_party_and_who_notifies_read_it(party, client, admin):
    breach = notified(party)
    assert FACTS in text_of(admin.get(breach_url(breach)))
    for role in (Role.REFERENT, Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE):
        assert FACTS in text_of(as_role(client, role).get(breach_url(breach)))
    before = contents()
    for role, side, status in (
        (Role.CONTRIBUTOR, "ours", 403),
        (Role.FACILITATOR, "ours", 403),
        (Role.PARTNER, "ours", 404),
        (Role.NATIONAL_STAFF, "ours", 403),
        (Role.REFERENT, "neighbour", 404),
        (Role.REFERENT, "stranger", 404),
    ):
        as_role(client, role, side)
        for method in (client.get, client.post):
            response = method(breach_url(breach), {"text": "x"})
            assert response.status_code == status, (role, side)
            assert FACTS not in text_of(response)
    assert contents() == before


def test_the_list_of_a_party_holds_its_own_and_that_of_who_notifies_all(party, client, admin):
    notified(party)
    listed = party.convention.url("breaches")
    page = text_of(as_role(client, Role.REFERENT).get(listed))
    assert "Notre structure" in page
    assert NEIGHBOUR not in page
    assert NEIGHBOUR in text_of(admin.get(listed))


def test_the_list_costs_the_same_with_one_as_with_three(party, admin, queries):
    listed = party.convention.url("breaches")
    with queries(max=30) as few:
        admin.get(listed)
    notified(party)
    notified(party, facts="Autre chose")
    with queries(max=30) as more:
        admin.get(listed)
    assert len(more) == len(few)


# --- Answered -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.REFERENT, Role.LEGAL_REPRESENTATIVE])
def test_the_party_replies_once_from_its_account(party, client, role, run_queue, mailoutbox):
    breach = notified(party)
    as_role(client, role)
    for _ in range(2):
        assert client.post(breach_url(breach), {"text": REPLY}).status_code == 302
    breach.refresh_from_db()
    assert (breach.reply, breach.replied_by) == (REPLY, World("ours").user(role))
    other = client.post(breach_url(breach), {"text": "Autre réponse"})
    assert other.status_code == 422
    assert "déjà été envoyée" in text_of(other)
    run_queue()
    told = [mail for mail in mailoutbox if "a répondu au manquement" in mail.subject]
    assert [mail.to for mail in told] == [["region_admin@ours.example.org"]]


def test_the_party_replies_by_a_personal_link_without_account(party, run_queue, mailoutbox):
    breach = notified(party)
    signatory = Signatory.objects.current().get(party=party)
    run_queue()
    mail = next(mail for mail in mailoutbox if mail.to == [signatory.email] and "vous est notifié" in mail.subject)
    link = next(word for word in mail.body.split() if "/manquement/" in word)
    path = link[link.index("/manquement/") :]
    browser = Client()
    for _ in range(10):
        assert FACTS not in text_of(browser.get(path))
    breach.refresh_from_db()
    assert breach.replied_at is None
    answer = reverse("breach_answer", args=[breach.public_id])
    assert browser.get(answer).status_code == 403
    assert browser.post(path).url == answer
    assert FACTS in text_of(browser.get(answer))
    for _ in range(2):
        assert browser.post(answer, {"text": REPLY}).status_code == 302
    breach.refresh_from_db()
    assert (breach.reply, breach.replied_by_id) == (REPLY, signatory.user_id)
    assert Client().post(answer, {"text": "x"}).status_code == 403


def test_a_link_opens_the_breaches_of_its_party_alone(party, ours):
    breach = notified(party)
    neighbour = World("neighbour")
    foreign = Signatory.objects.current().get(party=neighbour.own_party)
    token = links.make(BREACH_LINK, foreign.pk)
    browser = Client()
    for one, key in ((breach.public_id, token), ("zzzzzzzzzzzz", token), (breach.public_id, "faux")):
        assert browser.post(reverse("breach_link", args=[one, key])).status_code == 404
    assert not dict(browser.session)
    assert FACTS not in text_of(browser.get(reverse("breach_answer", args=[breach.public_id])))


def test_a_link_of_somebody_replaced_opens_nothing(party):
    breach = notified(party)
    signatory = Signatory.objects.current().get(party=party)
    token = links.make(BREACH_LINK, signatory.pk)
    Signatory.objects.filter(pk=signatory.pk).update(replaced_at=clock.now())
    browser = Client()
    assert browser.post(reverse("breach_link", args=[breach.public_id, token])).status_code == 404
    assert FACTS not in text_of(browser.get(reverse("breach_answer", args=[breach.public_id])))


@pytest.mark.parametrize("typed", ["", "   ", "a\x00b", "x" * 6_001])
def test_a_hostile_reply_is_refused(party, client, typed):
    breach = notified(party)
    as_role(client, Role.REFERENT)
    before = contents()
    assert client.post(breach_url(breach), {"text": typed}).status_code == 422
    assert contents() == before


# --- Decided ------------------------------------------------------------------------------------------------------


def decision_of(breach, **changes):
    return {"revision": breach.revision, "decision": "ended", "reason": REASON, "effect_on": "2025-11-30", **changes}


def test_no_decision_before_the_reply_or_the_end_of_the_time_given(party, admin):
    breach = notified(party)
    before = contents()
    assert admin.get(breach_url(breach, "breach_decide")).status_code == 302
    assert REASON in text_of(admin.post(breach_url(breach, "breach_decide"), decision_of(breach)))
    assert contents() == before
    with clock.stopped(clock.at(DEADLINE + timedelta(days=1), 9)):
        admin.post(breach_url(breach, "breach_decide"), decision_of(breach, effect_on="2025-12-31"))
    breach.refresh_from_db()
    assert (breach.decision, breach.effect_on) == (TerminationDecision.ENDED, date(2025, 12, 31))


def test_dropped_it_changes_nothing_and_the_party_is_told_why(party, admin, run_queue, mailoutbox):
    breach = replied(notified(party))
    clearances = list(Clearance.objects.order_by("pk").values_list("pk", "until"))
    for _ in range(2):
        asked = decision_of(breach, decision="dropped", effect_on="")
        assert admin.post(breach_url(breach, "breach_decide"), asked).status_code == 302
    breach.refresh_from_db()
    assert (breach.decision, breach.effect_on) == (TerminationDecision.DROPPED, None)
    assert list(Clearance.objects.order_by("pk").values_list("pk", "until")) == clearances
    assert TrailEntry.objects.filter(convention=party.convention, kind=TrailKind.BREACH_DECIDED).count() == 1
    run_queue()
    told = [mail for mail in mailoutbox if "décision sur le manquement" in mail.subject]
    assert {mail.to[0] for mail in told} == {
        f"{role}@ours.example.org" for role in ("referent", "legal_representative")
    }
    assert all(REASON in mail.body and "sans suite" in mail.body for mail in told)


def test_made_on_an_older_page_the_decision_shows_the_reply_that_came_meanwhile(party, admin):
    breach = notified(party)
    with clock.stopped(clock.at(DEADLINE + timedelta(days=1), 9)):
        old = breach.revision
        replied(breach)
        asked = decision_of(breach, revision=old, effect_on="2025-12-31")
        response = admin.post(breach_url(breach, "breach_decide"), asked)
    assert response.status_code == 409
    page = text_of(response)
    assert REPLY in page
    assert REASON in page
    breach.refresh_from_db()
    assert breach.decision == ""


WRONG_DECISIONS = {
    "nothing": {"decision": "", "reason": ""},
    "unknown": {"decision": "hang"},
    "no reason": {"reason": " "},
    "no day": {"effect_on": ""},
    "past": {"effect_on": "2025-11-03"},
    "huge revision": {"revision": str(10**20)},
    "no revision": {"revision": ""},
    "null": {"reason": "a\x00"},
}


@pytest.mark.parametrize("name", WRONG_DECISIONS)
def test_a_wrong_decision_is_refused_and_changes_nothing(party, admin, name):
    breach = replied(notified(party))
    before = contents()
    response = admin.post(breach_url(breach, "breach_decide"), decision_of(breach, **WRONG_DECISIONS[name]))
    assert response.status_code == 422
    assert contents() == before


def test_decided_at_the_same_moment_two_ways_one_stands(committed_db):
    breach = replied(notified(World("ours").own_party))
    by = admin_user()

    def decide(decision):
        try:
            return breaches.decide_breach(
                breach=breach, revision=breach.revision, decision=decision, reason=REASON, effect_on=TODAY, by=by
            ).decision
        except StaleSave as stale:
            return stale.current.decision

    given = at_once(*[lambda word=word: decide(word) for word in ("ended", "dropped") * 2])
    assert len(set(given)) == 1
    assert TrailEntry.objects.filter(convention=breach.convention, kind=TrailKind.BREACH_DECIDED).count() == 1


# --- Its effect ---------------------------------------------------------------------------------------------------


def clearance_of(party):
    rows = Clearance.objects.filter(participation__organisation=party.organisation_id, kind=ClearanceKind.CONVENTION)
    return [row.until for row in rows.order_by("pk")]


def test_at_the_day_of_effect_the_party_leaves_and_its_rounds_close(party, run_queue, mailoutbox):
    breach = replied(notified(party))
    decided(breach, effect_on=date(2025, 11, 30))
    assert clearance_of(party) == [date(2025, 11, 30)]
    neighbour = World("neighbour").own_party
    assert clearance_of(neighbour) == [None]
    assert breaches.take_effect(date(2025, 11, 30)) == 0
    with clock.stopped(clock.at(date(2025, 12, 1), 9)):
        assert breaches.take_effect() == 1
        assert breaches.take_effect() == 0
    party.refresh_from_db()
    assert party.left_on == date(2025, 11, 30)
    assert fresh(party.convention).state == ConventionState.IN_FORCE
    assert TrailEntry.objects.filter(convention=party.convention, kind=TrailKind.PARTY_LEFT).count() == 1
    assert clearance_of(neighbour) == [None]
    run_queue()
    for mail in mailoutbox:
        if "neighbour" in mail.to[0] or "partner" in mail.to[0]:
            assert FACTS not in mail.body
            assert REASON not in mail.body


def test_a_charter_between_two_ends_and_its_visual_identity_with_it(ours, draw_anew):
    charter = signed_from(ENGAGEMENT, ours.organisation)
    charters.note_validation(convention=charter, committee="Comité", decided_on=TODAY, by=admin_user())
    charter = fresh(charter)
    party = Party.objects.select_related("convention").get(convention=charter, role="structure")
    assert identity_until(charter, TODAY) == date(2028, 11, 4)
    breach = replied(notified(party))
    decided(breach, effect_on=date(2025, 11, 30))
    with clock.stopped(clock.at(date(2025, 12, 1), 9)):
        breaches.take_effect()
    charter = fresh(charter)
    assert (charter.state, charter.ended_on) == (ConventionState.ENDED, date(2025, 11, 30))
    assert identity_until(charter, date(2025, 12, 1)) is None


def test_who_has_left_is_notified_nothing_more(party, admin):
    breach = replied(notified(party))
    decided(breach)
    with clock.stopped(clock.at(date(2025, 11, 5), 9)):
        breaches.take_effect()
        mails = OutboxMessage.objects.filter(kind=breaches.NOTICE_MAIL).count()
        admin.post(new_url(party), notice(party, facts="Encore"))
    assert OutboxMessage.objects.filter(kind=breaches.NOTICE_MAIL).count() == mails
    assert not Breach.objects.filter(facts="Encore").exists()
