"""Amendments and bulletins, parties that leave: what binds whom, from when, and what never happens."""

from datetime import date, timedelta

import pytest

from caprse.base import clock
from caprse.base.versioned import StaleSave
from cohorts.enums import ClearanceKind
from cohorts.models import Clearance, Participation
from conventions import consolidation
from conventions.enums import ConventionState, Nature
from conventions.models import Convention, Party, Signature, TemplateVersion
from conventions.services import amending, family, leaving, sending, states, trail
from conventions.services.amending import NoSuchChange
from conventions.services.sending import NotReady
from tests import worlds_conventions as do
from tests.conventions import followers_at_hand as go
from tests.harness.ceremony import browser_of
from tests.worlds import World

YESTERDAY = date(2025, 11, 3)


@pytest.fixture
def convention(ours, draw_anew):
    """In force since February, between three structures, the delegation and the national head."""
    return ours.convention


def words(convention, day=None):
    texts, _ = family.consolidated(convention, day or clock.today())
    return " ".join(p.text for text in texts for p in text.paragraphs)


# --- Amendments -------------------------------------------------------------------------------------------------


def test_an_amendment_changes_nothing_until_the_very_last_party_has_signed(convention, clock_at):
    before = words(convention)
    amendment = go.opened(go.drafted(convention))
    people = do.signatories_of(amendment)
    assert {s.party.organisation_id for s in people} == set(
        convention.parties.values_list("organisation_id", flat=True)
    )
    for signatory in people[:-1]:
        do.sign_as(signatory)
        assert words(convention) == before
        assert go.fresh(amendment).state == ConventionState.OPEN
    clock_at(clock.now() + timedelta(days=2))
    do.sign_as(people[-1])
    amendment = go.completed(amendment)
    assert (amendment.state, amendment.in_force_on) == (ConventionState.IN_FORCE, clock.today())
    assert go.NEW_WORDS in words(convention)
    assert words(convention, clock.today() - timedelta(days=1)) == before
    assert do.kinds_of(convention)[-1] == "amended"
    assert trail.verify(convention) is None
    assert trail.verify(amendment) is None


def test_what_is_signed_shows_the_words_before_and_after_and_names_the_text_it_changes(convention):
    text = next(one for one in family.base_of(convention) if "Le texte ne change" in one.paragraphs[0].text)
    clauses = [{"text": p.text, "roles": list(p.roles), "heading": p.heading} for p in text.paragraphs]
    clauses[0]["text"] = clauses[0]["text"].replace("ne change", "ne sera modifié")
    change = {"act": "replaced", "key": text.key, "title": text.title, "clauses": clauses}
    html = do.original_of(go.opened(go.drafted(convention, change))).html
    assert convention.reference in html
    assert go.final_sha256(convention) in html
    before, after = html.index("<strong>Avant"), html.index("<strong>Après")
    assert before < html.index("<del>") < after < html.index("<ins>")
    assert html.count("<del>") == html.count("<ins>") == 1
    assert "Ce qui change, article par article" in html
    assert f"Article {[t.key for t in family.base_of(convention)].index(text.key) + 1} – {text.title}" in html


def test_an_amendment_refused_leaves_the_text_as_it_was(convention):
    from conventions.services import refusing  # noqa: PLC0415

    before = words(convention)
    amendment = go.opened(go.drafted(convention))
    people = do.signatories_of(amendment)
    for signatory in people[:-1]:
        do.sign_as(signatory)
    refusing.refuse(signatory=people[-1], reason="Trop long", circumstances=do.HERE)
    assert words(convention) == before
    assert go.fresh(convention).state == ConventionState.IN_FORCE
    again = amending.draft_amendment(convention=convention, by=None)
    assert again.pk != amendment.pk


