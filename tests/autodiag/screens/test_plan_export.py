"""Asking for a plan as a file: who may, what comes of it, what stays as it was."""

import io

import openpyxl
import pytest
from django.urls import reverse

from autodiag.enums import ActionStatus
from autodiag.models import Action
from autodiag.plans import PlanFormat
from autodiag.services.exports import PLAN_EXPORT
from autodiag.services.plan import create_action
from autodiag.services.plan_export import NothingToExport, outward_material, plan_document, plan_material
from caprse.base import jobs
from caprse.base.models import Download, Job
from cohorts.enums import Role
from tests.document_text import words_of
from tests.worlds import PRIVATE, World


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world):
    return reverse("plan_export", args=[world.participation.cohort.region.slug, world.participation.public_id])


def address_of(world, stored):
    return reverse("download", args=[world.participation.cohort.region.slug, stored.public_id])


def asked():
    return list(Job.objects.filter(kind=PLAN_EXPORT).order_by("pk"))


def post(client, world, role, target=None, **data):
    client.force_login(world.user(role))
    return client.post(url_of(target or world), data)


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
@pytest.mark.parametrize("role", [Role.REFERENT, Role.BOARD_MEMBER, Role.FACILITATOR])
def test_it_is_made_and_downloaded_with_what_its_asker_reads(ours, client, role, form):
    response = post(client, ours, role, form=form)
    (job,) = asked()
    assert response.url == reverse("job", args=[job.public_id])
    jobs.run(job.pk)
    job.refresh_from_db()
    page = client.get(response.url).content.decode()
    assert job.result.name in page
    before = Download.objects.count()
    content = client.post(address_of(ours, job.result)).content
    assert Download.objects.count() == before + 1
    assert content.startswith(b"%PDF" if form == "pdf" else b"PK")


def test_who_accompanies_receives_nothing_kept_to_the_structure(ours, client):
    post(client, ours, Role.FACILITATOR, form="xlsx")
    (job,) = asked()
    jobs.run(job.pk)
    job.refresh_from_db()
    content = client.post(address_of(ours, job.result)).content
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    told = repr(list(page.iter_rows(values_only=True)))
    assert "Action partagée" in told
    assert PRIVATE not in told


def test_sent_twice_it_is_one_work(ours, client):
    first, second = (post(client, ours, Role.REFERENT, form="pdf") for _ in range(2))
    assert first.url == second.url
    assert len(asked()) == 1


def test_without_a_format_it_is_a_workbook(ours, client):
    post(client, ours, Role.REFERENT)
    assert asked()[0].payload == {"form": "xlsx", "edition": "internal"}


@pytest.mark.parametrize("form", ["docx", "", "exe", "PDF", "x" * 5000, "\x00", "1" * 400])
def test_a_format_that_is_none_of_ours_is_a_404(ours, client, form):
    assert post(client, ours, Role.REFERENT, form=form).status_code == 404
    assert not asked()


@pytest.mark.parametrize("edition", ["", "diffusion", "\x00", "x" * 5000])
def test_an_edition_that_is_none_of_ours_is_a_404(ours, client, edition):
    assert post(client, ours, Role.REFERENT, form="pdf", edition=edition).status_code == 404
    assert not asked()


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_the_edition_to_be_shown_bears_the_name_of_the_structure_alone(ours, client, form):
    post(client, ours, Role.CONTRIBUTOR, form=form, edition="outward")
    (job,) = asked()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.result.publishable
    told = words_of(client.post(address_of(ours, job.result)).content, form)
    assert "Action partagée" in told
    assert "Notre structure – édité le" in told
    for kept in ("ne pas diffuser", "Remis à", ours.user(Role.CONTRIBUTOR).full_name, "Critère 2.1", "Mention ESSAI"):
        assert kept not in told


def test_both_editions_are_offered_to_its_people_and_one_to_who_accompanies(ours, client):
    plan = reverse("plan", args=[ours.participation.cohort.region.slug, ours.participation.public_id])
    told = {}
    for role in (Role.REFERENT, Role.FACILITATOR):
        client.force_login(ours.user(role))
        told[role] = client.get(plan).content.decode()
    assert "PDF à diffuser" in told[Role.REFERENT]
    assert "Emporter le plan" in told[Role.FACILITATOR]
    assert "à diffuser" not in told[Role.FACILITATOR]


def test_who_accompanies_makes_no_edition_to_be_shown(ours, client):
    response = post(client, ours, Role.FACILITATOR, form="pdf", edition="outward")
    assert response.status_code == 403
    assert "ses membres seuls peuvent la préparer" in response.content.decode()
    assert not asked()


def test_reading_the_address_asks_for_nothing(ours, client):
    client.force_login(ours.user(Role.REFERENT))
    assert client.get(url_of(ours)).status_code == 405
    assert not asked()


@pytest.mark.parametrize("role", [Role.NATIONAL_STAFF, Role.PARTNER])
def test_who_reads_no_plan_is_refused(ours, client, role):
    assert post(client, ours, role).status_code == 403
    assert not asked()


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_another_structures_plan_is_a_404(ours, client, key):
    assert post(client, World(key), Role.REFERENT, target=ours, form="pdf").status_code == 404
    assert not asked()


def test_once_the_adhesion_is_over_the_reason_is_said(db, client):
    lapsed = World("lapsed")
    response = post(client, lapsed, Role.REFERENT, form="xlsx")
    assert response.status_code == 403
    assert "adhésion" in response.content.decode()
    assert not asked()


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_outside_what_was_abandoned_is_not_shown_without_its_reason(ours, form):
    by, path, what = ours.actor(Role.REFERENT), ours.participation, "Louer un second local"
    create_action(participation=path, by=by, what=what, status=ActionStatus.ABANDONED, status_reason="Trop cher")
    inside, outside = (
        words_of(plan_document(read(by, path), PlanFormat(form))[1], form) for read in (plan_material, outward_material)
    )
    assert what in inside
    assert what not in outside
    Action.objects.filter(participation=path).exclude(status=ActionStatus.ABANDONED).update(
        status=ActionStatus.ABANDONED, status_reason="Trop cher", done_on=None
    )
    with pytest.raises(NothingToExport, match="Toutes les actions de ce plan sont abandonnées"):
        outward_material(by, path)
