"""A coordinator relays needs to the partners of a cohort, gives them resources by name and takes them back."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from caprse.base import clock, files, outbox
from caprse.base.models import AuditEvent, OutboxMessage, StoredFile
from cohorts.documents import MAX_SIZE
from cohorts.enums import OrganisationKind, Role
from cohorts.models import Cohort, Need, Organisation, Resource, Share
from cohorts.services.organising import NotPossible
from cohorts.services.relays import give_resource, relay_need, share_resource, withdraw_share
from tests.worlds import World
from tests.worlds_organising import organised, page
from tests.worlds_relays import blank_pdf

COHORT = ["ici", "cohorte"]


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def admin(ours, client):
    client.force_login(ours.user(Role.REGION_ADMIN))
    return client


@pytest.fixture
def national(ours):
    return Organisation.objects.get(kind=OrganisationKind.NATIONAL)


def url(name, *more):
    return reverse(name, args=[*COHORT, *more])


def upload(content=None, name="guide.pdf"):
    return SimpleUploadedFile(name, blank_pdf() if content is None else content, content_type="application/pdf")


def resource_form(*organisations, **change):
    form = {"title": "Guide des achats", "summary": "Pour préparer", "until": "", "file": upload()}
    return {**form, "organisations": [one.public_id for one in organisations], **change}


def need_form(partner, **change):
    return {"organisation": partner.public_id, "title": "Former à l’achat", "text": "Trois structures", **change}


def mailed(kind):
    """Who the mails of this kind go to, those of the worlds apart."""
    return list(
        OutboxMessage.objects.filter(kind=kind, created_at__gte=clock.at(date(2025, 11, 4), 0)).values_list(
            "recipient_id", flat=True
        )
    )


# --- Needs ------------------------------------------------------------------------------------------------------


def test_a_need_is_relayed_shown_journalled_and_mailed_once(ours, admin, mailoutbox):
    form = admin.get(url("need_new"))
    assert "Ne nommez aucune structure sans son accord" in page(form)
    shown = page(admin.post(url("need_new"), need_form(ours.partner), follow=True))
    assert "Le besoin est relayé à Partenaire ours" in shown
    assert "Former à l’achat" in shown
    assert "Réponse attendue" in shown
    need = Need.objects.get(title="Former à l’achat")
    event = AuditEvent.objects.get(verb="need.relayed", target_id=need.pk)
    assert (event.actor_id, event.organisation_id) == (ours.user(Role.REGION_ADMIN).pk, ours.partner.pk)
    assert mailed("need_relayed") == [ours.user(Role.PARTNER).pk]
    outbox.send_waiting()
    [mail] = [mail for mail in mailoutbox if "Former à l’achat" in mail.body]
    assert mail.to == ["partner@ours.example.org"]
    assert reverse("need_answer", args=[need.public_id]) in mail.body


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"organisation": ""}, "Choisissez à qui"),
        ({"organisation": "zzzzzzzzzzzz"}, "n’est pas, ou plus, dans la liste"),
        ({"title": " "}, "obligatoire"),
        ({"title": "x" * 161}, "160"),
        ({"text": "x" * 3001}, "3 000"),
    ],
)
def test_a_need_that_lacks_something_comes_back_filled(ours, admin, change, words):
    before = Need.objects.count()
    response = admin.post(url("need_new"), need_form(ours.partner, **change))
    assert response.status_code == 422
    assert words in page(response).replace("\u202f", " ")
    kept = "Former à l’achat" if "text" in change or "organisation" in change else "Trois structures"
    assert kept in page(response)
    assert Need.objects.count() == before


def test_the_same_need_sent_twice_is_relayed_once(ours, admin):
    admin.post(url("need_new"), need_form(ours.partner))
    response = admin.post(url("need_new"), need_form(ours.partner, title="former à l'ACHAT"))
    assert response.status_code == 422
    assert "déjà relayé à Partenaire ours, depuis le mardi 4 novembre 2025" in page(response)
    assert Need.objects.filter(cohort=ours.cohort, organisation=ours.partner, title__icontains="achat").count() == 1


def test_only_the_partners_of_the_cohort_are_offered_and_accepted(ours, admin):
    stranger = World("stranger")
    assert stranger.partner.legal_name not in page(admin.get(url("need_new")))
    assert admin.post(url("need_new"), need_form(stranger.partner)).status_code == 422
    by = ours.user(Role.REGION_ADMIN)
    with pytest.raises(NotPossible, match="n’est pas associée"):
        relay_need(cohort=ours.cohort, organisation=stranger.partner, title="Ailleurs", by=by)
    assert not Need.objects.filter(title__in=["Ailleurs", "Former à l’achat"]).exists()


def test_a_cohort_without_partner_says_what_to_do_first(ours, admin):
    cohort = organised(ours)
    for name in ("cohort_relays", "need_new", "resource_new"):
        shown = page(admin.get(reverse(name, args=["ici", cohort.slug])))
        assert "Aucun partenaire dans cette cohorte" in shown
        assert reverse("cohort_participants", args=["ici", cohort.slug]) in shown


# --- Resources --------------------------------------------------------------------------------------------------


def test_a_resource_is_given_by_name_kept_journalled_and_mailed(ours, national, admin, mailoutbox):
    data = resource_form(ours.partner, national, until="2025-12-31", file=upload(name="../../scan <b>.pdf"))
    shown = page(admin.post(url("resource_new"), data, follow=True))
    assert "« Guide des achats » est confiée" in shown
    assert "jusqu’au mercredi 31 décembre 2025" in shown
    resource = Resource.objects.get(title="Guide des achats")
    stored = StoredFile.objects.get(pk=resource.file_id)
    assert (stored.name, stored.media_type) == ("guide-des-achats.pdf", "application/pdf")
    assert files.read(stored) == blank_pdf()
    shares = resource.shares.order_by("organisation__legal_name")
    assert [(s.organisation, s.until) for s in shares] == [
        (ours.partner, date(2025, 12, 31)),
        (national, date(2025, 12, 31)),
    ]
    assert AuditEvent.objects.filter(verb="resource.given", details={"resource": resource.pk}).count() == 2
    people = {ours.user(role).pk for role in (Role.PARTNER, Role.NATIONAL_STAFF)} | {ours.user("editor").pk}
    assert set(mailed("resource_given")) == people
    outbox.send_waiting()
    told = [mail for mail in mailoutbox if "Guide des achats" in mail.body]
    assert len(told) == len(people)
    assert all("jusqu’au mercredi 31 décembre 2025 inclus" in mail.body.replace("\xa0", " ") for mail in told)


def locked():
    content = BytesIO()
    with pikepdf.open(BytesIO(blank_pdf())) as pdf:
        pdf.save(content, encryption=pikepdf.Encryption(owner="a", user="b"))
    return content.getvalue()


def signed():
    content = BytesIO()
    with pikepdf.open(BytesIO(blank_pdf())) as pdf:
        pdf.Root.AcroForm = pikepdf.Dictionary(SigFlags=3, Fields=pikepdf.Array())
        pdf.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "n’est pas un PDF"),
        (b"<html><body>%PDF-1.7</body></html>", "n’est pas un PDF"),
        (b"PK\x03\x04 a spreadsheet", "n’est pas un PDF"),
        (b"", "vide"),
        (b"%PDF-1.7 broken", "abîmé"),
        (locked, "mot de passe"),
        (signed, "signé électroniquement"),
        (b"%PDF-" + b"0" * MAX_SIZE, "le maximum est de 10 Mo"),
    ],
)
def test_whatever_is_not_a_markable_pdf_is_refused_in_words_and_nothing_is_kept(ours, admin, content, words):
    kept = StoredFile.objects.count(), Resource.objects.count(), Share.objects.count(), AuditEvent.objects.count()
    content = content() if callable(content) else content
    response = admin.post(url("resource_new"), resource_form(ours.partner, file=upload(content)))
    assert response.status_code == 422
    assert words in page(response)
    assert "Guide des achats" in page(response)
    after = StoredFile.objects.count(), Resource.objects.count(), Share.objects.count(), AuditEvent.objects.count()
    assert after == kept


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"organisations": []}, "Choisissez au moins une organisation"),
        ({"organisations": ["zzzzzzzzzzzz"]}, "n’est pas, ou plus, dans la liste"),
        ({"until": "2025-11-03"}, "déjà passé"),
        ({"until": "0202-01-01"}, "Vérifiez l’année"),
        ({"title": ""}, "obligatoire"),
        ({"file": ""}, "Choisissez un document"),
    ],
)
def test_a_resource_that_lacks_something_comes_back_filled_and_asks_for_the_file_again(ours, admin, change, words):
    before = Resource.objects.count()
    response = admin.post(url("resource_new"), resource_form(ours.partner, **change))
    assert response.status_code == 422
    assert words in page(response)
    assert "Pour préparer" in page(response)
    assert ("Choisissez de nouveau le fichier" in page(response)) == ("file" not in change)
    assert Resource.objects.count() == before


def test_the_same_resource_sent_twice_is_kept_once(ours, admin):
    admin.post(url("resource_new"), resource_form(ours.partner))
    response = admin.post(url("resource_new"), resource_form(ours.partner))
    assert response.status_code == 422
    assert "porte déjà ce titre" in page(response)
    assert Resource.objects.filter(title="Guide des achats").count() == 1


def test_it_is_given_to_others_later_but_not_twice_to_one(ours, national, admin):
    share = ours.share
    address = url("resource_share", share.resource.public_id)
    shown = page(admin.get(address))
    assert national.legal_name in shown
    assert ours.partner.legal_name not in shown
    assert admin.post(address, {"organisations": [national.public_id]}).url == url("cohort_relays")
    assert share.resource.shares.filter(organisation=national, withdrawn_at=None).count() == 1
    response = admin.post(address, {"organisations": [national.public_id]})
    assert response.status_code == 422
    by = ours.user(Role.REGION_ADMIN)
    with pytest.raises(NotPossible, match="déjà confiée à Partenaire ours"):
        share_resource(resource=share.resource, organisations=[ours.partner], by=by)
    assert share.resource.shares.count() == 2


def test_taken_back_at_once_it_can_be_given_again(ours, admin):
    share = ours.share
    shown = page(admin.post(url("share_withdraw", share.public_id), follow=True))
    assert "Partenaire ours ne peut plus l’ouvrir" in shown
    assert "Reprise le mardi 4 novembre 2025" in shown
    share.refresh_from_db()
    assert share.withdrawn_by == ours.user(Role.REGION_ADMIN)
    assert AuditEvent.objects.filter(verb="resource.withdrawn", target_id=share.pk).count() == 1
    assert "déjà reprise" in page(admin.post(url("share_withdraw", share.public_id), follow=True))
    assert AuditEvent.objects.filter(verb="resource.withdrawn", target_id=share.pk).count() == 1
    address = url("resource_share", share.resource.public_id)
    admin.post(address, {"organisations": [ours.partner.public_id], "until": "2025-11-30"})
    again = share.resource.shares.get(withdrawn_at=None)
    assert (again.organisation, again.until) == (ours.partner, date(2025, 11, 30))
    assert "Reprise le" not in page(admin.get(url("cohort_relays"))).split("Ressource de ours")[1].split("</li>")[0]


def test_past_its_last_day_it_can_be_given_again(ours, admin, clock_at):
    Share.objects.filter(pk=ours.share.pk).update(until=date(2025, 11, 4))
    resource = ours.share.resource
    clock_at(clock.at(date(2025, 11, 5), 0, 1))
    assert "ce jour est passé" in page(admin.get(url("cohort_relays")))
    share_resource(resource=resource, organisations=[ours.partner], by=ours.user(Role.REGION_ADMIN))
    assert resource.shares.filter(withdrawn_at=None).count() == 1


def test_no_mail_leaves_for_what_was_taken_back_or_answered_meanwhile(ours, national, mailoutbox):
    by = ours.user(Role.REGION_ADMIN)
    resource = give_resource(cohort=ours.cohort, title="Reprise", content=blank_pdf(), organisations=[national], by=by)
    withdraw_share(share=resource.shares.get(), by=by)
    outbox.send_waiting()
    assert all("Reprise" not in mail.body for mail in mailoutbox)


# --- Who --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.REFERENT, Role.PARTNER])
def test_others_neither_read_nor_relay(ours, client, role):
    client.force_login(ours.user(role))
    counts = Need.objects.count(), Share.objects.filter(withdrawn_at=None).count()
    for response in (
        client.get(url("cohort_relays")),
        client.post(url("need_new"), need_form(ours.partner)),
        client.post(url("resource_new"), resource_form(ours.partner)),
        client.post(url("share_withdraw", ours.share.public_id)),
    ):
        assert response.status_code == 403
        assert "Rien n’a été modifié" in page(response)
    assert counts == (Need.objects.count(), Share.objects.filter(withdrawn_at=None).count())


def test_a_coordinator_of_another_region_finds_nothing(ours, client):
    client.force_login(World("stranger").user(Role.REGION_ADMIN))
    for name, more in (("cohort_relays", ()), ("need_new", ()), ("resource_share", (ours.share.resource.public_id,))):
        assert client.get(url(name, *more)).status_code == 404
    assert client.post(url("share_withdraw", ours.share.public_id)).status_code == 404
    their = reverse("share_withdraw", args=["ailleurs", "cohorte", ours.share.public_id])
    assert client.post(their).status_code == 404
    assert ours.share.withdrawn_at is None


def test_the_way_there_is_on_the_pages_of_the_coordinator_alone(ours, client):
    for role, there in ((Role.REGION_ADMIN, True), (Role.FACILITATOR, False), (Role.PARTNER, False)):
        client.force_login(ours.user(role))
        assert (url("cohort_relays") in page(client.get(ours.cohort.get_absolute_url()))) == there
    client.force_login(ours.user(Role.REGION_ADMIN))
    assert url("cohort_relays") in page(client.get(url("cohort_setup")))


def test_facilitators_read_needs_and_answers_on_the_page_of_their_cohort(ours, client):
    """Who is in a structure, and a facilitator of another region, read none of them."""
    address = ours.cohort.get_absolute_url()
    readers = {role: ours.user(role) for role in (Role.FACILITATOR, Role.REFERENT, Role.BOARD_MEMBER)}
    shown = {}
    for role, user in readers.items():
        client.force_login(user)
        shown[role] = page(client.get(address))
    assert ours.need.title in shown[Role.FACILITATOR]
    assert url("need_new") not in shown[Role.FACILITATOR]
    assert ours.need.title not in shown[Role.REFERENT] + shown[Role.BOARD_MEMBER]
    client.force_login(World("stranger").user(Role.FACILITATOR))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same(ours, national, admin, queries, count):
    by, cohort = ours.user(Role.REGION_ADMIN), Cohort.objects.get(pk=ours.cohort.pk)
    for rank in range(count):
        relay_need(cohort=cohort, organisation=national, title=f"Besoin {rank}", by=by)
        give_resource(
            cohort=cohort, title=f"Guide {rank}", content=blank_pdf(), organisations=[national, ours.partner], by=by
        )
    with queries(8):
        shown = page(admin.get(url("cohort_relays")))
    assert shown.count("Guide ") >= count
