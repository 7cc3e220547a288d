"""What is relayed and given to an organisation, read by its people: a partner's, the national head's."""

import subprocess
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse

from caprse.base import clock, files, outbox, todo
from caprse.base.models import AuditEvent, Download, OutboxMessage
from cohorts.enums import OrganisationKind, Role
from cohorts.models import ClauseAcceptance, Need, Organisation, Resource
from cohorts.services import people
from cohorts.services.relays import AlreadyAnswered, answer_need, give_resource, relay_need, withdraw_share
from cohorts.todos import needs_to_answer
from tests.harness.threads import at_once
from tests.worlds import NEIGHBOUR, STRANGER, World
from tests.worlds_organising import page
from tests.worlds_relays import blank_pdf

GOOD = {"answer": "Une session existe déjà, le 11 décembre."}


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def partner(ours, client):
    client.force_login(ours.user(Role.PARTNER))
    return client


def answer_of(need):
    return reverse("need_answer", args=[need.public_id])


def file_of(share):
    return reverse("resource_download", args=[share.public_id])


# --- Needs ------------------------------------------------------------------------------------------------------


def test_a_partner_reads_its_own_needs_and_resources_and_nobody_else_s(partner):
    shown = page(partner.get(reverse("relays")))
    assert "Besoin de ours" in shown
    assert "Ressource de ours" in shown
    assert NEIGHBOUR not in shown
    assert STRANGER not in shown


def test_an_answer_is_kept_shown_journalled_and_told_to_who_relayed(ours, partner, mailoutbox):
    need = ours.need
    shown = page(partner.post(answer_of(need), GOOD, follow=True))
    assert "Votre réponse est envoyée à" in shown
    assert "Aucun besoin ne vous attend" in shown
    need.refresh_from_db()
    assert (need.answer, need.answered_by) == (GOOD["answer"], ours.user(Role.PARTNER))
    assert AuditEvent.objects.get(verb="need.answered", target_id=need.pk).actor_id == need.answered_by_id
    assert list(OutboxMessage.objects.filter(kind="need_answered").values_list("recipient_id", flat=True)) == [
        ours.user(Role.REGION_ADMIN).pk
    ]
    outbox.send_waiting()
    [mail] = [mail for mail in mailoutbox if "a répondu" in mail.subject]
    assert mail.to == ["region_admin@ours.example.org"]
    assert reverse("cohort_relays", args=["ici", "cohorte"]) in mail.body
    assert GOOD["answer"] in page(partner.get(answer_of(need)))
    partner.force_login(ours.user(Role.REGION_ADMIN))
    assert GOOD["answer"] in page(partner.get(reverse("cohort_relays", args=["ici", "cohorte"])))


@pytest.mark.parametrize(("answer", "words"), [(" ", "Écrivez votre réponse"), ("x" * 3001, "3 000")])
def test_an_answer_that_says_nothing_or_too_much_is_not_sent(ours, partner, answer, words):
    response = partner.post(answer_of(ours.need), {"answer": answer})
    assert response.status_code == 422
    assert words in page(response).replace("\u202f", " ")
    assert answer.strip() in page(response)
    assert ours.need.answered_at is None


def test_of_two_answers_the_first_stays_and_the_second_is_shown_it_with_its_own_text(ours, partner):
    need = ours.need
    colleague = people.create_person(email="collegue@ours.example.org", first_name="Odile", last_name="Ferrand")
    answer_need(need=need, answer="Réponse d’Odile", by=colleague)
    response = partner.post(answer_of(need), GOOD)
    assert response.status_code == 409
    assert "Odile Ferrand a répondu avant vous" in page(response)
    assert "Réponse d’Odile" in page(response)
    assert GOOD["answer"] in page(response)
    need.refresh_from_db()
    assert (need.answer, need.answered_by) == ("Réponse d’Odile", colleague)


def test_an_answer_given_from_a_stale_page_is_refused_and_journalled_once(ours):
    tabs = [Need.objects.get(pk=ours.need.pk) for _ in range(2)]
    by = ours.user(Role.PARTNER)
    answer_need(need=tabs[0], answer="Première", by=by)
    with pytest.raises(AlreadyAnswered) as first:
        answer_need(need=tabs[1], answer="Seconde", by=by)
    assert first.value.need.answer == "Première"
    assert AuditEvent.objects.filter(verb="need.answered", target_id=tabs[0].pk).count() == 1
    assert OutboxMessage.objects.filter(kind="need_answered").count() == 1


