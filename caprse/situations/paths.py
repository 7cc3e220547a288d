"""Where a structure stands, for its own people, when nothing is asked of them. Pure: no query."""

from datetime import date

from django.urls import reverse

from caprse.base.text import date_in_words, plural
from caprse.situations.moment import (
    HELP,
    NEXT,
    OPEN,
    OVER,
    STANDING,
    TO_CONFIRM,
    WAITING,
    WITHOUT_END,
    Situation,
    enumerated,
    in_sentence,
    missing_signatures,
    sent_on,
)
from cohorts.enums import MeetingKind, OpeningCondition, OrganisationKind
from conventions.enums import ConventionState

CLOSED_CONVENTION = (ConventionState.SIGNED, ConventionState.IN_FORCE)


def of_path(path, moment, team, tools_open):
    """The situation of one structure: the first that applies, in this order.

    `path` has its chapters (`give_chapters`); `team`: the names of who accompanies it, as far as they were read.
    """
    return PathMoment(path, moment, team, tools_open).told()


class PathMoment:
    """One structure on one day."""

    def __init__(self, path, moment, team, tools_open):
        self.path, self.moment, self.team, self.tools_open = path, moment, team, tools_open
        self.chapters = path.chapters
        self.done = [row for row in self.chapters if row.state == "done"]
        self.upcoming = [row for row in self.chapters if row.state == "upcoming"]

    def told(self):
        moments = (
            self.convention_ended,
            self.convention_awaited,
            self.chapter_open,
            self.course_over,
            self.chapter_closed,
            self.chapters_all_done,
            self.chapter_to_come,
            self.step_to_come,
            self.calendar_unknown,
        )
        return next(found for found in (one() for one in moments) if found)

    def _situation(self, rank, title, why, **fields):
        return Situation(
            rank=rank,
            title=title,
            why=why,
            kicker=f"{self.path.cohort.name} · {self.path.organisation.legal_name}",
            path_id=self.path.pk,
            cohort_id=self.path.cohort_id,
            **{"url": self.path.get_absolute_url(), "action": "Voir le parcours", **fields},
        )

    def _plan(self):
        return reverse("plan", args=[self.path.cohort.region.slug, self.path.public_id])

    # --- The convention ----------------------------------------------------------------------------------------

    def convention_ended(self):
        if self.moment.state == ConventionState.ENDED and not self.path.is_cleared:
            return self._over("La convention a pris fin, votre plan d’actions continue")
        return None

    def convention_awaited(self):
        """Chapters wait for the convention, for the whole cohort or for this structure."""
        if not self.path.cohort.needs_clearance or self.path.is_cleared or self.moment.agreement is None:
            return None
        state, agreement = self.moment.state, self.moment.agreement
        if state == ConventionState.OPEN and agreement.awaited:
            return self._signatures(agreement)
        if state in CLOSED_CONVENTION and not self.chapters:
            return None
        if state in CLOSED_CONVENTION:
            return self._situation(
                WAITING,
                "Vos chapitres attendent votre délégation",
                f"La convention de la cohorte est signée, mais elle n’ouvre pas encore les chapitres de votre structure : "
                f"{self.moment.region} peut le faire.",
                when=self._chapter_date(),
                icon="clock",
            )
        return self._situation(
            WAITING,
            "La convention d’engagements se prépare",
            f"{self.moment.region[:1].upper()}{self.moment.region[1:]} l’enverra aux personnes qui la signent. "
            "Vos chapitres s’ouvrent ensuite, à leur date.",
            when=self._chapter_date(),
            icon="document",
        )

    def _signatures(self, agreement):
        awaited = agreement.awaited
        if self.path.cohort.condition == OpeningCondition.OWN_SIGNED:
            awaited = [party for party in awaited if party.organisation_id == self.path.organisation_id] or awaited
        if self.path.cohort.condition == OpeningCondition.NETWORK_SIGNED:
            awaited = [party for party in awaited if party.role != OrganisationKind.PARTNER] or awaited
        count, who = len(awaited), missing_signatures(awaited, self.path.organisation_id)
        owed = any(party.organisation_id == self.path.organisation_id for party in awaited)
        return self._situation(
            WAITING,
            plural(
                count, "La convention attend encore une signature", f"La convention attend encore {count} signatures"
            ),
            f"On attend {who}. Vos chapitres s’ouvrent ensuite, à leur date.",
            url=agreement.convention.get_absolute_url(),
            action="Lire la convention, voir qui a signé",
            when=f"{sent_on(agreement.convention)}. {self._chapter_date()}",
            icon="clock",
            urgent=owed,
            owed=owed,
        )

    def _chapter_date(self):
        """The day of the first chapter that waits."""
        row = next((row for row in self.chapters if row.state != "done"), None)
        if row is None or row.round.opens_on is None:
            return f"Ouverture des chapitres : {in_sentence(TO_CONFIRM)}"
        day = date_in_words(row.round.opens_on)
        number = row.round.chapter.number
        if row.round.opens_on <= self.moment.today:
            return f"Chapitre {number} au calendrier depuis le {day}"
        return f"Chapitre {number} : ouverture le {day}"

    # --- Chapters ----------------------------------------------------------------------------------------------

    def chapter_open(self):
        """A chapter others work on: read with a glance at how far they are."""
        row = next((row for row in self.chapters if row.verdict and row.state != "done"), None)
        if row is None:
            return None
        number, autodiag = row.round.chapter.number, row.autodiag
        if autodiag is None:
            title, why = (
                f"Le chapitre {number} est ouvert, pas encore commencé",
                "Votre référent·e CAP RSE le commence.",
            )
        elif autodiag.is_reopened:
            title = f"Le chapitre {number} est repris pour être corrigé"
            why = "Votre équipe le complète, puis votre référent·e CAP RSE le transmet de nouveau."
        elif autodiag.answered == autodiag.total:
            title = f"Chapitre {number} : tous les critères ont une réponse"
            why = "Votre référent·e CAP RSE le relit et le transmet. Vous pouvez le lire aussi."
        else:
            title = f"Chapitre {number} en cours : {self._answered(autodiag)}"
            why = "Vos collègues y répondent. Vous pouvez suivre ce qu’elles et ils écrivent."
        if row.closes_on:
            when = f"Ouvert jusqu’au {date_in_words(row.closes_on)}"
        else:
            when = WITHOUT_END if self.moment.is_permanent else f"Fin du chapitre : {in_sentence(TO_CONFIRM)}"
        way = {"url": autodiag.get_absolute_url(), "action": "Lire les réponses"} if autodiag else {}
        day = row.closes_on or date.max
        return self._situation(OPEN, title, why, when=when, day=day, icon="clock", **way)

    @staticmethod
    def _answered(autodiag):
        return f"{autodiag.answered} {plural(autodiag.answered, 'critère', 'critères')} sur {autodiag.total}"

    def chapter_closed(self):
        """The latest chapter closed before it was transmitted."""
        opened = [row for row in self.chapters if row.state != "upcoming"]
        if not opened or opened[-1].state != "late":
            return None
        row = opened[-1]
        number = row.round.chapter.number
        who = enumerated(self.team) if self.team else "Votre accompagnateur·rice"
        way = {"url": row.autodiag.get_absolute_url(), "action": "Relire vos réponses"} if row.autodiag else {}
        return self._situation(
            HELP,
            f"Le chapitre {number} a fermé "
            + ("avant que sa correction soit transmise" if is_reopened(row) else "sans être transmis"),
            f"Demandez un délai : {who} peut vous l’accorder. Ce que vous avez écrit est gardé.",
            when=f"Fermé depuis la fin du {date_in_words(row.closes_on)}",
            icon="alert",
            urgent=True,
            **way,
        )

    def chapters_all_done(self):
        """Every chapter of a path without calendar is transmitted."""
        if not self.moment.is_permanent or not self.chapters or len(self.done) < len(self.chapters):
            return None
        return self._situation(
            STANDING,
            "Tous les chapitres sont transmis, votre plan d’actions continue",
            "Les synthèses restent à relire, les actions à faire vivre.",
            url=self._plan(),
            action="Ouvrir le plan d’actions",
            when=WITHOUT_END,
            icon="check-circle",
        )

    def chapter_to_come(self):
        """A chapter opens next, with its visio."""
        row = self.upcoming[0] if self.upcoming else None
        meeting = self.moment.next_meeting
        if row is None or not (self.moment.has_begun or meeting is None):
            return None
        if meeting and not (meeting.kind == MeetingKind.READING and meeting.chapter_id == row.round.chapter_id):
            return None
        number, opens_on = row.round.chapter.number, row.round.opens_on
        said = f"Le chapitre {self._last} est transmis. " if self.done else ""
        if opens_on:
            when = f"Ouvre le {date_in_words(opens_on)}"
        else:
            when = f"Ouverture : {in_sentence(meeting.when.in_words() if meeting else TO_CONFIRM)}"
        with_what = f"Il s’ouvre avec « {meeting.title} »." if meeting else "Il s’ouvre à sa date."
        return self._situation(
            NEXT,
            f"Le chapitre {number} s’ouvre bientôt" if opens_on else f"Le chapitre {number} attend sa date",
            f"{said}{with_what} Rien à faire d’ici là.",
            when=when,
            day=opens_on or date.max,
            icon="video",
        )

    @property
    def _last(self):
        return self.done[-1].round.chapter.number

    # --- The calendar ------------------------------------------------------------------------------------------

    def course_over(self):
        if self.moment.ended:
            return self._over("Le parcours est terminé, votre plan d’actions continue")
        return None

    def _over(self, title):
        return self._situation(
            OVER,
            title,
            "Les chapitres sont fermés. Vos réponses, vos synthèses et votre plan d’actions restent ouverts.",
            url=self._plan(),
            action="Ouvrir le plan d’actions",
            when=self.moment.ended,
            icon="star",
        )

    def step_to_come(self):
        """The next step of the calendar; after a transmission, what was transmitted can be read again."""
        moment = self.moment
        if moment.next_meeting is None:
            return None
        title, why = moment.starting()
        way = {"url": moment.calendar_url, "action": "Voir le calendrier"}
        if self.done:
            title = f"Chapitre {self._last} transmis. Prochaine étape : {in_sentence(moment.next_meeting.title)}"
            why = "Rien à faire d’ici là. La synthèse est prête à relire en équipe."
            if self.tools_open:
                way = {"url": self.done[-1].autodiag.url("synthesis"), "action": "Voir la synthèse"}
        icon = "users" if moment.next_meeting.kind == MeetingKind.REGROUPEMENT else "calendar"
        return self._situation(NEXT, title, why, when=moment.next_date, day=moment.next_day, icon=icon, **way)

    def calendar_unknown(self):
        return self._situation(
            NEXT,
            "Le calendrier se prépare",
            f"Les dates s’afficheront ici dès que {self.moment.region} les aura fixées.",
            url=self.moment.calendar_url,
            action="Voir la cohorte",
            when=TO_CONFIRM,
        )


def is_reopened(row):
    """Whether a chapter of the path was transmitted, and is answered again since."""
    return bool(row.autodiag) and row.autodiag.is_reopened
