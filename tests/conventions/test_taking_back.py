"""Going back on one's signature before all have signed: nobody is bound yet, and nothing is completed without them."""

from functools import partial

import pytest
from django.db import connection

from caprse.base import clock, todo
from cohorts.enums import OrganisationKind, Role
from cohorts.models import Membership, Organisation
from cohorts.services import cohorts
from conventions.enums import ConventionState
from conventions.models import Convention, Party, Signature, TrailEntry
from conventions.services import codes, leaving, sending, signing, states, trail, versions
from conventions.services.codes import SigningClosed
from tests import worlds_conventions as do
from tests.conventions import followers_at_hand as go
from tests.harness.ceremony import browser_of, fresh
from tests.harness.pages import text_of
from tests.harness.threads import at_once
from tests.test_access_matrix import contents
from tests.worlds import World

REASON = "Notre conseil d’administration ne veut plus de l’article 4."


@pytest.fixture
def back(ceremony):
    """The structure's signatory, without account, who has signed."""
    ceremony.open().send(ceremony.digits())
    assert ceremony.signature
    return ceremony


def test_by_one_s_own_link_it_suspends_the_signature_for_all(back, other, admin, run_queue, mailoutbox):
    other.open()
    digits = other.digits()
    mailoutbox.clear()
    assert "revenez sur votre signature" in text_of(back.client.get(back.url()))
    assert "n’engage personne" in text_of(back.client.get(back.url("signing_back")))
    for _ in range(2):
        assert back.client.post(back.url("signing_back"), {"reason": REASON}).status_code in (200, 302)
    assert REASON in text_of(back.client.get(back.url("signing_back")))
    assert fresh(back.convention).state == ConventionState.REFUSED
    assert other.send(digits).status_code == 410
    told = text_of(other.client.get(other.link))
    assert "s’est ravisée" in told
    assert REASON not in told
    assert Signature.objects.filter(party__convention=back.convention).count() == 1
    entry = TrailEntry.objects.get(convention=back.convention, kind="leave_asked")
    assert REASON not in str(entry.data)
    assert entry.actor == trail.by_signatory(back.signatory)
    assert trail.verify(back.convention) is None
    run_queue()
    asked = [mail for mail in mailoutbox if "se retire avant que toutes" in mail.subject]
    assert [mail.to for mail in asked] == [["region_admin@ours.example.org"]]
    assert REASON in asked[0].body
    todos = [
        one for one in todo.collect(World("ours").actor(Role.REGION_ADMIN), []) if "Décider de la suite" in one.title
    ]
    assert [one.url for one in todos] == [back.convention.url("convention_renew")]
    assert REASON in text_of(admin.get(todos[0].url))
    assert REASON in text_of(admin.get(back.convention.get_absolute_url()))
    version = versions.new_version(convention=fresh(back.convention), reason="Article 4", by=None)
    assert not version.parties.exclude(left_reason="").exists()


def test_it_asks_why_and_who_has_not_signed_refuses_instead(back, other):
    before = contents()
    answer = back.client.post(back.url("signing_back"), {"reason": " "})
    assert answer.status_code == 422
    assert "Dites pourquoi" in text_of(answer)
    assert contents() == before
    other.open()
    before = contents()
    assert other.client.post(other.url("signing_back"), {"reason": REASON}).url == other.url("signing_refuse")
    assert contents() == before


def test_once_all_have_signed_it_is_too_late(back, other, run_queue):
    other.open().send(other.digits())
    before = contents()
    assert "se ravisez" not in text_of(back.client.get(back.url()))
    assert back.client.post(back.url("signing_back"), {"reason": REASON}).url == back.url()
    with pytest.raises(states.WrongState):
        leaving.take_back(signatory=back.signatory, reason=REASON, circumstances=do.HERE)
    assert contents() == before


def test_the_delegation_takes_the_convention_back_instead(other):
    other.open().send(other.digits())
    before = contents()
    assert other.client.post(other.url("signing_back"), {"reason": REASON}).url == other.url()
    with pytest.raises(states.WrongState, match="retire la convention"):
        leaving.take_back(signatory=other.signatory, reason=REASON, circumstances=do.HERE)
    assert contents() == before


def test_from_an_account_it_is_the_same(sent):
    party = Party.objects.get(convention=sent, role="structure")
    leaving.ask_to_leave(party=party, reason=REASON, by=None)
    assert fresh(sent).state == ConventionState.REFUSED
    with pytest.raises(SigningClosed):
        codes.ask(signatory=do.signatories_of(sent)[0], session="s", circumstances=do.HERE)


def test_the_page_of_a_party_with_an_account_says_that_nobody_is_bound_yet(ours, draw_anew):
    draft = ours.draft_convention
    national = Organisation.objects.get(kind=OrganisationKind.NATIONAL)
    cohorts.add_partner(cohort=draft.cohort, organisation=national)
    do.drafting.add_participants(convention=draft, by=None)
    convention = do.sent_convention(draft.cohort)
    head = browser_of("national_staff@ours.example.org")
    url = convention.url("convention_withdraw")
    assert "n’engage personne" in text_of(head.get(url))
    head.post(url, {"reason": REASON})
    assert fresh(convention).state == ConventionState.REFUSED


def test_who_reads_for_a_party_and_commits_another_organisation_does_not_take_it_out(ours, client):
    reader, elsewhere = ours.user(Role.BOARD_MEMBER), go.newcomer()
    Membership.objects.create(
        user=reader,
        role=Role.LEGAL_REPRESENTATIVE,
        organisation=elsewhere,
        region=elsewhere.region,
        since=clock.today(),
    )
    withdraw, life = (ours.convention.url(name) for name in ("convention_withdraw", "convention_life"))
    client.force_login(reader)
    page = client.get(life)
    assert page.status_code == 200
    assert withdraw not in text_of(page)
    assert client.get(withdraw).status_code == client.post(withdraw, {"reason": REASON}).status_code == 404
    assert not ours.convention.parties.exclude(left_reason="").exists()
    client.force_login(ours.user(Role.LEGAL_REPRESENTATIVE))
    assert withdraw in text_of(client.get(life))
    client.post(withdraw, {"reason": REASON})
    assert ours.convention.parties.get(organisation=ours.organisation).left_reason == REASON


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one transaction at a time")
def test_the_last_one_signs_as_another_goes_back_and_there_is_one_truth(committed_db):
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    convention = do.sent_convention(do.Cohort.objects.select_related("region", "version").get(slug="suivante"))
    first = next(row for row in do.signatories_of(convention) if row.party.role == "structure")
    last = next(row for row in do.signatories_of(convention) if row.pk != first.pk)
    do.sign_as(first)
    act = do.act(last, "s", do.code_for(last, "s"))
    signed, taken = at_once(
        partial(signing.sign, signatory=last, act=act),
        partial(leaving.take_back, signatory=first, reason=REASON, circumstances=do.HERE),
    )
    state = Convention.objects.get(pk=convention.pk).state
    if state == ConventionState.SIGNED:
        assert isinstance(signed, Signature)
        assert isinstance(taken, states.WrongState)
    else:
        assert state == ConventionState.REFUSED
        assert isinstance(signed, SigningClosed)
        assert isinstance(taken, Party)
    assert trail.verify(convention) is None
