"""A text sent once the session, the token, the right or the page is over is shown back: it can be copied."""

import pytest
from django.test import Client
from django.urls import reverse

from cohorts.enums import Role
from cohorts.models import Membership
from tests.test_access_matrix import contents
from tests.worlds import World
from tests.worlds_organising import page

WORDS = "Une heure de travail, <b>tapée</b> d’un trait."
BROWSER = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Site": "same-origin"}

pytestmark = pytest.mark.django_db


def forms():
    ours, of_path = World("ours"), ["ici", World("ours").participation.public_id]
    cohort = ["ici", "cohorte"]
    return {
        "note": (reverse("notes", args=of_path), {"text": WORDS}),
        "change of a note": (reverse("note_edit", args=[*of_path, ours.note.public_id]), {"text": WORDS}),
        "delay": (reverse("round_adjust", args=[*of_path, 2]), {"reason": WORDS}),
        "remark": (ours.draft.url("remark_add", 1), {"text": WORDS}),
        "need": (reverse("need_new", args=cohort), {"text": WORDS}),
        "answer to a need": (reverse("need_answer", args=[ours.need.public_id]), {"answer": WORDS}),
        "resource": (reverse("resource_new", args=cohort), {"summary": WORDS}),
        "criterion": (reverse("draft_criterion", args=["ESSAI", ours.draft_criterion.stable_id]), {"help": WORDS}),
        "chapter": (reverse("draft_chapter", args=["ESSAI", ours.draft_chapter.stable_id]), {"summary": WORDS}),
    }


NAMES = ["note", "change of a note", "delay", "remark", "need", "answer to a need", "resource", "criterion", "chapter"]


@pytest.mark.parametrize("name", NAMES)
def test_what_was_typed_comes_back_and_nothing_changes(client, name):
    url, data = forms()[name]
    before = contents()
    response = client.post(
        url, {**data, "old_password": "mot de passe"}, headers={**BROWSER, "Referer": "http://testserver/ici/"}
    )
    assert response.status_code == 403
    said = page(response)
    assert "Votre session a pris fin" in said
    assert "Une heure de travail, &lt;b&gt;tapée&lt;/b&gt; d’un trait." in said
    assert "mot de passe" not in said.split("typed")[1].split("</blockquote>")[0]
    assert said.count("<blockquote") == 1
    assert f'href="{reverse("account_login")}?next=%2Fici%2F"' in said
    assert contents() == before


def test_every_form_above_is_looked_at():
    assert set(forms()) == set(NAMES)


def test_without_a_text_or_for_a_script_one_signs_in_as_usual(client):
    url, data = forms()["remark"]
    asked = [
        client.post(url, {"text": "mot"}, headers=BROWSER),
        client.post(url, data, headers={**BROWSER, "HX-Request": "true"}),
        client.post(url, data, headers={"Accept": "application/json"}),
        client.get(url, headers=BROWSER),
    ]
    assert [(r.status_code, r.url.split("?")[0]) for r in asked] == [(302, reverse("account_login"))] * 4


@pytest.mark.parametrize(("origin", "shown"), [("same-origin", True), ("cross-site", False), ("", False)])
def test_a_page_open_too_long_gives_the_text_back_to_its_own_form_alone(origin, shown):
    client, ours = Client(enforce_csrf_checks=True), World("ours")
    client.force_login(ours.user(Role.FACILITATOR))
    url, data = forms()["note"]
    response = client.post(url, data, headers={**BROWSER, "Sec-Fetch-Site": origin})
    assert response.status_code == 403
    assert ("Une heure de travail" in page(response)) is shown
    assert "n’a pas été enregistré" in page(response)


@pytest.mark.parametrize(("role", "status"), [(Role.REFERENT, 403), (Role.FACILITATOR, 404)])
def test_a_right_that_ended_meanwhile_gives_the_text_back(client, role, status):
    """Whoever may not write notes is refused; for whoever left the team, with a role elsewhere, the page is gone."""
    ours = World("ours")
    if role == Role.FACILITATOR:
        Membership.objects.filter(user=ours.user(role)).update(cohort=World("stranger").cohort)
    client.force_login(ours.user(role))
    url, data = forms()["note"]
    before = contents()
    response = client.post(url, data, headers=BROWSER)
    assert response.status_code == status
    assert "Une heure de travail, &lt;b&gt;" in page(response)
    assert "Une heure de travail" not in page(client.post(url, data, headers={"Sec-Fetch-Site": "cross-site"}))
    assert contents() == before


@pytest.mark.parametrize("body", [b"text=" + b"a b" * 1_500_000, b"text=un+texte&" * 2_000])
def test_an_address_of_nowhere_never_breaks_on_what_is_sent(client, body):
    sent = "application/x-www-form-urlencoded"
    response = client.generic("POST", "/nulle-part/", body, content_type=sent, headers=BROWSER)
    assert "Cette page est introuvable" in page(response)
