"""Where somebody stands when nothing is asked of them: a sentence, a way on, a date. Pure: no query."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from caprse.base.text import date_in_words, day_in_words, month_in_words, plural
from cohorts.enums import CohortKind, MeetingKind, OrganisationKind
from conventions.enums import ConventionState

# What matters most comes first.
HELP, OPEN, WAITING, NEXT, STANDING, OVER = range(6)
TO_CONFIRM = "Date à confirmer"
WITHOUT_END = "Sans date limite, à votre rythme"


@dataclass(frozen=True)
class Situation:
    """One moment in words. `kicker` names what it is about, `when` is its date; `urgent`: it asks for an act; `owed`: a signature of one's own."""

    rank: int
    kicker: str
    title: str
    why: str
    url: str
    action: str
    when: str
    day: date = date.max
    icon: str = "calendar"
    urgent: bool = False
    owed: bool = False
    path_id: int | None = None
    cohort_id: int | None = None

    @property
    def order(self):
        return self.rank, self.day, self.kicker


@dataclass(frozen=True)
class Agreement:
    """The convention of a cohort and the parties whose signature is missing; `convention` is None before it is sent."""

    convention: object
    awaited: tuple = ()

    @property
    def state(self):
        return self.convention.state if self.convention else None


class Moment:
    """What is known of a cohort on a day, whoever looks at it.

    `meetings` in order; `agreement` is None where nothing about the convention was asked for.
    """

    def __init__(self, cohort, meetings, agreement, today):
        self.cohort, self.meetings, self.agreement, self.today = cohort, meetings, agreement, today
        self.next_meeting = next((one for one in meetings if one.when.last_day >= today), None)
        self.calendar_url = cohort.get_absolute_url()
        self.region = f"la délégation {cohort.region.name}"

    @property
    def state(self):
        return self.agreement.state if self.agreement else None

    @property
    def is_permanent(self):
        return self.cohort.kind == CohortKind.PERMANENT

    @property
    def has_begun(self):
        return any(meeting.when.last_day < self.today for meeting in self.meetings)

    @property
    def next_date(self):
        return f"Prochaine date : {in_sentence(self.next_meeting.when.in_words())}" if self.next_meeting else TO_CONFIRM

    @property
    def next_day(self):
        return self.next_meeting.when.day or date.max if self.next_meeting else date.max

    @property
    def ended(self):
        """When the whole of it ended, in words; nothing as long as it goes on."""
        if self.state == ConventionState.ENDED:
            return f"Depuis le {date_in_words(self.agreement.convention.ended_on)}"
        if self.cohort.ends_on and self.cohort.ends_on < self.today:
            return f"Depuis le {date_in_words(self.cohort.ends_on)}"
        if self.meetings and self.next_meeting is None:
            last = self.meetings[-1].when
            return f"Depuis le {date_in_words(last.day)}" if last.is_certain else f"Depuis {month_in_words(last.day)}"
        return ""

    def starting(self):
        """(title, why) of a calendar that has one more step."""
        meeting = self.next_meeting
        mode = f", {meeting.get_mode_display()}" if meeting.mode else ""
        if self.has_begun:
            return f"Prochaine étape : {meeting.title}", f"Étape du calendrier de la cohorte{mode}."
        return "La cohorte n’a pas encore commencé", f"Première étape : « {meeting.title} »{mode}."


def in_sentence(words):
    """A date in words, after a colon: « mardi 9 décembre 2025 », « juillet 2026 ? »."""
    return words[:1].lower() + words[1:]


def enumerated(names):
    """« Ana », « Ana et Luc », « Ana, Luc et Zoé »."""
    *first, last = names
    return f"{', '.join(first)} et {last}" if first else last


def missing_signatures(parties, own_id):
    """Who has still to sign, for a structure: its region and partners by name, the other structures by number."""
    structures = [party for party in parties if party.role == OrganisationKind.STRUCTURE]
    own = [party for party in structures if party.organisation_id == own_id]
    others = len(structures) - len(own)
    names = ["votre structure"] if own else []
    names += [party.name for party in parties if party.role != OrganisationKind.STRUCTURE]
    if others:
        names.append(plural(others, "une autre structure", f"{others} autres structures"))
    return enumerated(names)


