"""The pages of viewpoints: one's own alone, blind until the référent opens the comparison, one way."""

import pytest

from autodiag.models import Comparison, Viewpoint, Voice, VoiceRule
from autodiag.services.viewpoints import decide_rule, open_comparison
from cohorts.enums import Role
from tests.test_access_matrix import contents
from tests.worlds import STRUCTURE_ROLES, World
from tests.worlds_voices import BECAUSE, BOARD, give

JSON = {"Accept": "application/json"}
OTHERS = (Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE)
SENTENCE = "Les réunions du lundi ont tout changé."


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def url(ours):
    return ours.draft.url("viewpoint_save", 3)


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def posted(revision=0, rule="blind", **values):
    return {"revision": revision, "rule": rule, "choice": "", "note": "", **values}


def mine(world, role, position=3):
    rows = Viewpoint.objects.visible_to(world.actor(role)).filter(answer__autodiag=world.draft)
    return rows.filter(answer__criterion__position=position).first()


def clear(world):
    Viewpoint.objects.filter(answer__autodiag=world.draft).delete()


def as_they_come(world):
    clear(world)
    decide_rule(participation=world.participation, blind=False, revision=0, by=world.actor(Role.REFERENT))


# --- Giving -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_everybody_of_the_structure_gives_theirs(ours, client, url, role):
    page = text_of(sign_in(client, ours, role).get(ours.draft.url("viewpoint", 3)))
    for words in ("Question 2.3", "Description 2.3 degré 2", "Je ne sais pas", "Visible par vous seulement"):
        assert words in page
    response = client.post(url, posted(choice="2", note=SENTENCE, next="next"), follow=True)
    assert response.redirect_chain == [(ours.draft.url("viewpoint", 4), 302)]
    assert "Votre point de vue sur le critère 2.3 est enregistré" in text_of(response)
    assert (mine(ours, role).level.value, mine(ours, role).note) == (2, SENTENCE)
    assert "2 – Degré 2" in text_of(client.get(ours.draft.url("viewpoints")))


def test_saved_as_one_types(ours, client, url):
    sign_in(client, ours, Role.BOARD_MEMBER)
    answer = client.post(url, posted(choice="unknown"), headers=JSON)
    assert (answer.status_code, answer.json()["revision"], answer.json()["state"]) == (200, 1, "done")
    assert client.post(url, posted(1, note=SENTENCE), headers=JSON).json()["state"] == "in_progress"
    assert (mine(ours, Role.BOARD_MEMBER).kind, mine(ours, Role.BOARD_MEMBER).note) == ("", SENTENCE)


def test_sent_twice_it_is_one(ours, client, url):
    sign_in(client, ours, Role.BOARD_MEMBER)
    for _ in range(2):
        assert client.post(url, posted(choice="1")).status_code == 302
    assert mine(ours, Role.BOARD_MEMBER).revision == 1


def test_another_page_of_the_same_person_is_shown_both_texts(ours, client, url):
    give(ours, 3, Role.CONTRIBUTOR, 2, note="Premier onglet")
    before = contents()
    sign_in(client, ours, Role.CONTRIBUTOR)
    answer = client.post(url, posted(choice="0", note="Second onglet"), headers=JSON)
    assert answer.status_code == 409
    assert answer.json()["revision"] == 1
    fields = {field["name"]: (field["mine"], field["theirs"]) for field in answer.json()["fields"]}
    assert fields == {"choice": ("0", "2"), "note": ("Second onglet", "Premier onglet")}
    page = client.post(url, posted(choice="0", note="Second onglet"))
    assert page.status_code == 409
    for words in ("Second onglet", "Premier onglet", 'name="rule" value="blind"', "Visible par vous seulement"):
        assert words in text_of(page)
    assert contents() == before


