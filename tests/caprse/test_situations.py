"""The first block of home, role by role and moment by moment: one sentence, one link, one date.

The table is written by hand. Each situation is built in the database, through the services and the clock, then read
on the page itself.
"""

from datetime import date

import pytest
from django.urls import reverse

from autodiag.enums import Decision
from autodiag.models import Submission
from autodiag.services.reviews import review
from caprse.base import clock
from cohorts.enums import CohortKind, OpeningCondition
from cohorts.models import User
from cohorts.services import cohorts, schedule
from cohorts.services.relays import relay_need
from conventions.models import Signatory
from tests.caprse.home_page import home_of, main_block
from tests.worlds_conventions import sign_as
from tests.worlds_situations import Eve

pytestmark = pytest.mark.django_db

REFERENT, CONTRIBUTOR, BOARD, LEGAL = "referent", "contributor", "board_member", "legal_representative"
FACILITATOR, ADMIN, PARTNER = "facilitator", "region_admin", "partner"
BEFORE, KICKED_OFF, OPEN = date(2025, 11, 5), date(2026, 1, 8), date(2026, 1, 20)
LAST_DAYS, CLOSED, LATER = date(2026, 3, 9), date(2026, 3, 11), date(2026, 3, 12)
OVER, FEBRUARY, MARCH = date(2026, 7, 1), date(2026, 2, 9), date(2026, 3, 2)


# --- What is built, beyond the eve -----------------------------------------------------------------------------


def begun(eve):
    eve.begin()


def answered(eve):
    eve.begin(count=None)


def transmitted(eve):
    eve.transmit()


def read_by_the_team(eve):
    eve.transmit()
    sent = Submission.objects.get(participation=eve.path)
    review(submission=sent, decision=Decision.NOTED, text="", by=User.objects.get(email="facilitator@eve.example.org"))


def begun_with_a_delay(eve):
    eve.begin().extend()


def ended(eve):
    eve.end()


def signs_herself(eve):
    """The référente is also the legal representative who signs for her structure."""
    signatory = Signatory.objects.current().get(party__convention=eve.convention, user=eve.user(LEGAL))
    Signatory.objects.filter(pk=signatory.pk).update(user=eve.user(REFERENT))


def delegation_signs(eve):
    with clock.stopped(clock.at(date(2025, 11, 4), 10)):
        sign_as(Signatory.objects.current().with_context().get(user=eve.user(ADMIN)))


def need_relayed(eve):
    with clock.stopped(clock.at(date(2025, 11, 4), 10)):
        relay_need(cohort=eve.cohort, organisation=eve.partner, title="Une formation", by=eve.user(ADMIN))


def permanent_too(eve):
    """Le Cap is open to the structure as well, at any time."""
    cohort = cohorts.create_cohort(
        region=eve.region,
        slug="en-continu",
        name="En continu",
        kind=CohortKind.PERMANENT,
        version=eve.cohort.version,
        starts_on=date(2025, 11, 3),
        condition=OpeningCondition.NONE,
    )
    schedule.open_round(cohort=cohort, chapter=cohort.version.chapters.first(), opens_on=date(2025, 11, 3))
    cohorts.add_structure(cohort=cohort, organisation=eve.path.organisation)