def sent_on(convention):
    return f"Envoyée le {day_in_words(convention.sent_at)}"


def of_calendar(moment):
    """For a partner: the calendar and nothing else."""
    common = {
        "kicker": moment.cohort.name,
        "url": moment.calendar_url,
        "action": "Voir le calendrier",
        "cohort_id": moment.cohort.pk,
    }
    if moment.is_permanent:
        return Situation(
            rank=STANDING,
            title="Ce parcours est ouvert en permanence",
            why="Chaque structure avance à son rythme.",
            when="Sans date limite",
            icon="leaf",
            **common,
        )
    if moment.ended:
        return Situation(
            rank=OVER,
            title="La cohorte est arrivée au bout",
            why="Son calendrier et sa convention restent lisibles.",
            when=moment.ended,
            icon="star",
            **common,
        )
    if moment.next_meeting is None:
        return Situation(
            rank=NEXT,
            title="Le calendrier se prépare",
            why=f"Les dates s’afficheront dès que {moment.region} les aura fixées.",
            when=TO_CONFIRM,
            **common,
        )
    title, why = moment.starting()
    return Situation(
        rank=NEXT,
        title=title,
        why=why,
        when=moment.next_date,
        day=moment.next_day,
        icon="users" if moment.next_meeting.kind == MeetingKind.REGROUPEMENT else "calendar",
        **common,
    )


def of_network(coming):
    """For national staff: the results of the network; `coming` are the next steps, as `Moment`s, of every cohort."""
    nearest = min(
        (one for one in coming if one.next_meeting and not one.ended), key=lambda one: one.next_day, default=None
    )
    why = "Qui prend part, région par région, et comment les réponses se répartissent, jamais celles d’une structure."
    if nearest:
        step = f"{nearest.next_meeting.title} – {nearest.cohort.name}, {nearest.cohort.region.name}"
        why += f" Prochaine étape dans le réseau : {step}."
    return Situation(
        rank=OPEN,
        kicker="Le réseau",
        title="Voir où en est le réseau",
        why=why,
        url=reverse("network"),
        action="Ouvrir les résultats du réseau",
        when=nearest.next_date if nearest else TO_CONFIRM,
        icon="chart",
    )


def of_nobody(created_at):
    """For somebody whom no role was given to yet."""
    return Situation(
        rank=WAITING,
        kicker="Bienvenue",
        title="Votre compte est prêt, il reste à vous rattacher",
        why="Aucun rôle ne vous est encore donné dans une structure ou une cohorte. Écrivez à la personne qui vous a "
        "invité·e, ou à la délégation de votre région : elle peut vous rattacher en quelques minutes.",
        url=reverse("rights"),
        action="Voir qui peut quoi",
        when=f"Compte ouvert le {day_in_words(created_at)}",
        icon="handshake",
    )


def of_no_cohort(regions_to_organise):
    """For somebody with a role and no cohort: it is theirs to create, or their region's to invite them in."""
    if regions_to_organise:
        return Situation(
            rank=WAITING,
            kicker="Votre région",
            title="Créer la première cohorte de votre région",
            why="Le calendrier, les structures et la convention viennent ensuite, à votre rythme.",
            url=reverse("cohort_new", args=[regions_to_organise[0]]),
            action="Créer une cohorte",
            when=f"Première date : {in_sentence(TO_CONFIRM)}",
            icon="plus",
            urgent=True,
        )
    return Situation(
        rank=WAITING,
        kicker="Votre organisation",
        title="Votre organisation n’est encore dans aucune cohorte",
        why="La délégation de votre région l’y fera entrer ; le calendrier s’affichera ici.",
        url=reverse("rights"),
        action="Voir qui peut quoi",
        when=f"Entrée : {in_sentence(TO_CONFIRM)}",
        icon="handshake",
    )
