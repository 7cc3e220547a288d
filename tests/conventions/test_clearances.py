"""A convention drives rounds: what opens them, what closes them, the time a person leaves before they close."""

from datetime import timedelta

import pytest

from caprse.base import clock, todo
from cohorts.enums import ClearanceKind, CohortKind, OpeningCondition, OrganisationKind, Role
from cohorts.models import Clearance, Cohort, Organisation
from cohorts.services import cohorts, organisations
from conventions.enums import ConventionState
from conventions.models import Convention, GracePeriod
from conventions.services import sending
from conventions.services.clearances import NoGrace, decide_grace, settle, settle_all, stopped
from tests import worlds_conventions as do
from tests.harness.ceremony import browser_of, fresh
from tests.test_access_matrix import contents
from tests.worlds import World

ENDED = "Projet arrêté"
WHY = "Le temps de finir le chapitre en cours"


@pytest.fixture
def three_kinds(db, draw_anew):
    """A convention sent to two structures, the region, the national head and a partner."""
    here = Cohort.objects.select_related("region", "version").get(region__slug="ici", slug="cohorte")

    def make(condition):
        cohort = cohorts.create_cohort(
            region=here.region,
            slug="ouverture",
            name="Cohorte d’ouverture",
            kind=CohortKind.DATED,
            version=here.version,
            starts_on=clock.today(),
            condition=condition,
        )
        for name in ("Structure une", "Structure deux"):
            one = organisations.create_organisation(
                kind=OrganisationKind.STRUCTURE, legal_name=name, region=here.region
            )
            cohorts.add_structure(cohort=cohort, organisation=one)
        partner = organisations.create_organisation(
            kind=OrganisationKind.PARTNER, legal_name="Un partenaire", region=here.region
        )
        cohorts.add_partner(cohort=cohort, organisation=partner)
        cohorts.add_partner(cohort=cohort, organisation=Organisation.objects.get(kind=OrganisationKind.NATIONAL))
        return fresh(do.sent_convention(cohort))

    return make


def signs(convention, *names):
    for signatory in do.signatories_of(convention):
        if signatory.party.name in names:
            do.sign_as(signatory)


def by_role(convention, *roles):
    return [s.party.name for s in do.signatories_of(convention) if s.party.role in roles]


def cleared(convention):
    """The names of the structures whose rounds may open today."""
    rows = Clearance.objects.in_force(clock.today()).filter(participation__cohort=convention.cohort)
    return sorted(rows.values_list("participation__organisation__legal_name", flat=True))


BOTH = ["Structure deux", "Structure une"]
NETWORK = (OrganisationKind.STRUCTURE, OrganisationKind.REGION, OrganisationKind.NATIONAL)


# --- What opens ---------------------------------------------------------------------------------------------------


def test_by_default_rounds_open_once_everybody_has_signed(three_kinds):
    convention = three_kinds(OpeningCondition.ALL_SIGNED)
    signs(convention, *by_role(convention, *NETWORK))
    assert cleared(convention) == []
    signs(convention, "Un partenaire")
    assert cleared(convention) == BOTH


def test_once_the_whole_network_has_signed_partners_are_not_awaited(three_kinds):
    convention = three_kinds(OpeningCondition.NETWORK_SIGNED)
    network = by_role(convention, *NETWORK)
    signs(convention, *network[:-1])
    assert cleared(convention) == []
    signs(convention, network[-1])
    assert cleared(convention) == BOTH
    assert fresh(convention).state == ConventionState.OPEN


def test_each_structure_opens_with_its_own_signature(three_kinds):
    convention = three_kinds(OpeningCondition.OWN_SIGNED)
    signs(convention, "Structure une")
    assert cleared(convention) == ["Structure une"]
    signs(convention, "Un partenaire")
    assert cleared(convention) == ["Structure une"]


@pytest.mark.parametrize("condition", OpeningCondition)
def test_settling_again_says_what_the_signatures_said(three_kinds, condition):
    convention = three_kinds(condition)
    signs(convention, *by_role(convention, *NETWORK))
    before = cleared(convention)
    assert settle(convention=convention) == 0
    Clearance.objects.filter(participation__cohort=convention.cohort).delete()
    settle(convention=convention)
    assert cleared(convention) == before
    assert settle(convention=convention) == 0


