"""Getting a cohort under way: what is done and what is left, one line each."""

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from caprse.base import clock
from caprse.base.access import Audience, open_to
from caprse.base.text import month_in_words, plural
from caprse.views.boards import standing_of
from cohorts.access import coordinated_cohort_or_404
from cohorts.calendars import ROUND_DAYS
from cohorts.models import Meeting
from cohorts.places import Place
from cohorts.roles import Permission
from cohorts.views.participants import roster_of

TO_DO, LEFT = ("not_started", "À faire"), ("to_review", "À compléter")
WAITS, DONE = ("in_progress", "En attente"), ("done", "Fait")


@dataclass(frozen=True)
class Line:
    """One thing to do. `mark` is a state of the look and its word; `says` where it stands, in a sentence."""

    title: str
    says: str
    mark: tuple
    url: str


@open_to(Audience.REGION_ADMIN)
@require_GET
def cohort_setup(request, region, slug):
    """The task list of whoever organises a cohort."""
    cohort = coordinated_cohort_or_404(request.actor, Permission.ORGANISE, region, slug)
    request.place = Place.of_cohort(cohort)
    meetings = list(Meeting.objects.visible_to(request.actor).filter(cohort=cohort).order_by("position"))
    people = reverse("cohort_participants", args=[region, slug])
    roster = roster_of(request.actor, cohort)
    lines = [
        Line("Le calendrier", *calendar_line(meetings), reverse("cohort_calendar", args=[region, slug])),
        Line("Les structures", *structures_line(roster), f"{people}#structures"),
        Line("L’accompagnement", *facilitators_line(roster), f"{people}#accompagnement"),
        Line("Le national et les partenaires", *partners_line(roster, cohort), f"{people}#partenaires"),
        Line("Les personnes invitées", *invited_line(roster, clock.now()), f"{people}#invitations"),
    ]
    convention = standing_of(request.actor, cohort)
    to_send = convention is not None and convention.waits_to_be_sent
    left = to_send or any(line.mark not in (DONE, WAITS) for line in lines)
    context = {"cohort": cohort, "lines": lines, "left": left, "convention": convention}
    return render(request, "caprse/setup.html", context)


def calendar_line(meetings):
    """Done when every visio and every regroupement has its day: rounds open and close with them."""
    if not meetings:
        return "Aucune étape : chaque structure avance à son rythme.", DONE
    known = [meeting.day for meeting in meetings if meeting.day]
    said = f"{len(meetings)} {plural(len(meetings), 'étape', 'étapes')}"
    if known:
        said += f", entre {month_in_words(min(known))} et {month_in_words(max(known))}"
    vague = sum(meeting.kind in ROUND_DAYS and not meeting.is_certain for meeting in meetings)
    if vague:
        return (
            f"{said}. {vague} {plural(vague, 'date reste', 'dates restent')} à fixer pour ouvrir les chapitres.",
            LEFT,
        )
    return f"{said}.", DONE


def structures_line(roster):
    rows = roster.structures
    if not rows:
        return "Aucune structure pour l’instant.", TO_DO
    said = [f"{len(rows)} {plural(len(rows), 'structure', 'structures')}"]
    alone = sum(not row.referents for row in rows)
    closed = sum(not row.adhesion_valid for row in rows)
    if alone:
        said.append(f"{alone} sans référent·e")
    if closed:
        said.append(f"{closed} sans adhésion à jour")
    return ", ".join(said) + ".", LEFT if alone or closed else DONE


def facilitators_line(roster):
    names = [membership.user.full_name for membership in roster.facilitators]
    if names:
        return ", ".join(names) + ".", DONE
    if roster.invited:
        return "Personne n’a encore accepté son invitation.", WAITS
    return "Personne n’accompagne encore cette cohorte.", TO_DO


def partners_line(roster, cohort):
    """Nobody is missing where there is nothing to sign."""
    if not roster.partners and not cohort.needs_clearance:
        return "Personne. Cette cohorte ne demande aucune convention.", DONE
    if not roster.partners:
        return "Personne pour l’instant. La convention les demande parmi ses parties.", TO_DO
    return ", ".join(row.organisation.legal_name for row in roster.partners) + ".", DONE


def invited_line(roster, now):
    """Invitations nobody answered; those whose time is over have to be sent again."""
    waiting = len(roster.pending)
    if not waiting:
        return "Aucune réponse n’est attendue.", DONE
    over = sum(invitation.expires_at < now for invitation in roster.pending)
    said = f"{waiting} {plural(waiting, 'invitation attend', 'invitations attendent')} une réponse"
    return (f"{said}, dont {over} à renvoyer.", LEFT) if over else (f"{said}.", WAITS)
