"""The public verification: anybody asks by code, fingerprint or file; nobody is named, and nothing is written."""

import hashlib
import io
import json
from datetime import date

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from caprse.base import clock
from caprse.base.sealing import keys, sample_chain
from cohorts.enums import OrganisationKind
from conventions.enums import ConventionState, DocumentKind, Nature
from conventions.models import Convention, Party, SealedArtefact, Signatory
from conventions.services import verifying
from tests import worlds_conventions as do
from tests.conventions.sealed_files import Workshop
from tests.harness.pages import text_of
from tests.worlds import World
from tests.worlds_conventions import sent_convention, sign_all

PAGE = "/verifier/"


@pytest.fixture(autouse=True)
def calm():
    """What was asked before is forgotten."""
    cache.clear()


@pytest.fixture
def convention(db):
    return World("ours").convention


@pytest.fixture
def final(convention):
    return do.pdf_of(convention, DocumentKind.FINAL)


@pytest.fixture
def original(convention):
    return do.pdf_of(convention, DocumentKind.ORIGINAL)


@pytest.fixture
def anybody():
    return Client(enforce_csrf_checks=True)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def asked(client, content=None, **fields):
    if content is not None:
        fields["file"] = SimpleUploadedFile("convention.pdf", content, "application/pdf")
    return client.post(PAGE, fields)


def changed(content):
    place = content.index(b"stream\n") + 30
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


# --- Answers ----------------------------------------------------------------------------------------------------


def test_the_page_is_for_anybody(anybody, db):
    page = text_of(anybody.get(PAGE))
    assert "Vérifier un document signé" in page
    assert "Set-Cookie" not in anybody.get(PAGE).headers


def test_a_fingerprint_that_is_kept(anybody, convention, final):
    page = text_of(asked(anybody, sha256=sha256(final).upper()))
    assert "Ce document est scellé et complet, par un cachet de test" in page
    assert convention.reference in page
    assert "Cachet de test, sans valeur." in page
    assert "1 partenaire" in page
    assert f"{convention.parties.filter(role=OrganisationKind.STRUCTURE).count()} structures" in page


def test_the_file_itself_is_read_whole(anybody, final):
    page = text_of(asked(anybody, final))
    assert "Ce document est scellé et complet, par un cachet de test" in page
    assert "Toutes les parties ont signé" in page
    assert "Ne tient pas" not in page


def test_a_changed_file_is_told_from_the_true_one(anybody, final):
    page = text_of(asked(anybody, changed(final)))
    assert "Ce document a été modifié" in page
    assert "Ne tient pas" in page
    assert "complet" not in page.split("Empreinte du fichier vérifié")[0].split("verdict-title")[-1]
    assert "inconnu ici" in text_of(asked(anybody, sha256=sha256(changed(final))))


def test_the_text_to_sign_is_not_the_signed_document(anybody, original):
    for page in (text_of(asked(anybody, original)), text_of(asked(anybody, sha256=sha256(original)))):
        assert "C’est bien le texte à signer, pas le document signé" in page
        assert "Toutes les parties l’ont signé depuis" in page


def test_without_the_certificates_of_the_authority_nothing_is_said_true_nor_false(anybody, final, settings, tmp_path):
    settings.SEAL_ROOTS = str(tmp_path / "parti.pem")
    response = asked(anybody, final)
    assert response.status_code == 503
    assert "Cela ne dit rien de votre document" in text_of(response)
    assert "verdict" not in text_of(response).split("</h1>")[1].split("<form")[0]
    (tmp_path / "final.pdf").write_bytes(final)
    with pytest.raises(CommandError, match="CAPRSE_SEAL_ROOTS"):
        call_command("verify_convention", str(tmp_path / "final.pdf"))
    assert "scellé et complet" in text_of(asked(anybody, sha256=sha256(final)))


def test_a_document_of_elsewhere(anybody, convention):
    page = text_of(asked(anybody, Workshop().final()))
    assert "Ce document ne vient pas de ce site" in page
    assert convention.reference not in page


def test_the_code_printed_on_the_paper(anybody, convention, final):
    by_query = text_of(anybody.get(PAGE, {"code": convention.public_id}))
    by_address = text_of(anybody.get(reverse("verify_code", args=[convention.public_id])))
    for page in (by_query, by_address):
        assert convention.reference in page
        assert sha256(final) in page
        assert "Ce code ne dit rien du papier" in page
        assert "Un document signé et scellé porte ce code" in page


@pytest.mark.parametrize("code", ["zzzzzzzzzzzz", "court", "x" * 300, "é\u0000;--"])
def test_a_code_that_is_none(anybody, db, code):
    response = anybody.get(PAGE, {"code": code})
    assert response.status_code == 404
    assert "Aucun document n’a ce code" in text_of(response)


def test_a_convention_that_was_not_sent_is_told_to_nobody(anybody, db):
    draft = World("ours").draft_convention
    response = anybody.get(PAGE, {"code": draft.public_id})
    assert response.status_code == 404
    assert draft.reference not in text_of(response)


