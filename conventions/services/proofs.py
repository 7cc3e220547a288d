"""What the product knows of a commitment: counted from what the floors below hold, whatever the number of parties.

A fact shows, it does not judge: who reads the register decides whether a commitment was kept.
"""

from dataclasses import dataclass

from django.db.models import Count, Q

from autodiag.enums import ActionStatus, PracticeState
from autodiag.models import Action, Practice, Review, Sharing
from caprse.base import clock
from caprse.base.text import plural
from cohorts.enums import DatePrecision, MeetingKind, NoteVisibility, OrganisationKind, Step, Visibility
from cohorts.models import FollowupNote, Meeting, Need, Participation, Round, Share, StepDone
from conventions.enums import CommitmentProof as Proof

DAYS = (MeetingKind.KICKOFF, MeetingKind.REGROUPEMENT, MeetingKind.CLOSING)
CERTAIN = (DatePrecision.DATETIME, DatePrecision.DATE)


@dataclass(frozen=True)
class Fact:
    """What is known of one kind of evidence, for one party: a sentence, and the number it rests on.

    `count` None: the product keeps no trace of it, somebody attests it.
    """

    sentence: str
    count: int | None = None

    @property
    def shows(self):
        return bool(self.count)


UNKNOWN = Fact("L’application n’en garde pas trace : une attestation le dira.")
WORDS_ONLY = Fact("Se montre par une attestation.")


def counted(number, one, many):
    return f"{number} {plural(number, one, many)}"


class Evidence:
    """The facts of the parties of one convention. Each kind of evidence is read once, when first asked for."""

    def __init__(self, convention):
        self.cohort_id = convention.cohort_id
        self.today = clock.today()
        self._read = {}
        self._paths = None

    @property
    def paths(self):
        """{organisation: its participation} in the cohort, those who left included."""
        if self._paths is None:
            rows = Participation.objects.filter(cohort=self.cohort_id).order_by("pk")
            self._paths = dict(rows.values_list("organisation_id", "pk"))
        return self._paths

    def fact(self, proof, party):
        """What is known of this kind of evidence for this party."""
        if proof == Proof.ATTESTED or self.cohort_id is None:
            return WORDS_ONLY
        if proof not in self._read:
            self._read[proof] = READERS[proof](self)
        of_role = self._read[proof].get(party.role)
        return of_role(party) if of_role else UNKNOWN

    def per_path(self, rows):
        """{participation: number} of rows about participations of the cohort."""
        counts = rows.filter(participation__cohort=self.cohort_id).order_by().values_list("participation")
        return dict(counts.annotate(Count("pk")))

    def of_path(self, numbers, party):
        return numbers.get(self.paths.get(party.organisation_id), 0)


def attendance(evidence):
    """Days held, and those where a presence is noted for the structure."""
    held = _held(evidence, DAYS).count()
    noted = evidence.per_path(StepDone.objects.standing().filter(meeting__isnull=False, meeting__kind__in=DAYS))

    def of_structure(party):
        days = counted(held, "journée tenue", "journées tenues")
        if not noted:
            return Fact(f"{days} ; les présences ne sont pas notées ici : une attestation les dira.")
        present = evidence.of_path(noted, party)
        return Fact(f"{counted(present, 'présence notée', 'présences notées')}, pour {days}.", present)

    return {OrganisationKind.STRUCTURE: of_structure}


def _held(evidence, kinds):
    return Meeting.objects.filter(
        cohort=evidence.cohort_id, kind__in=kinds, precision__in=CERTAIN, day__lte=evidence.today
    )


def diagnostics(evidence):
    """Chapters transmitted, of those opened so far."""
    sent = evidence.per_path(StepDone.objects.standing().filter(step=Step.AUTODIAG_SUBMITTED))
    opened = Round.objects.filter(cohort=evidence.cohort_id, opens_on__lte=evidence.today).count()

    def of_structure(party):
        number = evidence.of_path(sent, party)
        chapters = counted(opened, "chapitre ouvert", "chapitres ouverts")
        return Fact(
            f"{counted(number, 'autodiagnostic transmis', 'autodiagnostics transmis')}, pour {chapters}.", number
        )

    def of_region(party):
        total = sum(sent.values())
        who = counted(len(sent), "structure", "structures")
        return Fact(f"{counted(total, 'autodiagnostic transmis', 'autodiagnostics transmis')}, par {who}.", total)

    return {OrganisationKind.STRUCTURE: of_structure, OrganisationKind.REGION: of_region}


