"""What a workshop wrote down becomes clauses of a draft, by kind of party."""

import pytest

from conventions.enums import ConventionState
from conventions.models import Commitment, Convention
from conventions.services import breaches, drafting, family, sending, states, versions
from conventions.texts import read_template
from tests import worlds_conventions as do
from tests.conventions import followers_at_hand as go
from tests.harness.ceremony import fresh
from tests.harness.pages import text_of
from tests.test_access_matrix import contents

PASTED = """- La structure vient à deux à chaque journée.
• La structure prévient avant le vendredi.

"""
REGION = "La délégation répond sous trois jours."


@pytest.fixture
def draft(ours):
    return ours.draft_convention


def form_of(convention, **said):
    return {"revision": convention.revision, "structure": PASTED, "region": REGION, **said}


def test_it_is_the_last_article_one_clause_a_line_for_whom_it_binds(draft, admin, draw_anew):
    url = draft.url("convention_workshop")
    for _ in range(2):
        assert admin.post(url, form_of(draft)).url == draft.url("convention_edit")
    assert "3 y sont déjà" in text_of(admin.get(draft.url("convention_edit")))
    assert "La structure vient à deux" in text_of(admin.get(url))
    before = len(documents_of(draft))
    convention = do.complete(draft)
    sending.freeze(convention=convention, by=None)
    convention = sending.send(convention=sending.make_original(convention=fresh(convention)), by=None)
    html = do.original_of(convention).html
    last = html[html.index(f"Article {before + 1} – Engagements pris à l’atelier") :]
    assert 'data-for="structure"' in last
    assert "La structure vient à deux à chaque journée." in last
    assert "- La structure" not in last
    assert REGION in last.split('data-for="region"')[1]
    done = go.completed(convention)
    assert done.state == ConventionState.IN_FORCE
    owed = Commitment.objects.filter(convention=done, clause__startswith="atelier")
    assert {(row.party.role, row.text) for row in owed.select_related("party")} == {
        ("structure", "La structure vient à deux à chaque journée."),
        ("structure", "La structure prévient avant le vendredi."),
        ("region", REGION),
    }
    party = done.parties.get(role="structure")
    assert any(clause.key == "atelier-1" for clause in breaches.clauses_binding(done, party))
    assert "Engagements pris à l’atelier" in [text.title for text in family.base_of(done)]


def documents_of(convention):
    return read_template(convention.version.content).articles


def test_emptied_it_leaves_the_text_as_it_was(draft, admin):
    url = draft.url("convention_workshop")
    admin.post(url, form_of(draft))
    assert admin.post(url, form_of(fresh(draft), structure="", region=" ")).status_code == 302
    assert fresh(draft).changes == []
    assert "Engagements pris à l’atelier" not in text_of(admin.get(draft.url("convention_preview")))


def test_a_next_version_keeps_it(draft, admin, draw_anew):
    admin.post(draft.url("convention_workshop"), form_of(draft))
    convention = do.sent_convention(draft.cohort)
    version = versions.new_version(convention=convention, reason="Une date", by=None)
    assert version.changes == fresh(draft).changes
    assert versions.what_changed(version) == []
    drafting.set_workshop(convention=version, revision=version.revision, commitments={}, by=None)
    told = versions.what_changed(Convention.objects.with_context().get(pk=version.pk))
    assert told == ["Le texte change : « Engagements pris à l’atelier »."]


def test_two_people_at_once_are_shown_both(draft, admin):
    url = draft.url("convention_workshop")
    admin.post(url, form_of(draft))
    answer = admin.post(url, form_of(draft, structure="La structure vient."))
    assert answer.status_code == 409
    assert "La structure prévient avant le vendredi." in text_of(answer)
    assert "La structure vient." in text_of(answer)
    again = admin.post(url, form_of(fresh(draft), structure="La structure vient."))
    assert again.status_code == 302


@pytest.mark.parametrize(
    "said",
    [
        {"structure": "x" * 401},
        {"structure": "Une ligne.\n" * 21},
        {"structure": "漢字"},
        {"region": "a\u202eb"},
        {"revision": ""},
        {"revision": "9" * 30},
    ],
)
def test_what_cannot_be_printed_is_refused_and_kept_as_typed(draft, admin, said):
    before = contents()
    answer = admin.post(draft.url("convention_workshop"), form_of(draft, **said))
    assert answer.status_code == 422
    assert contents() == before


def test_once_frozen_nothing_is_carried(frozen, admin):
    before = contents()
    assert admin.post(frozen.url("convention_workshop"), form_of(frozen)).url == frozen.get_absolute_url()
    with pytest.raises(states.WrongState):
        drafting.set_workshop(convention=frozen, revision=frozen.revision, commitments={"region": ["x"]}, by=None)
    assert contents() == before
