"""Documents of a path: chosen, asked for, made in the background; what stays out is told; who may, who may not."""

import pytest
from django.urls import reverse

from autodiag.reports import Edition, Format
from autodiag.services.exports import REPORT, request_report
from autodiag.services.plan import create_action
from caprse.base import jobs
from caprse.base.enums import JobState
from caprse.base.models import AuditEvent, Download, Job, StoredFile
from cohorts.enums import Role
from cohorts.models import ClauseAcceptance, Membership, Purpose
from cohorts.services.purpose import set_purpose
from tests import depth_at_scale, scale
from tests.document_text import words_of
from tests.test_access_matrix import contents
from tests.worlds import STRUCTURE_ROLES, World

TEAM = (Role.FACILITATOR, Role.REGION_ADMIN)
WANTED = {"about": "parcours", "edition": "internal", "form": "docx", "with_plan": "on"}
MEMBERS = "réservé aux adhérents COORACE, ne pas diffuser"


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(world, name="path_documents", path=None):
    path = path or world.participation
    return reverse(name, args=[path.cohort.region.slug, path.public_id])


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def asked(client, world, **wanted):
    """Ask for a document, let the worker run, and give its job back."""
    response = client.post(url_of(world, "document_request"), {**WANTED, **wanted})
    assert response.status_code == 302, text_of(response)
    job = Job.objects.filter(kind=REPORT).latest("pk")
    assert response["Location"] == reverse("job", args=[job.public_id])
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def downloaded(client, job):
    response = client.post(reverse("download", args=["ici", job.result.public_id]))
    assert response.status_code == 200
    return response.content


def copy_a_question(world):
    """A practice that repeats the référentiel, in the chapter under way."""
    answer = world.answer(1)
    world.save(answer, practice=f"Nous aussi : {answer.criterion.levels.first().description}")
    return answer.criterion


@pytest.mark.parametrize("role", STRUCTURE_ROLES)
def test_its_people_choose_between_both_editions(ours, client, role):
    page = text_of(sign_in(client, ours, role).get(url_of(ours)))
    for expected in ("Édition interne", "Édition à diffuser", "Tout le parcours", "Titre du chapitre 2", "Diaporama"):
        assert expected in page
    assert "Pour votre assemblée générale" in page


@pytest.mark.parametrize("role", TEAM)
def test_who_accompanies_has_the_internal_edition_of_what_was_transmitted(ours, client, role):
    page = text_of(sign_in(client, ours, role).get(url_of(ours)))
    assert "Édition interne" in page
    assert "Édition à diffuser" not in page
    assert "Titre du chapitre 1" in page
    assert "Titre du chapitre 2" not in page


@pytest.mark.parametrize("form", [one.value for one in Format])
def test_the_internal_edition_is_made_marked_and_registered(ours, client, form):
    job = asked(sign_in(client, ours, Role.BOARD_MEMBER), ours, form=form)
    assert (job.state, job.result.publishable) == (JobState.DONE, False)
    assert job.result.name.endswith(f".{form}")
    words = words_of(downloaded(client, job), form)
    assert MEMBERS in words
    assert ours.user(Role.BOARD_MEMBER).full_name in words
    assert Download.objects.latest("pk").file_id == job.result.pk
    assert AuditEvent.objects.filter(verb="file.downloaded", details__file=job.result.pk).exists()


@pytest.mark.parametrize("form", [one.value for one in Format])
def test_the_edition_to_be_shown_outside_bears_the_name_of_the_structure_alone(ours, client, form):
    job = asked(sign_in(client, ours, Role.REFERENT), ours, form=form, edition="outward")
    assert (job.state, job.result.publishable) == (JobState.DONE, True)
    words = words_of(downloaded(client, job), form)
    line = Download.objects.latest("pk")
    assert "ne pas diffuser" not in words
    assert "Remis à" not in words
    assert ours.user(Role.REFERENT).full_name not in words
    assert "Notre structure – édité le" in words
    assert line.number in words
    assert "Pratique 1.1" in words
    assert "Critère 1.1" not in words


def test_one_chapter_without_the_plan(ours, client):
    job = asked(sign_in(client, ours, Role.REFERENT), ours, about=ours.submitted.public_id, form="xlsx", with_plan="")
    words = words_of(downloaded(client, job), "xlsx")
    assert "Critère 1.1" in words
    assert "Critère 2.1" not in words
    assert "Action gardée" not in words