def actions(evidence):
    """The actions that a structure shows to who accompanies it: the others stay its own."""
    shared = Action.objects.filter(visibility=Visibility.FACILITATOR)
    done = evidence.per_path(shared.filter(status=ActionStatus.DONE))
    begun = evidence.per_path(shared.filter(status=ActionStatus.IN_PROGRESS))

    def of_structure(party):
        over, going = evidence.of_path(done, party), evidence.of_path(begun, party)
        words = f"{counted(over, 'action faite', 'actions faites')}, {counted(going, 'en cours', 'en cours')}"
        return Fact(f"{words}, parmi celles que la structure partage.", over + going)

    return {OrganisationKind.STRUCTURE: of_structure}


def practices(evidence):
    """Practices published, and what was shown to the whole cohort."""
    published = evidence.per_path(Practice.objects.filter(state=PracticeState.PUBLISHED))
    shown = evidence.per_path(Sharing.objects.filter(withdrawn_at=None, to_organisation=None))

    def told(cards, sharings):
        words = counted(cards, "fiche pratique publiée", "fiches pratiques publiées")
        return Fact(f"{words}, {counted(sharings, 'partage', 'partages')} avec la cohorte.", cards + sharings)

    def of_structure(party):
        return told(evidence.of_path(published, party), evidence.of_path(shown, party))

    def of_region(party):
        return told(sum(published.values()), sum(shown.values()))

    return {OrganisationKind.STRUCTURE: of_structure, OrganisationKind.REGION: of_region}


def followups(evidence):
    """Talks noted: those shared with a structure are its own facts; all of them are those of who accompanies."""
    shared = evidence.per_path(FollowupNote.objects.filter(visibility=NoteVisibility.SHARED))
    every = evidence.per_path(FollowupNote.objects.all())
    reviews = evidence.per_path(Review.objects.all())

    def of_structure(party):
        number = evidence.of_path(shared, party)
        return Fact(f"{counted(number, 'échange de suivi partagé', 'échanges de suivi partagés')}.", number)

    def of_region(party):
        notes, answers = sum(every.values()), sum(reviews.values())
        talks = counted(notes, "échange de suivi noté", "échanges de suivi notés")
        with_ = counted(len(every), "structure", "structures")
        returns = counted(answers, "retour sur un chapitre transmis", "retours sur des chapitres transmis")
        return Fact(f"{talks}, avec {with_} ; {returns}.", notes + answers)

    return {OrganisationKind.STRUCTURE: of_structure, OrganisationKind.REGION: of_region}


def days(evidence):
    """What was held with the whole cohort."""
    kinds = list(_held(evidence, (*DAYS, MeetingKind.READING)).values_list("kind", flat=True))
    meetings = sum(kind in DAYS for kind in kinds)
    talks = len(kinds) - meetings
    words = (
        f"{counted(meetings, 'journée tenue', 'journées tenues')}, {counted(talks, 'visio tenue', 'visios tenues')}."
    )
    return {OrganisationKind.REGION: lambda party: Fact(words, len(kinds))}


def needs(evidence):
    """Needs relayed by the region; those relayed to an organisation, and how many it answered."""
    rows = (
        Need.objects.filter(cohort=evidence.cohort_id)
        .order_by()
        .values("organisation")
        .annotate(asked=Count("pk"), answered=Count("pk", filter=Q(answered_at__isnull=False)))
    )
    received = {row["organisation"]: (row["asked"], row["answered"]) for row in rows}

    def told(asked, answered, to):
        words = counted(asked, f"besoin relayé{to}", f"besoins relayés{to}")
        return f"{words}, {counted(answered, 'a eu une réponse', 'ont eu une réponse')}."

    def of_region(party):
        asked, answered = (sum(column) for column in zip((0, 0), *received.values(), strict=True))
        return Fact(told(asked, answered, ""), asked)

    def of_others(party):
        asked, answered = received.get(party.organisation_id, (0, 0))
        return Fact(told(asked, answered, " à cette partie"), answered)

    return {
        OrganisationKind.REGION: of_region,
        OrganisationKind.NATIONAL: of_others,
        OrganisationKind.PARTNER: of_others,
    }


def resources(evidence):
    """Documents of the region given by name to the partners of the cohort."""
    given = list(Share.objects.filter(cohort=evidence.cohort_id).values_list("resource_id", "organisation_id"))

    def of_region(party):
        documents, to = len({one for one, _ in given}), len({one for _, one in given})
        words = counted(documents, "ressource confiée", "ressources confiées")
        return Fact(f"{words}, à {counted(to, 'organisation', 'organisations')}.", documents)

    return {OrganisationKind.REGION: of_region}


READERS = {
    Proof.ATTENDANCE: attendance,
    Proof.DIAGNOSTICS: diagnostics,
    Proof.ACTIONS: actions,
    Proof.PRACTICES: practices,
    Proof.FOLLOWUPS: followups,
    Proof.DAYS: days,
    Proof.NEEDS: needs,
    Proof.RESOURCES: resources,
}
