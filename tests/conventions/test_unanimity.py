"""An amendment and a bulletin are never signed at the same time: who joins signs the text that will bind them."""

import pytest
from django.db import connection  # noqa: F401  the condition below names it

from conventions.enums import ConventionState
from conventions.models import Convention
from conventions.services import amending, sending
from conventions.services.sending import NotReady
from tests.conventions import following as go
from tests.harness.threads import at_once
from tests.worlds import World


@pytest.fixture
def convention(ours, draw_anew):
    return ours.convention


def bulletin_of(convention):
    """A bulletin ready to be frozen."""
    bulletin = amending.draft_accession(convention=convention, structure=go.newcomer(), by=None)
    return go.filled(bulletin)


def freeze(convention):
    return sending.freeze(convention=go.fresh(convention), by=None)


def test_nobody_joins_a_text_that_is_changing(convention, admin):
    bulletin = bulletin_of(convention)
    amendment = go.opened(go.drafted(convention))
    with pytest.raises(NotReady, match=amendment.reference):
        freeze(bulletin)
    page = admin.get(bulletin.url("convention_edit")).content.decode()
    assert "change le texte en ce moment" in page
    assert go.fresh(bulletin).state == ConventionState.DRAFT
    go.completed(amendment)
    freeze(bulletin)
    quoted = go.fresh(bulletin).variables["amendments"]
    assert amendment.reference in quoted


def test_a_text_does_not_change_while_somebody_joins(convention, admin):
    amendment = go.drafted(convention)
    bulletin = go.opened(bulletin_of(convention))
    with pytest.raises(NotReady, match=bulletin.reference):
        freeze(amendment)
    assert "Une structure adhère en ce moment" in admin.get(amendment.url("convention_edit")).content.decode()
    sending.cancel(convention=bulletin, reason="Elle renonce", by=None)
    freeze(amendment)
    assert go.fresh(amendment).state == ConventionState.FREEZING


def test_who_has_joined_since_the_draft_is_one_more_to_sign(convention):
    amendment = go.drafted(convention)
    go.completed(go.opened(bulletin_of(convention)))
    with pytest.raises(NotReady, match="Les parties de la convention ont changé"):
        freeze(amendment)


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite writes one transaction at a time")
def test_frozen_at_the_same_moment_one_of_them_waits(committed_db, draw_anew):
    convention = World("ours").convention
    amendment, bulletin = go.drafted(convention), bulletin_of(convention)
    outcomes = at_once(lambda: freeze(amendment), lambda: freeze(bulletin))
    assert sorted(type(one).__name__ for one in outcomes) == ["Convention", "NotReady"]
    found = Convention.objects.filter(pk__in=[amendment.pk, bulletin.pk]).values_list("state", flat=True)
    assert sorted(found) == [ConventionState.DRAFT, ConventionState.FREEZING]
