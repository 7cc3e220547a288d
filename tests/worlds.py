"""The fixed worlds every test sees, built once through the product's own services.

Ours: a structure with one person per role, in a dated cohort, with a transmitted chapter and one in progress.
Theirs: a neighbour of the same cohort, and a stranger of another region on another référentiel. Every text of
theirs carries a marker that must never show. The lapsed structure is ours too, without valid adhesion.
"""

from datetime import date
from types import SimpleNamespace

from autodiag.enums import AnswerKind
from autodiag.models import Action, Answer, Autodiag
from autodiag.models.prepared import answer_to_save
from autodiag.services.answers import save_answer, start, state_of
from autodiag.services.exports import SYNTHESIS_PDF, request_synthesis_pdf
from autodiag.services.plan import create_action
from autodiag.services.submission import submit
from caprse.base import clock, files
from caprse.base.models import Job, StoredFile
from cohorts.access import Actor
from cohorts.enums import (
    ClearanceKind,
    CohortKind,
    MeetingKind,
    OpeningCondition,
    OrganisationKind,
    Role,
    Visibility,
)
from cohorts.models import Cohort, Organisation, Participation, Round, User
from cohorts.services import cohorts, organisations, people, schedule
from cohorts.services.grants import entrust
from conventions.enums import ConventionState
from conventions.models import Convention, Signatory
from referentiel.models import MaturityLevel
from referentiel.services import import_version, publish
from tests.worlds_conventions import build_conventions, token_of
from tests.worlds_depth import DepthOfWorld, build_depth
from tests.worlds_drafts import DraftSide, build_draft
from tests.worlds_followup import FollowupOfWorld, build_followup
from tests.worlds_joining import build_joining, invitation_of, invitation_token_of
from tests.worlds_relays import RelaysOfWorld, build_relays
from tests.worlds_remarks import RemarksOfWorld, build_remarks
from tests.worlds_voices import build_early_viewpoints

NEIGHBOUR, STRANGER, PRIVATE = "MARQUEVOISIN", "MARQUELOINTAIN", "MARQUEINTIME"
TODAY = date(2025, 11, 4)
STRUCTURE_ROLES = (Role.REFERENT, Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE)


def referentiel_data(code, *, low=0, chapters=2, criteria=4):
    """A small référentiel of three levels, two sub-themes a chapter."""
    half = criteria // 2
    return {
        "code": code,
        "title": f"Référentiel {code}",
        "notice": f"Mention {code}",
        "scale": [{"value": low + rank, "label": f"Degré {rank}"} for rank in range(3)],
        "chapters": [
            {
                "number": number,
                "title": f"Titre du chapitre {number}",
                "short_title": f"Chapitre {number}",
                "sections": [
                    {
                        "number": part,
                        "title": f"Partie {number}.{part}",
                        "criteria": [
                            criterion_data(number, rank) for rank in range(1 + (part - 1) * half, 1 + part * half)
                        ],
                    }
                    for part in (1, 2)
                ],
            }
            for number in range(1, chapters + 1)
        ],
    }


def criterion_data(chapter, rank):
    code = f"{chapter}.{rank}"
    return {
        "code": code,
        "title": f"Critère {code}",
        "question": f"Question {code} ?",
        "help": f"Aide {code}",
        "examples": f"Exemple {code}",
        "evidence_hint": f"Preuve {code}",
        "weight": 2 if rank == 1 else 1,
        "levels": [f"Description {code} degré {level}" for level in range(3)],
        "indicators": [{"title": f"Indicateur {code}", "unit": "%"}],
        "iso": [rank],
        "odd": [rank],
    }