def test_two_colleagues_answering_at_once_give_one_answer(committed_db):
    ours = World("ours")
    need, by = ours.need, ours.user(Role.PARTNER)

    def answering(text):
        return lambda: answer_need(need=Need.objects.get(pk=need.pk), answer=text, by=by).answer

    first, second = sorted(at_once(answering("Première"), answering("Seconde")), key=lambda one: isinstance(one, str))
    assert isinstance(first, AlreadyAnswered)
    assert first.need.answer == second == Need.objects.get(pk=need.pk).answer
    assert AuditEvent.objects.filter(verb="need.answered", target_id=need.pk).count() == 1


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_another_partner_s_need_and_resource_do_not_exist(partner, key):
    theirs = World(key)
    assert partner.get(answer_of(theirs.need)).status_code == 404
    assert partner.post(answer_of(theirs.need), GOOD).status_code == 404
    response = partner.post(file_of(theirs.share))
    assert response.status_code == 404
    assert "ne vous est pas confiée" in page(response)
    assert theirs.need.answered_at is None
    assert not Download.objects.exists()


def test_the_national_head_answers_what_is_relayed_to_it_and_no_partner_sees_it(ours, client):
    national = Organisation.objects.get(kind=OrganisationKind.NATIONAL)
    by = ours.user(Role.REGION_ADMIN)
    need = relay_need(cohort=ours.cohort, organisation=national, title="Un outil commun", by=by)
    client.force_login(ours.user(Role.PARTNER))
    assert client.post(answer_of(need), GOOD).status_code == 404
    client.force_login(ours.user(Role.NATIONAL_STAFF))
    shown = page(client.get(reverse("relays")))
    assert "Un outil commun" in shown
    assert "Besoin de ours" not in shown
    client.post(answer_of(need), GOOD)
    need.refresh_from_db()
    assert need.answered_by == ours.user(Role.NATIONAL_STAFF)


def test_a_coordinator_who_is_a_partner_too_answers_for_their_own_organisation_alone(ours, client):
    theirs = World("neighbour")
    user = ours.user(Role.PARTNER)
    team = ours.user(Role.REGION_ADMIN).memberships.get().organisation
    people.give_role(user=user, role=Role.REGION_ADMIN, organisation=team)
    client.force_login(user)
    assert NEIGHBOUR not in page(client.get(reverse("relays")))
    assert client.post(answer_of(theirs.need), GOOD).status_code == 404
    assert client.post(file_of(theirs.share)).status_code == 404
    assert theirs.need.answered_at is None
    assert not Download.objects.exists()


def test_somebody_who_left_the_organisation_reads_nothing(ours, partner):
    ours.user(Role.PARTNER).memberships.update(until=date(2025, 11, 3))
    for response in (partner.get(reverse("relays")), partner.post(file_of(ours.share))):
        assert response.status_code == 403
        assert "Ressource de ours" not in page(response)
    assert not Download.objects.exists()


# --- Resources --------------------------------------------------------------------------------------------------


def text_by_page(content, tmp_path):
    path = tmp_path / "document.pdf"
    path.write_bytes(content)
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


def test_a_resource_leaves_marked_on_every_page_registered_and_journalled(ours, partner, tmp_path):
    response = partner.post(file_of(ours.share))
    line = Download.objects.get()
    assert (line.user_id, line.acting_for, line.file_id) == (
        ours.user(Role.PARTNER).pk,
        "Partenaire ours",
        ours.share.resource.file_id,
    )
    assert (line.region_id, line.cohort_id) == (ours.cohort.region_id, ours.cohort.pk)
    assert AuditEvent.objects.get(verb="file.downloaded").target_id == line.pk
    assert response["X-Register-Number"] == line.number
    assert response["Content-Disposition"] == 'attachment; filename="ressource-de-ours.pdf"'
    with pikepdf.open(BytesIO(response.content)) as pdf:
        assert len(pdf.pages) == 2
    for text in text_by_page(response.content, tmp_path):
        for mark in (line.person, "Partenaire ours", line.number, "4 novembre 2025"):
            assert mark in text


def test_taken_back_it_does_not_open_any_more_and_says_whom_to_ask(ours, partner):
    withdraw_share(share=ours.share, by=ours.user(Role.REGION_ADMIN))
    response = partner.post(file_of(ours.share))
    assert response.status_code == 404
    assert "ne l’est plus" in page(response)
    assert "Demandez à la délégation" in page(response)
    assert "Aucune ressource ne vous est confiée" in page(partner.get(reverse("relays")))
    assert not Download.objects.exists()