@pytest.mark.parametrize(
    ("values", "words", "kept"),
    [
        ({"choice": "not_applicable"}, "pourquoi ce critère ne s’applique pas", ""),
        ({"choice": "not_applicable", "note": "  \n "}, "pourquoi ce critère ne s’applique pas", ""),
        ({"choice": "7", "note": SENTENCE}, "Ce niveau n’existe pas", SENTENCE),
        ({"choice": "=2+2", "note": SENTENCE}, "Ce niveau n’existe pas", SENTENCE),
        ({"choice": "1", "note": "x" * 1_000_000}, "le maximum est de 2\u202f000", "x" * 5_000),
        ({"choice": "1", "note": "Un mot\x00"}, "U+0000", "Un mot"),
        ({"choice": "1", "note": SENTENCE, "rule": "autre"}, "Rechargez la page", SENTENCE),
        ({"choice": "1", "note": SENTENCE, "revision": "9" * 30}, "", SENTENCE),
    ],
)
def test_refused_it_comes_back_as_typed(ours, client, url, values, words, kept):
    before = contents()
    sign_in(client, ours, Role.BOARD_MEMBER)
    response = client.post(url, posted(**values))
    assert response.status_code == 422
    assert words in text_of(response)
    assert kept in text_of(response)
    assert client.post(url, posted(**values), headers=JSON).status_code == 422
    assert contents() == before


def test_emoji_formulas_and_html_are_words(ours, client, url):
    words = "=SOMME(A1) 🌱 <b>gras</b>"
    page = sign_in(client, ours, Role.BOARD_MEMBER).post(url, posted(choice="1", note=words), follow=True)
    assert mine(ours, Role.BOARD_MEMBER).note == words
    assert "&lt;b&gt;gras" in text_of(page)
    assert "<b>gras" not in text_of(page)


def test_typed_by_one_person_it_is_never_saved_under_the_name_of_another(ours, client, url):
    before = contents()
    sign_in(client, ours, Role.BOARD_MEMBER)
    values = posted(choice="1", person=ours.user(Role.REFERENT).pk)
    answer = client.post(url, values, headers=JSON)
    assert answer.status_code == 403
    assert "Une autre personne est maintenant connectée" in answer.json()["error"]
    assert contents() == before


def test_what_the_structure_answered_is_not_on_the_page(ours, client):
    ours.save(ours.answer(3), kind="unknown", practice="Une pratique dite", comment="Un commentaire dit")
    sign_in(client, ours, Role.BOARD_MEMBER)
    for name, args in (("viewpoint", [3]), ("viewpoints", [])):
        page = text_of(client.get(ours.draft.url(name, *args)))
        assert "Une pratique dite" not in page
        assert "Un commentaire dit" not in page
        assert "À revoir" not in page.split('<div id="marks"')[0]
    assert "checked" not in text_of(client.get(ours.draft.url("viewpoint", 3)))


# --- Blind --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_nothing_of_the_others_shows_before_the_opening(ours, client, role):
    others = [BECAUSE + f" {other.value}" for other in STRUCTURE_ROLES if other != role]
    sign_in(client, ours, role)
    pages = ("viewpoints", "gaps", "autodiag", "synthesis")
    shown = [text_of(client.get(ours.draft.url(name))) for name in pages]
    names = ("viewpoint", "criterion", "answer_history")
    shown += [text_of(client.get(ours.draft.url(name, 1))) for name in names]
    for page in shown:
        assert not any(words in page for words in others)
    assert "3</strong> personnes de votre structure ont donné leur point de vue" in shown[0]
    assert "La comparaison n’est pas encore ouverte" in shown[1]


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REGION_ADMIN, Role.NATIONAL_STAFF, Role.PARTNER])
def test_nobody_outside_the_structure_enters(ours, client, url, role):
    before = contents()
    sign_in(client, ours, role)
    for autodiag in (ours.draft, ours.submitted):
        for name, args in (("viewpoints", []), ("gaps", []), ("viewpoint", [1]), ("comparison_open", [])):
            response = client.get(autodiag.url(name, *args))
            assert response.status_code == 403
            assert BECAUSE not in text_of(response)
    assert client.post(url, posted(choice="1")).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_for_other_structures_nothing_exists(ours, client, url, key):
    before = contents()
    sign_in(client, World(key), Role.REFERENT)
    for name, args in (("viewpoints", []), ("gaps", []), ("viewpoint", [1]), ("comparison_open", [])):
        assert client.get(ours.submitted.url(name, *args)).status_code == 404
    for where in (url, *(ours.draft.url(name) for name in ("voice_choose", "voice_rule", "comparison_open"))):
        assert client.post(where, posted(choice="1", confirm="yes", group="1")).status_code == 404
    assert contents() == before


