"""Writing, freezing, sending, signing, ending: what the services keep and refuse."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from caprse.base import clock, jobs, links
from caprse.base.enums import JobState
from caprse.base.models import Job
from cohorts.access import Actor
from cohorts.enums import ClearanceKind, OpeningCondition, Role
from cohorts.models import Clearance, Cohort, Participation
from conventions import documents
from conventions.enums import ConventionState, DocumentKind
from conventions.models import FrozenDocument, Signatory, Signature, TrailEntry
from conventions.models.conventions import LINK
from conventions.services import codes, drafting, finishing, sending, signatories, signing, states, trail
from conventions.services.codes import CodeRefused, SigningClosed
from conventions.texts import numbered_articles, read_template, shipped
from tests import worlds_conventions as do
from tests.worlds import World
from tests.worlds_conventions import fresh


@pytest.fixture
def cohort(db):
    return Cohort.objects.select_related("region", "version").get(slug="suivante")


@pytest.fixture
def opened(cohort):
    """The next cohort's convention, sent to its signatories."""
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    return do.sent_convention(cohort)


# --- Writing ----------------------------------------------------------------------------------------------------


def test_draft_knows_its_parties_and_proposes_who_signs(cohort):
    convention = World("ours").draft_convention
    names = {party.name: party.role for party in convention.parties.order_by("pk")}
    assert names == {"Structure candidate": "structure", "Délégation ours": "region"}
    signatory = Signatory.objects.get(party__convention=convention, party__role="region")
    assert signatory.email == "region_admin@ours.example.org"
    assert signatory.power == ""


def test_new_participants_become_parties_and_those_gone_leave(cohort):
    from cohorts.services.cohorts import add_structure  # noqa: PLC0415

    convention = World("ours").draft_convention
    add_structure(cohort=cohort, organisation=World("ours").organisation)
    Participation.objects.filter(cohort=cohort, organisation__legal_name="Structure candidate").update(
        left_on=clock.today()
    )
    drafting.add_participants(convention=convention, by=None)
    assert set(convention.parties.values_list("name", flat=True)) == {"Notre structure", "Délégation ours"}


def test_a_frozen_text_says_what_was_filled_and_is_the_same_for_all(opened):
    document = do.original_of(opened)
    assert documents.sha256(document.html) == document.html_sha256
    assert documents.sha256(bytes(document.pdf)) == document.pdf_sha256
    assert bytes(document.pdf).startswith(b"%PDF")
    assert "Structure candidate" in document.html
    assert "[" not in document.html.replace("[data", "")
    assert "{" not in document.html


def test_a_name_that_looks_like_a_blank_stays_as_typed():
    template = read_template(shipped("convention-engagements"))
    variables = {v.key: "{months}" if v.kind == "line" else "" for v in template.variables}
    texts = [t for a in numbered_articles(template, variables) for b in a.blocks for t in b.clauses]
    assert any("{months}" in text for text in texts)


def test_a_party_renamed_later_keeps_its_name_in_the_frozen_text(opened):
    organisation = opened.parties.get(role="structure").organisation
    organisation.legal_name = "Tout autre nom"
    organisation.save()
    assert "Structure candidate" in do.original_of(opened).html
    assert opened.parties.get(role="structure").name == "Structure candidate"


def test_nothing_of_the_text_changes_once_frozen(opened):
    with pytest.raises(states.WrongState):
        drafting.set_variables(convention=opened, revision=opened.revision, values={}, by=None)
    with pytest.raises(states.WrongState):
        drafting.add_participants(convention=opened, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        FrozenDocument.objects.filter(convention=opened).update(html="autre chose")


def test_no_way_that_the_table_of_states_does_not_know(opened):
    for to in (ConventionState.DRAFT, ConventionState.IN_FORCE, ConventionState.ENDED, ConventionState.OPEN):
        with pytest.raises(states.WrongState):
            states.move(fresh(opened), to=to)


def test_two_acts_on_the_same_state_make_one(opened):
    first, second = fresh(opened), fresh(opened)
    states.move(first, to=ConventionState.CANCELLED)
    with pytest.raises(states.WrongState):
        states.move(second, to=ConventionState.SIGNED, completed_at=clock.now())


# --- Codes ------------------------------------------------------------------------------------------------------


@pytest.fixture
def signatory(opened):
    return do.signatories_of(opened)[0]


def wrong(digits):
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def test_five_wrong_tries_kill_a_code_and_another_may_be_asked(signatory):
    digits = do.code_for(signatory, "s")
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeRefused, match=f"reste {left} essai"):
            signing.sign(signatory=signatory, act=do.act(signatory, "s", wrong(digits)))
    with pytest.raises(CodeRefused, match="essayé 5 fois"):
        signing.sign(signatory=signatory, act=do.act(signatory, "s", wrong(digits)))
    with pytest.raises(CodeRefused, match="essayé 5 fois"):
        signing.sign(signatory=signatory, act=do.act(signatory, "s", digits))
    assert not Signature.objects.filter(signatory=signatory).exists()
    assert do.sign_as(signatory, session="s")


