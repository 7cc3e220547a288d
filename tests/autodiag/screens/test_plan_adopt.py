"""The adoption of a plan on the screen: noted, listed, read again, compared; the structure's alone."""

import gzip
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from autodiag.enums import ActionStatus
from autodiag.models import Action, PlanAdoption
from autodiag.services.plan import create_action, update_action
from caprse.base.models import Download
from cohorts.enums import CohortKind, Role
from cohorts.models import Participation
from tests.test_access_matrix import contents
from tests.worlds import World
from tests.worlds_planning import DECISION

ADOPTERS = (Role.REFERENT, Role.LEGAL_REPRESENTATIVE)
READERS = (Role.CONTRIBUTOR, Role.BOARD_MEMBER)
TEAM = (Role.FACILITATOR, Role.REGION_ADMIN)


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world, name, *args):
    return reverse(name, args=[world.participation.cohort.region.slug, world.participation.public_id, *args])


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def form_of(client, world):
    """What a browser sends once the page is filled in."""
    page = client.get(url_of(world, "plan_adopt")).content.decode()
    shown = page.partition('name="shown" value="')[2].partition('"')[0]
    return {"shown": shown, "adopted_on": "2025-11-03", "body": "board", "note": "À l’unanimité"}


def add(world, what, **fields):
    return create_action(participation=world.participation, by=world.actor(Role.CONTRIBUTOR), what=what, **fields)


@pytest.mark.parametrize("role", ADOPTERS)
def test_a_plan_is_shown_as_it_will_be_kept_then_adopted_with_its_decision(ours, client, role):
    add(ours, "Former", steps=["Choisir la date"], due_on=date(2026, 6, 30))
    sign_in(client, ours, role)
    page = text_of(client.get(url_of(ours, "plan_adopt")))
    for told in ("Former", "Choisir la date", "mardi 30 juin 2026", "Visible par votre structure seulement"):
        assert told in page
    decision = SimpleUploadedFile("pv.txt", b"Adopte", "text/plain")
    response = client.post(url_of(ours, "plan_adopt"), {**form_of(client, ours), "decision": decision}, follow=True)
    made = PlanAdoption.objects.get(note="À l’unanimité")
    assert response.redirect_chain == [(url_of(ours, "plan_adoption", made.number), 302)]
    page = text_of(response)
    for told in (
        "Plan adopté le lundi 3 novembre 2025",
        "Par le conseil d’administration",
        "pv.txt",
        "Rien n’a changé",
    ):
        assert told in page
    assert made.content_hash[:12] in page
    assert "Inchangé depuis" in page


def test_a_plan_that_changed_meanwhile_is_shown_again_with_what_changed_and_nothing_typed_is_lost(ours, client):
    sign_in(client, ours, Role.REFERENT)
    form = form_of(client, ours)
    add(ours, "Arrivée entre-temps")
    update_action(action=ours.action, revision=ours.action.revision, by=ours.actor(Role.CONTRIBUTOR), who="Une autre")
    before = contents()
    decision = SimpleUploadedFile("pv.txt", b"Adopte", "text/plain")
    response = client.post(url_of(ours, "plan_adopt"), {**form, "decision": decision})
    page = text_of(response)
    assert response.status_code == 409
    moved = page.partition("Le plan a changé depuis que vous l’avez lu")[2].partition("</section>")[0]
    assert "Arrivée entre-temps" in moved
    assert ours.action.what in moved
    assert "Action partagée" not in moved
    for typed in ("À l’unanimité", 'value="2025-11-03"', "Choisissez de nouveau votre fichier"):
        assert typed in page
    assert contents() == before
    again = {**form, "shown": page.partition('name="shown" value="')[2].partition('"')[0]}
    assert client.post(url_of(ours, "plan_adopt"), again).status_code == 302