SAME = {}  # the eve itself: chapters are cleared, the pair is named
# who, on which day, from which eve, after what: the sentence, the link, the date.
TABLE = {
    "référente, clause not accepted": (
        (REFERENT, BEFORE, {"clause": False}, None),
        ("Lire et accepter la clause de non-diffusion", "clause", "En vigueur depuis le mercredi 1er janvier 2025"),
    ),
    "référente, before the first date": (
        (REFERENT, BEFORE, SAME, None),
        ("La cohorte n’a pas encore commencé", "cohort", "Prochaine date : mardi 2 décembre 2025"),
    ),
    "référente, no calendar yet": (
        (REFERENT, BEFORE, {"calendar": False}, None),
        ("Le calendrier se prépare", "cohort", "Date à confirmer"),
    ),
    "référente, pair to name": (
        (REFERENT, BEFORE, {"pair": False}, None),
        ("Nommer votre binôme", "pair", "Prochaine journée : mardi 2 décembre 2025"),
    ),
    "référente, convention not sent yet": (
        (REFERENT, OPEN, {"convention": "draft"}, None),
        (
            "La convention d’engagements se prépare",
            "participation",
            "Chapitre 1 au calendrier depuis le mardi 13 janvier 2026",
        ),
    ),
    "référente, convention awaited from others": (
        (REFERENT, KICKED_OFF, {"convention": "own"}, None),
        (
            "La convention attend encore 3 signatures",
            "convention",
            "Envoyée le lundi 3 novembre 2025. Chapitre 1 : ouverture le mardi 13 janvier 2026",
        ),
    ),
    "référente who signs herself": (
        (REFERENT, BEFORE, {"convention": "sent"}, signs_herself),
        ("Lire et signer la convention d’engagements", "convention", "Envoyée le lundi 3 novembre 2025"),
    ),
    "référente, chapter opens soon": (
        (REFERENT, KICKED_OFF, SAME, None),
        ("Le chapitre 1 s’ouvre bientôt", "participation", "Ouvre le mardi 13 janvier 2026"),
    ),
    "référente, chapter open, not begun": (
        (REFERENT, OPEN, SAME, None),
        ("Commencer le chapitre 1", "participation", "Avant la fin du mardi 10 mars 2026"),
    ),
    "référente, chapter in progress": (
        (REFERENT, OPEN, SAME, begun),
        ("Continuer le chapitre 1", "autodiag", "Avant la fin du mardi 10 mars 2026"),
    ),
    "référente, in progress, with a delay of her own": (
        (REFERENT, LATER, SAME, begun_with_a_delay),
        ("Continuer le chapitre 1", "autodiag", "Avant la fin du vendredi 20 mars 2026"),
    ),
    "référente, all answered": (
        (REFERENT, FEBRUARY, SAME, answered),
        ("Relire le chapitre 1 et le transmettre", "autodiag_submit", "Avant la fin du mardi 10 mars 2026"),
    ),
    "référente, transmitted, before the regroupement": (
        (REFERENT, FEBRUARY, SAME, transmitted),
        (
            "Chapitre 1 transmis. Prochaine étape : regroupement 1",
            "synthesis",
            "Prochaine date : mardi 10 mars 2026",
        ),
    ),
    "référente, chapter closed without transmission": (
        (REFERENT, CLOSED, SAME, begun),
        (
            "Le chapitre 1 a fermé sans être transmis",
            "autodiag",
            "Fermé depuis la fin du mardi 10 mars 2026",
        ),
    ),
    "référente, between two chapters": (
        (REFERENT, CLOSED, SAME, transmitted),
        ("Le chapitre 2 attend sa date", "participation", "Ouverture : au printemps ?"),
    ),
    "référente, convention ended": (
        (REFERENT, MARCH, {"convention": "signed"}, ended),
        ("La convention a pris fin, votre plan d’actions continue", "plan", "Depuis le vendredi 27 février 2026"),
    ),
    "référente, course over": (
        (REFERENT, OVER, {"ends_on": date(2026, 6, 30)}, transmitted),
        ("Le parcours est terminé, votre plan d’actions continue", "plan", "Depuis le mardi 30 juin 2026"),
    ),
    "référente, permanent path beside a cohort that waits": (
        (REFERENT, BEFORE, {"convention": "own"}, permanent_too),
        ("Commencer le chapitre 1", "permanent", "Sans date limite, à votre rythme"),
    ),
    "contributor, chapter open": (
        (CONTRIBUTOR, OPEN, SAME, begun),
        ("Continuer le chapitre 1", "autodiag", "Avant la fin du mardi 10 mars 2026"),
    ),
    "contributor, all answered": (
        (CONTRIBUTOR, FEBRUARY, SAME, answered),
        ("Relire le chapitre 1", "autodiag", "Avant la fin du mardi 10 mars 2026"),
    ),
    "board member, chapter under way": (
        (BOARD, OPEN, SAME, begun),
        ("Chapitre 1 en cours : 2 critères sur 4", "autodiag", "Ouvert jusqu’au mardi 10 mars 2026"),
    ),
    "legal representative, to sign": (
        (LEGAL, BEFORE, {"convention": "sent"}, None),
        ("Lire et signer la convention d’engagements", "convention", "Envoyée le lundi 3 novembre 2025"),
    ),
    "legal representative, has signed": (
        (LEGAL, BEFORE, {"convention": "own"}, None),
        (
            "La convention attend encore 3 signatures",
            "convention",
            "Envoyée le lundi 3 novembre 2025. Chapitre 1 : ouverture le mardi 13 janvier 2026",
        ),
    ),
    "facilitator, cohort being prepared": (
        (FACILITATOR, BEFORE, {"convention": "draft"}, None),
        ("La cohorte se prépare", "cohort", "Commence le mardi 2 décembre 2025"),
    ),
    "facilitator, signatures awaited": (
        (FACILITATOR, BEFORE, {"convention": "own"}, None),
        ("3 signatures sont encore attendues", "convention", "Envoyée le lundi 3 novembre 2025"),
    ),
    "facilitator, before the first date": (
        (FACILITATOR, BEFORE, SAME, None),
        ("La cohorte n’a pas encore commencé", "cohort_board", "Prochaine date : mardi 2 décembre 2025"),
    ),
    "facilitator, chapter open": (
        (FACILITATOR, OPEN, SAME, None),
        ("Chapitre 1 : 0 structure sur 1 l’a transmis", "cohort_board", "Chapitre 1 : ferme le mardi 10 mars 2026"),
    ),
    "facilitator, somebody needs help": (
        (FACILITATOR, LAST_DAYS, SAME, begun),
        ("1 structure a besoin d’aide", "cohort_board", "Chapitre 1 : ferme le mardi 10 mars 2026"),
    ),
    "facilitator, all transmitted": (
        (FACILITATOR, FEBRUARY, SAME, read_by_the_team),
        ("Prochaine étape : Regroupement 1", "cohort_board", "Prochaine date : mardi 10 mars 2026"),
    ),
    "coordinator, convention not begun": (
        (ADMIN, BEFORE, {"convention": "none"}, None),
        ("La cohorte se prépare", "cohort_setup", "Commence le mardi 2 décembre 2025"),
    ),
    "coordinator, convention being written": (
        (ADMIN, BEFORE, {"convention": "draft"}, None),
        ("Finir la convention d’engagements", "convention_edit", "Avant la fin du mardi 2 décembre 2025"),
    ),
    "coordinator, convention to send": (
        (ADMIN, BEFORE, {"convention": "frozen"}, None),
        ("Envoyer la convention d’engagements", "convention", "Avant la fin du mardi 2 décembre 2025"),
    ),
    "coordinator, signatures awaited, her own given": (
        (ADMIN, BEFORE, {"convention": "sent"}, delegation_signs),
        ("Suivre les signatures de la convention", "convention", "Envoyée le lundi 3 novembre 2025"),
    ),
    "coordinator, before the first date": (
        (ADMIN, BEFORE, SAME, None),
        ("La cohorte n’a pas encore commencé", "cohort_board", "Prochaine date : mardi 2 décembre 2025"),
    ),
    "coordinator, cohort running": (
        (ADMIN, OPEN, SAME, begun),
        ("1 structure a besoin d’aide", "cohort_board", "Chapitre 1 : ferme le mardi 10 mars 2026"),
    ),
    "partner, next date": (
        (PARTNER, BEFORE, SAME, None),
        ("La cohorte n’a pas encore commencé", "cohort", "Prochaine date : mardi 2 décembre 2025"),
    ),
    "partner, a date in the calendar’s own words": (
        (PARTNER, CLOSED, SAME, None),
        ("Prochaine étape : Visio 2", "cohort", "Prochaine date : au printemps ?"),
    ),
    "partner, to sign": (
        (PARTNER, BEFORE, {"convention": "sent"}, None),
        ("Lire et signer la convention d’engagements", "convention", "Envoyée le lundi 3 novembre 2025"),
    ),
    "partner, need to answer": (
        (PARTNER, BEFORE, SAME, need_relayed),
        ("Répondre à un besoin relayé", "need_answer", "Relayé le mardi 4 novembre 2025"),
    ),
}