def test_nobody_is_named(anybody, convention, final, original):
    names = {
        name for row in Signatory.objects.filter(party__convention=convention) for name in (row.last_name, row.email)
    }
    names |= {party.name for party in Party.objects.filter(convention=convention)} | {convention.about}
    pages = [asked(anybody, final), asked(anybody, original), asked(anybody, sha256=sha256(final))]
    pages.append(anybody.get(PAGE, {"code": convention.public_id}))
    data = anybody.post(PAGE, {"sha256": sha256(final)}, headers={"Accept": "application/json"})
    for page in (*pages, data):
        assert [name for name in names if name in text_of(page)] == []


def test_who_verifies_leaves_no_trace_and_gets_no_cookie(anybody, final, django_assert_max_num_queries):
    with django_assert_max_num_queries(12) as captured:
        responses = [asked(anybody, sha256=sha256(final))]
    responses.append(asked(anybody, final))
    assert {query["sql"].split()[0] for query in captured} <= {"SELECT"}
    for response in responses:
        assert response["Cache-Control"].startswith("max-age=0, no-cache")
        assert not response.cookies


def test_as_many_queries_whatever_the_number_of_parties(anybody, convention, final, queries):
    with queries(max=10):
        asked(anybody, sha256=sha256(final))


# --- What became of it ------------------------------------------------------------------------------------------


def test_before_all_have_signed(anybody, db):
    draft = World("ours").draft_convention
    sent = sent_convention(draft.cohort)
    page = text_of(anybody.get(PAGE, {"code": sent.public_id}))
    assert "Toutes les parties n’ont pas encore signé" in page
    assert "Toutes les parties ne l’ont pas encore signé" in text_of(
        asked(anybody, do.pdf_of(sent, DocumentKind.ORIGINAL))
    )
    sign_all(sent)
    assert "Un document signé et scellé porte ce code" in text_of(anybody.get(PAGE, {"code": sent.public_id}))


def set_state(convention, **fields):
    Convention.objects.filter(pk=convention.pk).update(**fields)


def test_one_that_ended(anybody, convention, final):
    set_state(convention, state=ConventionState.ENDED, ended_on=date(2025, 9, 30), end_reason="Fin du parcours")
    page = text_of(asked(anybody, sha256=sha256(final)))
    assert "Il a pris fin le mardi 30 septembre 2025" in page
    assert "Fin du parcours" not in page


def test_one_that_was_replaced(anybody, convention, final):
    fields = {
        field.attname: getattr(convention, field.attname)
        for field in Convention._meta.concrete_fields
        if field.attname not in ("id", "public_id")
    }
    set_state(convention, state=ConventionState.SUPERSEDED)
    Convention.objects.create(
        **{**fields, "reference": "2025-99", "number": convention.number + 1, "supersedes_id": convention.pk}
    )
    assert "Il a été remplacé par le n° 2025-99" in text_of(asked(anybody, sha256=sha256(final)))


def test_one_that_was_amended_joined_and_left(anybody, convention, final):
    for reference, nature in (("2025-98", Nature.AMENDMENT), ("2025-97", Nature.ACCESSION)):
        Convention.objects.create(
            region_id=convention.region_id,
            cohort_id=convention.cohort_id,
            version_id=convention.version_id,
            nature=nature,
            parent=convention,
            reference=reference,
            state=ConventionState.IN_FORCE,
            completed_at=clock.now(),
            in_force_on=date(2025, 6, 2),
        )
    Party.objects.filter(pk=convention.parties.first().pk).update(left_on=date(2025, 7, 1), left_reason="Sortie")
    page = text_of(asked(anybody, sha256=sha256(final)))
    assert "modifié depuis par l’avenant n° 2025-98, en vigueur le lundi 2 juin 2025" in page
    assert "Une partie l’a rejoint depuis, par le bulletin n° 2025-97" in page
    assert "Une partie en est sortie le mardi 1er juillet 2025" in page
    amendment = Convention.objects.get(reference="2025-98")
    assert "modifie le n°" in text_of(anybody.get(PAGE, {"code": amendment.public_id}))


def test_a_real_seal_is_not_said_to_be_a_test(anybody, convention, final):
    """Once sealed, a row never changes: the answer is made from one that would say otherwise."""
    artefact = SealedArtefact.objects.get(convention=convention, kind=DocumentKind.FINAL)
    artefact.is_test = False
    facts = verifying.facts_of(convention, artefact)
    answer = verifying.Answer(verifying.Status.SEALED, "", sha256(final), facts)
    assert (answer.is_test, answer.tone) == (False, "success")
    assert answer.title == "Ce document est authentique : scellé et complet"
    assert verifying.by_fingerprint(sha256(final)).tone == "warning"


