"""Agreeing in a meeting: read by the structure's people, noted by who answers, its reason never lost."""

import pytest

from autodiag.models import AnswerChange, Consensus, VoiceRule
from autodiag.services.submission import submit
from autodiag.services.viewpoints import open_comparison
from cohorts.enums import Role
from tests.test_access_matrix import contents
from tests.worlds import STRANGER, STRUCTURE_ROLES, World
from tests.worlds_consensus import WORDS

REASON = "Le carnet partagé est tenu par toute l’équipe."


@pytest.fixture
def ours(db):
    return World("ours")


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ").replace("\u202f", " ")


def wall(world, position=3):
    return world.draft.url("consensus", position)


def typed(world, position=3, **other):
    return {"revision": world.answer(position).revision, "choice": "2", "reason": REASON, **other}


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_everybody_of_the_structure_follows_the_meeting(ours, client, role):
    page = text_of(sign_in(client, ours, role).get(wall(ours, 1)))
    assert "Question 2.1 ?" in page
    assert "Critère 1 sur 4" in page
    assert "Description 2.1 degré 2" in page
    assert WORDS in page
    assert ("Noter l’accord" in page) is (role in (Role.REFERENT, Role.CONTRIBUTOR))
    listed = text_of(client.get(ours.draft.url("agreements")))
    assert "1 sur 4" in listed
    assert "Décidé ensemble" in listed
    assert ours.draft.url("consensus", 2) in listed


@pytest.mark.parametrize("role", [Role.REFERENT, Role.CONTRIBUTOR])
def test_the_agreement_becomes_the_answer_and_the_next_criterion_comes(ours, client, role):
    response = sign_in(client, ours, role).post(wall(ours), typed(ours), follow=True)
    assert response.redirect_chain == [(wall(ours, 4), 302)]
    assert "Accord noté sur le critère 2.3" in text_of(response)
    answer, agreement = ours.answer(3), ours.agreements(3).get()
    assert (answer.kind, answer.level.value, answer.revision) == ("level", 2, 1)
    assert (agreement.reason, agreement.level, agreement.noted_by) == (REASON, answer.level, ours.user(role))
    assert agreement.stands(answer)


def test_what_the_answer_says_beside_stays(ours, client):
    before = ours.answer(2)
    sign_in(client, ours, Role.REFERENT).post(wall(ours, 2), typed(ours, 2, choice="0"))
    after = ours.answer(2)
    assert (after.practice, after.to_review, after.comment.text) == (
        before.practice,
        before.to_review,
        before.comment.text,
    )
    assert set(AnswerChange.objects.filter(answer=after).first().after) == {"level_id"}


def test_the_last_criterion_leads_to_what_remains(ours, client):
    response = sign_in(client, ours, Role.REFERENT).post(wall(ours, 4), typed(ours, 4, choice="unknown"), follow=True)
    assert response.redirect_chain == [(ours.draft.url("agreements"), 302)]
    assert "2 sur 4" in text_of(response)
    assert ours.answer(4).kind == "unknown"


def test_not_applicable_keeps_its_reason(ours, client):
    sign_in(client, ours, Role.REFERENT).post(wall(ours), typed(ours, choice="not_applicable"))
    answer = ours.answer(3)
    assert (answer.kind, answer.na_reason) == ("not_applicable", REASON)
    assert ours.agreements(3).get().reason == REASON


def test_the_same_agreement_sent_twice_is_one(ours, client):
    sign_in(client, ours, Role.REFERENT)
    data = typed(ours)
    for _ in range(2):
        assert client.post(wall(ours), data).status_code == 302
    assert ours.agreements(3).count() == 1
    assert ours.answer(3).revision == 1