def build_worlds():
    """Build both worlds; runs once per session and is committed."""
    with clock.stopped(clock.at(date(2025, 1, 6), 9)):
        version = publish(version=import_version(data=referentiel_data("ESSAI")), by_name="Équipe nationale")
        foreign = referentiel_data("AILLEURS", low=1, chapters=3)
        other = publish(version=import_version(data=foreign), by_name="Équipe nationale")
        clause = people.publish_clause(text="Texte de la clause.", since=date(2025, 1, 1))
        region = organisations.create_region(slug="ici", name="Région d’ici")
        far = organisations.create_region(slug="ailleurs", name=f"Région {STRANGER}")
        ours = dated_cohort(region, "cohorte", "Cohorte d’ici", version)
        theirs = dated_cohort(far, "cohorte", f"Cohorte {STRANGER}", other)
        structure(ours, "ours", "Notre structure")
        structure(ours, "neighbour", f"Structure {NEIGHBOUR}", marker=NEIGHBOUR)
        structure(ours, "lapsed", "Structure échue", until=date(2025, 8, 31))
        structure(theirs, "stranger", f"Structure {STRANGER}", marker=STRANGER)
        permanent_cohort(region, version)
        staff(ours, theirs)
        for user in User.objects.all():
            people.accept_clause(user=user, clause=clause)
    build_conventions()
    story("ours")
    story("neighbour", NEIGHBOUR)
    story("stranger", STRANGER)
    story("lapsed", until_chapter=1)
    for key, marker in (("ours", ""), ("neighbour", NEIGHBOUR), ("stranger", STRANGER), ("lapsed", "")):
        build_joining(World(key), marker)
        build_followup(World(key), facilitator_of("stranger" if key == "stranger" else "ours"), marker)
        build_remarks(World(key), marker)
        build_depth(World(key), marker)
    build_relays(date(2025, 10, 27), {"ours": "", "neighbour": NEIGHBOUR, "stranger": STRANGER})


def facilitator_of(key):
    return Actor.of(User.objects.get(email=f"facilitator@{key}.example.org"))


def dated_cohort(region, slug, name, version):
    """Chapter 1 is closed on the tests' day, chapter 2 is open, any other is to come."""
    cohort = cohorts.create_cohort(
        region=region,
        slug=slug,
        name=name,
        kind=CohortKind.DATED,
        version=version,
        starts_on=date(2025, 1, 6),
    )
    marker = STRANGER if STRANGER in name else ""
    days = ((date(2025, 4, 8), date(2025, 6, 11)), (date(2025, 10, 14), date(2025, 12, 9)))
    for chapter in version.chapters.all():
        opens, closes = days[chapter.number - 1] if chapter.number < 3 else (date(2026, 1, 15), None)
        schedule.open_round(cohort=cohort, chapter=chapter, opens_on=opens, closes_on=closes)
        schedule.add_meeting(
            cohort=cohort,
            position=chapter.number,
            kind=MeetingKind.READING,
            title=f"Visio {chapter.number}{marker}",
            day=opens,
            hour=(15, 30),
            chapter=chapter,
        )
    schedule.add_meeting(
        cohort=cohort,
        position=9,
        kind=MeetingKind.CLOSING,
        title=f"Clôture{marker}",
        as_written=f"Juillet 2026 ?{marker}",
    )
    return cohort


def permanent_cohort(region, version):
    cohort = cohorts.create_cohort(
        region=region,
        slug="permanente",
        name="Cohorte permanente",
        kind=CohortKind.PERMANENT,
        version=version,
        starts_on=date(2025, 1, 6),
        condition=OpeningCondition.NONE,
    )
    schedule.open_round(cohort=cohort, chapter=version.chapters.first(), opens_on=date(2025, 1, 6))
    cohorts.add_structure(cohort=cohort, organisation=Organisation.objects.get(legal_name="Notre structure"))


def structure(cohort, key, name, *, marker="", until=None):
    """A structure of the cohort with one person per role, addresses `role@key.example.org`."""
    organisation = organisations.create_organisation(
        kind=OrganisationKind.STRUCTURE,
        legal_name=name,
        region=cohort.region,
        siae_kinds=["ai"],
        activities=f"Activités {marker}",
        territory=f"Territoire {marker}",
    )
    organisations.record_adhesion(organisation=organisation, since=date(2020, 1, 1), until=until)
    organisations.add_approach(organisation=organisation, kind="other", label=f"Démarche {marker}")
    for role in STRUCTURE_ROLES:
        person(f"{role}@{key}.example.org", marker or key, role, organisation=organisation)
    participation = cohorts.add_structure(cohort=cohort, organisation=organisation)
    cohorts.grant_clearance(
        participation=participation,
        kind=ClearanceKind.EXCEPTION,
        since=date(2026, 1, 5),
        until=date(2026, 1, 31),
        reason=f"Exception à venir {marker}",
    )


