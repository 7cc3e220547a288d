"""The screens of exchanges: a chapter's, one exchange, and what each person may do there."""

import pytest
from django.urls import reverse

from autodiag.models import Message, Thread
from autodiag.rules.threads import STRUCTURE, TEAM
from autodiag.services.threads import close_thread, open_thread, reply
from cohorts.enums import Role
from cohorts.services import people
from tests.test_access_matrix import contents
from tests.worlds import PRIVATE, STRUCTURE_ROLES, World
from tests.worlds_organising import page
from tests.worlds_threads import ANSWER, WORDS, asked, end_path, facilitator_of, from_team, leave

HTMX = {"HX-Request": "true"}
TEAM_ROLES = (Role.FACILITATOR, Role.REGION_ADMIN)
NULL, HUGE = "Un mot gardé\x00", 10**18


@pytest.fixture
def ours(db):
    return World("ours")


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def url_of(thread, name="thread", *more):
    return reverse(name, args=[thread.participation.region.slug, thread.public_id, *more])


# --- Opening ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*STRUCTURE_ROLES, *TEAM_ROLES])
def test_anybody_of_the_two_sides_opens_one_and_both_sides_read_it(ours, client, role):
    response = sign_in(client, ours, role).post(ours.draft.url("thread_open", 3), {"text": f"  {WORDS} "})
    message = Message.objects.get(text=WORDS)
    assert response.url == url_of(message.thread)
    assert (message.from_structure, message.written_by) == (role in STRUCTURE_ROLES, ours.user(role))
    assert message.thread.opened_by == ours.user(role)
    for reader in (*STRUCTURE_ROLES, *TEAM_ROLES):
        sign_in(client, ours, reader)
        assert WORDS in page(client.get(url_of(message.thread)))
        listed = page(client.get(ours.draft.url("threads")))
        assert WORDS in listed
        assert "la structure et l’équipe qui l’accompagne" in listed or "accompagnateur" in listed


@pytest.mark.parametrize("role", TEAM_ROLES)
def test_who_accompanies_reads_the_question_and_nothing_of_the_answer_before_it_is_transmitted(ours, client, role):
    sign_in(client, ours, role)
    thread = from_team(ours, position=1)
    for url in (ours.draft.url("threads"), f"{ours.draft.url('threads')}?critere=1", url_of(thread)):
        shown = page(client.get(url))
        assert "Question 2.1 ?" in shown
        for kept in ("Pratique 2.1", "Commentaire", PRIVATE, "Description 2.1", "degré"):
            assert kept not in shown


def test_the_pages_of_who_accompanies_lead_to_it(ours, client):
    sign_in(client, ours, Role.FACILITATOR)
    assert ours.draft.url("threads") in page(client.get(ours.draft.get_absolute_url()))
    assert ours.submitted.url("threads") in page(client.get(ours.submitted.url("synthesis")))


@pytest.mark.parametrize("where", ["open", "reply"])
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Écrivez votre message"),
        ("  \n ", "Écrivez votre message"),
        ("x" * 4001, "le maximum est de 4\u202f000"),
        ("x" * 1_000_000, "le maximum est de 4\u202f000"),
        (NULL, "U+0000"),
        ("Un mot gardé \u202e", "U+202E"),
    ],
)
def test_a_refused_message_comes_back_as_typed(ours, client, where, typed, words):
    url = url_of(asked(ours), "thread_reply") if where == "reply" else ours.draft.url("thread_open", 3)
    before = contents()
    response = sign_in(client, ours, Role.REFERENT).post(url, {"text": typed})
    assert response.status_code == 422
    assert words in page(response)
    assert typed.strip("\x00 \n\u202e")[:4001] in page(response)
    assert contents() == before


@pytest.mark.parametrize("typed", ["=1+1 🌱 émoji", "<script>alert(1)</script>"])
def test_what_is_typed_is_shown_as_text(ours, client, typed):
    sign_in(client, ours, Role.REFERENT).post(ours.draft.url("thread_open", 3), {"text": typed})
    thread = Message.objects.get(text=typed).thread
    shown = page(client.get(url_of(thread))) + page(client.get(ours.draft.url("threads")))
    assert "<script>alert" not in shown
    assert typed.replace("<", "&lt;").replace(">", "&gt;") in shown


