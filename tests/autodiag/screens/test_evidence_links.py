"""Evidence on a criterion: chosen or deposited from it, with a page; optional, and never once transmitted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from autodiag.models import Answer, Evidence, EvidenceUse
from autodiag.services.evidence import archive_evidence, deposit, link_evidence
from autodiag.services.submission import submit
from caprse.base.uploads import accept
from cohorts.enums import Role
from tests.test_access_matrix import contents
from tests.worlds import World

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ours(db):
    return World("ours")


def sign_in(client, world, role=Role.CONTRIBUTOR):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def new_url(world, position=3, autodiag=None):
    address = reverse("evidence_new", args=["ici", world.organisation.public_id])
    return f"{address}?autodiag={(autodiag or world.draft).public_id}&critere={position}"


def act(world, name, evidence=None, position=1):
    return world.draft.url(name, position, (evidence or world.evidence).public_id)


def uses_on(world, position):
    return EvidenceUse.objects.filter(answer__autodiag=world.draft, answer__criterion__position=position)


def test_the_criterion_says_that_it_is_optional_and_what_supports_it(ours, client):
    sign_in(client, ours)
    page = text_of(client.get(ours.draft.url("criterion", 1)))
    for told in ("Niveau <strong>étayé</strong> par 1 justificatif", "Livret d’accueil", "p. 4", "TXT, 4"):
        assert told in page
    page = text_of(client.get(ours.draft.url("criterion", 3)))
    assert "Niveau <strong>déclaré</strong>, sans justificatif : il compte tout autant" in page
    assert new_url(ours).replace("&", "&amp;") in page


def test_one_of_the_library_is_linked_with_its_page(ours, client):
    sign_in(client, ours)
    page = text_of(client.get(new_url(ours)))
    assert "Choisir dans votre bibliothèque" in page
    data = {"evidence": ours.evidence.public_id, "page": "p. 7"}
    for _ in range(2):
        response = client.post(ours.draft.url("evidence_link", 3), data, follow=True)
    assert response.redirect_chain == [(f"{ours.draft.url('criterion', 3)}#justificatifs", 302)]
    assert "appuie le critère 2.3" in text_of(response)
    assert uses_on(ours, 3).get().page == "p. 7"
    assert ours.evidence.title not in text_of(client.get(new_url(ours))).split("<select")[1].split("</select>")[0]


def test_one_is_deposited_from_the_criterion_and_linked_at_once(ours, client):
    sign_in(client, ours)
    brought = SimpleUploadedFile("photo.txt", b"Une photo")
    data = {"title": "Photo", "visibility": "structure", "page": "2e ligne", "file": brought}
    response = client.post(new_url(ours), data, follow=True)
    assert response.redirect_chain == [(f"{ours.draft.url('criterion', 3)}#justificatifs", 302)]
    use = uses_on(ours, 3).get()
    assert (use.evidence.title, use.page) == ("Photo", "2e ligne")
    # The very same content again: it is proposed, already chosen, and nothing is added.
    before = contents()
    again = {**data, "title": "Autre", "file": SimpleUploadedFile("photo.txt", b"Une photo")}
    page = text_of(client.post(new_url(ours, 4), again))
    assert "Il est choisi ci-dessous" in page
    assert f'value="{use.evidence.public_id}" selected' in page
    assert contents() == before


def test_the_page_is_changed_and_the_item_taken_off_without_leaving(ours, client):
    sign_in(client, ours)
    page = text_of(client.post(act(ours, "evidence_page"), {"page": "p. 12"}, headers=HTMX))
    assert page.strip().startswith('<section class="proofs"')
    assert "La page est enregistrée" in page
    assert uses_on(ours, 1).get().page == "p. 12"
    page = text_of(client.post(act(ours, "evidence_unlink"), headers=HTMX))
    assert "Il reste dans votre bibliothèque" in page
    assert not uses_on(ours, 1).exists()
    assert Evidence.objects.filter(pk=ours.evidence.pk).exists()


def test_by_plain_forms_too(ours, client):
    sign_in(client, ours)
    back = f"{ours.draft.url('criterion', 1)}#justificatifs"
    assert client.post(act(ours, "evidence_page"), {"page": ""}).url == back
    assert uses_on(ours, 1).get().page == ""
    assert client.post(act(ours, "evidence_unlink")).url == back
    assert client.post(act(ours, "evidence_unlink")).status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("typed", ["x" * 61, "p.\x004", "p.\n4", "\u202e4", "x" * 1_000_000])
def test_a_page_nobody_types_is_refused_where_it_was_typed(ours, client, typed, headers):
    sign_in(client, ours)
    before = contents()
    response = client.post(act(ours, "evidence_page"), {"page": typed}, headers=headers)
    assert response.status_code == 422
    assert "field__error" in text_of(response)
    assert contents() == before


def test_what_was_put_away_is_not_proposed(ours, client):
    archive_evidence(evidence=ours.private_evidence, by=ours.actor(Role.REFERENT))
    sign_in(client, ours)
    assert "MARQUEINTIME" not in text_of(client.get(new_url(ours)))
    before = contents()
    response = client.post(ours.draft.url("evidence_link", 3), {"evidence": ours.private_evidence.public_id})
    assert response.status_code == 403
    assert "est rangé" in text_of(response)
    assert contents() == before


@pytest.mark.parametrize("chosen", ["", "zzzzzzzzzzzz", "a\x00b", "9" * 1_000_000])
def test_what_is_not_of_the_library_is_refused(ours, client, chosen):
    sign_in(client, ours)
    before = contents()
    response = client.post(ours.draft.url("evidence_link", 3), {"evidence": chosen, "page": "p. 1"})
    assert response.status_code == 422
    assert "À corriger" in text_of(response)
    assert contents() == before


def test_ids_of_others_in_every_parameter_lead_nowhere(ours, client):
    theirs = World("neighbour")
    sign_in(client, ours)
    before = contents()
    assert client.post(ours.draft.url("evidence_link", 3), {"evidence": theirs.evidence.public_id}).status_code == 422
    for name in ("evidence_page", "evidence_unlink"):
        assert client.post(act(ours, name, theirs.evidence)).status_code == 404
        # Ours, but linked to another criterion.
        assert client.post(act(ours, name, position=2)).status_code == 404
        assert client.post(act(theirs, name)).status_code == 404
    for autodiag, position in ((theirs.draft, 3), (ours.draft, 99), (ours.draft, "a%00"), (ours.draft, "9" * 40)):
        assert client.post(new_url(ours, position, autodiag), {"url": "https://exemple.fr/"}).status_code == 404
    broken = new_url(ours).replace(ours.draft.public_id, "a%00b")
    assert client.get(broken).status_code == 404
    assert contents() == before


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE, Role.FACILITATOR, Role.REGION_ADMIN])
def test_readers_link_and_take_off_nothing(ours, client, role):
    sign_in(client, ours, role)
    before = contents()
    for url in (act(ours, "evidence_page"), act(ours, "evidence_unlink"), ours.draft.url("evidence_link", 3)):
        assert client.post(url, {"evidence": ours.evidence.public_id}).status_code == 403
    assert client.get(new_url(ours)).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE])
def test_readers_of_the_structure_see_it_without_any_act(ours, client, role):
    sign_in(client, ours, role)
    page = text_of(client.get(ours.draft.url("criterion", 1)))
    assert "Livret d’accueil" in page
    assert "Ajouter un justificatif" not in page
    assert act(ours, "evidence_unlink") not in page


def test_once_transmitted_it_is_read_and_no_more_changed(ours, client):
    for position in (3, 4):
        ours.save(ours.answer(position), kind="unknown")
    submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    sign_in(client, ours)
    page = text_of(client.get(ours.draft.url("criterion", 1)))
    assert "Livret d’accueil" in page
    assert "Ajouter un justificatif" not in page
    before = contents()
    chosen = {"evidence": ours.evidence.public_id}
    for url in (act(ours, "evidence_page"), act(ours, "evidence_unlink"), ours.draft.url("evidence_link", 3)):
        response = client.post(url, chosen)
        assert response.status_code == 403
        assert "Ce chapitre est transmis" in text_of(response)
    assert client.get(new_url(ours)).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("count", [1, 3])
def test_what_supports_a_criterion_is_read_in_one_query_with_one_or_three(ours, client, queries, count):
    by, answer = ours.actor(Role.CONTRIBUTOR), Answer.objects.get(autodiag=ours.draft, criterion__position=3)
    answer.autodiag = ours.draft
    for rank in range(count):
        upload = accept("a.txt", f"Preuve {rank}".encode())
        made = deposit(organisation=ours.organisation, by=by, title=f"Preuve {rank}", upload=upload)
        link_evidence(answer=answer, evidence=made, by=by)
    with queries(1):
        uses = list(EvidenceUse.objects.visible_to(by).filter(answer=answer).with_current())
        assert [(use.evidence.title, use.what) for use in uses] == [
            (f"Preuve {n}", "TXT, 8\xa0octets") for n in range(count)
        ]
    page = text_of(sign_in(client, ours).get(ours.draft.url("criterion", 3)))
    assert f"par {count} justificatif" in page