def test_a_code_lives_ten_minutes(signatory, clock_at):
    digits = do.code_for(signatory, "s")
    clock_at(clock.now() + timedelta(minutes=10, seconds=1))
    with pytest.raises(CodeRefused, match="dix minutes"):
        signing.sign(signatory=signatory, act=do.act(signatory, "s", digits))


def test_a_code_opens_only_the_session_it_was_asked_in(signatory):
    digits = do.code_for(signatory, "mine")
    with pytest.raises(CodeRefused):
        signing.sign(signatory=signatory, act=do.act(signatory, "another", digits))


def test_a_code_of_one_signatory_opens_nothing_for_another(opened):
    first, second = do.signatories_of(opened)
    digits = do.code_for(first, "s")
    do.code_for(second, "s")
    with pytest.raises(CodeRefused):
        signing.sign(signatory=second, act=do.act(second, "s", wrong(wrong(digits))))


def test_no_more_than_five_codes_an_hour(signatory, clock_at):
    for _ in range(5):
        do.code_for(signatory, "s")
    with pytest.raises(CodeRefused, match="11\xa0h"):
        do.code_for(signatory, "s")
    clock_at(clock.now() + timedelta(minutes=61))
    assert do.code_for(signatory, "s")


def test_only_a_hash_of_the_code_is_kept(signatory):
    digits = do.code_for(signatory, "s")
    code = signatory.codes.get()
    assert digits not in {code.digest, str(code.pk)}
    assert code.digest == codes.digest_of(code.pk, digits)


# --- Signing ----------------------------------------------------------------------------------------------------


def test_signing_records_what_was_signed_by_whom_in_which_words(opened, signatory):
    signature = do.sign_as(signatory)
    original = do.original_of(opened)
    assert (signature.document_sha256, signature.html_sha256) == (original.pdf_sha256, original.html_sha256)
    assert signatory.full_name in signature.consent
    assert do.POWER in signature.consent
    assert signature.evidence_sha256 == documents.canonical_sha256(signature.evidence)
    assert signatory.email not in str(signature.evidence)
    assert do.HERE.ip not in str(signature.evidence)


def test_the_same_session_again_gives_the_same_signature(signatory):
    first = do.sign_as(signatory, session="s")
    again = signing.sign(signatory=signatory, act=do.act(signatory, "s", "000000"))
    assert again == first
    assert Signature.objects.filter(party=signatory.party).count() == 1


def test_another_text_than_the_frozen_one_is_never_signed(signatory):
    digits = do.code_for(signatory, "s")
    act = do.act(signatory, "s", digits)
    with pytest.raises(signing.TextChanged):
        signing.sign(signatory=signatory, act=signing.Act("s", "0" * 64, digits, act.circumstances))
    assert not Signature.objects.filter(signatory=signatory).exists()


def test_rounds_open_when_the_last_party_signs_and_not_before(opened):
    path = Participation.objects.get(cohort=opened.cohort)
    first, last = do.signatories_of(opened)
    do.sign_as(first)
    assert not Clearance.objects.filter(participation=path).exists()
    assert fresh(opened).state == ConventionState.OPEN
    do.sign_as(last)
    assert fresh(opened).state == ConventionState.SIGNED
    clearance = Clearance.objects.get(participation=path)
    assert (clearance.kind, clearance.since, clearance.until) == (ClearanceKind.CONVENTION, clock.today(), None)