def links_of(eve):
    """The addresses the table names."""
    region, path = eve.region.slug, eve.path
    autodiag = getattr(eve, "autodiag", None)
    links = {
        "clause": reverse("clause"),
        "cohort": eve.cohort.get_absolute_url(),
        **{name: reverse(name, args=[region, eve.cohort.slug]) for name in ("cohort_board", "cohort_setup")},
        **{name: reverse(name, args=[region, path.public_id]) for name in ("participation", "pair", "plan")},
    }
    if autodiag:
        links |= {name: autodiag.url(name) for name in ("autodiag", "autodiag_submit", "synthesis")}
    convention = eve.cohort.conventions.order_by("pk").last()
    if convention:
        links |= {
            name: reverse(name, args=[region, convention.public_id]) for name in ("convention", "convention_edit")
        }
    other = path.organisation.participations.exclude(pk=path.pk).select_related("cohort__region").first()
    if other:
        links["permanent"] = other.get_absolute_url()
    need = eve.cohort.needs.first()
    if need:
        links["need_answer"] = reverse("need_answer", args=[need.public_id])
    return links


@pytest.mark.parametrize("case", TABLE)
def test_home_says_what_where_and_when(client, case):
    (role, day, eve, act), (sentence, link, when) = TABLE[case]
    eve = Eve(**eve)
    if act:
        act(eve)
    page = home_of(client, eve.user(role), day)
    assert main_block(page) == (sentence, links_of(eve)[link], when)
    assert "MARQUE" not in page