def person(email, last_name, role, **scope):
    user = people.create_person(
        email=email, first_name=str(Role(role).name).title(), last_name=last_name, password="mot-de-passe-test"
    )
    people.give_role(user=user, role=role, **scope)
    return user


def staff(ours, theirs):
    """Who accompanies, coordinates, edits and partners, in both regions."""
    for cohort, key in ((ours, "ours"), (theirs, "stranger")):
        marker = STRANGER if key == "stranger" else ""
        team = organisations.create_organisation(
            kind=OrganisationKind.REGION, legal_name=f"Délégation {key}{marker}", region=cohort.region
        )
        partner = organisations.create_organisation(
            kind=OrganisationKind.PARTNER, legal_name=f"Partenaire {key}{marker}", region=cohort.region
        )
        cohorts.add_partner(cohort=cohort, organisation=partner)
        person(f"facilitator@{key}.example.org", f"Équipe{marker}", Role.FACILITATOR, cohort=cohort)
        person(f"region_admin@{key}.example.org", f"Équipe{marker}", Role.REGION_ADMIN, organisation=team)
        person(f"partner@{key}.example.org", f"Équipe{marker}", Role.PARTNER, organisation=partner)
    national = organisations.create_organisation(kind=OrganisationKind.NATIONAL, legal_name="Tête de réseau")
    person("national_staff@ours.example.org", "Équipe", Role.NATIONAL_STAFF, organisation=national)
    editor = person("editor@ours.example.org", "Équipe", Role.NATIONAL_STAFF, organisation=national)
    entrust(referentiel=ours.version.referentiel, user=editor)
    build_draft(ours.version.referentiel, editor)


def story(key, marker="", until_chapter=2):
    """Chapter 1 answered and transmitted, chapter 2 begun; an action; a document asked for and made."""
    world = World(key)
    with clock.stopped(clock.at(date(2025, 4, 10), 10)):
        first = start(participation=world.participation, round=world.round(1), by=world.actor(Role.REFERENT))
        answer_all(first, world.actor(Role.CONTRIBUTOR), marker)
        build_early_viewpoints(world, marker)
        submit(autodiag=first, by=world.actor(Role.REFERENT))
        create_action(
            participation=world.participation,
            by=world.actor(Role.REFERENT),
            criterion=first.answers.first().criterion,
            what=f"Action gardée {PRIVATE}{marker}",
        )
        create_action(
            participation=world.participation,
            by=world.actor(Role.REFERENT),
            what=f"Action partagée {marker}",
            visibility=Visibility.FACILITATOR,
        )
    if until_chapter == 2:
        with clock.stopped(clock.at(date(2025, 10, 20), 10)):
            second = start(participation=world.participation, round=world.round(2), by=world.actor(Role.REFERENT))
            answer_all(second, world.actor(Role.CONTRIBUTOR), marker, count=2)
    with clock.stopped(clock.at(date(2025, 11, 3), 10)):
        request_synthesis_pdf(autodiag=world.submitted, by=world.actor(Role.REFERENT))
        store_document(world, marker)


def answer_all(autodiag, by, marker, count=None):
    """Levels 1, 2, unknown, not applicable in turn; private and shared comments in turn."""
    autodiag = Autodiag.objects.with_context().get(pk=autodiag.pk)
    for rank, answer in enumerate(list(Answer.objects.filter(autodiag=autodiag).for_pages())[:count]):
        answer.autodiag = autodiag
        kinds = (AnswerKind.LEVEL, AnswerKind.LEVEL, AnswerKind.UNKNOWN, AnswerKind.NOT_APPLICABLE)
        kind = kinds[rank % 4]
        levels = list(MaturityLevel.objects.filter(criterion=answer.criterion).order_by("value"))
        private = rank % 2 == 0
        save_answer(
            answer=answer,
            revision=0,
            by=by,
            kind=kind,
            level_id=levels[1 + rank % 2].pk if kind == AnswerKind.LEVEL else None,
            na_reason=f"Motif {marker}" if kind == AnswerKind.NOT_APPLICABLE else "",
            practice=f"Pratique {answer.criterion.code} {marker}",
            to_review=rank == 1,
            comment=f"Commentaire gardé {PRIVATE}{marker}" if private else f"Commentaire partagé {marker}",
            comment_visibility=Visibility.STRUCTURE if private else Visibility.FACILITATOR,
        )