def test_a_criterion_that_is_not_there_is_a_404(ours, client):
    before = contents()
    sign_in(client, ours, Role.REFERENT)
    assert client.get(ours.draft.url("viewpoint", 99)).status_code == 404
    assert client.post(ours.draft.url("viewpoint_save", 99), posted(choice="1")).status_code == 404
    assert contents() == before


def test_when_the_adhesion_is_over_it_is_refused_with_whom_to_ask(client, db):
    lapsed = World("lapsed")
    before = contents()
    sign_in(client, lapsed, Role.REFERENT)
    for name, args in (("viewpoints", []), ("gaps", []), ("viewpoint", [1]), ("comparison_open", [])):
        response = client.get(lapsed.draft.url(name, *args))
        assert response.status_code == 403
        assert "region_admin@ours.example.org" in text_of(response)
    answer = client.post(lapsed.draft.url("viewpoint_save", 1), posted(choice="1"), headers=JSON)
    assert answer.status_code == 403
    assert "31 août 2025" in answer.json()["error"]
    assert contents() == before


def test_closed_or_transmitted_one_s_own_stays_readable(ours, client):
    sign_in(client, ours, Role.BOARD_MEMBER)
    page = text_of(client.get(ours.submitted.url("viewpoint", 1)))
    assert "La comparaison est ouverte : les points de vue de ce chapitre ne changent plus" in page
    assert f"{BECAUSE} 1" in page
    assert 'action="' + ours.submitted.url("viewpoint_save", 1) not in page
    before = contents()
    answer = client.post(ours.submitted.url("viewpoint_save", 1), posted(1, choice="1"), headers=JSON)
    assert answer.status_code == 403
    assert "ne changent plus" in answer.json()["error"]
    assert contents() == before


# --- The group ----------------------------------------------------------------------------------------------------


def test_one_says_from_which_group_one_speaks(ours, client):
    Viewpoint.objects.all().delete()
    Voice.objects.all().delete()
    sign_in(client, ours, Role.CONTRIBUTOR)
    response = client.get(ours.draft.url("viewpoint", 3), follow=True)
    assert response.redirect_chain == [(ours.draft.url("viewpoints"), 302)]
    assert "Choisissez d’abord le groupe" in text_of(response)
    group = ours.participation.cohort.version.voice_groups.get(name=BOARD)
    page = text_of(client.post(ours.draft.url("voice_choose"), {"group": group.pk}, follow=True))
    assert f"Vous parlez depuis le groupe « {BOARD} »" in page
    assert Voice.objects.get().group == group
    assert "Commencer au critère 2.1" in page


@pytest.mark.parametrize("value", ["", "x\x00", "9" * 30, "theirs"])
def test_a_group_of_nobody_s_is_refused(ours, client, value):
    theirs = World("stranger").participation.cohort.version.voice_groups.first().pk
    before = contents()
    response = sign_in(client, ours, Role.CONTRIBUTOR).post(
        ours.draft.url("voice_choose"), {"group": theirs if value == "theirs" else value}
    )
    assert response.status_code == 422
    assert "groupe" in text_of(response)
    assert contents() == before


def test_a_group_already_compared_stays(ours, client):
    sign_in(client, ours, Role.CONTRIBUTOR)
    assert "Votre groupe ne change plus" in text_of(client.get(ours.draft.url("viewpoints")))
    before = contents()
    group = ours.participation.cohort.version.voice_groups.get(name=BOARD)
    response = client.post(ours.draft.url("voice_choose"), {"group": group.pk})
    assert response.status_code == 403
    assert "Votre groupe ne change plus" in text_of(response)
    assert contents() == before


# --- The rule and the opening -------------------------------------------------------------------------------------


