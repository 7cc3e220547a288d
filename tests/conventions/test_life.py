"""Deadlines, versions, copies kept: what time and new texts do to a convention being signed."""

from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caprse.base import clock, links
from caprse.base.ids import new_public_id
from cohorts.enums import Role
from conventions import lifecycle
from conventions.enums import ConventionState, DocumentKind, EntryIntoForce
from conventions.models import Convention, Signatory, Signature
from conventions.models.conventions import LINK
from conventions.services import codes, drafting, family, life, refusing, sending, signatories, states, trail, versions
from conventions.services.codes import SigningClosed
from tests import worlds_conventions as do
from tests.harness.ceremony import browser_of, fresh
from tests.test_access_matrix import contents
from tests.worlds import World


def sign_first(convention):
    signatory = do.signatories_of(convention)[0]
    return do.sign_as(signatory)


# --- The deadline -----------------------------------------------------------------------------------------------


def test_the_template_gives_a_deadline_unless_somebody_typed_one(frozen):
    days = family.template_of(frozen).expires_days
    assert days, "the shipped convention says how long one has to sign"
    assert fresh(sending.send(convention=frozen, by=None)).expires_on == clock.today() + timedelta(days=days)


def test_a_typed_deadline_is_kept(frozen):
    typed = clock.today() + timedelta(days=3)
    life.set_deadline(convention=frozen, day=typed, by=None)
    assert fresh(sending.send(convention=fresh(frozen), by=None)).expires_on == typed


def test_what_could_not_be_signed_any_more_is_not_sent(frozen, admin, clock_at, run_queue, mailoutbox):
    life.set_deadline(convention=frozen, day=clock.today(), by=None)
    clock_at(clock.now() + timedelta(days=1))
    with pytest.raises(states.WrongState, match="est passé"):
        sending.send(convention=fresh(frozen), by=None)
    page = admin.post(frozen.url("convention_send"), follow=True).content.decode()
    assert "rien n’est envoyé" in page
    assert fresh(frozen).state == ConventionState.FROZEN
    run_queue()
    assert mailoutbox == []
    life.set_deadline(convention=fresh(frozen), day=clock.today(), by=None)
    admin.post(frozen.url("convention_send"))
    assert fresh(frozen).state == ConventionState.OPEN


def test_no_link_is_said_to_leave_once_the_last_day_has_passed(sent, admin, clock_at, run_queue, mailoutbox):
    run_queue()
    mailoutbox.clear()
    clock_at(clock.at(sent.expires_on + timedelta(days=1), 9))
    signatory = do.signatories_of(sent)[0]
    url = reverse("signatory_resend", args=["ici", sent.public_id, signatory.public_id])
    assert "rien n’est parti" in admin.post(url, follow=True).content.decode().replace("&#x27;", "’")
    run_queue()
    assert mailoutbox == []
    assert do.kinds_of(sent).count("link_sent") == 2


def test_one_may_sign_on_the_last_day_and_no_more_the_day_after(sent, clock_at, run_queue, mailoutbox):
    first, second = do.signatories_of(sent)
    link = reverse("signing_link", args=[links.make(LINK, second.pk)])
    clock_at(clock.at(sent.expires_on, 23))
    assert life.expire_due() == []
    assert do.sign_as(first)
    clock_at(clock.at(sent.expires_on + timedelta(days=1), 0, 30))
    (expired,) = life.expire_due()
    assert life.expire_due() == []
    assert fresh(expired).state == ConventionState.EXPIRED
    assert do.kinds_of(sent).count("expired") == 1
    with pytest.raises(SigningClosed, match="délai pour signer est passé"):
        codes.ask(signatory=second, session="s", circumstances=do.HERE)
    assert "délai pour signer est passé" in Client().get(link).content.decode()
    assert trail.verify(sent) is None
    run_queue()
    told = [mail.to for mail in mailoutbox if "délai de signature" in mail.subject]
    assert told == [["region_admin@ours.example.org"]]


