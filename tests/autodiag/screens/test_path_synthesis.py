"""The picture of a whole path: what its people read, what who accompanies reads, and what it costs."""

import gzip
import re

import pytest
from django.test import Client
from django.urls import reverse

from autodiag.enums import AnswerKind
from autodiag.models import Answer, Autodiag
from autodiag.services.evidence import archive_evidence, deposit, link_evidence
from autodiag.services.reviews import reopen
from autodiag.services.submission import submit
from caprse.base.uploads import accept
from cohorts.access import Actor
from cohorts.enums import Role
from cohorts.models import Purpose
from tests import scale
from tests.test_access_matrix import contents
from tests.worlds import PRIVATE, STRUCTURE_ROLES, World

TEAM = (Role.FACILITATOR, Role.REGION_ADMIN)
OWN = ("Vos priorités", "Là où vos voix diffèrent", "brouillon", "Présentations", "Notre pourquoi")


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world, name="path_synthesis"):
    return reverse(name, args=[world.participation.cohort.region.slug, world.participation.public_id])


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def row_of(page, chapter):
    """The cells of a chapter in the table of numbers, in words."""
    table = page.split("Les mêmes nombres")[1].split("</table>")[0]
    row = next(row for row in table.split("<tr>")[1:] if f"{chapter}. Titre du chapitre {chapter}" in row)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", row, re.S)]


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_its_people_read_every_chapter_and_their_own_choices(ours, client, role):
    page = text_of(sign_in(client, ours, role).get(url_of(ours)))
    for told in ("Votre synthèse", "Chapitre 2 (brouillon)", *OWN):
        assert told in page
    answers = Answer.objects.filter(autodiag=ours.draft)
    levels, none = answers.filter(kind=AnswerKind.LEVEL).count(), answers.exclude(kind=AnswerKind.LEVEL).count()
    score, supported, declared, without, state = row_of(page, 2)
    assert int(supported) + int(declared) == levels
    assert (int(without), state) == (none, "Brouillon")
    assert row_of(page, 1)[-1] == "Transmis"
    assert "aucun score n’en dépend" in page


def test_both_drawings_and_their_table_tell_the_same_numbers(ours, client):
    page = text_of(sign_in(client, ours, Role.REFERENT).get(url_of(ours)))
    score = row_of(page, 1)[0]
    assert f"Chapitre 1 {score}" in page.split('id="parcours-desc"')[1].split("</desc>")[0]


def test_evidence_supports_a_level_of_a_draft_kept_private_or_not_unless_it_is_put_away(ours, client):
    answer = Answer.objects.get(autodiag=ours.draft, criterion__position=1)
    used = answer.evidence_uses.get().evidence
    sign_in(client, ours, Role.REFERENT)
    expected = "1" if answer.kind == AnswerKind.LEVEL else "0"
    assert row_of(text_of(client.get(url_of(ours))), 2)[1] == expected
    used.visibility = "structure"
    used.save(update_fields=["visibility"])
    assert row_of(text_of(client.get(url_of(ours))), 2)[1] == expected
    score = row_of(text_of(client.get(url_of(ours))), 2)[0]
    archive_evidence(evidence=used, by=ours.actor(Role.REFERENT))
    assert row_of(text_of(client.get(url_of(ours))), 2)[:2] == [score, "0"]


@pytest.mark.parametrize("role", TEAM)
def test_who_accompanies_reads_what_was_transmitted_and_nothing_of_their_own(ours, client, role):
    Purpose.objects.filter(organisation=ours.organisation).delete()
    owner = ours.user(Role.REFERENT)
    Purpose.objects.create(
        region_id=ours.participation.region_id,
        organisation=ours.organisation,
        text=f"Parce que {PRIVATE}",
        updated_by=owner,
    )
    page = text_of(sign_in(client, ours, role).get(url_of(ours)))
    assert row_of(page, 1)[-1] == "Transmis"
    assert row_of(page, 2) == ["–", "–", "–", "–", "En cours"]
    for told in (*OWN, PRIVATE, "Mettre en avant", "Les écarts"):
        assert told not in page
    assert f"Parce que {PRIVATE}" in text_of(sign_in(client, ours, Role.REFERENT).get(url_of(ours)))


