"""Several people for one party, in ranks or at the same time: who may sign when, and who is written to."""

import pytest
from django.db import connection
from django.urls import reverse

from caprse.base.models import Job
from cohorts.models import Cohort, Participation
from conventions.enums import ConventionState
from conventions.models import Convention, Signatory, Signature
from conventions.services import dossier, finishing, sending, signatories, signing, trail, turns
from conventions.services.codes import SigningClosed
from conventions.services.signatories import SignsAlready
from conventions.services.states import WrongState
from tests import worlds_conventions as do
from tests.harness.ceremony import Ceremony, fresh
from tests.harness.pages import text_of
from tests.worlds import World

SECOND = {
    "first_name": "Irène",
    "last_name": "Costedoat",
    "email": "irene.costedoat@example.org",
    "address_basis": "known",
    "quality": "Directrice",
    "power": "Délégation du 3 mars 2025",
    "power_basis": "delegation",
}


def draft_with_two(draft, rank=2):
    """The draft, complete, its structure signed for by two people; the second one in this rank."""
    draft = do.complete(draft)
    party = draft.parties.get(role="structure")
    signatories.add_signatory(party=party, by=None, rank=rank, **SECOND)
    return draft


def opened(draft):
    sending.freeze(convention=draft, by=None)
    return fresh(sending.send(convention=sending.make_original(convention=fresh(draft)), by=None))


@pytest.fixture
def ranked(ours, draw_anew):
    """Sent: the structure's first signatory and the region in rank 1, the structure's second in rank 2."""
    return opened(draft_with_two(ours.draft_convention))


@pytest.fixture
def second(ranked):
    return Signatory.objects.with_context().get(email=SECOND["email"])


def others(convention):
    return [row for row in do.signatories_of(convention) if row.email != SECOND["email"]]


def test_the_second_rank_is_written_to_once_all_of_the_first_have_signed(ranked, second, run_queue, mailoutbox):
    run_queue()
    assert SECOND["email"] not in {to for mail in mailoutbox for to in mail.to}
    first, last = others(ranked)
    do.sign_as(first)
    run_queue()
    assert SECOND["email"] not in {to for mail in mailoutbox for to in mail.to}
    do.sign_as(last)
    run_queue()
    assert [mail.to for mail in mailoutbox if "votre signature" in mail.subject][-1] == [SECOND["email"]]
    count = len(mailoutbox)
    sending.open_turn(convention=ranked)
    run_queue()
    assert len(mailoutbox) == count


def test_out_of_turn_one_reads_and_neither_asks_for_a_code_nor_signs(ranked, second, read_mail):
    early = Ceremony(second, read_mail).open()
    page = text_of(early.client.get(early.url()))
    assert "Ce n’est pas encore votre tour" in page
    assert "Recevoir mon code" not in page
    assert early.client.get(early.url("signing_act")).url == early.url()
    answer = early.client.post(early.url("signing_code"))
    assert answer.status_code == 410
    assert early.send("123456").url == early.url()
    assert not second.codes.exists()
    with pytest.raises(SigningClosed, match="pas encore votre tour"):
        do.sign_as(second)
    assert not Signature.objects.filter(signatory=second).exists()


def test_a_convention_is_complete_when_all_who_sign_for_each_party_have(ranked, second):
    for signatory in others(ranked):
        do.sign_as(signatory)
    assert fresh(ranked).state == ConventionState.OPEN
    assert turns.turn_of(second)
    do.sign_as(second)
    assert fresh(ranked).state == ConventionState.SIGNED
    final = finishing.make_final(convention=fresh(ranked))
    assert final.state == ConventionState.IN_FORCE
    names = {signature.name for signature in dossier.signatures_of(ranked)}
    assert len(names) == 3


def test_two_of_one_rank_sign_in_any_order(ours, draw_anew):
    convention = opened(draft_with_two(ours.draft_convention, rank=1))
    for signatory in reversed(do.signatories_of(convention)):
        do.sign_as(signatory)
    assert fresh(convention).state == ConventionState.SIGNED


def test_the_board_says_who_of_a_party_has_signed_and_who_waits(ranked, second, admin):
    first = next(row for row in others(ranked) if row.party_id == second.party_id)
    do.sign_as(first)
    page = text_of(admin.get(ranked.url()))
    assert "Signée en partie" in page
    assert "Attend son tour (rang 2)" in page
    assert page.count("Renvoyer le lien") == 1