def test_who_accompanies_gets_nothing_that_is_not_shared(ours, client):
    job = asked(sign_in(client, ours, Role.FACILITATOR), ours, form="docx")
    words = words_of(downloaded(client, job), "docx")
    assert "Critère 1.1" in words
    assert "Action partagée" in words
    assert "pas encore transmis" in words
    for kept in ("MARQUEINTIME", "Critère 2.1", "Notre pourquoi", "Nos priorités", "Présentations"):
        assert kept not in words


def test_the_page_answers_before_the_document_is_made(ours, client):
    client = sign_in(client, ours, Role.REFERENT)
    client.post(url_of(ours, "document_request"), {**WANTED, "form": "pdf"})
    job = Job.objects.filter(kind=REPORT).latest("pk")
    assert (job.state, job.result) == (JobState.QUEUED, None)
    assert "en préparation" in text_of(client.get(url_of(ours)))
    jobs.run(job.pk)
    page = text_of(client.get(url_of(ours)))
    assert "Télécharger" in page
    assert "Tout le parcours, édition interne, PDF" in page


@pytest.mark.parametrize(("form", "named"), [("docx", "Word"), ("pptx", "Diaporama"), ("xlsx", "Excel")])
def test_a_document_is_named_by_what_opens_it_not_by_the_ending_of_its_file(ours, client, form, named):
    client = sign_in(client, ours, Role.REFERENT)
    client.post(url_of(ours, "document_request"), {**WANTED, "form": form})
    page = text_of(client.get(url_of(ours)))
    assert f"Tout le parcours, édition interne, {named}" in page
    assert form.upper() not in page


def test_one_s_documents_are_one_s_own(ours, client):
    asked(sign_in(client, ours, Role.REFERENT), ours)
    colleague = text_of(sign_in(client, ours, Role.CONTRIBUTOR).get(url_of(ours)))
    assert "Vos derniers documents" not in colleague


def test_asked_twice_it_is_made_once(ours, client):
    client = sign_in(client, ours, Role.REFERENT)
    places = {client.post(url_of(ours, "document_request"), WANTED)["Location"] for _ in range(2)}
    assert len(places) == 1
    assert Job.objects.filter(kind=REPORT).count() == 1
    client.post(url_of(ours, "document_request"), {**WANTED, "form": "pptx"})
    assert Job.objects.filter(kind=REPORT).count() == 2


def test_the_page_tells_what_would_stay_out_and_where_to_write_it_again(ours, client):
    client = sign_in(client, ours, Role.REFERENT)
    assert "hors de l’édition à diffuser" not in text_of(client.get(url_of(ours)))
    criterion = copy_a_question(ours)
    create_action(participation=ours.participation, by=ours.actor(Role.REFERENT), what=criterion.question)
    page = text_of(client.get(url_of(ours)))
    assert "2 passages de vos textes restent hors de l’édition à diffuser" in page
    assert ours.draft.url("criterion", criterion.position) in page
    assert "Chapitre 2, critère 2.1, ce que vous faites déjà" in page
    told = text_of(sign_in(client, ours, Role.FACILITATOR).get(url_of(ours)))
    assert "hors de l’édition" not in told


def test_a_purpose_that_repeats_it_leads_to_its_page(ours, client):
    question = copy_a_question(ours)
    text, by = f"Nous disons : {question.levels.first().description}", ours.actor(Role.REFERENT)
    known = Purpose.objects.filter(organisation=ours.organisation).first()
    set_purpose(organisation=ours.organisation, revision=known.revision if known else 0, text=text, by=by)
    page = text_of(sign_in(client, ours, Role.REFERENT).get(url_of(ours)))
    assert f'href="{reverse("purpose", args=["ici", ours.organisation.public_id])}">Notre pourquoi</a>' in page


def test_nothing_begun_leads_back_to_the_path(ours, client):
    path = ours.organisation.participations.exclude(pk=ours.participation.pk).get()
    client = sign_in(client, ours, Role.REFERENT)
    page = client.get(url_of(ours, path=path), follow=True)
    assert "Rien à mettre dans un document" in text_of(page)
    before = contents()
    refused = client.post(url_of(ours, "document_request", path), WANTED)
    assert refused.status_code == 422
    assert contents() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"about": "inconnu"},
        {"about": "9" * 40},
        {"edition": "publique"},
        {"edition": ""},
        {"form": "odt"},
        {"form": "\x00"},
        {"about": ""},
    ],
)
def test_anything_else_is_refused_and_nothing_is_made(ours, client, wrong):
    client = sign_in(client, ours, Role.REFERENT)
    before = contents()
    response = client.post(url_of(ours, "document_request"), {**WANTED, **wrong})
    assert response.status_code == 422
    assert "À corriger" in text_of(response)
    assert contents() == before