def test_the_referent_fixes_the_rule(ours, client):
    clear(ours)
    sign_in(client, ours, Role.REFERENT)
    assert "Règle de votre structure : à l’aveugle" in text_of(client.get(ours.draft.url("viewpoints")))
    where = ours.draft.url("voice_rule")
    page = text_of(client.post(where, {"rule": "as_they_come", "revision": 0}, follow=True))
    assert "Règle de votre structure : au fur et à mesure" in page
    assert not VoiceRule.objects.get(participation=ours.participation).blind
    again = client.post(where, {"rule": "blind", "revision": 0})
    assert again.status_code == 409
    assert "vient de fixer la règle" in text_of(again)
    assert not VoiceRule.objects.get(participation=ours.participation).blind


def test_the_rule_under_which_colleagues_answered_stays(ours, client):
    before = contents()
    response = sign_in(client, ours, Role.REFERENT).post(
        ours.draft.url("voice_rule"), {"rule": "as_they_come", "revision": 0}
    )
    assert response.status_code == 403
    assert "ont été donnés à l’aveugle" in text_of(response)
    assert contents() == before


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_conducts(ours, client, role):
    before = contents()
    sign_in(client, ours, role)
    assert "Ouvrir la comparaison" not in text_of(client.get(ours.draft.url("viewpoints")))
    assert client.get(ours.draft.url("comparison_open")).status_code == 403
    assert client.post(ours.draft.url("comparison_open"), {"confirm": "yes"}).status_code == 403
    assert client.post(ours.draft.url("voice_rule"), {"rule": "as_they_come", "revision": 0}).status_code == 403
    assert contents() == before


def test_the_referent_reads_what_happens_then_opens(ours, client):
    where = ours.draft.url("comparison_open")
    page = text_of(sign_in(client, ours, Role.REFERENT).get(where))
    for words in ("3</strong> personnes ont donné leur point de vue", "ne se referme pas", "ne changeront plus"):
        assert words in page
    before = contents()
    unconfirmed = client.post(where)
    assert unconfirmed.status_code == 422
    assert "La comparaison n’est pas ouverte" in text_of(unconfirmed)
    assert contents() == before
    for _ in range(2):
        response = client.post(where, {"confirm": "yes"}, follow=True)
        assert response.redirect_chain == [(ours.draft.url("gaps"), 302)]
    assert Comparison.objects.get(autodiag=ours.draft).opened_by == ours.user(Role.REFERENT)
    assert "déjà ouverte" in text_of(client.get(where))


def test_compared_as_they_come_everybody_reads_the_gaps_and_nothing_freezes(ours, client, url):
    as_they_come(ours)
    for role in STRUCTURE_ROLES[:3]:
        give(ours, 3, role, 1, blind=False)
    sign_in(client, ours, Role.CONTRIBUTOR)
    assert "3 voix" in text_of(client.get(ours.draft.url("gaps")))
    assert client.post(url, posted(1, rule="as_they_come", choice="2")).status_code == 302
    assert "ont donné leur point de vue" in text_of(client.get(ours.draft.url("viewpoints")))
    before = contents()
    answer = client.post(url, posted(2, choice="0"), headers=JSON)
    assert answer.status_code == 403
    assert "règle de votre structure vient de changer" in answer.json()["error"]
    assert contents() == before


# --- Home -------------------------------------------------------------------------------------------------------

ASKED = "Donner votre point de vue sur le chapitre 2"


def home(client, world, role):
    return text_of(sign_in(client, world, role).get("/"))


def test_home_asks_who_gave_none_while_colleagues_have_and_it_is_blind(ours, client):
    assert ASKED in home(client, ours, Role.LEGAL_REPRESENTATIVE)
    for role in (Role.REFERENT, Role.CONTRIBUTOR, Role.BOARD_MEMBER):
        assert ASKED not in home(client, ours, role)
    give(ours, 3, Role.LEGAL_REPRESENTATIVE, 1)
    assert ASKED not in home(client, ours, Role.LEGAL_REPRESENTATIVE)


def test_home_asks_nobody_where_nobody_gave_any(ours, client):
    Viewpoint.objects.filter(answer__autodiag=ours.draft).delete()
    assert ASKED not in home(client, ours, Role.LEGAL_REPRESENTATIVE)


def test_home_stops_asking_once_the_comparison_is_open(ours, client):
    open_comparison(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    assert ASKED not in home(client, ours, Role.LEGAL_REPRESENTATIVE)
