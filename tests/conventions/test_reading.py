"""A convention read from inside the network, and opened for signature from one's account."""

import pytest
from django.urls import reverse

from cohorts.services import cohorts, organisations
from conventions import documents
from conventions.enums import DocumentKind
from conventions.models import FrozenDocument, Signatory, Signature, TrailEntry
from conventions.services import sending, signatories
from tests import worlds_conventions as do
from tests.harness.ceremony import browser_of, fresh
from tests.harness.pages import text_of
from tests.test_access_matrix import contents
from tests.worlds import World

READERS = {
    "referent@ours.example.org": "structure",
    "board_member@ours.example.org": "structure",
    "legal_representative@ours.example.org": "structure",
    "referent@neighbour.example.org": "structure",
    "region_admin@ours.example.org": "region",
    "national_staff@ours.example.org": "national",
    "partner@ours.example.org": "partner",
    "facilitator@ours.example.org": "",
}


def page_of(email, convention):
    return browser_of(email).get(convention.get_absolute_url()).content.decode()


@pytest.mark.parametrize("email", READERS)
def test_each_reads_the_frozen_text_with_their_own_commitments_marked(ours, email):
    convention = ours.convention
    page = page_of(email, convention)
    original = do.original_of(convention)
    assert original.html in page
    assert documents.sha256(original.html) == original.html_sha256
    assert f'class="contract contract--{READERS[email]}"' in page
    for party in convention.parties.all():
        assert party.name in page


def test_only_who_prepares_it_sees_addresses_and_what_can_be_changed(ours):
    signatory = ours.signatory
    for email in READERS:
        page = page_of(email, ours.convention)
        assert (signatory.email in page) is (email == "region_admin@ours.example.org")
        assert ("Mettre fin à la convention" in page) is (email == "region_admin@ours.example.org")


def test_a_stranger_finds_nothing(ours):
    for email in ("referent@stranger.example.org", "facilitator@stranger.example.org"):
        for name in ("convention", "convention_pdf"):
            response = browser_of(email).get(ours.convention.url(name))
            assert response.status_code == 404
            assert ours.convention.reference not in text_of(response)


@pytest.mark.parametrize("cancelled", [False, True])
def test_what_was_never_sent_is_seen_by_who_prepares_it_and_nobody_else(frozen, cancelled):
    if cancelled:
        sending.cancel(convention=frozen, reason="Une coquille", by=None)
    for email in READERS:
        response = browser_of(email).get(frozen.get_absolute_url())
        prepares = email == "region_admin@ours.example.org"
        assert response.status_code == (200 if prepares else 404)
        assert (frozen.reference in text_of(response)) == prepares


def test_the_pdf_is_the_signed_document_to_the_byte(ours):
    final = FrozenDocument.objects.get(convention=ours.convention, kind=DocumentKind.FINAL)
    response = browser_of("contributor@ours.example.org").get(ours.convention.url("convention_pdf"))
    assert response.content == bytes(final.pdf)
    assert "signee" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]


def test_before_a_text_is_frozen_there_is_no_pdf(ours, admin):
    url = ours.draft_convention.url("convention_pdf")
    assert admin.get(url).status_code == 404
    assert url not in admin.get(ours.draft_convention.get_absolute_url(), follow=True).content.decode()


def test_each_state_says_where_things_stand(ours, admin, sent):
    assert "En cours de signature" in page_of("region_admin@ours.example.org", sent)
    sending.cancel(convention=sent, reason="La date était fausse", by=None)
    page = page_of("region_admin@ours.example.org", sent)
    assert "Retirée" in page
    assert "La date était fausse" in page
    assert "Préparer une nouvelle convention" in page
    assert "En vigueur" in page_of("referent@ours.example.org", ours.convention)