# --- Bad input --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["", "abc", "0" * 63, "0" * 65, "g" * 64, "0" * 100_000, "\u0000" * 64, "٣" * 64, "' OR 1=1 --"]
)
def test_a_fingerprint_that_is_none(anybody, db, typed):
    response = asked(anybody, sha256=typed)
    assert response.status_code == 422
    assert "Rien n’a été vérifié" in text_of(response)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Ce fichier est vide"),
        (b"Bonjour", "Ce fichier ne peut pas être vérifié"),
        (b"%PDF-1.7\n" + b"x" * 1000, "Ce fichier ne peut pas être vérifié"),
    ],
)
def test_a_file_that_is_no_document(anybody, db, content, words):
    assert words in text_of(asked(anybody, content))


class Heavy(io.RawIOBase):
    """A body of this many bytes, that counts what is read of it."""

    def __init__(self, size):
        self.size = self.left = size

    def read(self, size=-1):
        size = self.left if size < 0 else min(size, self.left)
        self.left -= size
        return b"x" * size


def test_two_hundred_megabytes_are_refused_unread(client, db):
    body = Heavy(200_000_000)
    response = client.generic(
        "POST",
        PAGE,
        b"",
        content_type="multipart/form-data; boundary=abc",
        **{"wsgi.input": body, "CONTENT_LENGTH": str(body.size)},
    )
    assert response.status_code == 413
    assert "aucune convention n’est aussi lourde" in text_of(response)
    assert body.left == body.size


def test_too_many_files_at_once_wait(anybody, final):
    with verifying.in_turn(), verifying.in_turn():
        response = asked(anybody, final)
        assert response.status_code == 429
        assert "Attendez une minute" in text_of(response)
    assert "par un cachet de test" in text_of(asked(anybody, final))


def test_somebody_who_asks_without_end_is_slowed_down(anybody, settings, convention):
    settings.VERIFY_A_MINUTE, settings.VERIFY_FILES_A_MINUTE = 3, 1
    answers = [anybody.get(PAGE, {"code": "zzzzzzzzzzzz"}).status_code for _ in range(4)]
    assert answers == [404, 404, 404, 429]
    assert [asked(anybody, b"x").status_code for _ in range(2)] == [200, 429]


# --- For machines -----------------------------------------------------------------------------------------------


def test_a_machine_gets_data(anybody, convention, final):
    said = anybody.post(PAGE, {"sha256": sha256(final)}, headers={"Accept": "application/json"}).json()
    assert (said["verdict"], said["holds"], said["test"]) == ("sealed", True, True)
    assert (said["reference"], said["sha256"]) == (convention.reference, sha256(final))
    wrong = anybody.post(PAGE, {"sha256": "abc"}, headers={"Accept": "application/json"})
    assert (wrong.status_code, wrong.json()["holds"]) == (422, False)


def run(*arguments):
    """What the command writes, and how it ends."""
    out = io.StringIO()
    code = 0
    try:
        call_command("verify_convention", *map(str, arguments), "--json", stdout=out)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


@pytest.fixture
def kept(tmp_path):
    """`kept(content)`: the path of a file that holds it."""

    def keep(content, name="convention.pdf"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return keep


def test_the_command_recognises_our_own(convention, final, kept):
    code, said = run(kept(final))
    assert (code, said["verdict"], said["level"]) == (0, "sealed", "PAdES B-LTA")
    assert (said["reference"], said["sha256"]) == (convention.reference, sha256(final))
    assert said["counts"]["signatures"] == convention.parties.count()
    assert all(one["holds"] for one in said["findings"])


def test_the_command_refuses_the_rest_and_says_why(final, original, kept, tmp_path):
    seen = {}
    for name, content in {"changed": changed(final), "original": original, "none": b"x"}.items():
        code, said = run(kept(content))
        assert code == 1
        assert said["reason"]
        seen[name] = said["verdict"]
    assert seen == {"changed": "altered", "original": "original", "none": "unreadable"}
    assert run(tmp_path / "absent.pdf")[0] == 1
    code, said = run(kept(Workshop().final()))
    assert (code, said["verdict"]) == (1, "foreign")


def test_a_true_seal_on_what_we_never_kept(final, kept):
    """Sealed by our very key, told by nothing in the register: the register has the last word."""
    chain = sample_chain.kept_in(keys.Path(keys.settings.CAPRSE_DATA) / "seal")
    code, said = run(kept(Workshop(chain).final()))
    assert (code, said["verdict"]) == (1, "unknown")


def test_the_command_works_offline_from_an_authority(final, kept, django_assert_num_queries):
    root = kept(keys.roots()[0].dump(), "root.der")
    with django_assert_num_queries(0):
        assert run(kept(final), "--root", root)[0] == 0
        assert run(kept(changed(final)), "--root", root)[0] == 1
        other = kept(Workshop().key.roots[0].dump(), "other.der")
        code, said = run(kept(final), "--root", other)
    assert (code, said["verdict"]) == (1, "foreign")
    with pytest.raises(CommandError):
        call_command("verify_convention", str(kept(final)), "--root", str(kept(b"x", "bad.pem")))


def test_ours_is_known_by_the_certificates_that_sealed(convention):
    expected = verifying.ours()
    assert expected["fingerprints"] == {keys.seal_key().fingerprint}
    assert [root.sha256 for root in expected["roots"]] == [root.sha256 for root in keys.roots()]