def store_document(world, marker):
    files.store(
        f"Document {marker}".encode(),
        name=f"document-{world.key}.txt",
        media_type="text/plain",
        created_by_id=world.user(Role.REFERENT).pk,
        region_id=world.participation.region_id,
        cohort_id=world.participation.cohort_id,
        organisation_id=world.organisation.pk,
        participation_id=world.participation.pk,
    )


class World(DepthOfWorld, DraftSide, FollowupOfWorld, RelaysOfWorld, RemarksOfWorld, SimpleNamespace):
    """One structure's side of the fixed worlds: `ours`, `neighbour`, `lapsed` or `stranger`."""

    def __init__(self, key):
        user = User.objects.get(email=f"referent@{key}.example.org")
        organisation = user.memberships.get().organisation
        participation = Participation.objects.with_context().get(
            organisation=organisation, cohort__kind=CohortKind.DATED
        )
        super().__init__(key=key, organisation=organisation, participation=participation)

    def user(self, role):
        return User.objects.get(email=f"{role}@{self.key}.example.org")

    def actor(self, role):
        return Actor.of(self.user(role))

    def round(self, number):
        return Round.objects.get(cohort=self.participation.cohort, chapter__number=number)

    def autodiag(self, number):
        return Autodiag.objects.with_context().get(participation=self.participation, round__chapter__number=number)

    @property
    def cohort(self):
        return Cohort.objects.select_related("region").get(pk=self.participation.cohort_id)

    @property
    def submitted(self):
        return self.autodiag(1)

    @property
    def draft(self):
        """The chapter under way; the lapsed structure never began one, its only chapter stands for it."""
        return self.autodiag(1 if self.key == "lapsed" else 2)

    @property
    def clearance(self):
        """An exception that is still to come."""
        return self.participation.clearances.get(kind=ClearanceKind.EXCEPTION)

    @property
    def approach(self):
        return self.organisation.approaches.get()

    @property
    def action(self):
        return Action.objects.get(participation=self.participation, criterion__isnull=False)

    @property
    def convention(self):
        """The convention of the cohort, signed by all."""
        return Convention.objects.main().with_context().get(cohort=self.participation.cohort)

    @property
    def draft_convention(self):
        """The one our region is preparing for its next cohort."""
        return Convention.objects.with_context().get(state=ConventionState.DRAFT)

    @property
    def draft_party(self):
        """The structure of that draft, its signatory not named yet."""
        return self.draft_convention.parties.get(role=OrganisationKind.STRUCTURE)

    @property
    def signatory(self):
        return Signatory.objects.with_context().get(party__organisation=self.organisation)

    @property
    def signing_token(self):
        return token_of(self.signatory)

    @property
    def invitation(self):
        return invitation_of(self)

    @property
    def invitation_token(self):
        return invitation_token_of(self.key)

    @property
    def job(self):
        return Job.objects.get(participation_id=self.participation.pk, kind=SYNTHESIS_PDF)

    @property
    def document(self):
        return StoredFile.objects.get(participation_id=self.participation.pk, name=f"document-{self.key}.txt")

    def answer(self, position, chapter=2):
        """One answer of a chapter, ready to be saved by the service."""
        return answer_to_save(
            self.actor(Role.REFERENT),
            region=self.participation.cohort.region.slug,
            public_id=self.autodiag(chapter).public_id,
            position=position,
        )

    def save(self, answer, *, by=Role.REFERENT, **values):
        """Save an answer as one of its people, other fields left as they are."""
        before = state_of(answer)
        return save_answer(answer=answer, revision=answer.revision, by=self.actor(by), **{**before, **values})
