"""The convention moved on while a page was open: what was typed stays on the page, the reason is said, nothing changes."""

import pytest
from django.urls import reverse

from caprse.base import clock
from conventions.enums import AnnexKind
from conventions.services import amending, annexes, breaches, family, sending
from conventions.services.annexes import Content
from tests.conventions import followers_at_hand as go
from tests.harness.pages import admin_user, text_of
from tests.test_access_matrix import contents
from tests.worlds_conventions import fresh

TYPED = "Les heures que personne n’aimerait retaper."


def annex_added(ours):
    convention = ours.draft_convention
    sending.cancel(convention=convention, reason="On recommence", by=None)
    return convention.url("annex_new", AnnexKind.TEXT), {"title": "Calendrier", "text": TYPED}


def annex_revised(ours):
    convention = ours.draft_convention
    said = {"kind": AnnexKind.TEXT, "title": "Calendrier", "content": Content(text="Avant"), "binding": False}
    annex = annexes.add_annex(convention=convention, by=None, **said)
    sending.cancel(convention=convention, reason="On recommence", by=None)
    return convention.url("annex_revise", annex.number), {"number": 1, "text": TYPED, "note": "Le calendrier"}


def breach_notified(ours):
    party = ours.own_party
    clause = breaches.clauses_binding(party.convention, party)[0].key
    sending.end(convention=party.convention, last_day=clock.today(), reason="Terminée", by=None)
    asked = {"clause": clause, "facts": TYPED, "reply_by": "2025-12-04"}
    return reverse("breach_new", args=["ici", party.convention.public_id, party.pk]), asked


def breach_decided(ours):
    party = ours.own_party
    clause = breaches.clauses_binding(party.convention, party)[0].key
    said = {"clause": clause, "facts": "Absences", "reply_by": party.convention.created_at.date().replace(year=2026)}
    breach = breaches.notify_breach(party=party, by=admin_user(), **said)
    asked = {"revision": breach.revision, "decision": "dropped", "reason": TYPED}
    return reverse("breach_decide", args=["ici", party.convention.public_id, breach.public_id]), asked


def article_rewritten(ours):
    amendment = go.drafted(ours.convention)
    sending.cancel(convention=amendment, reason="On renonce", by=None)
    key = family.text_before(amendment)[1].key
    asked = {"revision": amendment.revision, "title": TYPED, "text_0": TYPED}
    return f"{amendment.get_absolute_url()}changements/articles/{key}/", asked


def article_added(ours):
    amendment = go.drafted(ours.convention)
    sending.cancel(convention=amendment, reason="On renonce", by=None)
    asked = {"revision": amendment.revision, "title": "Neuf", "text": TYPED, "role": "", "after": ""}
    return amendment.url("amendment_add"), asked


@pytest.mark.parametrize(
    ("opened", "reason"),
    [
        (annex_added, "aucune annexe ne s’y ajoute plus"),
        (annex_revised, "n’engage plus personne"),
        (breach_notified, "tant que le texte est en vigueur"),
        (breach_decided, "la décision vient après sa réponse"),
        (article_rewritten, "n’est plus un brouillon"),
        (article_added, "n’est plus un brouillon"),
    ],
)
def test_what_was_typed_is_still_there_with_the_reason(ours, admin, draw_anew, opened, reason):
    url, asked = opened(ours)
    before = contents()
    response = admin.post(url, asked)
    assert response.status_code == 422
    page = text_of(response)
    assert TYPED in page
    assert reason in page
    assert contents() == before


def test_the_same_new_article_sent_twice_is_one(ours, admin, draw_anew):
    amendment = go.drafted(ours.convention)
    asked = {"revision": amendment.revision, "title": "Neuf", "text": TYPED, "role": "region", "after": ""}
    for _ in range(2):
        assert admin.post(amendment.url("amendment_add"), asked).url == amendment.url("amendment_changes")
    assert [entry["title"] for entry in fresh(amendment).changes if entry["act"] == "added"] == ["Neuf"]


def test_two_new_articles_with_the_same_title_are_two(ours, draw_anew):
    amendment = go.drafted(ours.convention)
    for text in ("Un.", "Deux."):
        change = {"act": "added", "key": "", "title": "Neuf", "after": ""}
        change |= {"clauses": [{"text": text, "roles": [], "heading": ""}]}
        amending.set_change(amendment=fresh(amendment), revision=fresh(amendment).revision, change=change, by=None)
    assert len([entry for entry in fresh(amendment).changes if entry["act"] == "added"]) == 2