def test_the_day_after_nothing_is_signed_though_nobody_has_closed_it_yet(ceremony, clock_at):
    """The sweep that closes it passes each hour, and not at all while no worker runs."""
    clock_at(clock.at(ceremony.convention.expires_on, 23, 55))
    ceremony.open()
    digits = ceremony.digits()
    clock_at(clock.at(ceremony.convention.expires_on + timedelta(days=1), 0, 1))
    before = contents()
    answers = (ceremony.send(digits), ceremony.client.get(ceremony.url()), ceremony.client.post(ceremony.link))
    for answer in (*answers, ceremony.client.post(ceremony.url("signing_refuse"), {"reason": "Non"})):
        assert answer.status_code == 410
        assert "délai pour signer est passé" in answer.content.decode()
    with pytest.raises(SigningClosed, match="délai pour signer est passé"):
        do.sign_as(ceremony.signatory, session="une autre")
    assert contents() == before
    assert fresh(ceremony.convention).state == ConventionState.OPEN


def test_more_time_is_given_before_the_deadline_only_and_never_taken_back(sent, clock_at, run_queue, mailoutbox):
    later = sent.expires_on + timedelta(days=10)
    life.set_deadline(convention=sent, day=later, by=None)
    life.set_deadline(convention=sent, day=later, by=None)
    assert do.kinds_of(sent).count("deadline_set") == 1
    run_queue()
    assert len([mail for mail in mailoutbox if "vous pouvez signer jusqu" in mail.subject]) == 2
    with pytest.raises(states.WrongState, match="ne se raccourcit pas"):
        life.set_deadline(convention=sent, day=later - timedelta(days=1), by=None)
    clock_at(clock.at(later + timedelta(days=1), 9))
    with pytest.raises(states.WrongState, match="ne peut plus être prolongé"):
        life.set_deadline(convention=sent, day=later + timedelta(days=30), by=None)
    life.expire_due()
    with pytest.raises(states.WrongState):
        life.set_deadline(convention=sent, day=later + timedelta(days=30), by=None)


def test_the_page_of_the_deadline_says_why_it_cannot_be_shortened_and_keeps_what_was_typed(sent, admin):
    url = sent.url("convention_deadline")
    assert "ce jour compris" in admin.get(sent.get_absolute_url()).content.decode().lower()
    early = (sent.expires_on - timedelta(days=1)).isoformat()
    response = admin.post(url, {"day": early})
    assert response.status_code == 422
    assert "ne se raccourcit pas" in response.content.decode()
    assert early in response.content.decode()
    assert fresh(sent).expires_on == sent.expires_on
    later = sent.expires_on + timedelta(days=5)
    for _ in range(2):
        assert admin.post(url, {"day": later.isoformat()}).url == sent.get_absolute_url()
    assert fresh(sent).expires_on == later
    assert do.kinds_of(sent).count("deadline_set") == 1


# --- Version n+1 ------------------------------------------------------------------------------------------------


def test_a_new_version_takes_everything_over_and_the_signatures_stay_as_lapsed(sent, admin, clock_at):
    signature = sign_first(sent)
    clock_at(clock.at(sent.expires_on + timedelta(days=1), 9))
    life.expire_due()
    version = versions.new_version(convention=fresh(sent), reason="Délai passé", by=None)
    assert (version.number, version.supersedes_id, version.state) == (2, sent.pk, ConventionState.DRAFT)
    assert version.reference == f"{sent.reference}-v2"
    assert version.variables == fresh(sent).variables
    people = [
        list(c.parties.order_by("pk").values_list("name", "signatories__email", "signatories__power"))
        for c in (sent, version)
    ]
    assert people[0] == people[1]
    assert Signature.objects.filter(pk=signature.pk).exists()
    assert not Signature.objects.filter(party__convention=version).exists()
    assert fresh(sent).state == ConventionState.EXPIRED
    assert [party.name for party, given in versions.signs_again(version) if given] == [signature.party.name]
    page = admin.get(sent.url("convention_life")).content.decode()
    assert "caduque" in page
    assert signature.name in page
    assert version.get_absolute_url() in page