def test_an_amendment_that_changes_nothing_is_not_frozen(convention):
    amendment = amending.draft_amendment(convention=convention, by=None)
    same = family.text_before(amendment)[0]
    clauses = [{"text": p.text, "roles": list(p.roles), "heading": p.heading} for p in same.paragraphs]
    change = {"act": "replaced", "key": same.key, "title": same.title, "clauses": clauses}
    amending.set_change(amendment=amendment, revision=amendment.revision, change=change, by=None)
    assert go.fresh(amendment).changes == []
    with pytest.raises(NotReady, match="ne change encore aucun article"):
        sending.freeze(convention=go.filled(amendment), by=None)


def test_changes_are_refused_when_stale_unknown_or_frozen(convention):
    amendment = amending.draft_amendment(convention=convention, by=None)
    amending.set_change(amendment=amendment, revision=amendment.revision, change=go.rewritten(), by=None)
    with pytest.raises(StaleSave):
        amending.set_change(
            amendment=amendment, revision=amendment.revision, change=go.rewritten(text="Autre"), by=None
        )
    fresh = go.fresh(amendment)
    with pytest.raises(NoSuchChange):
        amending.set_change(amendment=fresh, revision=fresh.revision, change=go.rewritten("ailleurs"), by=None)
    opened = go.opened(go.filled(amendment))
    with pytest.raises(states.WrongState):
        amending.set_change(amendment=opened, revision=opened.revision, change=go.rewritten(), by=None)


def test_one_amendment_at_a_time_and_none_to_an_amendment(convention):
    first = amending.draft_amendment(convention=convention, by=None)
    assert amending.draft_amendment(convention=convention, by=None) == first
    opened = go.opened(go.drafted(convention))
    with pytest.raises(states.WrongState, match=opened.reference):
        amending.draft_amendment(convention=convention, by=None)
    with pytest.raises(states.WrongState):
        amending.draft_amendment(convention=opened, by=None)


def test_two_amendments_one_after_the_other_add_up(convention, clock_at):
    go.completed(go.opened(go.drafted(convention)))
    clock_at(clock.now() + timedelta(days=1))
    second = go.drafted(convention, {"act": "removed", "key": family.base_of(convention)[-1].key})
    changes = family.changes_of(second)
    assert [change.act for change in changes] == ["removed"]
    go.completed(go.opened(second))
    assert go.NEW_WORDS in words(convention)
    texts, amendments = family.consolidated(convention, clock.today())
    assert len(texts) == len(family.base_of(convention)) - 1
    assert len(amendments) == 2


# --- Bulletins --------------------------------------------------------------------------------------------------


def test_a_structure_joins_by_a_bulletin_that_two_sign_and_its_chapters_open(convention, run_queue, mailoutbox):
    structure = go.newcomer()
    bulletin = go.joined(convention, structure)
    assert bulletin.state == ConventionState.IN_FORCE
    assert {s.party.role for s in do.signatories_of(bulletin)} == {"structure", "region"}
    html = do.original_of(bulletin).html
    assert convention.reference in html
    assert go.final_sha256(convention) in html
    assert Party.objects.filter(convention=convention, organisation=structure, left_on=None).exists()
    path = Participation.objects.get(organisation=structure)
    assert Clearance.objects.filter(participation=path, kind=ClearanceKind.CONVENTION, until=None).count() == 1
    assert do.kinds_of(convention)[-1] == "party_joined"
    run_queue()
    told = [mail for mail in mailoutbox if "adhère à la convention" in mail.subject]
    assert len(told) == convention.parties.count() - 1  # everybody who was there before
    base, amendments, parties = family.facts_of(go.fresh(convention))
    (fact,) = [party for party in parties if party.name == structure.legal_name]
    assert fact.since == bulletin.in_force_on
    bound = consolidation.bound_on(base, amendments, parties, bulletin.in_force_on - timedelta(days=1))
    assert structure.legal_name not in [party.name for party in bound.parties]