def test_a_structure_that_came_later_is_told_apart(ours, admin):
    late = organisations.create_organisation(
        kind="structure", legal_name="Structure tardive", region=ours.cohort.region
    )
    cohorts.add_structure(cohort=ours.cohort, organisation=late)
    page = admin.get(ours.convention.get_absolute_url()).content.decode()
    assert "Structure tardive" in page
    assert "n’est pas partie" in page
    assert "Structure tardive" not in page_of("referent@ours.example.org", ours.convention)


# --- From one's account -----------------------------------------------------------------------------------------


@pytest.fixture
def region_signs(sent):
    return Signatory.objects.current().with_context().get(party__convention=sent, party__role="region")


def test_a_signatory_signs_from_their_account_without_the_mail(admin, sent, region_signs, read_mail):
    assert "Lire et signer pour" in admin.get(sent.get_absolute_url()).content.decode()
    response = admin.post(sent.url("signing_open"), {"signataire": region_signs.public_id})
    assert response.url == reverse("signing", args=[region_signs.public_id])
    entry = TrailEntry.objects.filter(convention=sent, kind="link_opened").get()
    assert entry.data["opening"] == "account"
    admin.post(reverse("signing_code", args=[region_signs.public_id]))
    form = {
        "consent": "on",
        "code": read_mail(region_signs.email),
        "document_sha256": do.original_of(sent).pdf_sha256,
    }
    assert admin.post(reverse("signing_act", args=[region_signs.public_id]), form).status_code == 302
    signature = Signature.objects.get(signatory=region_signs)
    assert signature.evidence["identified_by"] == "account in the application, and code sent by e-mail"
    assert "Lire et signer pour" not in admin.get(sent.get_absolute_url()).content.decode()


def test_who_signs_for_two_parties_opens_the_one_they_chose(admin, sent, region_signs):
    party = sent.parties.get(role="structure")
    mine = {**do.stand_in(party), "email": region_signs.email}
    second = signatories.name_signatory(party=party, by=None, **mine)
    for signatory in (region_signs, second):
        response = admin.post(sent.url("signing_open"), {"signataire": signatory.public_id})
        assert response.url == reverse("signing", args=[signatory.public_id])
        assert admin.get(response.url).status_code == 200


def test_nobody_opens_the_signature_of_somebody_else(sent, admin):
    theirs = Signatory.objects.current().get(party__convention=sent, party__role="structure")
    before = contents()
    assert admin.post(sent.url("signing_open"), {"signataire": theirs.public_id}).status_code == 404
    assert browser_of("facilitator@ours.example.org").post(sent.url("signing_open")).status_code == 404
    assert contents() == before


def test_a_signatory_known_to_the_site_reads_it_without_a_role_in_the_party(sent):
    party = sent.parties.get(role="structure")
    email = "legal_representative@neighbour.example.org"
    assert browser_of(email).get(sent.get_absolute_url()).status_code == 404
    signatories.name_signatory(party=party, by=None, **{**do.stand_in(party), "email": email})
    assert "Lire et signer pour Structure candidate" in page_of(email, sent)
    assert Signatory.objects.current().get(party=party).user.email == email


def test_before_it_is_sent_nothing_opens_and_nothing_is_written(frozen, admin):
    before = contents()
    response = admin.post(frozen.url("signing_open"), follow=True)
    assert "pas encore ouverte à la signature" in response.content.decode()
    assert contents() == before


# --- Numbers ----------------------------------------------------------------------------------------------------


def grown(cohort, count):
    """The convention of this cohort with as many structures, sent."""
    for rank in range(1, count):
        more = organisations.create_organisation(kind="structure", legal_name=f"Autre {rank}", region=cohort.region)
        cohorts.add_structure(cohort=cohort, organisation=more)
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    return fresh(do.sent_convention(cohort))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_the_number_of_parties(next_cohort, admin, queries, count):
    convention = grown(next_cohort, count)
    assert convention.parties.filter(role="structure").count() == count
    admin.get("/")
    with queries(11):
        response = admin.get(convention.get_absolute_url())
    assert response.status_code == 200