def test_an_open_text_is_taken_back_by_its_next_version_and_its_people_are_told(sent, run_queue, mailoutbox):
    run_queue()
    mailoutbox.clear()
    versions.new_version(convention=sent, reason="Une date fausse", by=None)
    assert fresh(sent).state == ConventionState.SUPERSEDED
    with pytest.raises(SigningClosed):
        codes.ask(signatory=do.signatories_of(sent)[0], session="s", circumstances=do.HERE)
    run_queue()
    told = [mail for mail in mailoutbox if "remplacée" in mail.subject]
    assert sorted(mail.to[0] for mail in told) == sorted(s.email for s in do.signatories_of(sent))
    assert "Une date fausse" in told[0].body
    assert trail.verify(sent) is None


def test_a_refused_text_is_made_again_without_the_party_that_refused(sent):
    signatory = do.signatories_of(sent)[0]
    refusing.refuse(signatory=signatory, reason="Pas d’accord", circumstances=do.HERE)
    version = versions.new_version(convention=fresh(sent), reason="Sans elle", by=None)
    again = versions.new_version(convention=fresh(sent), reason="Sans elle", by=None)
    assert again.pk == version.pk
    assert versions.what_changed(version) == []
    gone = version.parties.order_by("pk").first()
    Signatory.objects.filter(party=gone).delete()
    gone.delete()
    assert versions.what_changed(version) == [f"{gone.name} n’est plus partie."]
    changed = {**version.variables, "months": "18"}
    drafting.set_variables(convention=version, revision=version.revision, values=changed, by=None)
    told = versions.what_changed(Convention.objects.with_context().get(pk=version.pk))
    assert any(sentence.startswith("Le texte change") for sentence in told)


def test_what_all_have_signed_has_no_next_version(db):
    convention = World("ours").convention
    with pytest.raises(states.WrongState, match="avenant"):
        versions.new_version(convention=convention, reason="Essai", by=None)
    assert not Convention.objects.filter(supersedes=convention).exists()


def test_a_mistake_about_one_person_needs_no_new_version_and_voids_nobody_else(sent, admin):
    first, second = do.signatories_of(sent)
    signature = do.sign_as(first)
    response = admin.post(sent.url("convention_renew"), {"what": "person", "reason": "Faute de frappe"})
    assert response.status_code == 422
    assert "les signatures des autres restent valables" in response.content.decode()
    assert fresh(sent).state == ConventionState.OPEN
    fields = {name: getattr(second, name) for name in signatories.FIELDS} | {"email": "corrigee@example.org"}
    replacement = signatories.name_signatory(party=second.party, former=second, by=None, why="Faute", **fields)
    do.sign_as(Signatory.objects.with_context().get(pk=replacement.pk))
    assert fresh(sent).state == ConventionState.SIGNED
    assert Signature.objects.filter(party__convention=sent, pk=signature.pk).exists()


def test_the_page_says_who_signs_again_and_why_and_sending_it_twice_makes_one_version(sent, admin):
    signature = sign_first(sent)
    url = sent.url("convention_renew")
    page = admin.get(url).content.decode()
    assert "Qui devra signer de nouveau" in page
    assert f"{signature.party.name} – avait signé" in page
    form = {"what": "text", "reason": "Une date fausse"}
    first, second = admin.post(url, form), admin.post(url, form)
    version = Convention.objects.with_context().get(supersedes=sent)
    assert first.url == version.url("convention_edit")
    assert second.status_code == 302
    assert fresh(sent).end_reason == "Une date fausse"


def test_beginning_again_from_the_cohort_makes_the_next_version_of_what_was_sent(sent, next_cohort):
    sending.cancel(convention=sent, reason="Erreur", by=None)
    version = drafting.draft(cohort=next_cohort, by=None)
    assert (version.number, version.supersedes_id) == (2, sent.pk)


# --- Entry into force, copies kept ------------------------------------------------------------------------------


