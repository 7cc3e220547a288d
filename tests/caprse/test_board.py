"""The board of a cohort: every structure, who needs help first, what each cell says."""

from datetime import date

import pytest
from django.urls import reverse

from autodiag.models import Action, Autodiag
from caprse.base import clock
from cohorts.enums import ClearanceKind, CohortKind, OpeningCondition, Role
from cohorts.models import Adhesion, Clearance, Cohort, Membership
from cohorts.services import cohorts, people
from cohorts.services.delays import adjust_round
from tests.worlds import PRIVATE, World
from tests.worlds_organising import page

BOARD = reverse("cohort_board", args=["ici", "cohorte"])


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def board(ours, client):
    """The page read by who accompanies the cohort, with plain spaces."""
    client.force_login(ours.user(Role.FACILITATOR))
    return lambda: page(client.get(BOARD))


def row_of(shown, name):
    """The row of one structure in the table."""
    return next(row for row in shown.split("<tr>") if f">{name}</a>" in row and "data-label" in row)


def help_of(shown, name):
    """What the top of the page says of one structure; None when it is not there."""
    blocks = shown.split("help-title")[-1].split("<table")[0].split('<li class="help">')
    return next((block for block in blocks if f">{name}</a>" in block), None)


def test_a_row_says_score_progress_actions_activity_and_next_date(ours, board):
    row = row_of(board(), "Notre structure")
    assert 'mark--done">Oui' in row
    assert f'href="{ours.submitted.url("synthesis")}">Transmis</a> <strong class="num nowrap">1,3</strong>' in row
    assert f'href="{ours.draft.get_absolute_url()}">En cours</a> <span class="soft num nowrap">2 sur 4' in row
    assert '<span class="num">1</span>' in row
    assert "Lundi 20 octobre 2025" in row
    assert "Mardi 9 décembre 2025" in row
    assert "fin du chapitre 2" in row
    assert "délai" not in row


def test_only_shared_actions_count_and_the_late_ones_are_a_reason(ours, board):
    Action.objects.filter(participation=ours.participation).update(due_on=date(2025, 10, 31))
    shown = board()
    assert "1 action partagée a dépassé sa date, le vendredi 31 octobre 2025." in help_of(shown, "Notre structure")
    assert PRIVATE not in shown


def test_who_needs_help_comes_first_with_its_reasons(ours, board):
    shown = board()
    lapsed = help_of(shown, "Structure échue")
    assert "L’adhésion a pris fin le dimanche 31 août 2025 : les outils sont fermés à la structure." in lapsed
    assert "Les réponses du chapitre 2 sont toutes d’une même personne" in help_of(shown, "Notre structure")
    assert shown.index("Structure échue") < shown.index("Notre structure")
    assert reverse("notes", args=["ici", World("lapsed").participation.public_id]) in lapsed
    table = shown.split("Toutes les structures")[1]
    assert table.index("Structure échue") < table.index("Notre structure")
    assert "Adhésion à renouveler" in row_of(shown, "Structure échue")
    assert "son adhésion au réseau n’est plus valable" in shown


def test_a_closed_chapter_leads_to_a_delay_and_the_delay_takes_it_away(ours, board):
    ours.cohort.rounds.filter(chapter__number=2).update(closes_on=date(2025, 11, 1))
    told = help_of(board(), "Notre structure")
    assert "Le chapitre 2 a fermé le samedi 1er novembre 2025, il y a 3 jours, sans être transmis" in told
    assert reverse("round_adjust", args=["ici", ours.participation.public_id, 2]) in told
    adjust_round(
        round=ours.round(2),
        participation=ours.participation,
        closes_on=date(2025, 12, 15),
        reason="Motif",
        by=ours.user(Role.FACILITATOR),
    )
    shown = board()
    assert "a fermé" not in help_of(shown, "Notre structure")
    assert "Délai jusqu’au lundi 15 décembre 2025" in row_of(shown, "Notre structure")
    assert "fin du chapitre 2, délai accordé" in row_of(shown, "Notre structure")