def test_a_cohort_may_ask_for_the_structure_s_own_signature_only(opened):
    Cohort.objects.filter(pk=opened.cohort_id).update(condition=OpeningCondition.OWN_SIGNED)
    structure = next(s for s in do.signatories_of(opened) if s.party.role == "structure")
    do.sign_as(structure)
    assert Clearance.objects.get(participation__cohort=opened.cohort).kind == ClearanceKind.CONVENTION
    assert fresh(opened).state == ConventionState.OPEN


def test_address_changed_midway_voids_link_and_code_and_keeps_history(opened, signatory, run_queue, mailoutbox):
    links.make(LINK, signatory.pk)
    digits = do.code_for(signatory, "s")
    changed = signatories.name_signatory(
        party=signatory.party, by=None, **{**do.stand_in(signatory.party), "email": "nouvelle@example.org"}
    )
    with pytest.raises((CodeRefused, SigningClosed)):
        signing.sign(signatory=signatory, act=do.act(signatory, "s", digits))
    former = Signatory.objects.get(pk=signatory.pk)
    assert former.replaced_at == clock.now()
    run_queue()
    mails = [mail for mail in mailoutbox if "signature" in mail.subject]
    assert [mail.to for mail in mails if mail.to == ["nouvelle@example.org"]] == [["nouvelle@example.org"]]
    assert signatory.email not in {to for mail in mails for to in mail.to}
    assert do.sign_as(Signatory.objects.with_context().get(pk=changed.pk))


def test_who_has_signed_is_not_replaced(signatory):
    do.sign_as(signatory)
    with pytest.raises(signatories.AlreadySigned):
        signatories.name_signatory(party=signatory.party, by=None, **do.stand_in(signatory.party))


def test_a_cancelled_convention_is_signed_by_nobody_and_the_next_takes_up_its_words(opened, signatory, cohort):
    digits = do.code_for(signatory, "s")
    sending.cancel(convention=fresh(opened), reason="Une erreur de date", by=None)
    with pytest.raises(SigningClosed, match="retirée"):
        signing.sign(signatory=signatory, act=do.act(signatory, "s", digits))
    again = drafting.draft(cohort=cohort, by=None)
    assert again.variables == opened.variables
    assert again.reference != opened.reference
    assert set(Signatory.objects.filter(party__convention=again).values_list("power", flat=True)) == {do.POWER}


# --- The final document -----------------------------------------------------------------------------------------


@pytest.fixture
def signed(opened):
    for signatory in do.signatories_of(opened):
        do.sign_as(signatory)
    return fresh(opened)


def test_everybody_receives_the_signed_document(signed, run_queue, mailoutbox):
    run_queue()
    final = FrozenDocument.objects.get(convention=signed, kind=DocumentKind.FINAL)
    copies = {mail.to[0]: mail.attachments[0] for mail in mailoutbox if mail.attachments}
    assert set(copies) == {signatory.email for signatory in do.signatories_of(signed)}
    assert all(content == bytes(final.pdf) for _, content, _ in copies.values())
    assert fresh(signed).state == ConventionState.IN_FORCE


def test_a_worker_that_dies_is_taken_over_and_makes_one_document(signed, clock_at, monkeypatch, run_queue, mailoutbox):
    def die(*args, **kwargs):
        raise KeyboardInterrupt

    job = Job.objects.get(kind=sending.FINAL_JOB, state=JobState.QUEUED)
    with monkeypatch.context() as patch:
        patch.setattr("conventions.services.finishing.drawing.closed_pdf", die)
        with pytest.raises(KeyboardInterrupt):
            jobs.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.RUNNING
    assert fresh(signed).state == ConventionState.SIGNED
    clock_at(clock.now() + jobs.LEASE + timedelta(seconds=1))
    assert jobs.sweep() >= 1
    jobs.run(job.pk)
    jobs.run(job.pk)
    run_queue()
    assert fresh(signed).state == ConventionState.IN_FORCE
    assert FrozenDocument.objects.filter(convention=signed, kind=DocumentKind.FINAL).count() == 1
    copies = [mail.to[0] for mail in mailoutbox if mail.attachments]
    assert len(copies) == len(set(copies)) == 2