REFUSED = {
    "tomorrow": ({"adopted_on": "2025-11-05"}, "n’est pas encore venu"),
    "no day": ({"adopted_on": ""}, "Donnez le jour"),
    "impossible": ({"adopted_on": "31/02/2025"}, "Cette date n’existe pas"),
    "year": ({"adopted_on": "0205-01-01"}, "Vérifiez l’année"),
    "nobody": ({"body": ""}, "Dites qui a adopté"),
    "somebody else": ({"body": "le chat"}, "Dites qui a adopté"),
    "null": ({"note": "a\x00b"}, "À corriger"),
    "novel": ({"note": "x" * 20_000}, "le maximum est de 10"),
    "stamp": ({"shown": "x" * 300_000}, "À corriger"),
    "svg": ({"decision": ("a.svg", b"<svg/>")}, "Sont acceptés"),
    "empty": ({"decision": ("a.txt", b"")}, "Ce fichier est vide"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_comes_back_as_typed_and_writes_nothing(ours, client, name):
    typed, words = REFUSED[name]
    sign_in(client, ours, Role.REFERENT)
    form = {**form_of(client, ours), **typed}
    if "decision" in form:
        form["decision"] = SimpleUploadedFile(*form["decision"])
    before = contents()
    response = client.post(url_of(ours, "plan_adopt"), form)
    assert response.status_code == 422
    assert words in text_of(response)
    if name != "stamp":  # then the plan itself is to be read again
        assert '<details class="fold frozen-fold">' in response.content.decode(), "what is wrong comes first"
    assert contents() == before


def test_the_same_form_sent_twice_is_one_adoption(ours, client):
    sign_in(client, ours, Role.REFERENT)
    form = form_of(client, ours)
    first, second = (client.post(url_of(ours, "plan_adopt"), form) for _ in range(2))
    assert first.url == second.url
    assert PlanAdoption.objects.filter(participation=ours.participation).count() == 2


def test_an_empty_plan_says_why_it_is_not_adopted(ours, client):
    for action in Action.objects.filter(participation=ours.participation):
        gone = {"status": ActionStatus.ABANDONED, "status_reason": "Non"}
        update_action(action=action, revision=action.revision, by=ours.actor(Role.REFERENT), **gone)
    sign_in(client, ours, Role.REFERENT)
    page = text_of(client.get(url_of(ours, "plan_adopt")))
    assert "il n’y a rien à adopter" in page
    before = contents()
    form = {"shown": "", "adopted_on": "2025-11-03", "body": "board"}
    assert client.post(url_of(ours, "plan_adopt"), form).status_code == 422
    assert contents() == before


def test_changes_since_are_told_in_words_on_its_page_and_in_the_list(ours, client):
    update_action(
        action=ours.action, revision=0, by=ours.actor(Role.CONTRIBUTOR), who="Nadia", due_on=date(2026, 6, 30)
    )
    add(ours, "Arrivée depuis")
    sign_in(client, ours, Role.BOARD_MEMBER)
    for url in (url_of(ours, "plan_adoption", 1), url_of(ours, "plan_adoptions")):
        page = text_of(client.get(url))
        for told in (
            "Arrivée depuis",
            "Ajoutées",
            "Modifiées",
            '<ins><span class="visually-hidden">Après : </span>Nadia',
        ):
            assert told in page


def test_two_adoptions_are_compared_in_either_order(ours, client):
    sign_in(client, ours, Role.REFERENT)
    add(ours, "Entre les deux")
    client.post(url_of(ours, "plan_adopt"), form_of(client, ours))
    add(ours, "Après la seconde")
    for number, other in ((1, 2), (2, 1)):
        page = text_of(client.get(url_of(ours, "plan_adoption", number) + f"?avec={other}"))
        changes = page.partition('id="changements"')[2].partition("</section>")[0]
        assert "De l’adoption n° 1 à l’adoption n° 2" in changes
        assert "Entre les deux" in changes
        assert "Après la seconde" not in changes
    for asked in ("maintenant", "99", "x", "%00", "9" * 40):
        assert "Après la seconde" in text_of(client.get(url_of(ours, "plan_adoption", 2) + f"?avec={asked}"))
    assert client.get(url_of(ours, "plan_adoption", 9)).status_code == 404


def test_the_decision_leaves_as_it_was_brought_and_registered(ours, client):
    for role in (*READERS, Role.REFERENT):
        sign_in(client, ours, role)
        response = client.post(url_of(ours, "plan_adoption_file", 1))
        assert response.content.decode() == DECISION
        assert Download.objects.filter(user_id=ours.user(role).pk, file_id=ours.adoption.decision_id).exists()


@pytest.mark.parametrize("role", READERS)
def test_who_does_not_adopt_reads_and_is_told_so(ours, client, role):
    sign_in(client, ours, role)
    page = text_of(client.get(url_of(ours, "plan_adoptions")))
    assert "par le conseil d’administration" in page
    assert url_of(ours, "plan_adopt") not in page
    before = contents()
    response = client.post(url_of(ours, "plan_adopt"), {"adopted_on": "2025-11-03", "body": "board"})
    assert response.status_code == 403
    assert "Votre rôle ne permet pas ceci" in text_of(response)
    assert contents() == before


@pytest.mark.parametrize("role", TEAM)
def test_who_accompanies_reads_nothing_of_it(ours, client, role):
    sign_in(client, ours, role)
    before = contents()
    for name, args in (("plan_adoptions", ()), ("plan_adopt", ()), ("plan_adoption", (1,))):
        response = client.get(url_of(ours, name, *args))
        assert response.status_code == 403
        assert "MARQUEINTIME" not in text_of(response)
    assert client.post(url_of(ours, "plan_adoption_file", 1)).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_another_structure_finds_nothing(ours, client, key):
    sign_in(client, World(key), Role.REFERENT)
    before = contents()
    for name, args in (("plan_adoptions", ()), ("plan_adopt", ()), ("plan_adoption", (1,))):
        assert client.get(url_of(ours, name, *args)).status_code == 404
    assert client.post(url_of(ours, "plan_adopt"), {"adopted_on": "2025-11-03", "body": "board"}).status_code == 404
    assert contents() == before


def test_a_lapsed_structure_reads_what_it_adopted_and_adopts_no_more(client, db):
    lapsed = World("lapsed")
    sign_in(client, lapsed, Role.REFERENT)
    assert "Action partagée" in text_of(client.get(url_of(lapsed, "plan_adoption", 1)))
    assert client.post(url_of(lapsed, "plan_adoption_file", 1)).content
    assert client.get(url_of(lapsed, "plan_adopt")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "args"), [("plan_adoptions", ()), ("plan_adoption", (1,)), ("plan_adopt", ())])
def test_pages_cost_the_same_whatever_the_plan(ours, client, queries, name, args, count):
    for rank in range(count * 2):
        add(ours, f"Action {rank}", steps=["Un"])
    sign_in(client, ours, Role.REFERENT)
    client.get(url_of(ours, name, *args))
    with queries(max=9):
        client.get(url_of(ours, name, *args))


def test_a_plan_of_three_hundred_actions_stays_a_light_page(ours, client):
    fields = {"why": "Une raison qui tient en une ligne", "means": "Deux jours, une salle", "who": "L’équipe"}
    for rank in range(300):
        add(ours, f"Action numéro {rank} du plan de la structure", due_on=date(2026, 1 + rank % 12, 15), **fields)
    sign_in(client, ours, Role.REFERENT)
    client.post(url_of(ours, "plan_adopt"), form_of(client, ours))
    for name, args in (("plan_adopt", ()), ("plan_adoption", (1,)), ("plan_adoption", (2,))):
        assert len(gzip.compress(client.get(url_of(ours, name, *args)).content)) < 100_000


def test_a_plan_nobody_adopted_yet_says_so_to_who_may_note_it(ours, client):
    other = Participation.objects.with_context().get(organisation=ours.organisation, cohort__kind=CohortKind.PERMANENT)
    create_action(participation=other, by=ours.actor(Role.REFERENT), what="Ouvrir un potager")
    plan = reverse("plan", args=[other.cohort.region.slug, other.public_id])
    adopt = reverse("plan_adopt", args=[other.cohort.region.slug, other.public_id])
    for role, told in ((Role.REFERENT, True), (Role.LEGAL_REPRESENTATIVE, True), (Role.CONTRIBUTOR, False)):
        client.force_login(ours.user(role))
        page = client.get(plan).content.decode()
        assert ("pas encore été adopté" in page, f'href="{adopt}"' in page) == (told, told)