def test_a_second_signatory_is_added_once_and_taken_off_while_it_is_a_draft(ours, admin):
    draft = do.complete(ours.draft_convention)
    party = draft.parties.get(role="structure")
    url = reverse("signatory_add", args=["ici", draft.public_id, party.pk])
    for _ in range(2):
        assert admin.post(url, {**SECOND, "rank": "2"}).url == draft.url("convention_edit")
    added = Signatory.objects.get(party=party, email=SECOND["email"])
    assert (added.rank, added.power_basis) == (2, "delegation")
    assert admin.post(url, {**SECOND, "quality": "Autre"}).status_code == 422
    remove = reverse("signatory_remove", args=["ici", draft.public_id, added.public_id])
    assert admin.post(remove).status_code == 302
    assert not Signatory.objects.filter(pk=added.pk).exists()
    assert admin.post(remove).status_code == 404


def test_nobody_is_added_or_taken_off_once_the_text_is_frozen(ranked, second, admin):
    with pytest.raises(WrongState):
        signatories.add_signatory(party=second.party, by=None, rank=1, **{**SECOND, "email": "x@example.org"})
    with pytest.raises(WrongState):
        signatories.remove_signatory(signatory=second, by=None)
    url = reverse("signatory_add", args=["ici", ranked.public_id, second.party_id])
    assert admin.post(url, SECOND).url == ranked.url()
    assert Signatory.objects.filter(party=second.party).count() == 2


def test_one_address_signs_once_for_a_party(ranked, second):
    first = next(row for row in others(ranked) if row.party_id == second.party_id)
    with pytest.raises(SignsAlready):
        signatories.replace_signatory(signatory=first, by=None, why="Erreur", **SECOND)


@pytest.mark.parametrize("rank", ["0", "-1", "10", str(10**20), "deux"])
def test_a_rank_is_a_small_number(ours, admin, rank):
    draft = ours.draft_convention
    url = reverse("signatory_add", args=["ici", draft.public_id, draft.parties.get(role="structure").pk])
    assert admin.post(url, {**SECOND, "rank": rank}).status_code == 422
    assert not Signatory.objects.filter(email=SECOND["email"]).exists()


# --- At the same moment, and how much it costs ------------------------------------------------------------------


def test_a_signature_costs_few_queries_however_many_sign(ranked, second, queries):
    first, last = others(ranked)
    for signatory in (first, last, second):
        session = f"s{signatory.pk}"
        act = do.act(signatory, session, do.code_for(signatory, session))
        with queries(max=25):
            signing.sign(signatory=signatory, act=act)


def test_nothing_is_drawn_asked_for_or_read_from_the_disk_while_one_signs(ranked, monkeypatch):
    first, last = others(ranked)
    do.sign_as(first)  # what is read once and kept is read by then
    act = do.act(last, "s", do.code_for(last, "s"))

    def outside(*args, **kwargs):
        pytest.fail("a signature reached outside the database")

    with monkeypatch.context() as patch:
        for place in ("builtins.open", "io.open", "os.open", "socket.socket.connect", "socket.create_connection"):
            patch.setattr(place, outside)
        for place in ("drawing.render_pdf", "services.sealing.seals.seal", "services.stamping.stamps.stamp"):
            patch.setattr(f"conventions.{place}", outside)
        signature = signing.sign(signatory=last, act=act)
    assert signature.signatory_id == last.pk


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one transaction at a time")
def test_twenty_sign_at_once_none_lost_none_stuck(committed_db):
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    cohort = Cohort.objects.select_related("region", "version").get(slug="suivante")
    draft = do.complete(do.drafting.draft(cohort=cohort, by=None))
    party = draft.parties.get(role="structure")
    for rank in range(18):
        fields = {**SECOND, "email": f"avec-les-autres-{rank}@example.org"}
        signatories.add_signatory(party=party, by=None, rank=1, **fields)
    convention = opened(draft)
    everybody = do.signatories_of(convention)
    assert len(everybody) == 20
    acts = [(row, do.act(row, f"s{row.pk}", do.code_for(row, f"s{row.pk}"))) for row in everybody]
    do.sign_at_once(acts)
    assert Signature.objects.filter(party__convention=convention).count() == 20
    assert Convention.objects.get(pk=convention.pk).state == ConventionState.SIGNED
    assert trail.verify(convention) is None
    assert Job.objects.filter(kind=sending.FINAL_JOB, payload__convention=convention.pk).count() == 1
    assert Participation.objects.filter(cohort=cohort, clearances__kind="convention").count() == 1