@pytest.mark.parametrize("role", TEAM)
def test_who_accompanies_cannot_make_the_outward_edition(ours, client, role):
    client = sign_in(client, ours, role)
    before = contents()
    assert client.post(url_of(ours, "document_request"), {**WANTED, "edition": "outward"}).status_code == 422
    assert client.post(url_of(ours, "document_request"), {**WANTED, "about": ours.draft.public_id}).status_code == 422
    assert contents() == before


@pytest.mark.parametrize("edition", list(Edition))
def test_rights_are_looked_at_again_when_it_is_made(ours, edition):
    """Asked for, then the role is lost, or the clause: nothing is made."""
    by = ours.actor(Role.REFERENT)
    lost = request_report(participation=ours.participation, by=by, edition=edition, form=Format.XLSX)
    ClauseAcceptance.objects.filter(user_id=by.user_id).delete()
    jobs.run(lost.pk)
    lost.refresh_from_db()
    assert (lost.state, lost.result) == (JobState.FAILED, None)
    assert "ne vous est plus ouvert" in lost.message
    gone = request_report(participation=ours.participation, by=by, edition=edition, form=Format.PPTX)
    Membership.objects.filter(user_id=by.user_id).update(until="2025-01-07")
    jobs.run(gone.pk)
    gone.refresh_from_db()
    assert (gone.state, gone.result) == (JobState.FAILED, None)


def test_a_facilitator_s_job_never_makes_the_outward_edition(ours):
    by = ours.actor(Role.FACILITATOR)
    job = request_report(participation=ours.participation, by=by, edition=Edition.OUTWARD, form=Format.XLSX)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.FAILED, None)
    assert "parole de la structure" in job.message


@pytest.mark.parametrize("key", ["neighbour", "stranger"])
def test_others_find_nothing_here(ours, client, key):
    client.force_login(World(key).user(Role.REFERENT))
    before = contents()
    assert client.get(url_of(ours)).status_code == 404
    assert client.post(url_of(ours, "document_request"), WANTED).status_code == 404
    assert contents() == before


def test_a_neighbour_s_chapter_is_not_offered(ours, client):
    client = sign_in(client, ours, Role.REFERENT)
    before = contents()
    theirs = World("neighbour").submitted.public_id
    assert client.post(url_of(ours, "document_request"), {**WANTED, "about": theirs}).status_code == 422
    assert contents() == before


def test_without_a_valid_adhesion_the_tool_is_closed(db, client):
    lapsed = World("lapsed")
    client.force_login(lapsed.user(Role.REFERENT))
    before = StoredFile.objects.count()
    refused = client.get(url_of(lapsed))
    assert refused.status_code == 403
    assert "adhésion" in text_of(refused)
    assert client.post(url_of(lapsed, "document_request"), WANTED).status_code == 403
    assert StoredFile.objects.count() == before


def test_the_number_of_queries_does_not_follow_the_number_of_criteria(db, client, queries):
    counts = []
    for criteria in (10, 40):
        big = scale.build(structures=1, criteria=criteria, slug=f"c{criteria}")
        depth_at_scale.surround(big)
        client.force_login(big.referent)
        path = big.autodiag.participation
        with queries(max=60) as captured:
            assert client.get(url_of(None, path=path)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_synthesis_leads_to_the_documents_of_its_chapter(ours, client):
    page = text_of(sign_in(client, ours, Role.REFERENT).get(ours.submitted.url("synthesis")))
    address = f"{url_of(ours)}?chapitre={ours.submitted.public_id}"
    assert address in page
    chosen = text_of(client.get(address))
    assert f'<option value="{ours.submitted.public_id}" selected>' in chosen


def test_the_page_of_the_document_leads_back_to_where_it_was_asked_for(ours, client):
    job = asked(sign_in(client, ours, Role.REFERENT), ours)
    page = text_of(client.get(reverse("job", args=[job.public_id])))
    assert f'href="{url_of(ours)}"' in page
    assert "Revenir aux documents" in page


def test_each_side_is_told_which_actions_the_plan_will_hold(ours, client):
    words = {Role.REFERENT: "Toutes vos actions y figurent", Role.FACILITATOR: "Celles que la structure partage."}
    for role, told in words.items():
        page = text_of(sign_in(client, ours, role).get(url_of(ours)))
        assert [text for text in words.values() if text in page] == [told]