def test_agreeing_otherwise_later_keeps_both(ours, client):
    sign_in(client, ours, Role.REFERENT).post(wall(ours, 1), typed(ours, 1))
    assert [agreement.reason for agreement in ours.agreements(1)] == [REASON, WORDS]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"choice": ""}, "Choisissez le niveau"),
        ({"choice": "9"}, "Ce niveau n’existe pas"),
        ({"choice": "Rien"}, "Ce niveau n’existe pas"),
        ({"reason": "  \n "}, "Écrivez pourquoi"),
        ({"reason": "x" * 2_001}, "le maximum est de 2 000"),
        ({"reason": f"{REASON}\x00"}, "U+0000"),
        ({"revision": "9" * 30}, ""),
    ],
)
def test_a_refused_agreement_comes_back_as_typed(ours, client, wrong, words):
    before = contents()
    response = sign_in(client, ours, Role.REFERENT).post(wall(ours), typed(ours, **wrong))
    page = text_of(response)
    assert response.status_code == 422
    assert words in page
    assert wrong.get("reason", REASON).strip("\x00 \n") in page
    assert contents() == before


def test_an_answer_changed_meanwhile_is_shown_and_nothing_is_lost(ours, client):
    data = typed(ours)
    ours.save(ours.answer(3), by=Role.CONTRIBUTOR, kind="unknown")
    before = contents()
    response = sign_in(client, ours, Role.REFERENT).post(wall(ours), data)
    page = text_of(response)
    assert response.status_code == 409
    assert "La réponse vient de changer" in page
    assert "Contributor ours a enregistré" in page
    assert "Ne sait pas" in page
    assert REASON in page
    assert 'name="revision" value="1"' in page
    assert contents() == before
    client.post(wall(ours), {**data, "revision": 1})
    assert ours.agreements(3).get().reason == REASON


def test_an_answer_changed_since_says_so(ours, client):
    ours.save(ours.answer(1), kind="unknown", level_id=None)
    sign_in(client, ours, Role.BOARD_MEMBER)
    page = text_of(client.get(wall(ours, 1)))
    assert "Changé depuis l’accord du jeudi 23 octobre 2025 (1 – Degré 1)" in " ".join(
        page.replace("<strong>", "").replace("</strong>", "").split()
    )
    assert WORDS in page
    assert "Changé depuis l’accord" in text_of(client.get(ours.draft.url("agreements")))


@pytest.mark.parametrize("page", ["criterion", "answer_history"])
def test_the_criterion_and_its_history_say_what_was_decided_together(ours, client, page):
    url = ours.draft.url(page, 1)
    shown = text_of(sign_in(client, ours, Role.BOARD_MEMBER).get(url))
    assert "Décidé ensemble" in shown
    assert WORDS in shown
    assert "Décidé ensemble" not in text_of(client.get(ours.draft.url(page, 2)))
    ours.save(ours.answer(1), kind="unknown", level_id=None)
    assert "Changé depuis l’accord" in text_of(client.get(url))


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE, Role.FACILITATOR, Role.REGION_ADMIN])
def test_who_does_not_answer_does_not_note(ours, client, role):
    before = contents()
    assert sign_in(client, ours, role).post(wall(ours), typed(ours)).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REGION_ADMIN])
def test_who_accompanies_reads_none_of_it_before_the_transmission(ours, client, role):
    sign_in(client, ours, role)
    for url in (wall(ours, 1), ours.draft.url("agreements"), ours.draft.get_absolute_url()):
        assert WORDS not in text_of(client.get(url))
    assert not Consensus.objects.visible_to(ours.actor(role)).exists()


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_theirs_does_not_exist(ours, client, key):
    theirs, before = World(key), contents()
    sign_in(client, ours, Role.REFERENT)
    for url in (wall(theirs, 1), theirs.draft.url("agreements")):
        response = client.get(url)
        assert response.status_code == 404
        assert WORDS not in text_of(response)
    assert client.post(wall(theirs), typed(theirs)).status_code == 404
    assert client.post(wall(ours, 9), typed(ours)).status_code == 404
    assert contents() == before