def test_sent_twice_it_is_opened_and_answered_once(ours, client):
    sign_in(client, ours, Role.REFERENT)
    for _ in range(2):
        client.post(ours.draft.url("thread_open", 3), {"text": WORDS})
    thread = Message.objects.get(text=WORDS).thread
    for _ in range(2):
        client.post(url_of(thread, "thread_reply"), {"text": "Je précise."})
    assert list(thread.messages.values_list("text", flat=True)) == [WORDS, "Je précise."]


# --- The list -----------------------------------------------------------------------------------------------------


def test_open_ones_come_first_with_who_is_awaited(ours, client):
    asked(ours, position=4)
    mine = from_team(ours, position=3)
    shown = page(sign_in(client, ours, Role.REFERENT).get(ours.draft.url("threads")))
    places = [shown.index(f'id="critere-{position}"') for position in (3, 4, 1, 2)]
    assert places == sorted(places)
    assert shown.count("À votre tour de répondre") == 1
    assert shown.count("Réponse attendue de l’équipe qui accompagne") == 1
    assert url_of(mine) in shown
    shown = page(sign_in(client, ours, Role.FACILITATOR).get(ours.draft.url("threads")))
    assert shown.count("À votre tour de répondre") == 1
    assert shown.count("Réponse attendue de la structure") == 1


def test_the_list_shows_how_it_began_and_the_last_message(ours, client):
    thread = asked(ours)
    for rank in range(3):
        reply(thread=thread, side=TEAM, text=f"Précision {rank}", by=facilitator_of(ours))
    shown = page(sign_in(client, ours, Role.REFERENT).get(f"{ours.draft.url('threads')}?critere=3"))
    assert WORDS in shown
    assert "Précision 2" in shown
    assert "2 messages entre les deux" in shown
    assert "Précision 1" not in shown


@pytest.mark.parametrize("asked_for", ["3", "99", "x", "-1", "9" * 30, "", "3%00"])
def test_one_criterion_is_kept_and_nonsense_keeps_all(ours, client, asked_for):
    asked(ours)
    asked(ours, position=4, text="Sur un autre critère")
    response = sign_in(client, ours, Role.REFERENT).get(f"{ours.draft.url('threads')}?critere={asked_for}")
    assert response.status_code == 200
    assert ("Sur un autre critère" in page(response)) is (asked_for != "3")
    assert ("Envoyer et ouvrir" in page(response)) is (asked_for == "3")


@pytest.mark.parametrize("count", [1, 3])
def test_one_or_three_exchanges_cost_the_same(ours, client, queries, count):
    for rank in range(count):
        thread = asked(ours, position=2 + rank, text=f"Mot {rank}")
        for word in range(count):
            reply(thread=thread, side=TEAM, text=f"Suite {word}", by=facilitator_of(ours))
    sign_in(client, ours, Role.BOARD_MEMBER)
    chapter, exchange = ours.draft.url("threads"), url_of(thread)
    with queries(8):
        assert page(client.get(chapter)).count("Mot ") == count
    with queries(6):
        assert page(client.get(exchange)).count("Suite ") == count


# --- One exchange -------------------------------------------------------------------------------------------------


def test_the_other_side_answers_and_the_text_stays_in_the_page(ours, client):
    thread = asked(ours)
    response = sign_in(client, ours, Role.FACILITATOR).post(url_of(thread, "thread_reply"), {"text": ANSWER})
    sent = thread.messages.get(text=ANSWER)
    assert response.url == f"{url_of(thread)}#message-{sent.pk}"
    assert not sent.from_structure
    shown = page(client.get(response.url))
    assert shown.index(WORDS) < shown.index(ANSWER)
    assert "Équipe qui accompagne" in shown


def test_without_leaving_the_page_the_exchange_alone_comes_back(ours, client):
    thread = asked(ours)
    url = url_of(thread, "thread_reply")
    shown = page(sign_in(client, ours, Role.REFERENT).post(url, {"text": "Je précise."}, headers=HTMX))
    assert shown.strip().startswith('<section id="echange"')
    assert "Je précise." in shown
    assert "Votre message est envoyé" in shown
    assert "Vous êtes ici" not in shown
    assert client.post(url, {"text": ""}, headers=HTMX).status_code == 422


def test_a_message_for_a_closed_exchange_is_refused_with_its_text_kept(ours, client):
    thread = asked(ours)
    close_thread(thread=thread, by=ours.user(Role.CONTRIBUTOR))
    before = contents()
    sign_in(client, ours, Role.FACILITATOR)
    response = client.post(url_of(thread, "thread_reply"), {"text": "Écrit trop tard"})
    assert response.status_code == 422
    assert "a été clos le mardi 4 novembre 2025 par Contributor ours" in page(response)
    assert "Écrit trop tard" in page(response)
    assert ours.draft.url("thread_open", 3) in page(response)
    assert contents() == before