def test_a_chapter_being_corrected_is_read_by_the_team_as_it_was_transmitted(ours, client):
    sign_in(client, ours, Role.FACILITATOR)
    before = row_of(text_of(client.get(url_of(ours))), 1)
    Autodiag.objects.filter(pk=ours.submitted.pk).update(state="draft", submitted_at=None, submitted_by=None)
    Answer.objects.filter(autodiag=ours.submitted).update(kind=AnswerKind.UNKNOWN, level=None, na_reason="")
    assert row_of(text_of(client.get(url_of(ours))), 1) == before
    insider = text_of(sign_in(client, ours, Role.REFERENT).get(url_of(ours)))
    assert row_of(insider, 1) == ["–", "0", "0", "4", "Brouillon"]


def test_the_widest_gaps_come_from_chapters_that_are_compared(ours, client):
    page = text_of(sign_in(client, ours, Role.BOARD_MEMBER).get(url_of(ours)))
    gaps = page.split("Là où vos voix diffèrent")[1].split("</section>")[0]
    assert "Écart de 2 degrés" in gaps
    assert f"{ours.submitted.url('gaps')}#critere-1" in gaps
    # Chapter 2 is still blind: three voices on its first criterion, of which nothing shows.
    assert ours.draft.url("gaps") not in page


def test_without_purpose_only_who_may_write_it_is_invited_to(ours, client):
    Purpose.objects.filter(organisation=ours.organisation).delete()
    assert "Écrire notre pourquoi" in text_of(sign_in(client, ours, Role.CONTRIBUTOR).get(url_of(ours)))
    assert "Notre pourquoi" not in text_of(sign_in(client, ours, Role.BOARD_MEMBER).get(url_of(ours)))


def test_before_anything_is_transmitted_it_says_so_kindly(db, client):
    new = scale.build(structures=1, criteria=4, slug="neuve")
    client.force_login(new.facilitator)
    page = text_of(client.get(reverse("path_synthesis", args=["neuve", new.participations[0].public_id])))
    assert "Aucun chapitre n’est transmis pour l’instant" in page
    assert "<svg xmlns" not in page


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_for_others_it_does_not_exist_and_nothing_changes(ours, client, key):
    before = contents()
    sign_in(client, World(key), Role.REFERENT)
    assert client.get(url_of(ours)).status_code == 404
    assert client.post(url_of(ours)).status_code == 405
    assert contents() == before


def test_without_adhesion_it_leads_to_the_path_where_their_answers_are(db, client):
    lapsed = World("lapsed")
    response = sign_in(client, lapsed, Role.REFERENT).get(url_of(lapsed), follow=True)
    assert response.redirect_chain == [(lapsed.participation.get_absolute_url(), 302)]
    assert "l’adhésion n’est plus à jour" in text_of(response)


@pytest.mark.parametrize("criteria", [20, 100])
@pytest.mark.parametrize("sent", [False, True])
def test_it_costs_twelve_queries_at_most_whatever_the_criteria(db, queries, criteria, sent):
    grand = scale.build(structures=1, criteria=criteria, chapters=5)
    if sent:
        for autodiag in Autodiag.objects.with_context().filter(participation=grand.participations[0]):
            submit(autodiag=autodiag, by=Actor.of(grand.referent))
            reopen(autodiag=autodiag, by=Actor.of(grand.referent), reason="Une erreur")
            autodiag.refresh_from_db(fields=["state"])
            submit(autodiag=autodiag, by=Actor.of(grand.referent), reason="Une erreur")
    for user in (grand.referent, grand.facilitator):
        client = Client()
        client.force_login(user)
        with queries(max=12):
            response = client.get(reverse("path_synthesis", args=["grande", grand.participations[0].public_id]))
        assert len(gzip.compress(response.content)) < 100_000
        chapters = 5 if sent or user == grand.referent else 0
        assert text_of(response).count('data-label="Score"') == chapters
        assert text_of(response).count('data-label="Avant"') == (5 if sent else 0)


