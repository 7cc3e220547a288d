"""The page of a letterhead: who sets which, what is refused and kept typed, the preview, the pictures themselves."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cohorts.enums import OrganisationKind, Role
from cohorts.models import Letterhead, Organisation
from cohorts.services.letterheads import heads_of, set_letterhead
from tests.cohorts.test_letterheads import REFUSED
from tests.test_access_matrix import contents
from tests.worlds import World
from tests.worlds_identity import MENTIONS, logo
from tests.worlds_organising import page

NATIONAL = "/reseau/en-tete/"
TYPED = {"revision": "1", "logo_text": "Un pont", "mentions": "Association loi 1901\nAgréée"}


@pytest.fixture
def ours(db):
    return World("ours")


def url_of(organisation, name="letterhead"):
    return reverse(name, args=[organisation.region.slug, organisation.public_id])


def sign_in(client, world, role):
    client.force_login(world.user(role))
    return client


def picture(content=None, name="logo.png"):
    return SimpleUploadedFile(name, logo() if content is None else content, "image/png")


def head_of(organisation):
    return Letterhead.objects.select_related("logo").get(organisation=organisation)


def delegation(ours):
    return Organisation.objects.get(kind=OrganisationKind.REGION, region=ours.organisation.region)


@pytest.mark.parametrize("role", [Role.REFERENT, Role.LEGAL_REPRESENTATIVE])
def test_a_structure_sets_its_head_and_sees_the_three(ours, client, role):
    url = url_of(ours.organisation)
    said = page(sign_in(client, ours, role).post(url, {**TYPED, "logo": picture(logo("#ff0000"))}, follow=True))
    assert "L’en-tête est enregistré" in said
    head = head_of(ours.organisation)
    assert (head.logo_text, head.mentions, head.revision) == ("Un pont", "Association loi 1901\nAgréée", 2)
    assert head.updated_by == ours.user(role)
    preview = said.partition("Le haut de vos documents")[2]
    shown = [preview.index(f'src="{url_of(ours.organisation, "letterhead_logo")}"')]
    shown += [preview.index(f"?de={row.organisation.public_id}") for row in heads_of(ours.organisation)[1:]]
    assert shown == sorted(shown)
    assert "Association loi 1901<br>Agréée" in preview
    assert "La délégation de votre région et le réseau y paraissent aussi" in preview


def test_it_is_reached_from_the_card_by_who_may_set_it(ours, client):
    card = ours.organisation.get_absolute_url()
    assert url_of(ours.organisation) in page(sign_in(client, ours, Role.REFERENT).get(card))
    assert url_of(ours.organisation) not in page(sign_in(client, ours, Role.CONTRIBUTOR).get(card))
    assert url_of(ours.organisation) not in page(sign_in(client, ours, Role.REGION_ADMIN).get(card))
    delegation_card = delegation(ours).get_absolute_url()
    assert url_of(delegation(ours)) in page(client.get(delegation_card))
    client.force_login(ours.editor)
    assert NATIONAL in page(client.get(reverse("network")))


def test_the_coordinator_sets_the_delegation_s_and_national_staff_the_network_s(ours, client):
    sign_in(client, ours, Role.REGION_ADMIN).post(url_of(delegation(ours)), {**TYPED, "mentions": "De la région"})
    client.force_login(ours.editor)
    said = page(client.post(NATIONAL, {**TYPED, "mentions": "Du réseau"}, follow=True))
    assert "sur les documents de toutes les structures" in said
    assert [head.mentions for head in heads_of(ours.organisation)] == [MENTIONS, "De la région", "Du réseau"]


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.FACILITATOR, Role.REGION_ADMIN])
def test_whoever_may_not_changes_nothing(ours, client, role):
    before = contents()
    assert sign_in(client, ours, role).post(url_of(ours.organisation), TYPED).status_code == 403
    assert contents() == before


def test_a_structure_reaches_neither_the_delegation_s_page_nor_another_s(ours, client):
    sign_in(client, ours, Role.REFERENT)
    before = contents()
    for organisation in (delegation(ours), World("neighbour").organisation):
        assert client.get(url_of(organisation)).status_code == 404
        assert client.post(url_of(organisation), TYPED).status_code == 404
    assert client.get(NATIONAL).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_picture_is_refused_what_was_typed_stays_and_nothing_changes(ours, client, name):
    file_name, content, words = REFUSED[name]
    sign_in(client, ours, Role.REFERENT)
    before = contents()
    response = client.post(url_of(ours.organisation), {**TYPED, "logo": picture(content(), file_name)})
    assert response.status_code == 422
    said = page(response)
    for told in (words, "Association loi 1901", 'value="Un pont"'):
        assert told in said
    assert contents() == before


BAD = [
    ({"mentions": "x" * 601}, "le maximum est de 600"),
    ({"mentions": "a\x00b"}, "U+0000"),
    ({"logo_text": "x" * 161}, "160"),
    ({"logo_text": ""}, "pour les personnes qui ne le voient pas"),
    ({"revision": "9" * 30}, "À corriger"),
    ({"revision": ""}, "À corriger"),
]


@pytest.mark.parametrize(("change", "words"), BAD)
def test_a_bad_form_asks_for_the_picture_again_and_changes_nothing(ours, client, change, words):
    sign_in(client, ours, Role.REFERENT)
    before = contents()
    response = client.post(url_of(ours.organisation), {**TYPED, **change, "logo": picture()})
    assert response.status_code == 422
    said = page(response)
    assert words in said
    assert "Choisissez de nouveau votre image" in said
    assert contents() == before


def test_a_stale_save_shows_both_and_says_to_bring_the_picture_again(ours, client):
    by = ours.actor(Role.LEGAL_REPRESENTATIVE)
    set_letterhead(organisation=ours.organisation, revision=1, mentions="De l’autre", logo_text="Autre logo", by=by)
    sign_in(client, ours, Role.REFERENT)
    response = client.post(url_of(ours.organisation), {**TYPED, "logo": picture(logo("#ff0000"))})
    assert response.status_code == 409
    said = page(response)
    for words in ("De l’autre", "Autre logo", "Association loi 1901", "choisissez de nouveau votre image"):
        assert words in said
    assert 'name="revision" value="2"' in said
    client.post(url_of(ours.organisation), {**TYPED, "revision": "2"})
    assert head_of(ours.organisation).mentions == TYPED["mentions"]


def test_the_logo_is_taken_away_and_the_mentions_stay(ours, client):
    sign_in(client, ours, Role.REFERENT)
    said = page(client.post(url_of(ours.organisation), {**TYPED, "remove_logo": "on"}, follow=True))
    assert "Votre logo" in said
    assert "Retirer le logo" not in said
    assert (head_of(ours.organisation).logo, head_of(ours.organisation).logo_text) == (None, "")
    assert client.get(url_of(ours.organisation, "letterhead_logo")).status_code == 404


def test_the_first_time_there_is_no_picture_to_show(ours, client):
    Letterhead.objects.filter(organisation=ours.organisation).delete()
    sign_in(client, ours, Role.REFERENT)
    said = page(client.get(url_of(ours.organisation)))
    assert 'name="revision" value="0"' in said
    assert "Modifié le" not in said
    client.post(url_of(ours.organisation), {"revision": "0", "mentions": "Sans logo"})
    head = head_of(ours.organisation)
    assert (head.mentions, head.logo, head.logo_text) == ("Sans logo", None, "")


# --- The pictures -------------------------------------------------------------------------------------------------


def test_a_picture_is_a_png_no_page_nor_cache_keeps(ours, client):
    url = url_of(ours.organisation, "letterhead_logo")
    response = sign_in(client, ours, Role.BOARD_MEMBER).get(url)
    assert response.content.startswith(b"\x89PNG")
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_the_pictures_of_those_who_head_the_same_documents_are_shown_and_no_other(ours, client):
    url = url_of(ours.organisation, "letterhead_logo")
    sign_in(client, ours, Role.REFERENT)
    red = logo("#ff0000")
    for place, head in enumerate(heads_of(ours.organisation)):
        by = ours.actor(Role.REFERENT)
        said = {"mentions": "", "logo_text": str(place), "logo": red + b"%d" % place}
        set_letterhead(organisation=head.organisation, revision=head.revision, by=by, **said)
        assert client.get(f"{url}?de={head.organisation.public_id}").content == red + b"%d" % place
    for other in (World("neighbour").organisation.public_id, "zzzzzzzzzzzz", "\x00", "9" * 30):
        assert client.get(url, {"de": other}).status_code == 404


@pytest.mark.parametrize("mentions", ["", "Une ligne\nUne autre"])
def test_the_page_costs_the_same_whatever_is_written(ours, client, queries, mentions):
    head = head_of(ours.organisation)
    by = ours.actor(Role.REFERENT)
    set_letterhead(
        organisation=ours.organisation, revision=head.revision, mentions=mentions, logo_text="Un pont", by=by
    )
    sign_in(client, ours, Role.REFERENT)
    with queries(max=10):
        client.get(url_of(ours.organisation))