def test_a_transmitted_chapter_says_why_nothing_is_noted(ours, client):
    url, before = ours.submitted.url("consensus", 1), contents()
    page = text_of(sign_in(client, ours, Role.REFERENT).get(url))
    assert "Ce chapitre est transmis" in page
    assert "<textarea" not in page
    revision = ours.submitted.answers.get(criterion__position=1).revision
    response = client.post(
        url, {"revision": revision, "choice": "0", "reason": REASON}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert response.status_code == 403
    assert "Ce chapitre est transmis" in text_of(response)
    assert REASON in text_of(response)
    assert contents() == before


def test_a_text_sent_after_the_session_ended_is_shown_back(ours, client):
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    response = client.post(wall(ours), typed(ours), headers=headers)
    assert response.status_code == 403
    assert REASON in text_of(response)
    assert not ours.agreements(3).exists()


def test_another_person_on_the_tablet_notes_nothing_under_their_name(ours, client):
    sign_in(client, ours, Role.REFERENT)
    response = client.post(wall(ours), typed(ours, person=ours.user(Role.CONTRIBUTOR).pk))
    assert response.status_code == 403
    assert not ours.agreements(3).exists()


def test_html_typed_is_shown_as_text(ours, client):
    sign_in(client, ours, Role.REFERENT).post(wall(ours), typed(ours, reason="<script>alert(1)</script>"))
    page = text_of(client.get(wall(ours)))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_once_all_is_agreed_the_page_says_it(ours, client):
    sign_in(client, ours, Role.REFERENT)
    for position in (2, 3, 4):
        client.post(wall(ours, position), typed(ours, position))
    page = text_of(client.get(ours.draft.url("agreements")))
    assert "Tout est décidé ensemble" in page
    assert "4 sur 4" in page


def test_the_agreement_is_transmitted_with_its_chapter(ours):
    for position in (2, 3, 4):
        ours.save(ours.answer(position), kind="unknown", level_id=None)
    content = submit(autodiag=ours.draft, by=ours.user(Role.REFERENT)).content
    assert [bool(criterion.get("agreement")) for criterion in content["criteria"]] == [True, False, False, False]
    assert content["criteria"][0]["agreement"]["reason"] == WORDS
    assert STRANGER not in str(content)


# --- The viewpoints on the wall -----------------------------------------------------------------------------------


def dots(page):
    return page.count('class="voices__dot ')


def test_viewpoints_do_not_show_before_they_are_compared(ours, client):
    page = text_of(sign_in(client, ours, Role.REFERENT).get(wall(ours, 1)))
    assert "Les points de vue ne se comparent pas encore" in page
    assert ours.draft.url("comparison_open") in page
    assert dots(page) == 0
    page = text_of(sign_in(client, ours, Role.CONTRIBUTOR).get(wall(ours, 1)))
    assert "Les points de vue ne se comparent pas encore" in page
    assert ours.draft.url("comparison_open") not in page


def test_once_compared_each_is_a_dot_without_a_name(ours, client):
    open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    sign_in(client, ours, Role.BOARD_MEMBER)
    page = text_of(client.get(wall(ours, 1)))
    assert "3 points de vue" in page
    assert dots(page) == 3
    for role in (Role.REFERENT, Role.CONTRIBUTOR):
        assert page.count(ours.user(role).full_name) == (role == Role.REFERENT)  # who noted the agreement
    assert dots(text_of(client.get(wall(ours, 3)))) == 0


def test_under_three_voices_nothing_tells_what_they_say(ours, client):
    open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    page = text_of(sign_in(client, ours, Role.REFERENT).get(wall(ours, 2)))
    assert "1 point de vue : en dessous de trois, rien ne se montre" in page
    assert dots(page) == 0


def test_a_structure_that_compares_as_it_goes_sees_its_dots_at_once(ours, client):
    VoiceRule.objects.update_or_create(
        participation=ours.participation,
        defaults={"blind": False, "region": ours.participation.region, "decided_by": ours.user(Role.REFERENT)},
    )
    assert dots(text_of(sign_in(client, ours, Role.REFERENT).get(wall(ours, 1)))) == 3