def test_the_path_leads_there_and_beyond(ours, client):
    path = ours.participation.get_absolute_url()
    page = text_of(sign_in(client, ours, Role.BOARD_MEMBER).get(path))
    for name in ("path_synthesis", "priorities", "plan", "presentations"):
        assert f'href="{url_of(ours, name)}"' in page
    team = text_of(sign_in(client, ours, Role.FACILITATOR).get(path))
    assert f'href="{url_of(ours)}"' in team
    for name in ("priorities", "presentations"):
        assert url_of(ours, name) not in team


# --- The synthesis of a chapter -----------------------------------------------------------------------------------


def test_each_level_of_a_chapter_is_said_supported_or_declared_and_the_score_is_the_same(ours, client):
    answer = Answer.objects.get(autodiag=ours.draft, criterion__position=1)
    sign_in(client, ours, Role.CONTRIBUTOR)
    page = text_of(client.get(ours.draft.url("synthesis")))
    levels = Answer.objects.filter(autodiag=ours.draft, kind=AnswerKind.LEVEL)
    told = [page.count(f'<span class="support">{word}</span>') for word in ("étayé", "déclaré")]
    assert sum(told) == levels.count()
    assert told[0] == int(answer.kind == AnswerKind.LEVEL)
    assert "les deux comptent pareil, aucun score n’en dépend" in page
    assert 'id="synthese-barres-title"' in page
    before = page.split('class="big-score__value num">')[1].split("<")[0]
    archive_evidence(evidence=answer.evidence_uses.get().evidence, by=ours.actor(Role.REFERENT))
    page = text_of(client.get(ours.draft.url("synthesis")))
    assert '<span class="support">étayé</span>' not in page
    assert page.split('class="big-score__value num">')[1].split("<")[0] == before


def test_evidence_kept_private_supports_a_draft_for_its_people_and_nothing_of_it_is_transmitted(ours, client):
    answer = Answer.objects.get(autodiag=ours.draft, criterion__position=1)
    used = answer.evidence_uses.get().evidence
    used.visibility = "structure"
    used.save(update_fields=["visibility"])
    sign_in(client, ours, Role.BOARD_MEMBER)
    assert '<span class="support">étayé</span>' in text_of(client.get(ours.draft.url("synthesis")))
    ours.transmit()
    sign_in(client, ours, Role.FACILITATOR)
    page = text_of(client.get(ours.draft.url("synthesis")))
    assert '<span class="support">déclaré</span>' in page
    assert '<span class="support">étayé</span>' not in page


@pytest.mark.parametrize("criteria", [20, 100])
def test_the_synthesis_of_a_chapter_costs_twelve_queries_at_most(db, queries, criteria):
    grand = scale.build(structures=1, criteria=criteria)
    actor = Actor.of(grand.referent)
    upload = accept("preuve.txt", b"Une preuve.")
    proof = deposit(organisation=grand.participations[0].organisation, by=actor, title="Preuve", upload=upload)
    for answer in Answer.objects.select_related("criterion").filter(autodiag=grand.autodiag)[:3]:
        answer.autodiag = grand.autodiag
        link_evidence(answer=answer, evidence=proof, by=actor)
    for sent in (False, True):
        if sent:
            submit(autodiag=grand.autodiag, by=actor)
        client = Client()
        client.force_login(grand.referent)
        with queries(max=12):
            response = client.get(grand.autodiag.url("synthesis"))
        assert len(gzip.compress(response.content)) < 100_000
        assert text_of(response).count("étayé</span>") == (0 if sent else 3)
