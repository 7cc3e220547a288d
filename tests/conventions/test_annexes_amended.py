"""Annexes that live on while an amendment is signed."""

import pytest

from conventions.models import Annex, Convention
from conventions.services import annexes
from conventions.services.annexed import annexes_of, changed_by, copy_annexes
from conventions.services.annexes import Content
from tests.charters_at_hand import PARTNERSHIP, fresh, partner, signed_from
from tests.harness.pages import admin_user


@pytest.fixture
def charter(ours, draw_anew):
    """A partner charter in force: annex 1 binds, annex 2 is the follow-up that parties fill."""
    return signed_from(PARTNERSHIP, partner())


def test_what_the_parties_fill_while_an_amendment_is_signed_stays_when_it_binds(charter):
    amendment = Convention.objects.create(
        region=charter.region,
        version=charter.version,
        nature="amendment",
        parent=charter,
        reference="2025-AV1",
        created_by=admin_user(),
    )
    copy_annexes(charter, amendment)
    rhythm = Annex.objects.get(convention=amendment, number=1)
    meant = Content(values=(("f2", "Deux par mois"),))
    annexes.revise_annex(annex=rhythm, number=1, by=admin_user(), content=meant, note="Rythme")
    follow_up = Annex.objects.get(convention=charter, number=2)
    filled = Content(values=(("f1", "Structure A"),))
    annexes.revise_annex(annex=follow_up, number=1, by=admin_user(), content=filled, note="Décembre", filled=True)
    assert [new.annex.number for new in changed_by(fresh(amendment))] == [1]
    for _ in range(2):
        annexes.apply_amendment(amendment=fresh(amendment))
    standing = {known.annex.number: known.current for known in annexes_of(charter)}
    assert (standing[1].number, standing[1].values) == (2, {"f2": "Deux par mois"})
    assert (standing[2].number, standing[2].values) == (2, {"f1": "Structure A"})
