"""Where a cohort stands, for whoever accompanies its structures. Pure: no query."""

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
    Situation,
    enumerated,
    in_sentence,
    sent_on,
)
from conventions.enums import ConventionState

NOT_SENT = (None, ConventionState.DRAFT, ConventionState.FREEZING, ConventionState.FROZEN, ConventionState.CANCELLED)


def of_cohort(moment, rows, coordinates):
    """The situation of a cohort one accompanies: the first that applies.

    `rows` are those of its board; `coordinates`: whether the person also organises it.
    """
    return CohortMoment(moment, rows, coordinates).told()


class CohortMoment:
    """One cohort on one day."""

    def __init__(self, moment, rows, coordinates):
        self.moment, self.cohort, self.rows, self.coordinates = moment, moment.cohort, rows, coordinates
        self.to_help = sum(bool(row.reasons) for row in rows)

    def told(self):
        moments = (self.over, self.being_prepared, self.signatures_awaited, self.running, self.permanent, self.to_come)
        return next(found for found in (one() for one in moments) if found)

    def _situation(self, rank, title, why, **fields):
        board = reverse("cohort_board", args=[self.cohort.region.slug, self.cohort.slug])
        return Situation(
            rank=rank,
            title=title,
            why=why,
            kicker=self.cohort.name,
            cohort_id=self.cohort.pk,
            **{"url": board, "action": "Voir les structures", "icon": "clock", **fields},
        )

    def over(self):
        if not self.moment.ended:
            return None
        return self._situation(
            OVER,
            "La cohorte est arrivée au bout",
            "Les plans d’actions des structures continuent.",
            when=self.moment.ended,
            icon="star",
        )

    def being_prepared(self):
        if self.moment.agreement is None or self.moment.state not in NOT_SENT:
            return None
        today, starts_on = self.moment.today, self.cohort.starts_on
        when = f"{'Commence' if starts_on >= today else 'Commencée'} le {date_in_words(starts_on)}"
        fields = {"when": when, "day": starts_on, "icon": "flag"}
        if self.coordinates:
            url = reverse("cohort_setup", args=[self.cohort.region.slug, self.cohort.slug])
            return self._situation(
                WAITING,
                "La cohorte se prépare",
                "Calendrier, structures, invitations, convention : voyez ce qu’il reste à faire.",
                url=url,
                action="Poursuivre la préparation",
                **fields,
            )
        return self._situation(
            WAITING,
            "La cohorte se prépare",
            f"{self.moment.region[:1].upper()}{self.moment.region[1:]} n’a pas encore envoyé la convention d’engagements : "
            "les chapitres s’ouvrent une fois qu’elle est signée.",
            url=self.moment.calendar_url,
            action="Voir la cohorte",
            **fields,
        )

    def signatures_awaited(self):
        if self.moment.state != ConventionState.OPEN or not self.moment.agreement.awaited:
            return None
        agreement = self.moment.agreement
        count = len(agreement.awaited)
        return self._situation(
            WAITING,
            plural(count, "Une signature est encore attendue", f"{count} signatures sont encore attendues"),
            f"On attend {enumerated([party.name for party in agreement.awaited])}. Les chapitres s’ouvrent ensuite.",
            url=agreement.convention.get_absolute_url(),
            action="Voir qui a signé",
            when=sent_on(agreement.convention),
            icon="clock",
        )

    def running(self):
        """A chapter is open, or some structures need help."""
        cells = self._cells_of_the_open_chapter()
        if self.moment.is_permanent or not (cells or self.to_help):
            return None
        title = f"Chapitre {cells[0].number} : {self._transmitted(cells)}" if cells else ""
        why = self._at_work(cells)
        if self.to_help:
            why = f"{title}. {why} Le tableau dit qui, et pourquoi." if cells else "Le tableau dit qui, et pourquoi."
            title = plural(self.to_help, "1 structure a besoin d’aide", f"{self.to_help} structures ont besoin d’aide")
        closing = min((cell.closes_on for cell in cells if cell.closes_on and not cell.extended), default=None)
        if closing:
            when = f"Chapitre {cells[0].number} : ferme le {date_in_words(closing)}"
        elif cells:
            when = f"Fin du chapitre {cells[0].number} : {in_sentence(TO_CONFIRM)}"
        else:
            when = self.moment.next_date
        rank = HELP if self.to_help else OPEN
        return self._situation(rank, title, why, when=when, day=closing or date.max, urgent=bool(self.to_help))

    def _cells_of_the_open_chapter(self):
        """The cells of the latest chapter that is open for anybody, structures it does not concern apart."""
        numbers = [cell.number for row in self.rows for cell in row.cells if cell.is_open]
        latest = max(numbers, default=None)
        return [cell for row in self.rows for cell in row.cells if cell.number == latest and cell.state != "before"]

    @staticmethod
    def _transmitted(cells):
        done, total = sum(cell.state == "done" for cell in cells), len(cells)
        return f"{done} {plural(done, 'structure', 'structures')} sur {total} {plural(done, 'l’a', 'l’ont')} transmis"

    @staticmethod
    def _at_work(cells):
        """Who is at work on a chapter and who has not begun, by number."""
        begun = sum(cell.state == "in_progress" for cell in cells)
        not_begun = sum(cell.state in ("not_started", "waiting") for cell in cells)
        said = []
        if begun:
            said.append(f"{begun} y {plural(begun, 'travaille', 'travaillent')}")
        if not_begun:
            said.append(f"{not_begun} {plural(not_begun, 'ne l’a pas commencé', 'ne l’ont pas commencé')}")
        return f"{', '.join(said)}." if said else ""

    def permanent(self):
        if not self.moment.is_permanent:
            return None
        count = len(self.rows)
        title = plural(count, f"{count} structure avance à son rythme", f"{count} structures avancent à leur rythme")
        return self._situation(
            STANDING, title, "Ce parcours est ouvert en permanence.", when="Sans date limite", icon="leaf"
        )

    def to_come(self):
        if self.moment.next_meeting is None:
            return self._situation(
                NEXT,
                "Le calendrier se prépare",
                "Aucune étape n’a encore de date.",
                url=self.moment.calendar_url,
                action="Voir la cohorte",
                when=TO_CONFIRM,
                icon="calendar",
            )
        title, why = self.moment.starting()
        return self._situation(NEXT, title, why, when=self.moment.next_date, day=self.moment.next_day, icon="calendar")