def test_over_it_is_read_and_no_longer_written(ours, client):
    thread = asked(ours)
    end_path(ours)
    sign_in(client, ours, Role.REFERENT)
    for url in (url_of(thread), ours.draft.url("threads"), f"{ours.draft.url('threads')}?critere=3"):
        shown = page(client.get(url))
        assert WORDS in shown
        assert "Le parcours est terminé" in shown
        assert "Ouvrir un" not in shown
        assert "Envoyer" not in shown
    before = contents()
    for url in (url_of(thread, "thread_reply"), ours.draft.url("thread_open", 3)):
        response = client.post(url, {"text": "Gardé quand même"})
        assert response.status_code == 422
        assert "Le parcours est terminé" in page(response)
        assert "Gardé quand même" in page(response)
        assert "copiez-le" in page(response)
    assert contents() == before


def test_its_opener_closes_it_and_opens_it_again(ours, client):
    thread = asked(ours)
    sign_in(client, ours, Role.CONTRIBUTOR)
    assert "Clore l’échange" in page(client.get(url_of(thread)))
    for _ in range(2):
        shown = page(client.post(url_of(thread, "thread_close"), follow=True))
        assert "Clos le mardi 4 novembre 2025 par Contributor ours" in shown
        assert "Envoyer le message" not in shown
    for _ in range(2):
        assert "Envoyer le message" in page(client.post(url_of(thread, "thread_reopen"), follow=True))
    assert Thread.objects.get(pk=thread.pk).closed_at is None


@pytest.mark.parametrize("role", [Role.REFERENT, Role.BOARD_MEMBER, *TEAM_ROLES])
def test_nobody_else_closes_it_and_reads_who_can(ours, client, role):
    thread = asked(ours)
    before = contents()
    sign_in(client, ours, role)
    shown = page(client.get(url_of(thread)))
    assert "Clore l’échange" not in shown
    assert "ouvert par Contributor ours, qui peut seul·e le clore" in shown
    response = client.post(url_of(thread, "thread_close"))
    assert response.status_code == 403
    assert "Demandez à Contributor ours" in page(response)
    assert contents() == before


def test_when_its_opener_left_it_says_what_to_do(ours, client):
    thread = asked(ours)
    leave(ours.user(Role.CONTRIBUTOR))
    before = contents()
    response = sign_in(client, ours, Role.REFERENT).post(url_of(thread, "thread_close"))
    assert response.status_code == 403
    assert "n’attend plus personne" in page(response)
    assert "dites-le simplement dans un dernier message" in page(response)
    assert contents() == before
    assert client.post(url_of(thread, "thread_reply"), {"text": "C’est réglé."}).status_code == 302


def test_its_author_takes_a_message_back_and_its_text_is_gone(ours, client):
    thread = asked(ours)
    url = url_of(thread, "message_withdraw", thread.messages.get().pk)
    sign_in(client, ours, Role.REFERENT)
    before = contents()
    assert url not in page(client.get(url_of(thread)))
    assert client.post(url).status_code == 403
    assert contents() == before
    sign_in(client, ours, Role.CONTRIBUTOR)
    assert url in page(client.get(url_of(thread)))
    shown = page(client.post(url, follow=True))
    assert "Message retiré" in shown
    assert WORDS not in shown + page(client.get(ours.draft.url("threads")))


# --- Walls --------------------------------------------------------------------------------------------------------


def acts_on(world):
    """Every act on an exchange and a chapter of one world: (address, data)."""
    thread = world.thread
    return [
        (world.draft.url("thread_open", 3), {"text": WORDS}),
        (url_of(thread, "thread_reply"), {"text": WORDS}),
        (url_of(thread, "thread_close"), {}),
        (url_of(thread, "thread_reopen"), {}),
        (url_of(thread, "message_withdraw", world.message.pk), {}),
    ]


@pytest.mark.parametrize(
    ("key", "role"),
    [("neighbour", Role.BOARD_MEMBER), ("stranger", Role.BOARD_MEMBER), ("stranger", Role.FACILITATOR)],
)
def test_for_others_it_does_not_exist(ours, client, key, role):
    before = contents()
    sign_in(client, World(key), role)
    for url in (ours.draft.url("threads"), url_of(ours.thread)):
        assert client.get(url).status_code == 404
    assert [client.post(url, data).status_code for url, data in acts_on(ours)] == [404] * 5
    assert contents() == before