def test_without_clearance_it_waits_for_the_convention(ours, board):
    Clearance.objects.filter(participation=ours.participation).delete()
    shown = board()
    assert "mais la convention n’est pas en vigueur pour la structure" in help_of(shown, "Notre structure")
    assert 'mark--late">Convention attendue' in row_of(shown, "Notre structure")


def test_nobody_is_referent(ours, board):
    Membership.objects.filter(organisation=ours.organisation, role=Role.REFERENT).update(until=date(2025, 11, 3))
    assert "Personne n’est référent·e CAP RSE" in help_of(board(), "Notre structure")


def test_a_chapter_not_begun_counts_from_the_day_it_could_be(ours, board):
    """A structure cleared yesterday is not late, wherever the chapter's own days are."""
    lapsed = World("lapsed")
    Adhesion.objects.filter(organisation=lapsed.organisation).update(until=None)
    assert "ouvert à la structure depuis 21 jours" in help_of(board(), "Structure échue")
    Clearance.objects.filter(participation=lapsed.participation, kind=ClearanceKind.CONVENTION).update(
        since=date(2025, 11, 3)
    )
    assert "ouvert à la structure" not in (help_of(board(), "Structure échue") or "")


def test_without_any_reason_the_page_is_calm(ours, client):
    cohort = Cohort.objects.get(region__slug="ici", slug="permanente")
    cohort.rounds.update(opens_on=date(2025, 11, 1))
    client.force_login(ours.user(Role.REGION_ADMIN))
    shown = page(client.get(reverse("cohort_board", args=["ici", "permanente"])))
    assert "Aucune structure n’a besoin d’aide aujourd’hui" in shown
    assert "Pas commencé" in row_of(shown, "Notre structure")


def test_a_cohort_without_structure_says_so(ours, client):
    cohorts.create_cohort(
        region=ours.cohort.region,
        slug="vide",
        name="Vide",
        kind=CohortKind.DATED,
        version=ours.cohort.version,
        starts_on=date(2026, 1, 6),
        condition=OpeningCondition.NONE,
    )
    client.force_login(ours.user(Role.REGION_ADMIN))
    assert "Aucune structure pour l’instant" in page(client.get(reverse("cohort_board", args=["ici", "vide"])))


def test_a_structure_that_left_is_not_there(ours, board):
    World("lapsed").participation.__class__.objects.filter(pk=World("lapsed").participation.pk).update(
        left_on=clock.today()
    )
    assert "Structure échue" not in board()


def test_the_cohort_page_leads_to_it_and_only_for_who_accompanies(ours, client):
    for role, shown in ((Role.FACILITATOR, True), (Role.REGION_ADMIN, True), (Role.REFERENT, False)):
        client.force_login(ours.user(role))
        text = page(client.get(ours.cohort.get_absolute_url()))
        assert (BOARD in text) is shown
        assert ("3 structures dans cette cohorte" in text) is shown


@pytest.mark.parametrize("role", [Role.REFERENT, Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE])
def test_a_structure_does_not_see_it(ours, client, role):
    client.force_login(ours.user(role))
    response = client.get(BOARD)
    assert response.status_code == 403
    assert "Structure échue" not in page(response)


def test_a_facilitator_of_another_cohort_who_belongs_to_a_structure_is_told_why(ours, client):
    user = ours.user(Role.REFERENT)
    other = Cohort.objects.get(region__slug="ici", slug="permanente")
    people.give_role(user=user, role=Role.FACILITATOR, cohort=other)
    client.force_login(user)
    response = client.get(BOARD)
    assert response.status_code == 403
    assert "voir l’avancement de toutes les structures de la cohorte" in page(response)


def test_for_a_stranger_it_does_not_exist_and_it_is_only_read(ours, client):
    client.force_login(World("stranger").user(Role.FACILITATOR))
    assert client.get(BOARD).status_code == 404
    client.force_login(ours.user(Role.FACILITATOR))
    before = Autodiag.objects.count()
    assert client.post(BOARD).status_code == 405
    assert Autodiag.objects.count() == before
