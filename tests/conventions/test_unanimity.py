"""An amendment and a bulletin are never signed at the same time: who joins signs the text that will bind them."""

from datetime import timedelta

import pytest
from django.db import connection

from caprse.base import clock
from cohorts.enums import ClearanceKind
from cohorts.models import Clearance, Participation
from conventions import consolidation
from conventions.enums import ConventionState
from conventions.models import Convention, Party, TrailEntry
from conventions.services import amending, family, finishing, sending, trail
from conventions.services.sending import NotReady
from tests import worlds_conventions as do
from tests.conventions import followers_at_hand as go
from tests.conventions.test_followers import without_clause
from tests.harness.threads import at_once
from tests.worlds import World


@pytest.fixture
def convention(ours, draw_anew):
    return ours.convention


def bulletin_of(convention):
    """A bulletin ready to be frozen."""
    bulletin = amending.draft_accession(convention=convention, structure=go.newcomer(), by=None)
    return go.filled(bulletin)


def freeze(convention):
    return sending.freeze(convention=go.fresh(convention), by=None)


def test_nobody_joins_a_text_that_is_changing(convention, admin):
    bulletin = bulletin_of(convention)
    amendment = go.opened(go.drafted(convention))
    with pytest.raises(NotReady, match=amendment.reference):
        freeze(bulletin)
    page = admin.get(bulletin.url("convention_edit")).content.decode()
    assert "change le texte en ce moment" in page
    assert go.fresh(bulletin).state == ConventionState.DRAFT
    go.completed(amendment)
    freeze(bulletin)
    quoted = go.fresh(bulletin).variables["amendments"]
    assert amendment.reference in quoted


def test_a_text_does_not_change_while_somebody_joins(convention, admin):
    amendment = go.drafted(convention)
    bulletin = go.opened(bulletin_of(convention))
    with pytest.raises(NotReady, match=bulletin.reference):
        freeze(amendment)
    assert "Une structure adhère en ce moment" in admin.get(amendment.url("convention_edit")).content.decode()
    sending.cancel(convention=bulletin, reason="Elle renonce", by=None)
    freeze(amendment)
    assert go.fresh(amendment).state == ConventionState.FREEZING


def test_who_has_joined_since_the_draft_is_one_more_to_sign(convention):
    amendment = go.drafted(convention)
    go.completed(go.opened(bulletin_of(convention)))
    with pytest.raises(NotReady, match="Les parties de la convention ont changé"):
        freeze(amendment)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one transaction at a time")
def test_frozen_at_the_same_moment_one_of_them_waits(committed_db, draw_anew):
    convention = World("ours").convention
    amendment, bulletin = go.drafted(convention), bulletin_of(convention)
    outcomes = at_once(lambda: freeze(amendment), lambda: freeze(bulletin))
    assert sorted(type(one).__name__ for one in outcomes) == ["Convention", "NotReady"]
    found = Convention.objects.filter(pk__in=[amendment.pk, bulletin.pk]).values_list("state", flat=True)
    assert sorted(found) == [ConventionState.DRAFT, ConventionState.FREEZING]


# --- Entering by an amendment -------------------------------------------------------------------------------------


def brought_in(convention, structure, admin):
    """The amendment that the page begins for this structure, its blanks filled."""
    url = convention.url("convention_join")
    first, second = (admin.post(url, {"structure": structure.public_id}) for _ in range(2))
    amendment = Convention.objects.with_context().get(parent=convention, state=ConventionState.DRAFT)
    assert first.url == second.url == amendment.url("convention_edit")
    return go.filled(amendment)


def test_where_the_text_does_not_let_join_a_structure_enters_by_an_amendment_that_all_sign(convention, admin):
    convention, structure = without_clause(convention), go.newcomer()
    amendment = brought_in(convention, structure, admin)
    assert structure.legal_name in admin.get(amendment.url("convention_edit")).content.decode()
    opened = go.opened(amendment)
    html = do.original_of(opened).html
    assert "Qui devient partie" in html
    assert structure.legal_name in html
    assert family.base_of(convention)[0].paragraphs[0].text.split("«")[0].strip() in html  # it reads the text whole
    people = do.signatories_of(opened)
    assert {row.party.organisation_id for row in people} == {
        structure.pk,
        *convention.parties.values_list("organisation_id", flat=True),
    }
    path = Participation.objects.get(organisation=structure)
    for signatory in people[:-1]:
        do.sign_as(signatory)
        assert not Party.objects.filter(convention=convention, organisation=structure).exists()
        assert not Clearance.objects.filter(participation=path).exists()
    done = go.completed(opened)
    assert done.state == ConventionState.IN_FORCE
    assert Party.objects.get(convention=convention, organisation=structure).left_on is None
    assert Clearance.objects.get(participation=path, until=None).kind == ClearanceKind.CONVENTION
    kinds = list(TrailEntry.objects.filter(convention=convention).order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == ["amended", "party_joined"]
    assert trail.verify(convention) is None


def test_who_entered_by_an_amendment_is_bound_from_its_day_and_signs_the_next_one(convention, admin, clock_at):
    convention, structure = without_clause(convention), go.newcomer()
    clock_at(clock.now() + timedelta(days=1))
    done = go.completed(go.opened(brought_in(convention, structure, admin)))
    base, amendments, parties = family.facts_of(go.fresh(convention))
    (fact,) = [one for one in parties if one.name == structure.legal_name]
    assert (fact.since, fact.by) == (done.in_force_on, f"avenant n° {done.reference}")
    before = consolidation.bound_on(base, amendments, parties, done.in_force_on - timedelta(days=1))
    assert structure.legal_name not in [one.name for one in before.parties]
    others = [one for one in parties if one.name != structure.legal_name]
    assert {one.by for one in others} == {"signature de la convention"}
    page = admin.get(convention.get_absolute_url()).content.decode()
    assert "En attente" not in page  # who never signed this very text is not awaited for it
    clock_at(clock.now() + timedelta(days=1))
    assert structure.legal_name in set(go.drafted(go.fresh(convention)).parties.values_list("name", flat=True))


def test_a_structure_left_out_again_does_not_enter(convention, admin):
    convention, structure = without_clause(convention), go.newcomer()
    amendment = brought_in(convention, structure, admin)
    party = amendment.parties.get(organisation=structure)
    admin.post(amendment.url("convention_parties"))
    assert amendment.parties.filter(pk=party.pk).exists()  # taking up the parties again keeps who enters
    url = f"{amendment.get_absolute_url()}parties/{{}}/ne-pas-faire-entrer/"
    bound = amendment.parties.exclude(pk=party.pk).first()
    for pk, status in ((bound.pk, 302), (party.pk, 302), (party.pk, 404)):
        assert admin.post(url.format(pk)).status_code == status
    assert set(amendment.parties.values_list("organisation_id", flat=True)) == set(
        convention.parties.values_list("organisation_id", flat=True)
    )
    with pytest.raises(NotReady, match="ne change encore aucun article"):
        freeze(amendment)


def test_a_bulletin_whose_seal_waited_while_the_convention_ended_ends_with_it(convention):
    bulletin = go.opened(bulletin_of(convention))
    for signatory in do.signatories_of(bulletin):
        do.sign_as(signatory)
    sending.end(convention=go.fresh(convention), last_day=clock.today(), reason="Projet fini", by=None)
    assert go.fresh(bulletin).state == ConventionState.SIGNED
    finishing.make_final(convention=go.fresh(bulletin))
    done = go.fresh(bulletin)
    assert (done.state, done.ended_on, done.end_reason) == (ConventionState.ENDED, clock.today(), "Projet fini")
    assert trail.verify(done) is None
