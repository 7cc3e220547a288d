"""The action plan as a table: what is late told kindly, filtered, counted."""

import re
from datetime import date

import pytest

from autodiag.enums import ActionStatus
from autodiag.services.plan import update_action
from caprse.base import clock
from cohorts.enums import Role, Visibility
from tests.plan_at_hand import add, read, sign_in, url_of, whole_plan
from tests.worlds import NEIGHBOUR, PRIVATE, World


@pytest.fixture
def ours(db):
    return World("ours")


def shown(page):
    """The part of a page under its filters."""
    return page.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page else ""


def test_actions_are_listed_by_due_day_the_undated_last(ours, client):
    for what, day in (("Sans date", None), ("En juin", date(2026, 6, 1)), ("En mars", date(2026, 3, 1))):
        add(ours, what, due_on=day)
    rows = shown(read(client, ours))
    assert rows.index("En mars") < rows.index("En juin") < rows.index("Sans date")
    assert "1er mars 2026" in rows


def test_each_action_says_what_who_when_where_it_is_and_how_one_will_know(ours, client):
    answer = ours.answer(1)
    add(
        ours,
        "Tenir un carnet",
        who="Samira",
        pilot=ours.user(Role.CONTRIBUTOR),
        due_on=date(2026, 1, 31),
        status=ActionStatus.BLOCKED,
        indicator="Dix remontées par mois",
        visibility=Visibility.FACILITATOR,
        criterion=answer.criterion,
    )
    row = next(row for row in shown(read(client, ours)).split("<tr>") if "Tenir un carnet" in row)
    name = ours.user(Role.CONTRIBUTOR).full_name
    told = ("Samira", f"Pilote : {name}", "31 janvier 2026", "Bloquée", "Le fournisseur a fermé", "Dix remontées")
    assert all(words in row for words in (*told, "partagée", f"Critère {answer.criterion.code}"))


def test_a_day_past_and_a_silence_are_told_kindly_and_not_for_what_is_over(ours, client):
    with clock.stopped(clock.at(date(2025, 6, 2), 9)):
        add(ours, "Muette")
        add(ours, "Passée", due_on=date(2025, 10, 12))
        add(ours, "Finie", due_on=date(2025, 10, 12), status=ActionStatus.DONE)
    rows = {row.split("</a>")[0].rsplit(">", 1)[-1]: row for row in shown(read(client, ours)).split("<tr>")[1:]}
    assert "Date passée depuis 23 jours, à reprendre quand vous pourrez" in rows["Passée"]
    assert "Sans nouvelles depuis le lundi 2 juin 2025" in rows["Muette"]
    assert "plan-note" not in rows["Finie"]


def test_the_totals_count_the_whole_plan(ours, client):
    add(ours, "Une", status=ActionStatus.BLOCKED)
    add(ours, "Deux", status=ActionStatus.DONE)
    add(ours, "Trois", due_on=date(2025, 11, 3))
    page = read(client, ours, query="?etat=done")
    stats = page.split('<dl class="stats')[1].split("</dl>")[0]
    told = dict(re.findall(r"<dt[^>]*>([^<]+)</dt><dd[^>]*>(\d+)</dd>", stats))
    assert told == {"à faire": "3", "en cours": "0", "bloquée": "1", "faite": "1", "en retard": "1"}


@pytest.mark.parametrize(
    ("query", "kept", "words"),
    [
        ("?etat=blocked", {"Bloquée ici"}, "bloquées"),
        ("?qui=Samira", {"Chez Samira"}, "Samira"),
        ("?qui=-", {"Bloquée ici", "Tardive", "Action gardée", "Action partagée"}, "à confier"),
        ("?chapitre=1", {"Action gardée"}, "chapitre 1"),
        ("?chapitre=2", {"Chez Samira"}, "chapitre 2"),
        ("?retard=1", {"Tardive"}, "en retard"),
        ("?silence=1", {"Action gardée", "Action partagée"}, "sans nouvelles"),
        ("?retard=1&qui=Samira", set(), "Samira, en retard"),
    ],
)
def test_filters_keep_what_they_say(ours, client, query, kept, words):
    add(ours, "Bloquée ici", status=ActionStatus.BLOCKED)
    add(ours, "Chez Samira", who="Samira", criterion=ours.answer(1).criterion)
    add(ours, "Tardive", due_on=date(2025, 11, 3))
    page = read(client, ours, query=query)
    rows = shown(page)
    names = ("Bloquée ici", "Chez Samira", "Tardive", "Action gardée", "Action partagée")
    assert {name for name in names if name in rows} == kept
    assert f"{len(kept)} sur 5</strong> : {words}." in page
    assert "Tout montrer" in page