def test_later_amendments_are_signed_by_who_joined_and_not_by_who_left(convention):
    structure = go.newcomer()
    go.joined(convention, structure)
    gone = convention.parties.get(name="Structure échue")
    leaving.leave(party=gone, last_day=YESTERDAY, reason="Elle s’en va", by=None)
    amendment = go.drafted(convention)
    names = set(amendment.parties.values_list("name", flat=True))
    assert structure.legal_name in names
    assert "Structure échue" not in names


def without_clause(convention):
    """The same convention, frozen from a text without accession clause."""
    version = convention.version
    content = {name: value for name, value in version.content.items() if name != "accession_clause"}
    other = TemplateVersion.objects.create(
        template=version.template, number=version.number + 50, content=content, sha256="0" * 64
    )
    Convention.objects.filter(pk=convention.pk).update(version=other)
    return go.fresh(convention)


def test_without_accession_clause_nobody_joins_and_the_page_proposes_an_amendment(convention, admin):
    structure = go.newcomer()
    convention = without_clause(convention)
    with pytest.raises(states.WrongState, match="par un avenant, signé par toutes"):
        amending.draft_accession(convention=convention, structure=structure, by=None)
    page = admin.get(convention.url("convention_join")).content.decode()
    assert "ne prévoit pas l’adhésion" in page
    assert "Préparer un avenant qui la fait entrer" in page
    assert admin.post(convention.url("convention_join"), {"structure": "zzzzzzzzzzzz"}).status_code == 422
    assert not Convention.objects.filter(parent=convention, nature=Nature.ACCESSION).exists()


def test_the_page_begins_one_bulletin_for_a_structure_of_the_cohort_alone(convention, admin):
    structure = go.newcomer()
    url = convention.url("convention_join")
    assert structure.legal_name in admin.get(url).content.decode()
    assert admin.post(url, {"structure": "zzzzzzzzzzzz"}).status_code == 422
    first, second = (admin.post(url, {"structure": structure.public_id}) for _ in range(2))
    bulletin = Convention.objects.with_context().get(parent=convention, nature=Nature.ACCESSION)
    assert first.url == second.url == bulletin.url("convention_edit")


# --- Leaving ----------------------------------------------------------------------------------------------------


def test_a_party_leaves_its_chapters_close_and_the_others_are_told(convention, run_queue, mailoutbox):
    ours = World("ours")
    party = convention.parties.get(organisation=ours.organisation)
    for _ in range(2):
        leaving.leave(party=party, last_day=YESTERDAY, reason="Elle change de cap", by=None)
    assert do.kinds_of(convention).count("party_left") == 1
    cleared = Clearance.objects.in_force(clock.today()).filter(participation=ours.participation)
    assert not cleared.filter(kind=ClearanceKind.CONVENTION).exists()
    assert Signature.objects.filter(party=party).exists()
    assert go.fresh(convention).state == ConventionState.IN_FORCE
    run_queue()
    assert len([mail for mail in mailoutbox if "sort de la convention" in mail.subject]) == convention.parties.count()


def test_a_request_to_withdraw_is_kept_and_the_delegation_notes_the_day(convention, admin, run_queue, mailoutbox):
    legal = browser_of("legal_representative@ours.example.org")
    url = convention.url("convention_withdraw")
    assert legal.post(url, {"reason": ""}).status_code == 422
    for _ in range(2):
        legal.post(url, {"reason": "Trop de charge"})
    party = convention.parties.get(organisation=World("ours").organisation)
    assert (party.left_reason, party.left_on) == ("Trop de charge", None)
    assert do.kinds_of(convention).count("leave_asked") == 1
    run_queue()
    assert [mail.to for mail in mailoutbox if "demande à se retirer" in mail.subject] == [
        ["region_admin@ours.example.org"]
    ]
    assert "Trop de charge" in admin.get(convention.url("convention_life")).content.decode()
    neighbour = browser_of("referent@neighbour.example.org").get(convention.url("convention_life"))
    assert "Trop de charge" not in neighbour.content.decode()
    leave = f"{convention.get_absolute_url()}parties/{party.pk}/sortie/"
    assert 'value="Trop de charge"' not in admin.get(leave).content.decode()
    assert admin.post(leave, {"last_day": "2025-13-40", "reason": "x"}).status_code == 422
    admin.post(leave, {"last_day": "2025-12-04", "reason": "Trop de charge"})
    party.refresh_from_db()
    assert party.left_on == date(2025, 12, 4)
    clearance = Clearance.objects.get(participation=World("ours").participation, kind=ClearanceKind.CONVENTION)
    assert clearance.until == date(2025, 12, 4)