def test_what_was_in_force_before_texts_said_since_when_binds_since_its_last_signature(ours):
    convention = ours.convention
    Convention.objects.filter(pk=convention.pk).update(in_force_on=None)
    step = import_module("conventions.migrations.0005_day_of_entry")
    for _ in range(2):
        step.say_since_when(apps, SimpleNamespace(connection=connection))
    assert fresh(convention).in_force_on == clock.day_of(convention.completed_at)
    assert fresh(ours.draft_convention).in_force_on is None


@pytest.mark.parametrize(
    ("entry", "facts", "day"),
    [
        (EntryIntoForce.LAST_SIGNATURE, {}, date(2025, 3, 4)),
        (EntryIntoForce.DAY, {"day": date(2025, 4, 1)}, date(2025, 4, 1)),
        (EntryIntoForce.DAY, {"day": date(2025, 1, 1)}, date(2025, 3, 4)),
        (EntryIntoForce.COMMITTEE, {}, None),
        (EntryIntoForce.COMMITTEE, {"validated_on": date(2025, 5, 6)}, date(2025, 5, 6)),
    ],
)
def test_from_which_day_a_text_binds(entry, facts, day):
    assert lifecycle.entry_day(entry, completed_on=date(2025, 3, 4), **facts) == day


def test_each_party_keeps_its_copy_by_its_link_until_five_years_after_the_end(db, client, clock_at):
    ours = World("ours")
    url = reverse("convention_copy", args=[ours.signing_token])
    final = ours.convention.documents.get(kind=DocumentKind.FINAL)
    assert client.get(url).content == bytes(final.pdf)
    sending.end(convention=ours.convention, last_day=date(2025, 11, 3), reason="Projet fini", by=None)
    clock_at(clock.at(date(2030, 11, 3), 9))
    before = list(Signatory.objects.order_by("pk").values())
    assert client.get(url).content == bytes(final.pdf)
    assert list(Signatory.objects.order_by("pk").values()) == before
    clock_at(clock.at(date(2030, 11, 4), 9))
    for address in (url, reverse("signing_link", args=[ours.signing_token])):
        refused = client.get(address)
        assert refused.status_code == 410
        assert "cinq ans" in refused.content.decode()


def test_who_has_not_signed_gets_no_copy(sent, client):
    signatory = do.signatories_of(sent)[0]
    token = links.make(LINK, signatory.pk)
    response = client.get(reverse("convention_copy", args=[token]))
    assert response.status_code == 410
    do.sign_as(signatory)
    waiting = client.get(reverse("convention_copy", args=[token]))
    assert waiting.status_code == 410
    assert "%PDF" not in waiting.content.decode()
    assert client.get(reverse("convention_copy", args=["jeton-inconnu"])).status_code == 404


def one_more_amendment(convention, rank):
    """Taken back, as the one of the worlds: only its line on the pages matters here."""
    former = Convention.objects.filter(parent=convention).order_by("pk").first()
    former.pk, former.public_id, former.reference = None, new_public_id(), f"{convention.reference}-A{rank}"
    former.save(force_insert=True)


@pytest.mark.parametrize("page", ["convention_life", "convention_bound", "convention_consolidated"])
def test_pages_of_a_life_ask_the_same_queries_whatever_the_texts_that_follow(ours, admin, page):
    convention = ours.convention
    url = convention.url(page)

    def count():
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(url).status_code == 200
        return len(captured)

    count()
    before = count()
    for rank in (2, 3):
        one_more_amendment(convention, rank)
    assert count() == before


def test_readers_see_no_act(db):
    client = browser_of("referent@ours.example.org")
    convention = World("ours").convention
    page = client.get(convention.url("convention_life")).content.decode()
    assert "Préparer un avenant" not in page
    assert "Demander le retrait" not in page
    legal = browser_of(f"{Role.LEGAL_REPRESENTATIVE}@ours.example.org")
    assert "Demander le retrait" in legal.get(convention.url("convention_life")).content.decode()
