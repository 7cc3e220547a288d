"""Annexes: drafted before freezing, printed with their fingerprint, revised and filled later with every party told."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from caprse.base import clock
from caprse.base.models import Download, OutboxMessage
from caprse.base.uploads import accept
from caprse.base.versioned import StaleSave
from cohorts.enums import Role
from conventions.documents import sha256
from conventions.enums import AnnexKind, ConventionState, TrailKind
from conventions.models import Annex, AnnexRevision, Convention, TrailEntry
from conventions.services import annexes, sending
from conventions.services.annexed import annexes_of, copy_annexes
from conventions.services.annexes import ANNEX_MAIL, Content
from conventions.services.states import WrongState
from tests import worlds_conventions as do
from tests.charters_at_hand import PARTNERSHIP, a_form, fresh, partner, signed_from
from tests.harness.pages import admin_user, as_role, text_of
from tests.harness.threads import at_once
from tests.test_access_matrix import contents
from tests.worlds import World

TEXT = "Une réunion par mois."


@pytest.fixture
def preparing(ours):
    """The draft our region prepares for its next cohort."""
    return ours.draft_convention


def annex_url(convention, name, *args):
    return reverse(name, args=[convention.region.slug, convention.public_id, *args])


def a_file(content=b"Contrat de services", name="contrat.txt"):
    return SimpleUploadedFile(name, content, "text/plain")


NEW = {
    "text": lambda: {"title": "Calendrier", "text": TEXT},
    "file": lambda: {"title": "Contrat", "file": a_file()},
    "form": lambda: {"title": "Fiche de suivi", "labels": "Date\nPoints abordés\n\n"},
}


# --- Before freezing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", NEW)
def test_an_annex_is_added_to_a_draft_once_however_often_it_is_sent(preparing, admin, kind):
    for _ in range(2):
        response = admin.post(annex_url(preparing, "annex_new", kind), NEW[kind]())
        assert response.url == annex_url(preparing, "annexes")
    annex = Annex.objects.get(convention=preparing)
    assert (annex.number, annex.kind, annex.binding) == (1, kind, False)
    assert annex.revisions.get().number == 1
    page = text_of(admin.get(response.url))
    assert f"Annexe 1 – {annex.title}" in page
    assert "Rév. 01" in page


def test_each_annex_takes_the_first_number_that_is_free(preparing, admin):
    by = admin_user()
    for title in ("A", "B", "C"):
        annexes.add_annex(convention=preparing, by=by, title=title, kind=AnnexKind.TEXT, content=Content(text=title))
    for _ in range(2):
        admin.post(annex_url(preparing, "annex_drop", 2))
    assert [row.annex.title for row in annexes_of(preparing)] == ["A", "C"]
    annexes.add_annex(convention=preparing, by=by, title="D", kind=AnnexKind.TEXT, content=Content(text="D"))
    assert [(row.annex.number, row.annex.title) for row in annexes_of(preparing)] == [(1, "A"), (2, "D"), (3, "C")]
    assert AnnexRevision.objects.filter(convention=preparing).count() == 4


def test_two_added_at_once_take_two_numbers(committed_db):
    convention, by = World("ours").draft_convention, admin_user()
    add = [
        lambda title=title: (
            annexes.add_annex(
                convention=convention, by=by, title=title, kind=AnnexKind.TEXT, content=Content(text=title)
            ).pk
        )
        for title in ("A", "B", "A", "B")
    ]
    assert len(set(at_once(*add))) == 2
    assert sorted(row.annex.number for row in annexes_of(convention)) == [1, 2]


REFUSED = {
    "no title": ("text", {"title": "", "text": TEXT}, "Donnez un titre"),
    "no text": ("text", {"title": "A", "text": "  "}, "À corriger"),
    "null": ("text", {"title": "A", "text": "a\x00b"}, "U+0000"),
    "bidi": ("text", {"title": "A\u202eB", "text": TEXT}, "sens de lecture"),
    "novel": ("text", {"title": "A", "text": "x" * 20_001}, "le maximum est de 20"),
    "no file": ("file", {"title": "A"}, "Choisissez un fichier"),
    "html": ("file", {"title": "A", "file": ("a.txt", b"<html>")}, "même si son nom le dit"),
    "program": ("file", {"title": "A", "file": ("a.exe", b"MZ")}, "Sont acceptés"),
    "empty file": ("file", {"title": "A", "file": ("a.txt", b"")}, "vide"),
    "no question": ("form", {"title": "A", "labels": "\n\n"}, "À corriger"),
    "too many": ("form", {"title": "A", "labels": "\n".join(str(n) for n in range(31))}, "30 rubriques au plus"),
    "twice": ("form", {"title": "A", "labels": "Date\nDate"}, "le même nom"),
    "long": ("form", {"title": "A", "labels": "x" * 161}, "Raccourcissez"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_annex_comes_back_as_typed_and_keeps_nothing(preparing, admin, name):
    kind, typed, words = REFUSED[name]
    if isinstance(typed.get("file"), tuple):
        typed = {**typed, "file": SimpleUploadedFile(*typed["file"])}
    before = contents()
    response = admin.post(annex_url(preparing, "annex_new", kind), typed)
    assert response.status_code == 422
    assert words in text_of(response)
    assert contents() == before


def test_an_unknown_kind_is_no_page(preparing, admin):
    assert admin.post(annex_url(preparing, "annex_new", "video"), NEW["text"]()).status_code == 404
    assert not Annex.objects.filter(convention=preparing).exists()


def test_the_frozen_text_prints_number_revision_and_fingerprint(preparing, draw_anew):
    by = admin_user()
    annex = annexes.add_annex(
        convention=preparing, by=by, title="Calendrier", kind=AnnexKind.TEXT, content=Content(text="Une par an.")
    )
    annexes.revise_annex(annex=annex, number=1, by=by, content=Content(text=TEXT))
    convention = do.complete(preparing)
    sending.freeze(convention=convention, by=None)
    sending.make_original(convention=fresh(convention))
    html = fresh(convention).documents.get().html.replace("&nbsp;", " ")
    assert "Annexe 1 – Calendrier" in html
    assert "Rév. 02" in html
    assert sha256(TEXT) in html
    assert TEXT in html


@pytest.mark.parametrize("state", ["frozen", "sent"])
def test_once_frozen_nothing_changes_until_all_have_signed(state, request, admin):
    convention = request.getfixturevalue(state)
    annex = a_form(convention)
    before = contents()
    for name, args, typed, status in (
        ("annex_new", ["text"], NEW["text"](), 422),
        ("annex_drop", [1], {}, 302),
        ("annex_revise", [1], {"number": 1, "note": "x", "f1": "Mensuelle"}, 422),
    ):
        assert admin.post(annex_url(convention, name, *args), typed).status_code == status, name
    assert contents() == before
    with pytest.raises(WrongState, match="empreinte"):
        annexes.revise_annex(annex=annex, number=1, by=admin_user(), content=Content(text="x"))


# --- Once it binds ------------------------------------------------------------------------------------------------


@pytest.fixture
def charter(ours, draw_anew):
    """A partner charter in force: annex 1 binds, annex 2 is the follow-up that parties fill."""
    return signed_from(PARTNERSHIP, partner())


def fill(**answers):
    return {"number": 1, "note": "Suivi du 4 novembre", "f1": "Structure A", "f3": "Entretien", **answers}


def test_a_party_fills_the_follow_up_and_signs_it_by_name_every_party_is_told(charter, client, run_queue, mailoutbox):
    as_role(client, Role.PARTNER)
    url = annex_url(charter, "annex_revise", 2)
    assert "Dater et signer la fiche" in text_of(client.get(url))
    for _ in range(2):
        assert client.post(url, fill()).url == annex_url(charter, "annex", 2)
    annex = Annex.objects.get(convention=charter, number=2)
    done = annex.revisions.order_by("-number").first()
    assert done.number == 2
    assert (done.values["f1"], done.made_by) == ("Structure A", World("ours").user(Role.PARTNER))
    page = text_of(client.get(annex_url(charter, "annex", 2)))
    for told in ("Rév. 02 – Suivi du 4 novembre", f"signée par {done.made_by.full_name}", "Structure A", "Entretien"):
        assert told in page
    entry = TrailEntry.objects.get(convention=charter, kind=TrailKind.ANNEX_REVISED)
    assert entry.data["sha256"] == done.sha256
    run_queue()
    told = [mail for mail in mailoutbox if "l’annexe 2" in mail.subject]
    assert len({mail.to[0] for mail in told}) == len(told) >= 2
    for mail in told:
        assert "ne demande pas d’avenant" in mail.body
        assert "Suivi du 4 novembre" in mail.body
        assert done.sha256 in mail.body


def test_filled_over_time_each_fill_stays(charter, client):
    as_role(client, Role.PARTNER)
    url = annex_url(charter, "annex_revise", 2)
    client.post(url, fill())
    with clock.stopped(clock.now() + timedelta(days=30)):
        client.post(url, fill(number=2, note="Suivi de décembre", f1="Structure B"))
    page = text_of(client.get(annex_url(charter, "annex", 2)))
    assert page.index("Rév. 03 – Suivi de décembre") < page.index("Rév. 02 – Suivi du 4 novembre")
    assert {"Structure A", "Structure B"} <= {word for word in ("Structure A", "Structure B") if word in page}


def test_two_people_at_once_are_shown_both_texts(charter, client, admin):
    as_role(client, Role.PARTNER).post(annex_url(charter, "annex_revise", 2), fill())
    response = admin.post(annex_url(charter, "annex_revise", 2), fill(f1="Structure Z", note="Autre"))
    assert response.status_code == 409
    page = text_of(response)
    assert "Structure A" in page
    assert "Structure Z" in page
    assert AnnexRevision.objects.filter(annex__convention=charter, annex__number=2).count() == 2
    again = admin.post(annex_url(charter, "annex_revise", 2), fill(number=2, f1="Structure Z", note="Autre"))
    assert again.status_code == 302
    assert AnnexRevision.objects.filter(annex__convention=charter, annex__number=2).count() == 3


def test_revised_at_once_one_number_is_never_written_twice(committed_db, draw_anew):
    convention = signed_from(PARTNERSHIP, partner())
    annex, by = Annex.objects.get(convention=convention, number=2), admin_user()

    def revise(word):
        try:
            return annexes.revise_annex(
                annex=annex, number=1, by=by, content=Content(values=(("f1", word),)), note=word
            ).number
        except StaleSave as stale:
            return -stale.current.number

    given = at_once(*[lambda word=word: revise(word) for word in "abcd"])
    assert sorted(given) == [-2, -2, -2, 2]
    assert annex.revisions.count() == 2


def test_a_binding_annex_is_not_revised_on_its_own_the_page_sends_to_an_amendment(charter, admin, client):
    before = AnnexRevision.objects.count()
    page = text_of(admin.get(annex_url(charter, "annex", 1)))
    assert "Préparer un avenant" in page
    assert "que toutes signent" in page
    shown = admin.post(annex_url(charter, "annex_revise", 1), {"number": 1, "note": "x", "f1": "y"}, follow=True)
    assert "en changer demande un avenant" in text_of(shown)
    as_role(client, Role.PARTNER).post(annex_url(charter, "annex_revise", 1), {"number": 1, "note": "x", "f1": "y"})
    assert AnnexRevision.objects.count() == before


def test_an_amendment_in_force_revises_the_annexes_of_the_same_numbers_once(charter, run_queue, mailoutbox):
    amendment = Convention.objects.create(
        region=charter.region,
        version=charter.version,
        nature="amendment",
        parent=charter,
        reference="2025-AV1",
        created_by=admin_user(),
    )
    copy_annexes(charter, amendment)
    changed = Annex.objects.get(convention=amendment, number=1)
    annexes.revise_annex(
        annex=changed, number=1, by=admin_user(), content=Content(values=(("f2", "Deux par mois"),)), note="Rythme"
    )
    for _ in range(2):
        annexes.apply_amendment(amendment=fresh(amendment))
    annex = Annex.objects.get(convention=charter, number=1)
    assert list(annex.revisions.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert annex.revisions.get(number=2).values == {"f2": "Deux par mois"}
    assert not AnnexRevision.objects.filter(annex__convention=charter, annex__number=2, number=2).exists()
    run_queue()
    told = [mail for mail in mailoutbox if "l’annexe 1" in mail.subject]
    assert told
    assert all("a demandé un avenant" in mail.body for mail in told)


def test_after_the_end_annexes_stay_as_they_are(charter, admin, client):
    sending.end(convention=charter, last_day=clock.today(), reason="Fin", by=admin_user())
    before = AnnexRevision.objects.count()
    admin.post(annex_url(charter, "annex_revise", 2), fill())
    as_role(client, Role.PARTNER).post(annex_url(charter, "annex_revise", 2), fill())
    assert AnnexRevision.objects.count() == before
    assert "Fiche de suivi" in text_of(client.get(annex_url(charter, "annexes")))


HOSTILE = {
    "no number": {"number": ""},
    "huge number": {"number": str(10**20)},
    "words": {"number": "deux"},
    "null": {"f1": "a\x00b"},
    "no note": {"note": ""},
    "novel": {"f1": "x" * 2_001},
    "nothing filled": {"f1": "", "f3": " "},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_fills_are_refused_and_change_nothing(charter, client, name):
    as_role(client, Role.PARTNER)
    before = contents()
    response = client.post(annex_url(charter, "annex_revise", 2), fill(**HOSTILE[name]))
    assert response.status_code == 422
    assert contents() == before


def test_a_number_beyond_any_annex_is_no_page(charter, admin):
    for number in (99, 10**20):
        for name in ("annex", "annex_revise"):
            response = admin.get(annex_url(charter, name, number))
            assert response.status_code == 404
            assert charter.reference not in text_of(response)


def test_readers_who_do_not_answer_for_a_party_only_read(ours, client):
    convention = ours.convention
    before = contents()
    for role in (Role.CONTRIBUTOR, Role.BOARD_MEMBER, Role.FACILITATOR, Role.NATIONAL_STAFF):
        as_role(client, role)
        assert client.post(annex_url(convention, "annex_revise", 1), fill()).status_code == 403
        page = text_of(client.get(annex_url(convention, "annex", 1)))
        assert "Remplir la fiche" not in page
    assert contents() == before


def test_other_regions_and_other_structures_know_nothing_of_a_charter(charter, client):
    for role, side in ((Role.REFERENT, "ours"), (Role.REFERENT, "stranger")):
        as_role(client, role, side)
        for name, args in (("annexes", []), ("annex", [2]), ("annex_revise", [2])):
            response = client.get(annex_url(charter, name, *args))
            assert response.status_code == 404
            assert charter.reference not in text_of(response)


# --- Files --------------------------------------------------------------------------------------------------------


def test_a_file_leaves_to_the_byte_registered_for_the_party_and_without_mark(ours, client):
    convention = ours.convention
    as_role(client, Role.BOARD_MEMBER)
    response = client.post(annex_url(convention, "annex_file", 2, 1))
    stored = AnnexRevision.objects.get(annex__convention=convention, annex__number=2).file
    assert sha256(response.content) == stored.sha256
    line = Download.objects.latest("pk")
    assert (line.file_id, line.acting_for) == (stored.pk, "Notre structure")
    assert "sandbox" in response["Content-Security-Policy"]


def test_who_signs_by_a_link_reads_the_annexes_and_takes_the_file(ceremony, sent):
    by = admin_user()
    a_form(sent, number=1)
    annex = Annex.objects.create(region_id=sent.region_id, convention=sent, number=2, title="Contrat", kind="file")
    annexes._write(annex, 1, Content(upload=accept("contrat.txt", b"Contrat de services")), "", by)
    ceremony.open()
    page = text_of(ceremony.client.get(ceremony.url("signing_annexes")))
    assert "Annexe 2 – Contrat (Rév. 01)" in page
    taken = ceremony.client.post(reverse("signing_annex_file", args=[ceremony.signatory.public_id, 2, 1]))
    assert taken.content == b"Contrat de services"
    assert Download.objects.latest("pk").person == ceremony.signatory.full_name


def test_the_list_costs_the_same_with_three_as_with_one(preparing, admin, queries):
    by = admin_user()

    def add(title):
        annexes.add_annex(convention=preparing, by=by, title=title, kind=AnnexKind.TEXT, content=Content(text=title))

    add("A")
    with queries(max=30) as one:
        admin.get(annex_url(preparing, "annexes"))
    add("B")
    add("C")
    with queries(max=30) as three:
        admin.get(annex_url(preparing, "annexes"))
    assert len(three) == len(one)


def test_a_new_version_takes_up_the_annexes_as_they_stand(preparing, admin):
    by = admin_user()
    annex = annexes.add_annex(
        convention=preparing, by=by, title="A", kind=AnnexKind.TEXT, content=Content(text="un"), binding=True
    )
    annexes.revise_annex(annex=annex, number=1, by=by, content=Content(text="deux"))
    other = Convention.objects.create(
        region=preparing.region, version=preparing.version, reference="2025-X", state=ConventionState.DRAFT
    )
    for _ in range(2):
        copy_annexes(preparing, other)
    (row,) = annexes_of(other)
    assert (row.annex.title, row.annex.binding, row.current.text, row.current.number) == ("A", True, "deux", 2)


def test_no_mail_leaves_while_it_is_drafted(preparing):
    by = admin_user()
    annex = annexes.add_annex(convention=preparing, by=by, title="A", kind=AnnexKind.TEXT, content=Content(text="un"))
    annexes.revise_annex(annex=annex, number=1, by=by, content=Content(text="deux"))
    assert not OutboxMessage.objects.filter(kind=ANNEX_MAIL).exists()