def test_the_delegation_does_not_leave_what_it_carries_and_nobody_leaves_what_is_not_in_force(convention, sent):
    region = convention.parties.get(role="region")
    with pytest.raises(states.WrongState, match="elle y met fin"):
        leaving.leave(party=region, last_day=YESTERDAY, reason="Non", by=None)
    with pytest.raises(states.WrongState, match="n’engage personne"):
        leaving.leave(party=sent.parties.get(role="structure"), last_day=YESTERDAY, reason="Non", by=None)


def test_an_amendment_that_only_waited_for_who_left_is_complete(convention):
    gone = convention.parties.get(name="Structure échue")
    amendment = go.opened(go.drafted(convention))
    for signatory in do.signatories_of(amendment):
        if signatory.party.name != "Structure échue":
            do.sign_as(signatory)
    leaving.leave(party=gone, last_day=YESTERDAY, reason="Elle s’en va", by=None)
    assert go.fresh(amendment).state == ConventionState.SIGNED
    assert not Signature.objects.filter(party__convention=amendment, party__name="Structure échue").exists()
    assert trail.verify(amendment) is None


def test_who_leaves_later_still_signs_until_its_last_day(convention, clock_at):
    gone = convention.parties.get(name="Structure échue")
    leaving.leave(party=gone, last_day=date(2025, 11, 10), reason="Elle s’en va", by=None)
    amendment = go.opened(go.drafted(convention))
    for signatory in do.signatories_of(amendment):
        if signatory.party.name != "Structure échue":
            do.sign_as(signatory)
    assert leaving.take_out_departed() == 0
    assert go.fresh(amendment).state == ConventionState.OPEN
    clock_at(clock.at(date(2025, 11, 11), 9))
    assert leaving.take_out_departed() == 1
    assert leaving.take_out_departed() == 0
    assert go.fresh(amendment).state == ConventionState.SIGNED


def test_a_structure_that_left_the_cohort_is_shown_as_still_bound(convention, admin):
    Participation.objects.filter(organisation__legal_name="Structure échue").update(left_on=YESTERDAY)
    page = admin.get(convention.url("convention_life")).content.decode()
    assert "Sorties de la cohorte, toujours parties" in page
    assert convention.parties.get(name="Structure échue").left_on is None


def test_the_end_takes_what_follows_with_it(convention, clock_at):
    amendment = go.completed(go.opened(go.drafted(convention)))
    clock_at(clock.now() + timedelta(days=2))
    waiting = go.opened(go.drafted(convention, go.rewritten(text="Encore autre chose.")))
    sending.end(convention=convention, last_day=clock.today(), reason="Projet fini", by=None)
    assert (go.fresh(amendment).state, go.fresh(amendment).ended_on) == (ConventionState.ENDED, clock.today())
    assert go.fresh(waiting).state == ConventionState.CANCELLED


# --- Pages ------------------------------------------------------------------------------------------------------


def test_who_was_bound_is_a_page_with_a_day(convention, admin):
    url = convention.url("convention_bound")
    page = admin.get(url, {"le": "2025-02-01"}).content.decode()
    assert "Structure échue" in page
    assert go.final_sha256(convention) in page
    assert "n’était pas encore en vigueur" in admin.get(url, {"le": "2025-01-31"}).content.decode()
    for wrong in ("2025-02-31", "zz", "99999999999999999999-01-01", "\x00"):
        response = admin.get(url, {"le": wrong})
        assert response.status_code == 422
        assert "Structure échue" in response.content.decode()