def test_the_form_of_a_cohort_offers_the_network(admin, ours):
    page = admin.get(f"/regions/{ours.participation.cohort.region.slug}/cohortes/nouvelle/").content.decode()
    assert "Toutes les parties du réseau ont signé" in page
    assert "sans attendre les partenaires" in page


# --- What closes --------------------------------------------------------------------------------------------------


@pytest.fixture
def ended(ours):
    """Our convention, ended yesterday."""
    return fresh(
        sending.end(convention=ours.convention, last_day=clock.today() - timedelta(days=1), reason=ENDED, by=None)
    )


def open_rounds(convention):
    rows = Clearance.objects.in_force(clock.today()).filter(
        participation__cohort=convention.cohort, kind=ClearanceKind.CONVENTION
    )
    return rows.count()


def coordinator():
    return World("ours").actor(Role.REGION_ADMIN)


def test_the_end_closes_rounds_and_sweeping_changes_nothing(ended):
    assert open_rounds(ended) == 0
    assert settle_all() == 0


def test_time_left_by_a_person_opens_them_again_until_its_last_day(ended, clock_at, run_queue, mailoutbox):
    until = clock.today() + timedelta(days=20)
    count = len(stopped(ended))
    assert count > 1
    for _ in range(2):
        decide_grace(convention=ended, until=until, reason=WHY, by=coordinator())
    assert GracePeriod.objects.filter(convention=ended).count() == 1
    assert open_rounds(ended) == count
    run_queue()
    mails = [mail for mail in mailoutbox if "restent ouverts jusqu" in mail.subject]
    assert "referent@ours.example.org" in {mail.to[0] for mail in mails}
    assert len(mails) == len({mail.to[0] for mail in mails})
    assert WHY in mails[0].body
    clock_at(clock.at(until, 20))
    settle_all()
    assert open_rounds(ended) == count
    clock_at(clock.at(until + timedelta(days=1), 0, 30))
    settle_all()
    assert open_rounds(ended) == 0


def test_it_is_made_longer_never_shorter(ended):
    first, second = clock.today() + timedelta(days=10), clock.today() + timedelta(days=30)
    decide_grace(convention=ended, until=first, reason=WHY, by=coordinator())
    with pytest.raises(NoGrace, match="il ne se raccourcit pas"):
        decide_grace(convention=ended, until=first - timedelta(days=1), reason=WHY, by=coordinator())
    decide_grace(convention=ended, until=second, reason=WHY, by=coordinator())
    assert {day for _, day in stopped(ended)} == {second}
    assert GracePeriod.objects.filter(convention=ended).count() == 2


@pytest.mark.parametrize(("days", "words"), [(-1, "Choisissez aujourd’hui ou un jour à venir"), (400, "un an au plus")])
def test_a_day_that_makes_no_sense_is_explained(ended, days, words):
    before = contents()
    with pytest.raises(NoGrace, match=words):
        decide_grace(convention=ended, until=clock.today() + timedelta(days=days), reason=WHY, by=coordinator())
    assert contents() == before


def test_a_convention_that_holds_its_structures_leaves_nothing_to_prolong(ours):
    with pytest.raises(NoGrace, match="Rien n’est à prolonger"):
        decide_grace(convention=ours.convention, until=clock.today(), reason=WHY, by=coordinator())


def test_a_party_that_leaves_closes_its_own_rounds_alone(ours):
    convention = ours.convention
    party = convention.parties.get(organisation=ours.organisation)
    before = open_rounds(convention)
    last = clock.today() + timedelta(days=5)
    type(party).objects.filter(pk=party.pk).update(left_on=last, left_reason="Un autre projet")
    settle(convention=convention)
    mine = Clearance.objects.get(participation=ours.participation, kind=ClearanceKind.CONVENTION)
    assert mine.until == last
    assert open_rounds(convention) == before
    others = Clearance.objects.filter(participation__cohort=convention.cohort, kind=ClearanceKind.CONVENTION)
    assert {row.until for row in others.exclude(pk=mine.pk)} == {None}