def test_another_structure_s_id_in_every_parameter_is_a_404(ours, client):
    sign_in(client, ours, Role.BOARD_MEMBER)
    theirs, mine = World("neighbour"), ours.thread
    before = contents()
    for pk in (theirs.message.pk, HUGE, 10**30):
        assert client.post(url_of(mine, "message_withdraw", pk)).status_code == 404
    assert client.post(url_of(theirs.thread, "message_withdraw", ours.message.pk)).status_code == 404
    assert client.post(ours.draft.url("thread_open", 99), {"text": WORDS}).status_code == 404
    swapped = url_of(mine).replace("/regions/ici/", "/regions/ailleurs/")
    assert client.get(swapped).status_code == 404
    assert contents() == before


def test_a_message_of_another_exchange_is_a_404(ours, client):
    other = asked(ours, Role.BOARD_MEMBER)
    sign_in(client, ours, Role.BOARD_MEMBER)
    before = contents()
    assert client.post(url_of(other, "message_withdraw", ours.message.pk)).status_code == 404
    assert contents() == before


@pytest.mark.parametrize("role", [Role.NATIONAL_STAFF, Role.PARTNER])
def test_readers_of_other_roles_are_refused_with_the_reason(ours, client, role):
    before = contents()
    sign_in(client, ours, role)
    for url in (ours.draft.url("threads"), url_of(ours.thread)):
        response = client.get(url)
        assert response.status_code == 403
        assert "Question posée" not in page(response)
    assert [client.post(url, data).status_code for url, data in acts_on(ours)] == [403] * 5
    assert contents() == before


def test_when_the_adhesion_is_over_it_is_refused_with_whom_to_ask(client, db):
    lapsed = World("lapsed")
    before = contents()
    sign_in(client, lapsed, Role.BOARD_MEMBER)
    response = client.get(url_of(lapsed.thread))
    assert response.status_code == 403
    assert "region_admin@ours.example.org" in page(response)
    assert [client.post(url, data).status_code for url, data in acts_on(lapsed)] == [403] * 5
    client.force_login(facilitator_of(lapsed))
    response = client.post(lapsed.draft.url("thread_open", 2), {"text": WORDS})
    assert response.status_code == 422
    assert "elle ne peut pas lire ses échanges" in page(response)
    assert contents() == before


def test_somebody_of_both_sides_says_for_which_one_they_write(ours, client):
    both = facilitator_of(ours)
    people.give_role(user=both, role=Role.CONTRIBUTOR, organisation=ours.organisation)
    client.force_login(both)
    url = ours.draft.url("thread_open", 3)
    before = contents()
    assert "Pour qui écrivez-vous" in page(client.get(f"{ours.draft.url('threads')}?critere=3"))
    for data in ({"text": WORDS}, {"text": WORDS, "side": "national"}, {"text": WORDS, "side": NULL}):
        response = client.post(url, data)
        assert response.status_code == 422
        assert "Choisissez pour qui vous écrivez" in page(response)
    assert contents() == before
    for side, of_structure in ((STRUCTURE, True), (TEAM, False)):
        text = f"Écrit pour {side}"
        client.post(url, {"text": text, "side": side})
        assert Message.objects.get(text=text).from_structure is of_structure


def test_nobody_writes_for_the_other_side(ours, client):
    sign_in(client, ours, Role.REFERENT).post(ours.draft.url("thread_open", 3), {"text": WORDS, "side": TEAM})
    assert Message.objects.get(text=WORDS).from_structure


def test_acts_are_not_reached_by_their_address(ours, client):
    sign_in(client, ours, Role.BOARD_MEMBER)
    before = contents()
    assert [client.get(url).status_code for url, _ in acts_on(ours)] == [405] * 5
    assert client.post(ours.draft.url("threads")).status_code == 405
    assert contents() == before


def test_an_exchange_on_a_transmitted_chapter_goes_on(ours, client):
    thread = open_thread(
        autodiag=ours.submitted,
        criterion=ours.submitted.round.chapter.criteria.get(position=2),
        side=TEAM,
        text=WORDS,
        by=facilitator_of(ours),
    )
    sign_in(client, ours, Role.REFERENT)
    assert WORDS in page(client.get(ours.submitted.url("threads")))
    assert client.post(url_of(thread, "thread_reply"), {"text": ANSWER}).status_code == 302
    assert thread.messages.count() == 2
