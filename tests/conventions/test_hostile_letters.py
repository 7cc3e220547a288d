"""Letters that the document cannot draw are refused where they are typed, and never reach a frozen text."""

import pytest

from conventions.enums import ConventionState
from conventions.models import Convention, Signatory
from conventions.services import drafting, sending
from conventions.services.sending import NotReady
from tests import worlds_conventions as do
from tests.harness.ceremony import fresh
from tests.worlds import World

HOSTILE = {
    "han": "漢字",
    "emoji": "Jardins 🌱",
    "reversed": "abc\u202edef",
    "zero width": "a\u200bb",
    "cyrillic": "Москва",
}


@pytest.fixture
def draft(next_cohort):
    sending.cancel(convention=World("ours").draft_convention, reason="On recommence", by=None)
    return do.complete(drafting.draft(cohort=next_cohort, by=None))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_signatory_is_not_named_in_letters_that_nothing_draws(admin, draft, text):
    party = draft.parties.get(role="structure")
    before = list(Signatory.objects.filter(party=party).values_list("pk", "last_name"))
    url = f"{draft.get_absolute_url()}parties/{party.pk}/"
    fields = {**do.stand_in(party), "last_name": text, "power_basis": "statutes", "rank": "1"}
    response = admin.post(url, fields)
    assert response.status_code == 422
    told = response.content.decode()
    assert "ne sait pas écrire" in told or "invisible" in told
    assert list(Signatory.objects.filter(party=party).values_list("pk", "last_name")) == before


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_blank_is_not_filled_with_them(admin, draft, text):
    blank = next(key for key, value in draft.variables.items() if value and not value[0].isdigit())
    url = draft.url("convention_edit")
    response = admin.post(url, {**draft.variables, blank: text, "revision": draft.revision})
    assert response.status_code == 422
    assert fresh(draft).variables == draft.variables


@pytest.mark.parametrize("text", [HOSTILE["han"], HOSTILE["emoji"]])
def test_a_structure_whose_name_has_some_is_told_before_its_text_is_frozen(admin, draft, text):
    organisation = draft.parties.get(role="structure").organisation
    organisation.legal_name = f"Structure {text}"
    organisation.save()
    with pytest.raises(NotReady, match="ne sait pas écrire"):
        sending.freeze(convention=fresh(draft), by=None)
    assert fresh(draft).state == ConventionState.DRAFT
    admin.post(draft.url("convention_freeze"))
    assert Convention.objects.get(pk=draft.pk).state == ConventionState.DRAFT


def test_the_page_of_the_draft_lists_them(admin, draft):
    draft.parties.filter(role="structure").update(name="Structure 漢")
    told = admin.get(draft.url("convention_edit")).content.decode()
    assert "U+6F22" in told


def test_a_name_as_long_as_people_have_is_frozen(draft, draw_anew):
    party = draft.parties.get(role="structure")
    name = ("Groupement d’employeurs pour l’insertion et la qualification " * 3)[:160].strip()
    party.organisation.legal_name = name
    party.organisation.save()
    sending.freeze(convention=fresh(draft), by=None)
    made = sending.make_original(convention=fresh(draft))
    assert made.state == ConventionState.FROZEN
    assert made.parties.get(pk=party.pk).name == name