@pytest.mark.parametrize(
    "query", ["?etat=nimporte", "?qui=Personne", "?chapitre=99999999999999999999", "?retard=oui", "?etat=%00", "?etat="]
)
def test_a_filter_that_says_nothing_filters_nothing(ours, client, query):
    page = read(client, ours, query=query)
    assert "Action partagée" in shown(page)
    assert "Tout montrer" not in page


@pytest.mark.parametrize("name", ["plan", "plan_board", "plan_calendar", "plan_timeline"])
def test_the_four_views_lead_to_each_other_with_their_filters(ours, client, name):
    page = read(client, ours, name, query="?etat=to_do")
    tabs = page.split('class="tabs"')[1].split("</ul>")[0]
    for other in ("plan", "plan_board", "plan_calendar", "plan_timeline"):
        assert f'href="{url_of(ours, other)}?etat=to_do"' in tabs
    here = next(part for part in tabs.split("<li>") if "aria-current" in part)
    assert url_of(ours, name) + "?" in here
    assert tabs.count("aria-current") == 1


@pytest.mark.parametrize("name", ["plan", "plan_board", "plan_calendar", "plan_timeline"])
def test_who_accompanies_reads_what_is_shared_in_every_view(ours, client, name):
    add(ours, f"Nommée {PRIVATE}", who=f"Qui {PRIVATE}", due_on=date(2025, 11, 12))
    page = read(client, ours, name, Role.FACILITATOR)
    assert "Action partagée" in page
    assert PRIVATE not in page
    assert NEIGHBOUR not in page
    assert "votre structure" not in page


@pytest.mark.parametrize("name", ["plan", "plan_board", "plan_calendar", "plan_timeline"])
@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.FACILITATOR])
def test_who_only_reads_finds_no_act(ours, client, name, role):
    page = read(client, ours, name, role)
    for act in ("Ajouter une action", "Déplacer", "Modifier plusieurs", "draggable", "data-board"):
        assert act not in page


@pytest.mark.parametrize("name", ["plan", "plan_board", "plan_calendar", "plan_timeline"])
def test_a_lapsed_structure_reads_every_view_and_changes_nothing(db, client, name):
    lapsed = World("lapsed")
    before = whole_plan(lapsed)
    page = read(client, lapsed, name)
    assert "Action gardée" in page
    assert "Ajouter une action" not in page
    assert "Déplacer" not in page
    action = lapsed.participation.actions.first()
    move = url_of(lapsed, "action_move", action_id=action.public_id)
    assert client.post(move, {"status": "done", "revision": action.revision}).status_code == 403
    chosen = f"{action.public_id}:{action.revision}"
    bulk = {"action": chosen, "change": "who", "who": "Moi", "confirmed": "1"}
    assert client.post(url_of(lapsed, "plan_bulk"), bulk).status_code == 403
    assert whole_plan(lapsed) == before


@pytest.mark.parametrize("name", ["plan", "plan_board", "plan_calendar", "plan_timeline"])
def test_a_plan_without_actions_says_so_and_offers_one_act(ours, client, name):
    empty = ours.participation.__class__.objects.with_context().get(
        organisation=ours.organisation, cohort__slug="permanente"
    )
    world = World("ours")
    world.participation = empty
    page = read(client, world, name)
    assert "Pas encore d’action" in page
    assert page.count('class="btn btn--primary"') == 1
    assert "<table" not in page


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["plan", "plan_board", "plan_calendar", "plan_timeline"])
def test_a_view_costs_the_same_with_one_or_three_more_actions(ours, client, queries, name, count):
    for rank in range(count):
        action = add(ours, f"Une de plus {rank}", criterion=ours.answer(1).criterion, due_on=date(2025, 11, 12))
        pilot = ours.user(Role.CONTRIBUTOR)
        update_action(action=action, revision=0, by=ours.actor(Role.REFERENT), pilot=pilot)
    sign_in(client, ours)
    with queries(8):
        page = client.get(url_of(ours, name)).content.decode()
    assert page.count("Une de plus ") >= count
