"""Before and after over a whole path: the chapters transmitted twice, beside one another."""

import re

import pytest
from django.urls import reverse

from autodiag.services.reviews import reopen
from autodiag.services.submission import submit
from cohorts.enums import Role
from tests.autodiag.screens.test_path_synthesis import TEAM, sign_in, text_of, url_of
from tests.autodiag.screens.test_synthesis_compare import again, at_level, later_path
from tests.worlds import World


@pytest.fixture
def ours(db):
    return World("ours")


def moves_of(page):
    """[(chapter, before, after, compared, apart, address)] of the table of before and after."""
    if "Le score de chaque chapitre, avant et après" not in page:
        return []
    table = page.split("Le score de chaque chapitre, avant et après")[1].split("</table>")[0]
    rows = table.split("<tbody>")[1].split("<tr>")[1:]
    told = [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.S)] for row in rows]
    return [(*cells, row.split('href="')[1].split('"')[0]) for cells, row in zip(told, rows, strict=True)]


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, *TEAM])
def test_before_and_after_of_each_chapter_transmitted_twice(ours, client, role):
    sign_in(client, ours, role)
    assert moves_of(text_of(client.get(url_of(ours)))) == []
    again(ours)
    assert moves_of(text_of(client.get(url_of(ours)))) == [], "a correction under way is no second version"
    submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT), reason="Une erreur")
    page = text_of(client.get(url_of(ours)))
    ((before, after, compared, apart, address),) = moves_of(page)
    assert before != after
    assert (compared, apart) == ("2", "0")
    assert f"Chapitre 2 {before}" in page.split('id="parcours-avant-apres-desc"')[1].split("</desc>")[0]
    # The page of the chapter tells the same numbers.
    told = re.findall(r'big-score__value num">([^<]+)', text_of(client.get(address.replace("&amp;", "&"))))
    assert told == [before, after]


def test_the_card_of_a_chapter_leads_to_before_and_after_once_there_are_two(ours, client):
    def linked(role):
        sign_in(client, ours, role)
        return f'href="{ours.draft.url("synthesis_compare")}"' in text_of(client.get(url_of(ours)))

    ours.transmit()
    assert not linked(Role.REFERENT), "one version: nothing to put beside it"
    reopen(autodiag=ours.draft, by=ours.actor(Role.REFERENT), reason="Une erreur")
    assert linked(Role.REFERENT), "the answers of the moment are beside what was transmitted"
    assert not linked(Role.FACILITATOR), "who accompanies reads no draft"
    submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT), reason="Une erreur")
    assert linked(Role.REFERENT)
    assert linked(Role.FACILITATOR)


def test_before_may_be_of_an_earlier_path_and_what_was_reworded_is_left_aside(ours, client):
    autodiag = later_path(ours)
    sign_in(client, ours, Role.REFERENT)
    for position in (1, 2, 3, 4):
        at_level(autodiag, position, 1)
    url = reverse("path_synthesis", args=["ici", autodiag.participation.public_id])
    assert moves_of(text_of(client.get(url))) == []
    submit(autodiag=autodiag, by=ours.actor(Role.REFERENT))
    ((_, _, _, apart, address),) = moves_of(text_of(client.get(url)))
    assert apart == "1"
    page = text_of(client.get(address.replace("&amp;", "&")))
    assert "Cohorte d’ici, " in page
    assert "la rédaction du critère a changé" in page
