"""A cohort of its own, on the eve of its journey, for the table of situations: each is one or two acts away."""

from datetime import date

from autodiag.services.answers import start
from autodiag.services.submission import submit
from caprse.base import clock
from cohorts.access import Actor
from cohorts.enums import ClearanceKind, CohortKind, MeetingKind, MeetingMode, OrganisationKind, Role
from cohorts.models import ClauseVersion, Organisation, Participation, User
from cohorts.services import cohorts, organisations, pairs, people, schedule
from cohorts.services.delays import adjust_round
from conventions.models import Convention
from conventions.services import drafting, finishing, sending
from referentiel.models import Version
from tests.worlds import STRUCTURE_ROLES, answer_all, person
from tests.worlds_conventions import complete, frozen_convention, sent_convention, sign_as, signatories_of

STARTED = date(2025, 11, 3)


class Eve:
    """Région neuve: one cohort whose launch is on 2 December 2025, chapter 1 from 13 January to 10 March 2026."""

    def __init__(self, *, convention="cleared", ends_on=None, pair=True, clause=True, calendar=True):
        with clock.stopped(clock.at(STARTED, 9)):
            self.region = organisations.create_region(slug="neuve", name="Neuve")
            self.cohort = self.create_cohort(ends_on)
            if calendar:
                self.write_calendar()
            self.team()
            self.path = self.structure("eve", "Les Prés")
            if clause:
                self.accept()
            if pair:
                self.name_pair(self.path, "eve")
            self.bring_convention(convention)

    def create_cohort(self, ends_on):
        return cohorts.create_cohort(
            region=self.region,
            slug="neuve",
            name="Cohorte neuve",
            kind=CohortKind.DATED,
            version=Version.objects.published().get(referentiel__code="ESSAI"),
            starts_on=date(2025, 12, 2),
            ends_on=ends_on,
        )

    def write_calendar(self):
        one, two = self.cohort.version.chapters.all()
        launch, first, day = date(2025, 12, 2), date(2026, 1, 13), date(2026, 3, 10)
        steps = (
            {"kind": MeetingKind.KICKOFF, "title": "Journée de lancement", "day": launch, "mode": MeetingMode.ON_SITE},
            {"kind": MeetingKind.READING, "title": "Visio 1", "day": first, "hour": (10, 0), "chapter": one},
            {"kind": MeetingKind.REGROUPEMENT, "title": "Regroupement 1", "day": day, "chapter": one},
            {"kind": MeetingKind.READING, "title": "Visio 2", "as_written": "Au printemps ?", "chapter": two},
        )
        for position, step in enumerate(steps, start=1):
            schedule.add_meeting(cohort=self.cohort, position=position, **step)
        self.round = schedule.open_round(cohort=self.cohort, chapter=one, opens_on=first, closes_on=day)
        schedule.open_round(cohort=self.cohort, chapter=two, opens_on=None)

    def team(self):
        """Who organises, accompanies and partners."""
        delegation = organisations.create_organisation(
            kind=OrganisationKind.REGION, legal_name="Délégation neuve", region=self.region
        )
        self.partner = organisations.create_organisation(
            kind=OrganisationKind.PARTNER, legal_name="Partenaire neuf", region=self.region
        )
        cohorts.add_partner(cohort=self.cohort, organisation=self.partner)
        cohorts.add_partner(cohort=self.cohort, organisation=Organisation.objects.get(kind=OrganisationKind.NATIONAL))
        person("facilitator@eve.example.org", "Accompagne", Role.FACILITATOR, cohort=self.cohort)
        person("region_admin@eve.example.org", "Organise", Role.REGION_ADMIN, organisation=delegation)
        person("partner@eve.example.org", "Partenaire", Role.PARTNER, organisation=self.partner)

    def structure(self, key, name):
        """A structure of the cohort with one person per role."""
        organisation = organisations.create_organisation(
            kind=OrganisationKind.STRUCTURE, legal_name=name, region=self.region
        )
        organisations.record_adhesion(organisation=organisation, since=date(2020, 1, 1))
        for role in STRUCTURE_ROLES:
            person(f"{role}@{key}.example.org", key.title(), role, organisation=organisation)
        path = cohorts.add_structure(cohort=self.cohort, organisation=organisation)
        return Participation.objects.with_context().get(pk=path.pk)

    def accept(self):
        clause = ClauseVersion.objects.in_force(clock.today()).first()
        for user in User.objects.filter(email__endswith=".example.org", created_at__gte=clock.at(STARTED)):
            people.accept_clause(user=user, clause=clause)

    def name_pair(self, path, key):
        seats = {"staff_id": Role.REFERENT, "board_id": Role.BOARD_MEMBER}
        seats = {name: self.user(role, key).pk for name, role in seats.items()}
        pairs.name_pair(participation=path, by=self.user(Role.REFERENT, key), **seats)

    def bring_convention(self, until):
        """Up to one point of its life: none, draft, frozen, sent, own (its structure has signed) or signed.

        Or "cleared" at once, without the documents: what a convention signed by all leaves behind it.
        """
        if until == "cleared":
            cohorts.grant_clearance(participation=self.path, kind=ClearanceKind.CONVENTION, since=STARTED)
        elif until == "draft":
            complete(drafting.draft(cohort=self.cohort, by=None))
        elif until == "frozen":
            frozen_convention(self.cohort)
        elif until in ("sent", "own", "signed"):
            convention = sent_convention(self.cohort)
            for signatory in signatories_of(convention):
                if until == "signed" or (
                    until == "own" and signatory.party.organisation_id == self.path.organisation_id
                ):
                    sign_as(signatory)
            if until == "signed":
                finishing.make_final(convention=self.convention)

    @property
    def convention(self):
        return Convention.objects.with_context().get(cohort=self.cohort)

    @staticmethod
    def user(role, key="eve"):
        return User.objects.get(email=f"{role}@{key}.example.org")

    # --- Acts --------------------------------------------------------------------------------------------------

    def begin(self, day=date(2026, 1, 14), count=2):
        """Chapter 1 begun, with so many answers (None: all)."""
        with clock.stopped(clock.at(day, 10)):
            by = Actor.of(self.user(Role.REFERENT))
            self.autodiag = start(participation=self.path, round=self.round, by=by)
            self.autodiag.participation = self.path
            answer_all(self.autodiag, by, "", count=count)
        return self

    def transmit(self, day=date(2026, 2, 3)):
        self.begin(count=None)
        with clock.stopped(clock.at(day, 10)):
            submit(autodiag=self.autodiag, by=Actor.of(self.user(Role.REFERENT)))
        return self

    def extend(self):
        by = self.user(Role.FACILITATOR)
        with clock.stopped(clock.at(date(2026, 3, 2), 10)):
            adjust_round(
                round=self.round, participation=self.path, closes_on=date(2026, 3, 20), reason="Un mois chargé", by=by
            )
        return self

    def end(self):
        with clock.stopped(clock.at(date(2026, 2, 27), 17)):
            sending.end(convention=self.convention, last_day=date(2026, 2, 27), reason="Arrêt du projet", by=None)
        return self
