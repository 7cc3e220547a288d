"""The register of commitments: what each party owes, what shows it, who attests it, who reads which part."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from caprse.base import clock
from cohorts.enums import MeetingKind, OrganisationKind, Role
from cohorts.models import FollowupNote, Meeting, Round
from cohorts.services import organisations
from conventions.enums import CommitmentProof
from conventions.models import Attestation, Commitment, Convention
from conventions.services import register
from conventions.services.proofs import Evidence
from conventions.texts import clauses_of, read_template
from tests.harness.ceremony import browser_of
from tests.test_access_matrix import contents
from tests.worlds import NEIGHBOUR
from tests.worlds_agreements_register import WORDS


def words(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def convention(ours):
    return ours.convention


def sheet(convention, party, proof):
    return Evidence(convention).fact(proof, party)


# --- What each party owes -----------------------------------------------------------------------------------------


def test_every_kind_of_party_has_the_commitments_of_its_clauses(convention):
    template = read_template(convention.version.content)
    for party in convention.parties.all():
        wanted = {clause.key or clause.number: clause.text for clause in clauses_of(template, convention.variables)}
        rows = Commitment.objects.filter(party=party)
        assert rows.exists()
        for row in rows:
            assert row.text == wanted[row.clause]
    roles = set(convention.parties.values_list("role", flat=True))
    assert {OrganisationKind.STRUCTURE, OrganisationKind.REGION, OrganisationKind.NATIONAL} <= roles


def test_opening_it_again_adds_nothing_and_a_party_that_joins_later_is_added(convention):
    register.open_all()
    count = Commitment.objects.count()
    register.open_register(convention=convention)
    assert register.open_all() == 0
    assert Commitment.objects.count() == count
    later = organisations.create_organisation(
        kind=OrganisationKind.STRUCTURE, legal_name="Arrivée plus tard", region=convention.region
    )
    party = convention.parties.create(
        region=convention.region, organisation=later, role=later.kind, name=later.legal_name
    )
    assert register.open_all() == party.commitments.count() > 0


def test_a_text_that_says_nothing_of_its_proofs_is_followed_by_its_clauses_of_each_role(convention):
    content = {
        **convention.version.content,
        "articles": [
            {
                **article,
                "clauses": [{k: v for k, v in one.items() if k != "proof"} for one in article["clauses"]],
            }
            for article in convention.version.content["articles"]
        ],
    }
    party = convention.parties.filter(role=OrganisationKind.REGION).first()
    owed = register.owed(read_template(content), convention.variables, party)
    assert owed
    assert all(OrganisationKind.REGION in clause.roles for clause in owed)


def test_a_draft_has_none(ours):
    register.open_register(convention=ours.draft_convention)
    assert not Commitment.objects.filter(convention=ours.draft_convention).exists()


# --- What shows it ------------------------------------------------------------------------------------------------


def test_diagnostics_are_counted_from_what_was_transmitted(ours, convention):
    party = convention.parties.get(organisation=ours.organisation)
    opened = Round.objects.filter(cohort=convention.cohort, opens_on__lte=clock.today()).count()
    fact = sheet(convention, party, CommitmentProof.DIAGNOSTICS)
    assert (fact.count, fact.sentence) == (1, f"1 autodiagnostic transmis, pour {opened} chapitres ouverts.")


def test_days_held_are_counted_once_their_day_is_certain_and_past(ours, convention):
    region = convention.parties.get(role=OrganisationKind.REGION)
    before = sheet(convention, region, CommitmentProof.DAYS).count
    shared = {"region": convention.region, "cohort": convention.cohort, "kind": MeetingKind.REGROUPEMENT}
    Meeting.objects.create(position=50, title="Passé", precision="date", day=date(2025, 11, 3), **shared)
    Meeting.objects.create(position=51, title="À venir", precision="date", day=date(2025, 11, 5), **shared)
    Meeting.objects.create(position=52, title="Un mois", precision="month", day=date(2025, 11, 1), **shared)
    fact = sheet(convention, region, CommitmentProof.DAYS)
    assert fact.count == before + 1
    assert fact.sentence.startswith("1 journée tenue")
    structure = convention.parties.get(organisation=ours.organisation)
    told = sheet(convention, structure, CommitmentProof.ATTENDANCE)
    assert told.count is None
    assert told.sentence.startswith("1 journée tenue ; les présences ne sont pas notées ici")


def test_an_internal_note_counts_for_the_region_alone(ours, convention):
    party = convention.parties.get(organisation=ours.organisation)
    region = convention.parties.get(role=OrganisationKind.REGION)
    mine = sheet(convention, party, CommitmentProof.FOLLOWUPS).count
    theirs = sheet(convention, region, CommitmentProof.FOLLOWUPS).count
    FollowupNote.objects.create(
        region=convention.region,
        participation=ours.participation,
        text="Note interne",
        written_by=ours.user(Role.FACILITATOR),
    )
    assert sheet(convention, party, CommitmentProof.FOLLOWUPS).count == mine
    assert sheet(convention, region, CommitmentProof.FOLLOWUPS).count == theirs + 1


@pytest.mark.parametrize("proof", CommitmentProof)
def test_every_kind_of_evidence_answers_every_party_in_french(convention, proof):
    evidence = Evidence(convention)
    for party in convention.parties.all():
        fact = evidence.fact(proof, party)
        assert fact.sentence.endswith(".")
        assert fact.count is None or fact.count >= 0


def test_reading_it_costs_the_same_with_one_party_or_sixty(ours, convention, queries):
    def read():
        fresh = Convention.objects.with_context().get(pk=convention.pk)
        rows = Commitment.objects.filter(convention=fresh).select_related("party")
        return register.accounts_of(fresh, rows, Attestation.objects.filter(convention=fresh))

    with queries(max=25) as few:
        small = read()
    for number in range(60):
        one = organisations.create_organisation(
            kind=OrganisationKind.STRUCTURE, legal_name=f"Structure {number:02}", region=convention.region
        )
        convention.parties.create(region=convention.region, organisation=one, role=one.kind, name=one.legal_name)
    register.open_register(convention=convention)
    with queries(len(few)):
        assert len(read()) == len(small) + 60


# --- Attesting ----------------------------------------------------------------------------------------------------


def attest_url(commitment):
    convention = commitment.convention
    return reverse("commitment_attest", args=[convention.region.slug, convention.public_id, commitment.public_id])


def test_the_same_words_sent_twice_are_one_attestation_in_ones_own_name(ours):
    commitment = ours.commitments.order_by("pk").last()
    referent = browser_of("referent@ours.example.org")
    for _ in range(2):
        response = referent.post(attest_url(commitment), {"text": "Fait en mars"}, follow=True)
    [said] = commitment.attestations.all()
    assert (said.text, said.attested_by_name) == ("Fait en mars", ours.user(Role.REFERENT).full_name)
    assert "Fait en mars" in words(response)
    assert "le mardi 4 novembre 2025" in words(response)


@pytest.mark.parametrize("text", ["", " ", "x" * 2001, "a\u202eb", "\x00"])
def test_empty_or_hostile_words_are_refused(ours, text):
    before = contents()
    response = browser_of("referent@ours.example.org").post(attest_url(ours.commitment), {"text": text})
    assert response.status_code == 422
    assert contents() == before


def test_only_its_author_takes_it_back_and_who_said_something_stays(ours, convention):
    url = reverse("attestation_withdraw", args=["ici", convention.public_id, ours.attestation.pk])
    before = contents()
    refused = browser_of("legal_representative@ours.example.org").post(url)
    assert refused.status_code == 403
    assert "personne d’autre ne la retire" in words(refused)
    assert contents() == before
    referent = browser_of("referent@ours.example.org")
    for _ in range(2):
        page = words(referent.post(url, follow=True))
    assert WORDS not in page
    kept = Attestation.objects.get(pk=ours.attestation.pk)
    assert (kept.text, kept.attested_by_id) == ("", ours.user(Role.REFERENT).pk)
    assert kept.withdrawn_at == clock.now()


# --- Who reads what -----------------------------------------------------------------------------------------------


def page_of(email, convention):
    return words(browser_of(email).get(convention.url("convention_register")))


def test_a_structure_reads_its_own_commitments_and_nobody_elses(ours, convention):
    page = page_of("referent@ours.example.org", convention)
    assert WORDS in page
    assert NEIGHBOUR not in page
    assert page.count('class="rows__title mb-0"') == ours.commitments.count()


@pytest.mark.parametrize("who", ["facilitator", "region_admin"])
def test_who_accompanies_reads_every_party(convention, who):
    page = page_of(f"{who}@ours.example.org", convention)
    for party in convention.parties.all():
        assert party.name in page
    assert f"{WORDS} {NEIGHBOUR}" in page


def test_the_national_head_reads_its_own_and_attests_it(ours, convention):
    national = browser_of("national_staff@ours.example.org")
    page = words(national.get(convention.url("convention_register")))
    assert "Notre structure" not in page
    assert NEIGHBOUR not in page
    own = Commitment.objects.filter(convention=convention, party__role=OrganisationKind.NATIONAL).first()
    assert national.post(attest_url(own), {"text": "Soutien donné"}).status_code == 302
    assert own.attestations.get().text == "Soutien donné"


# --- The workbook -------------------------------------------------------------------------------------------------


def rows_of(response):
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def test_the_workbook_holds_what_the_page_shows_and_is_marked(ours, convention):
    response = browser_of("referent@ours.example.org").post(convention.url("convention_register_export"))
    rows = rows_of(response)
    flat = "\n".join(str(cell) for row in rows for cell in row if cell)
    assert WORDS in flat
    assert NEIGHBOUR not in flat
    assert all(commitment.text in flat for commitment in ours.commitments)
    assert "Remis à" in flat
    assert response["X-Register-Number"] in flat


def test_the_delegation_takes_the_whole_of_it_in_its_own_name(convention):
    response = browser_of("region_admin@ours.example.org").post(convention.url("convention_register_export"))
    flat = "\n".join(str(cell) for row in rows_of(response) for cell in row if cell)
    assert all(party.name in flat for party in convention.parties.all())
    assert "Délégation" in flat