def test_replaced_without_being_signed_again_rounds_wait_for_somebody_to_say_until_when(three_kinds):
    convention = three_kinds(OpeningCondition.OWN_SIGNED)
    signs(convention, "Structure une")
    Convention.objects.filter(pk=convention.pk).update(state=ConventionState.SUPERSEDED)
    assert settle_all() == 0
    assert cleared(convention) == ["Structure une"]
    assert [day for _, day in stopped(fresh(convention))] == [None]
    decide_grace(convention=convention, until=clock.today(), reason=WHY, by=coordinator())
    row = Clearance.objects.get(participation__cohort=convention.cohort)
    assert row.until == clock.today()


def test_structures_no_text_ever_bound_are_left_alone(ours):
    other = Cohort.objects.get(slug="suivante")
    Convention.objects.filter(cohort=other).update(sent_at=clock.now())
    path = other.participations.get()
    cohorts.grant_clearance(participation=path, kind=ClearanceKind.CONVENTION, since=clock.today())
    assert settle_all() == 0
    assert Clearance.objects.get(participation=path).until is None


def test_its_cost_does_not_grow_with_the_structures(three_kinds, queries):
    convention = three_kinds(OpeningCondition.ALL_SIGNED)
    with queries(6):
        settle(convention=convention)
    region = convention.region
    for number in range(3):
        one = organisations.create_organisation(
            kind=OrganisationKind.STRUCTURE, legal_name=f"Encore {number}", region=region
        )
        cohorts.add_structure(cohort=convention.cohort, organisation=one)
        convention.parties.create(region=region, organisation=one, role=one.kind, name=one.legal_name)
    with queries(6):
        settle(convention=convention)


# --- The page -----------------------------------------------------------------------------------------------------


def test_the_page_says_who_is_concerned_and_takes_a_decision(ended, admin):
    url = ended.url("convention_grace")
    page = admin.get(url).content.decode()
    assert "Notre structure" in page
    assert "Fermés depuis le lundi 3 novembre 2025 au soir" in page
    until = clock.today() + timedelta(days=20)
    response = admin.post(url, {"until": until.isoformat(), "reason": WHY}, follow=True)
    page = response.content.decode()
    assert "Ouverts jusqu’au lundi 24 novembre 2025, ce jour compris" in page
    assert WHY in page
    again = admin.post(url, {"until": until.isoformat(), "reason": WHY})
    assert again.status_code == 302
    assert GracePeriod.objects.filter(convention=ended).count() == 1


@pytest.mark.parametrize("form", [{}, {"until": "2026-02-31", "reason": WHY}, {"until": "2025-11-30", "reason": ""}])
def test_a_decision_without_day_or_reason_is_not_taken(ended, admin, form):
    before = contents()
    response = admin.post(ended.url("convention_grace"), form)
    assert response.status_code == 422
    assert contents() == before


def test_the_structure_reads_until_when_and_keeps_its_tools(ended):
    decide_grace(convention=ended, until=clock.today() + timedelta(days=20), reason=WHY, by=coordinator())
    referent = browser_of("referent@ours.example.org")
    home = referent.get("/").content.decode()
    assert "Finir vos chapitres avant qu’ils ne se ferment" in home
    path = referent.get(World("ours").participation.get_absolute_url()).content.decode()
    assert "vos chapitres restent ouverts jusqu’au lundi 24 novembre 2025" in path
    assert "le plan d’actions et les outils restent ouverts" in path


def test_somebody_who_coordinates_is_told_that_nobody_has_decided(three_kinds):
    convention = three_kinds(OpeningCondition.OWN_SIGNED)
    signs(convention, "Structure une")
    Convention.objects.filter(pk=convention.pk).update(state=ConventionState.REFUSED)
    asked = [one for one in clearances_todos() if convention.url("convention_grace") == one.url]
    assert [one.title for one in asked] == ["Dire jusqu’à quand les chapitres restent ouverts"]
    decide_grace(convention=convention, until=clock.today(), reason=WHY, by=coordinator())
    assert [one for one in clearances_todos() if convention.url("convention_grace") == one.url] == []


def clearances_todos():

    return todo.collect(coordinator(), [])
