"""A party: whom to write to, what it says for itself, the power of who signs, those who signed before, paper."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from caprse.base import clock
from caprse.base.models import Download, StoredFile
from conventions import documents
from conventions.enums import ConventionState, Medium
from conventions.models import Convention, Party, Signatory, Signature, TemplateVersion, TrailEntry
from conventions.services import dossier, finishing, paper, sending, signatories, trail
from conventions.services.codes import SigningClosed
from conventions.services.states import WrongState
from tests import worlds_conventions as do
from tests.conventions.test_signatories import CHANGED, GOOD
from tests.harness.ceremony import browser_of, fresh
from tests.harness.pages import text_of
from tests.test_access_matrix import contents

CONTACT = {"contact_name": "Paule Ferrier", "contact_email": "paule@example.org", "contact_phone": "05 56 00 00 00"}
NOTHING = dict.fromkeys(CONTACT, "")
PLEDGE = "le tri des déchets et l’achat local"


def a_photograph(name="statuts.png"):
    content = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def structure_of(convention):
    return Party.objects.select_related("convention", "organisation").get(convention=convention, role="structure")


def page_of(convention, name="party"):
    return reverse(name, args=["ici", convention.public_id, structure_of(convention).pk])


def of_signatory(signatory, name, *more):
    return reverse(name, args=["ici", signatory.party.convention.public_id, signatory.public_id, *more])


def with_own_words(convention):
    """The same draft, on a version of its template where each structure says something for itself."""
    content = {**convention.version.content}
    pledged = {"key": "pledged", "label": "Notre structure s’est engagée, à ce jour, sur", "kind": "text"}
    content["variables"] = [*content["variables"], {**pledged, "roles": ["structure"]}]
    content["articles"] = [*content["articles"], {"title": "Engagements", "clauses": [{"text": "Déjà : {pledged}"}]}]
    version = TemplateVersion.objects.create(
        template=convention.version.template, number=99, content=content, sha256=documents.canonical_sha256(content)
    )
    Convention.objects.filter(pk=convention.pk).update(version=version)
    return fresh(convention)


# --- Contact and own words --------------------------------------------------------------------------------------


def test_a_contact_is_kept_beside_who_signs_and_receives_no_link(sent, admin, run_queue, mailoutbox):
    run_queue()
    mailoutbox.clear()
    party = structure_of(sent)
    form = {**CONTACT, "was": signatories.seen(party)}
    for _ in range(2):
        assert admin.post(page_of(sent), form).url == page_of(sent)
    party.refresh_from_db()
    assert {name: getattr(party, name) for name in CONTACT} == CONTACT
    run_queue()
    assert mailoutbox == []
    assert CONTACT["contact_name"] in text_of(admin.get(page_of(sent)))


def test_two_people_writing_about_a_party_lose_nothing(sent, admin):
    party = structure_of(sent)
    was = signatories.seen(party)
    admin.post(page_of(sent), {**CONTACT, "was": was})
    answer = admin.post(page_of(sent), {**CONTACT, "contact_name": "Une autre", "was": was})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Paule Ferrier" in page
    assert 'value="Une autre"' in page
    party.refresh_from_db()
    assert party.contact_name == "Paule Ferrier"


def test_what_a_party_says_for_itself_is_filled_before_freezing_and_frozen_with_the_text(ours, admin, draw_anew):
    draft = with_own_words(do.complete(ours.draft_convention))
    with pytest.raises(sending.NotReady, match="s’est engagée"):
        sending.freeze(convention=draft, by=None)
    form = {**NOTHING, "was": signatories.seen(structure_of(draft)), "own_pledged": PLEDGE}
    assert admin.post(page_of(draft), form).status_code == 302
    sending.freeze(convention=fresh(draft), by=None)
    sending.make_original(convention=fresh(draft))
    original = do.original_of(draft)
    assert PLEDGE in original.html.replace("&#x27;", "’")
    party = structure_of(draft)
    was, other = signatories.seen(party), {"pledged": "autre chose"}
    with pytest.raises(WrongState):
        signatories.set_party(party=party, by=None, was=was, contact=NOTHING, values=other)
    page = text_of(admin.get(page_of(draft)))
    assert PLEDGE in page
    assert 'name="own_pledged"' not in page


# --- Power, replacement, history --------------------------------------------------------------------------------


def test_a_power_has_a_basis_words_and_a_document(ours, admin):
    draft = ours.draft_convention
    answer = admin.post(page_of(draft, "signatory_edit"), {**GOOD, "power_file": a_photograph()})
    assert answer.status_code == 302
    signatory = Signatory.objects.select_related("power_file").get(party=structure_of(draft))
    assert (signatory.power_basis, signatory.power_file.name) == ("statutes", "statuts.png")
    taken = admin.post(of_signatory(signatory, "signatory_file", "pouvoir"))
    assert taken.content == a_photograph().read()
    assert Download.objects.filter(file_id=signatory.power_file_id).count() == 1
    for who in ("legal_representative@ours.example.org", "region_admin@stranger.example.org"):
        refused = browser_of(who).post(of_signatory(signatory, "signatory_file", "pouvoir"))
        assert refused.status_code in (403, 404)
    assert Download.objects.filter(file_id=signatory.power_file_id).count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("statuts.exe", b"MZ"), ("statuts.pdf", b"<html>"), ("statuts.docx", b"PK"), ("vide.pdf", b""), ("a.png", b"x")],
)
def test_a_document_that_is_not_one_is_refused_and_nobody_named(ours, admin, name, content):
    before, files = contents(), StoredFile.objects.count()
    file = SimpleUploadedFile(name, content)
    answer = admin.post(page_of(ours.draft_convention, "signatory_edit"), {**GOOD, "power_file": file})
    assert answer.status_code == 422
    assert contents() == before
    assert StoredFile.objects.count() == files


def test_a_replacement_keeps_its_history_and_says_why(sent, admin):
    former = Signatory.objects.current().with_context().get(party=structure_of(sent))
    assert admin.post(of_signatory(former, "signatory_change"), GOOD).status_code == 422
    for _ in range(2):
        admin.post(of_signatory(former, "signatory_change"), CHANGED)
    assert Signatory.objects.filter(party=former.party).count() == 2
    page = text_of(admin.get(page_of(sent)))
    assert former.full_name in page
    assert CHANGED["why"] in page
    entry = TrailEntry.objects.get(convention=sent, kind="signatory_replaced")
    assert CHANGED["why"] not in str(entry.data)


def test_two_who_replace_the_same_person_leave_one_in_their_place(sent):
    former = Signatory.objects.current().with_context().get(party=structure_of(sent))
    fields = {name: GOOD[name] for name in (*signatories.FIELDS, *signatories.POWERS) if name in GOOD}
    named = signatories.replace_signatory(signatory=former, by=None, why="Nouvelle présidente", **fields)
    with pytest.raises(WrongState):
        signatories.replace_signatory(
            signatory=former, by=None, why="Nouveau directeur", **{**fields, "email": "autre@example.org"}
        )
    assert list(Signatory.objects.current().filter(party=former.party)) == [named]


def test_in_a_draft_the_same_change_sent_twice_is_one_and_keeps_its_address(ours, admin):
    party = structure_of(ours.draft_convention)
    admin.post(page_of(ours.draft_convention, "signatory_edit"), GOOD)
    signatory = Signatory.objects.with_context().get(party=party)
    changed = {**GOOD, "first_name": "Colette", "email": "colette.faure@example.org"}
    for _ in range(2):
        assert admin.post(of_signatory(signatory, "signatory_change"), changed).status_code == 302
    now = Signatory.objects.get(party=party)
    assert (now.public_id, now.email) == (signatory.public_id, "colette.faure@example.org")


def test_the_same_person_with_the_same_document_sent_twice_receives_one_link(sent, admin, run_queue, mailoutbox):
    run_queue()
    mailoutbox.clear()
    for _ in range(2):
        admin.post(page_of(sent, "signatory_edit"), {**CHANGED, "power_file": a_photograph()})
    assert Signatory.objects.filter(party=structure_of(sent)).count() == 2
    assert TrailEntry.objects.filter(convention=sent, kind="signatory_replaced").count() == 1
    run_queue()
    assert [mail.to for mail in mailoutbox] == [[GOOD["email"]]]


def test_a_typo_put_right_leaves_the_other_signatures_as_they_are(sent, admin):
    structure, region = do.signatories_of(sent)
    do.sign_as(region)
    admin.post(of_signatory(structure, "signatory_change"), {**CHANGED, "why": "Adresse corrigée"})
    assert Signature.objects.filter(party=region.party).count() == 1
    new = Signatory.objects.current().with_context().get(party=structure.party)
    do.sign_as(new)
    assert fresh(sent).state == ConventionState.SIGNED


def test_saying_the_same_again_sends_no_other_link(sent, admin, run_queue, mailoutbox):
    signatory = Signatory.objects.current().with_context().get(party=structure_of(sent))
    same = {name: getattr(signatory, name) for name in signatories.FIELDS} | {
        "power_basis": "statutes",
        "address_basis": "known",
    }
    admin.post(of_signatory(signatory, "signatory_change"), {**same, "why": "Fondement précisé"})
    now = Signatory.objects.current().with_context().get(party=signatory.party)
    run_queue()
    mailoutbox.clear()
    admin.post(of_signatory(now, "signatory_change"), {**same, "why": "Encore"})
    run_queue()
    assert mailoutbox == []
    assert Signatory.objects.current().get(party=signatory.party) == now


# --- Paper ------------------------------------------------------------------------------------------------------


@pytest.fixture
def awaited(sent):
    return Signatory.objects.current().with_context().get(party=structure_of(sent))


def on_paper(**changes):
    return {"scan": a_photograph("page signée.png"), "signed_on": clock.today().isoformat(), "place": "Pau", **changes}


def test_a_signature_on_paper_counts_as_the_others_and_is_told_in_the_table(sent, awaited, admin):
    url = of_signatory(awaited, "signature_paper")
    assert "a signé sur papier" in text_of(admin.get(url))
    for _ in range(2):
        assert admin.post(url, on_paper()).url == sent.url()
    signature = Signature.objects.get(signatory=awaited)
    assert (signature.medium, signature.place, signature.code) == (Medium.PAPER, "Pau", None)
    assert signature.evidence["scan_sha256"] == signature.scan.sha256
    assert signature.evidence["recorded_by"].startswith("user:")
    assert "A signé sur papier" in text_of(admin.get(sent.url()))
    do.sign_as(next(row for row in do.signatories_of(sent) if row.pk != awaited.pk))
    final = finishing.make_final(convention=fresh(sent))
    assert final.state == ConventionState.IN_FORCE
    closing = dossier.closing_html(dossier.material_of(final))
    assert "Sur papier" in closing
    assert "à Pau" in closing
    assert trail.verify(final) is None
    taken = admin.post(of_signatory(awaited, "signatory_file", "page-signee"))
    assert taken.content == a_photograph().read()


def test_who_is_said_to_have_signed_on_paper_hears_of_it_and_may_go_back_on_it(
    sent, awaited, admin, client, run_queue, mailoutbox
):
    run_queue()
    mailoutbox.clear()
    for _ in range(2):
        admin.post(of_signatory(awaited, "signature_paper"), on_paper())
    run_queue()
    assert [mail.to for mail in mailoutbox] == [[awaited.email]]
    assert "votre signature sur papier" in mailoutbox[0].subject
    assert "Vous n’avez pas signé cette page" in mailoutbox[0].body
    client.post(re.search(r"/signer/[\w-]+/", mailoutbox[0].body)[0])
    client.post(reverse("signing_back", args=[awaited.public_id]), {"reason": "Je n’ai rien signé."})
    assert fresh(sent).state == ConventionState.REFUSED


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"signed_on": (clock.today() + timedelta(days=1)).isoformat()}, "à venir"),
        ({"signed_on": "2001-01-01"}, "n’existait pas encore"),
        ({"signed_on": "31/02/2025"}, "Cette date n’existe pas"),
        ({"place": ""}, "obligatoire"),
        ({"scan": ""}, "Choisissez un PDF"),
    ],
)
def test_a_page_that_cannot_be_is_refused(awaited, admin, changes, sentence):
    before = contents()
    answer = admin.post(of_signatory(awaited, "signature_paper"), on_paper(**changes))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert {k: v for k, v in contents().items() if "file" not in k} == {
        k: v for k, v in before.items() if "file" not in k
    }


def test_paper_after_the_end_or_beside_an_online_signature_changes_nothing(sent, awaited, admin):
    do.sign_as(awaited)
    before = contents()
    assert "déjà notée" in text_of(admin.post(of_signatory(awaited, "signature_paper"), on_paper(), follow=True))
    assert contents() == before
    other = next(row for row in do.signatories_of(sent) if row.pk != awaited.pk)
    sending.cancel(convention=sent, reason="On recommence", by=None)
    before = contents()
    admin.post(of_signatory(other, "signature_paper"), on_paper())
    scan = StoredFile.objects.order_by("pk").first()
    with pytest.raises(SigningClosed):
        paper.record_paper(signatory=other, scan=scan, signed_on=clock.today(), place="Pau", by=None)
    assert contents() == before


@pytest.mark.parametrize("name", ["signature_paper", "signatory_change", "signatory_remove", "wrong_person_dismiss"])
def test_nobody_else_writes_about_who_signs(awaited, name):
    before = contents()
    for who, status in (("facilitator@ours", 403), ("legal_representative@ours", 403), ("region_admin@stranger", 404)):
        answer = browser_of(f"{who}.example.org").post(of_signatory(awaited, name), {**CHANGED, **on_paper()})
        assert answer.status_code == status, who
    assert contents() == before