def test_the_consolidated_text_says_its_day_and_that_it_is_for_information(convention, admin):
    go.completed(go.opened(go.drafted(convention)))
    page = admin.get(convention.url("convention_consolidated")).content.decode()
    assert go.NEW_WORDS in page
    assert "Pour information" in page
    assert "mardi 4 novembre 2025" in page
    before = admin.get(convention.url("convention_consolidated"), {"le": "2025-11-03"}).content.decode()
    assert go.NEW_WORDS not in before


def test_an_article_is_rewritten_on_its_page_by_who_prepares_it(convention, admin):
    assert admin.post(convention.url("convention_amend")).status_code == 302
    amendment = Convention.objects.with_context().get(parent=convention, state=ConventionState.DRAFT)
    article = f"{amendment.get_absolute_url()}changements/articles/objet/"
    page = admin.get(article).content.decode()
    assert "Récrire" in page
    form = {"revision": amendment.revision, "title": "Objet", "text_0": "Premier alinéa.\n\nSecond alinéa."}
    assert admin.post(article, form).url == amendment.url("amendment_changes")
    saved = go.fresh(amendment)
    assert [clause["text"] for clause in saved.changes[0]["clauses"]][:2] == ["Premier alinéa.", "Second alinéa."]
    stale = admin.post(article, {**form, "text_0": "Le mien."})
    assert stale.status_code == 409
    assert "Le mien." in stale.content.decode()
    assert "Premier alinéa." in stale.content.decode()
    assert admin.post(article, {**form, "revision": saved.revision, "title": ""}).status_code == 422
    again = admin.post(article, {**form, "revision": saved.revision, "text_0": "Le mien."})
    assert again.status_code == 302
    page = admin.get(amendment.url("amendment_changes")).content.decode()
    assert "Le mien." in page
    assert "Avant" in page


def test_articles_are_added_moved_removed_and_put_back(convention, admin):
    amendment = amending.draft_amendment(convention=convention, by=None)
    keys = [text.key for text in family.text_before(amendment)]

    def act(key, what):
        fresh = go.fresh(amendment)
        admin.post(
            f"{fresh.get_absolute_url()}changements/articles/{key}/acte/", {"revision": fresh.revision, "act": what}
        )
        fresh = go.fresh(amendment)
        return [text.key for text in consolidation.amended(family.text_before(fresh), fresh.changes)]

    assert act(keys[1], "up")[:2] == [keys[1], keys[0]]
    assert act(keys[1], "up")[:2] == [keys[1], keys[0]]
    assert act(keys[1], "restored") == keys
    assert act(keys[-1], "removed") == keys[:-1]
    assert act(keys[-1], "restored") == keys
    assert act("ailleurs", "removed") == keys
    fresh = go.fresh(amendment)
    form = {"revision": fresh.revision, "title": "Neuf", "text": "Un alinéa.", "role": "region", "after": keys[0]}
    admin.post(fresh.url("amendment_add"), form)
    fresh = go.fresh(amendment)
    texts = consolidation.amended(family.text_before(fresh), fresh.changes)
    assert texts[1].title == "Neuf"
    assert texts[1].paragraphs[0].roles == ("region",)
    assert admin.get(f"{fresh.get_absolute_url()}changements/articles/{texts[1].key}/").status_code == 200
    assert act(texts[1].key, "restored") == keys


def test_a_party_reads_what_changes_and_a_reader_of_it_writes_nothing(convention):
    amendment = go.opened(go.drafted(convention))
    reader = browser_of("referent@ours.example.org")
    page = reader.get(amendment.url("amendment_changes")).content.decode()
    assert go.NEW_WORDS.split()[0] in page
    assert "Récrire" not in page
    assert reader.post(f"{amendment.get_absolute_url()}changements/articles/objet/acte/").status_code == 403