def test_it_opens_to_the_end_of_its_last_day(ours, partner, clock_at):
    share = ours.share
    share.until = date(2025, 11, 4)
    share.save(update_fields=["until"])
    clock_at(clock.at(date(2025, 11, 4), 23, 59))
    assert partner.post(file_of(share)).status_code == 200
    clock_at(clock.at(date(2025, 11, 5), 0, 1))
    assert partner.post(file_of(share)).status_code == 404
    assert Download.objects.count() == 1


def test_one_that_cannot_be_marked_does_not_leave_and_says_why(ours, partner):
    stored = files.store(b"%PDF-1.7 broken", name="a.pdf", media_type="application/pdf", created_by_id=None)
    Resource.objects.filter(pk=ours.share.resource_id).update(file_id=stored.pk)
    shown = page(partner.post(file_of(ours.share), follow=True))
    assert "Ce PDF est abîmé" in shown
    assert "Rien n’a été téléchargé" in shown
    assert not Download.objects.exists()


def test_the_clause_comes_first_then_one_comes_back_to_the_resources(ours, partner):
    ClauseAcceptance.objects.filter(user=ours.user(Role.PARTNER)).delete()
    assert "vous lirez la clause" in page(partner.get(reverse("relays")))
    shown = partner.post(file_of(ours.share), follow=True)
    assert "Texte de la clause" in page(shown)
    assert "Avant de recevoir ce document" in page(shown)
    assert not Download.objects.exists()
    accepted = partner.post(reverse("clause"), {"accept": "on", "suite": reverse("relays")})
    assert accepted.url == reverse("relays")
    assert partner.post(file_of(ours.share)).status_code == 200
    assert Download.objects.count() == 1


# --- Home, the cohort, the header -------------------------------------------------------------------------------


def todos_of(ours):
    return [one.title for one in todo.collect(ours.actor(Role.PARTNER), [])]


def test_what_is_expected_of_a_partner_the_need_then_the_clause_when_something_is_given(ours):
    assert todos_of(ours) == ["Répondre à un besoin relayé"]
    ClauseAcceptance.objects.filter(user=ours.user(Role.PARTNER)).delete()
    assert todos_of(ours) == ["Lire et accepter la clause de non-diffusion", "Répondre à un besoin relayé"]
    withdraw_share(share=ours.share, by=ours.user(Role.REGION_ADMIN))
    assert todos_of(ours) == ["Répondre à un besoin relayé"]
    answer_need(need=ours.need, answer="Oui", by=ours.user(Role.PARTNER))
    assert todos_of(ours) == []


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same(ours, partner, queries, count):
    by = ours.user(Role.REGION_ADMIN)
    for rank in range(count):
        relay_need(cohort=ours.cohort, organisation=ours.partner, title=f"Besoin {rank}", by=by)
        give_resource(
            cohort=ours.cohort, title=f"Guide {rank}", content=blank_pdf(), organisations=[ours.partner], by=by
        )
    with queries(5):
        shown = page(partner.get(reverse("relays")))
    assert shown.count("Guide ") >= count
    actor = ours.actor(Role.PARTNER)
    with queries(1):
        assert len(list(needs_to_answer(actor, []))) == count + 1


def test_the_page_of_the_cohort_counts_what_is_given_to_them(ours, partner):
    shown = page(partner.get(ours.cohort.get_absolute_url()))
    assert "Ce qui vous est confié" in shown
    assert "besoin attend votre réponse" in shown
    assert "ressource à lire" in shown
    assert "Lire la convention" in shown
    assert "Juillet 2026 ?" in shown
    answer_need(need=ours.need, answer="Oui", by=ours.user(Role.PARTNER))
    withdraw_share(share=ours.share, by=ours.user(Role.REGION_ADMIN))
    shown = page(partner.get(ours.cohort.get_absolute_url()))
    assert "besoin a votre réponse" in shown
    assert "attend votre réponse" not in shown
    assert "ressource à lire" not in shown


@pytest.mark.parametrize("role", [Role.REFERENT, Role.FACILITATOR])
def test_others_see_nothing_of_it(ours, client, role):
    client.force_login(ours.user(role))
    shown = page(client.get(ours.cohort.get_absolute_url()))
    assert "Ce qui vous est confié" not in shown
    assert reverse("relays") not in shown
    response = client.post(file_of(ours.share))
    assert response.status_code == 403
    assert "Rien n’a été modifié" in page(response)
    assert not Download.objects.exists()


def test_the_header_leads_there(partner):
    assert f'href="{reverse("relays")}"' in page(partner.get("/"))