def test_a_document_whose_work_failed_for_good_is_asked_again(signed):
    Job.objects.filter(kind=sending.FINAL_JOB).update(state=JobState.FAILED)
    assert finishing.resume() == 1
    assert finishing.resume() == 0
    jobs.run(Job.objects.get(kind=sending.FINAL_JOB, state=JobState.QUEUED).pk)
    assert fresh(signed).state == ConventionState.IN_FORCE


# --- The chain --------------------------------------------------------------------------------------------------


def test_the_chain_holds_and_says_where_it_breaks(signed):
    assert trail.verify(signed) is None
    entry = TrailEntry.objects.filter(convention=signed).order_by("seq")[2]
    with pytest.raises(IntegrityError), transaction.atomic():
        TrailEntry.objects.filter(pk=entry.pk).update(actor="quelqu’un d’autre")
    forged = {"seq": entry.seq + 100, "at": entry.at, "kind": "signed", "actor": "signatory:personne", "data": {}}
    TrailEntry.objects.create(
        region_id=signed.region_id, convention=signed, previous=trail.head(signed), digest="0" * 64, **forged
    )
    assert trail.verify(signed) == trail.Break(TrailEntry.objects.filter(convention=signed).count())


def test_one_word_changed_anywhere_breaks_the_chain(signed):
    entry = TrailEntry.objects.filter(convention=signed).order_by("seq").first()
    fields = {name: getattr(entry, name) for name in ("seq", "at", "kind", "actor", "data", "previous")}
    assert trail.digest_of(signed.public_id, fields) == entry.digest
    for name in ("at", "kind", "actor", "previous"):
        assert trail.digest_of(signed.public_id, {**fields, name: fields[name] + "x"}) != entry.digest
    assert trail.digest_of("autre", fields) != entry.digest


def test_the_chain_holds_no_address_nor_machine(signed):
    written = str(list(TrailEntry.objects.filter(convention=signed).order_by("seq").values_list("data", "actor")))
    assert do.HERE.ip not in written
    assert all(signatory.email not in written for signatory in do.signatories_of(signed))


def test_a_salted_commitment_can_be_opened(signed):
    entry = TrailEntry.objects.filter(convention=signed, kind="signed").order_by("seq").first()
    value = entry.values.get(name="ip")
    assert entry.data["ip_commitment"] == documents.sha256(value.salt + value.value)
    assert value.value == do.HERE.ip


# --- The end ----------------------------------------------------------------------------------------------------


def test_when_a_convention_ends_rounds_close_and_members_keep_their_tools(db, run_queue, mailoutbox):
    ours = World("ours")
    assert ours.draft.pk
    sending.end(convention=ours.convention, last_day=date(2025, 11, 3), reason="Projet arrêté", by=None)
    assert not Clearance.objects.in_force(clock.today()).filter(participation=ours.participation).exists()
    ours.actor(Role.REFERENT).require_tools(ours.participation)
    assert Actor.of(ours.user(Role.REFERENT)).tools_open(ours.participation)
    run_queue()
    assert any("a pris fin" in mail.subject for mail in mailoutbox)


# --- Several at once --------------------------------------------------------------------------------------------


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one transaction at a time")
def test_signing_all_at_once_loses_nothing(committed_db):
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    cohort = Cohort.objects.select_related("region", "version").get(slug="suivante")
    for key in ("ours", "neighbour", "lapsed"):
        Participation.objects.create(region=cohort.region, cohort=cohort, organisation=World(key).organisation)
    convention = do.sent_convention(cohort)
    signatories = do.signatories_of(convention)
    digits = {signatory.pk: do.code_for(signatory, f"s{signatory.pk}") for signatory in signatories}
    acts = [(signatory, do.act(signatory, f"s{signatory.pk}", digits[signatory.pk])) for signatory in signatories]
    do.sign_at_once(acts * 2)
    assert Signature.objects.filter(party__convention=convention).count() == len(signatories) == 5
    assert fresh(convention).state == ConventionState.SIGNED
    assert trail.verify(convention) is None
    assert Job.objects.filter(kind=sending.FINAL_JOB, payload__convention=convention.pk).count() == 1
    assert Clearance.objects.filter(participation__cohort=cohort).count() == 4
