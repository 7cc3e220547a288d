"""Writing a draft on screen: the list, the draft as a whole, a chapter, a criterion, for whom it was entrusted to."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from caprse.base import clock
from cohorts.enums import Role
from cohorts.models import EditorGrant, Membership, User
from cohorts.services.grants import entrust
from referentiel.models import Criterion, Version
from referentiel.services import edit_chapter, import_version, publish
from tests.referentiel.test_drafts import criterion_of, reword
from tests.test_access_matrix import contents
from tests.worlds import World, referentiel_data
from tests.worlds_drafts import REWORDED
from tests.worlds_organising import page

EDITOR, COLLEAGUE = "editor@ours.example.org", "national_staff@ours.example.org"


@pytest.fixture
def ours(db):
    return World("ours")


def sign_in(client, email=EDITOR):
    client.force_login(User.objects.get(email=email))
    return client


@pytest.fixture
def editor(client, ours):
    return sign_in(client)


def of_draft(name, ours, **more):
    return reverse(name, kwargs={"code": "ESSAI", **more})


def of_criterion(ours, code="1.1"):
    return of_draft("draft_criterion", ours, stable_id=criterion_of(ours.draft_version, code).stable_id)


def of_chapter(ours):
    return of_draft("draft_chapter", ours, stable_id=ours.draft_chapter.stable_id)


def typed(criterion, **changes):
    """What the form of a criterion sends."""
    levels = {f"level_{level.value}": level.description for level in criterion.levels.all()}
    texts = ("revision", "title", "question", "help", "examples", "evidence_hint", "weight")
    return {**{name: getattr(criterion, name) for name in texts}, **levels, **changes}


# --- The list, the start ------------------------------------------------------------------------------------------


def test_the_list_says_what_each_version_is(ours, editor):
    said = page(editor.get(reverse("referentiels")))
    for words in ("Référentiel ESSAI, version 2", "Brouillon", "En vigueur", "Qui rédige ce référentiel"):
        assert words in said
    assert "Préparer la version" not in said
    entrust(referentiel=Version.objects.get(referentiel__code="AILLEURS").referentiel, user=ours.editor)
    assert "Préparer la version 2" in page(editor.get(reverse("referentiels")))


def test_structures_see_nothing_of_the_draft(ours, client):
    client.force_login(ours.user(Role.REFERENT))
    said = page(client.get(reverse("referentiels")))
    assert "version 1" in said
    for words in ("version 2", "Brouillon", "Préparer", "Qui rédige"):
        assert words not in said
    assert client.get(reverse("referentiel_version", args=["ESSAI", 2])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_or_three_versions_more(ours, editor, queries, count):
    for rank in range(count):
        publish(version=import_version(data=referentiel_data(f"AUTRE{rank}")), by_name="Nadia")
    with queries(max=6):
        said = page(editor.get(reverse("referentiels")))
    assert said.count("Référentiel AUTRE") >= count


def test_preparing_copies_then_leads_to_the_draft(ours, editor):
    theirs = Version.objects.get(referentiel__code="AILLEURS")
    entrust(referentiel=theirs.referentiel, user=ours.editor)
    said = page(editor.post(reverse("draft_start", args=["AILLEURS"]), follow=True))
    assert "Version 2, en préparation" in said
    assert "Le brouillon de la version 2 est prêt" in said
    assert Criterion.objects.filter(chapter__version__referentiel=theirs.referentiel).count() == 24


def test_preparing_twice_says_there_is_a_draft(ours, editor):
    before = contents()
    said = page(editor.post(of_draft("draft_start", ours), follow=True))
    assert "a déjà un brouillon. Rien n’a été copié" in said
    after = contents()
    assert {label for label in after if after[label] != before[label]} <= {"sessions.session"}


def test_an_unknown_code_is_nothing(ours, editor):
    assert editor.post(reverse("draft_start", args=["RIEN"])).status_code == 404
    assert editor.get(reverse("referentiel_draft", args=["AILLEURS"])).status_code == 404
    assert not Version.objects.filter(number=2).exclude(referentiel__code="ESSAI").exists()


# --- The draft as a whole -----------------------------------------------------------------------------------------


def test_the_draft_shows_progress_changes_and_who_writes(ours, editor):
    reword(criterion_of(ours.draft_version, "2.1"), levels={1: ""})
    said = page(editor.get(of_draft("referentiel_draft", ours)))
    assert "7 sur 8" in said
    assert "2 textes diffèrent de la version 1" in said
    assert "A changé : question" in said
    assert "À compléter" in said
    assert ours.editor.full_name in said
    assert of_criterion(ours) in said


def test_a_colleague_reads_the_draft_and_is_told_whom_to_ask(ours, client):
    said = page(sign_in(client, COLLEAGUE).get(of_draft("referentiel_draft", ours)))
    assert "Critère 1.2" in said
    assert "demandez à l’une de ces personnes" in said
    assert of_criterion(ours) not in said
    assert of_draft("draft_publish", ours) not in said
    assert REWORDED in page(client.get(reverse("referentiel_version", args=["ESSAI", 2])))


@pytest.mark.parametrize("criteria", [4, 12])
def test_the_draft_costs_the_same_whatever_its_size(ours, editor, queries, criteria):
    version = publish(version=import_version(data=referentiel_data("TAILLE", criteria=criteria)), by_name="Nadia")
    entrust(referentiel=version.referentiel, user=ours.editor)
    editor.post(reverse("draft_start", args=["TAILLE"]))
    stable_id = criterion_of(version).stable_id
    for url in (
        reverse("referentiel_draft", args=["TAILLE"]),
        reverse("draft_criterion", args=["TAILLE", stable_id]),
        reverse("draft_publish", args=["TAILLE"]),
    ):
        with queries(max=27):
            assert "TAILLE" in page(editor.get(url))


# --- A criterion --------------------------------------------------------------------------------------------------


def test_a_criterion_is_saved_and_says_when(ours, editor):
    criterion = criterion_of(ours.draft_version)
    data = typed(criterion, question="Et maintenant ?", level_2="=1+1\n<b>deux</b>", weight="3")
    said = page(editor.post(of_criterion(ours), data, follow=True))
    assert "Le critère 1.1 est enregistré à 10 h" in said
    assert "Et maintenant ?" in said
    assert "&lt;b&gt;deux" in said
    assert "Question 1.1 ?" in said  # the published text, beside
    saved = criterion_of(ours.draft_version)
    assert (saved.question, saved.weight, saved.levels.all()[2].description) == (
        "Et maintenant ?",
        3,
        "=1+1\n<b>deux</b>",
    )
    assert criterion_of(ours.participation.cohort.version).question == "Question 1.1 ?"


def test_saving_and_continuing_opens_the_next_one_across_chapters(ours, editor):
    last = criterion_of(ours.draft_version, "1.4")
    response = editor.post(of_criterion(ours, "1.4"), typed(last, next="yes"))
    assert response.url == of_criterion(ours, "2.1")
    said = page(editor.get(response.url))
    assert of_criterion(ours, "1.4") in said
    assert of_criterion(ours, "2.2") in said


def test_a_text_left_for_later_is_saved_and_marked(ours, editor):
    editor.post(of_criterion(ours), typed(criterion_of(ours.draft_version), question="", level_0=""))
    assert criterion_of(ours.draft_version).question == ""
    assert "À compléter" in page(editor.get(of_criterion(ours)))


BAD = [
    ({"question": "x" * 1_000_000}, "300"),
    ({"level_1": "y" * 1_000_000}, "Niveau 1"),
    ({"title": "a\x00b"}, "U+0000"),
    ({"title": "a\nb"}, "une seule ligne"),
    ({"weight": "0"}, "Poids"),
    ({"weight": "9" * 30}, "Poids"),
    ({"revision": "9" * 30}, "À corriger"),
    ({"revision": ""}, "À corriger"),
]


@pytest.mark.parametrize(("change", "words"), BAD)
def test_bad_text_is_refused_kept_on_the_page_and_nothing_changes(ours, editor, change, words):
    before = contents()
    data = typed(criterion_of(ours.draft_version), examples="Texte tapé", **change)
    response = editor.post(of_criterion(ours), data)
    assert response.status_code == 422
    assert words in page(response)
    assert "Texte tapé" in page(response)
    assert contents() == before


def test_a_stale_criterion_shows_both_texts(ours, editor):
    criterion = criterion_of(ours.draft_version)
    reword(criterion_of(ours.draft_version), question="Le texte de l’autre ?", levels={1: "Niveau de l’autre"})
    response = editor.post(of_criterion(ours), typed(criterion, question="Mon texte ?", help="Mon aide"))
    assert response.status_code == 409
    said = page(response)
    for words in ("a changé pendant que vous écriviez", "Le texte de l’autre ?", "Niveau de l’autre", "Mon texte ?"):
        assert words in said
    assert criterion_of(ours.draft_version).question == "Le texte de l’autre ?"
    again = typed(criterion, question="Mon texte ?", revision=1)
    editor.post(of_criterion(ours), again)
    assert criterion_of(ours.draft_version).question == "Mon texte ?"


def test_published_meanwhile_keeps_what_was_typed_on_the_page(ours, editor):
    criterion = criterion_of(ours.draft_version)
    url = of_criterion(ours)
    publish(version=ours.draft_version, by_name="Nadia")
    response = editor.post(url, typed(criterion, question="Trop tard ?"))
    assert response.status_code == 409
    assert "Trop tard ?" in page(response)
    assert "a été publié pendant que vous écriviez" in page(response)
    assert not Criterion.objects.filter(question="Trop tard ?").exists()
    assert editor.get(url).status_code == 404


def test_a_criterion_of_another_referentiel_is_nothing(ours, editor):
    theirs = criterion_of(Version.objects.get(referentiel__code="AILLEURS"))
    url = of_draft("draft_criterion", ours, stable_id=theirs.stable_id)
    assert editor.post(url, typed(theirs, question="Forcée ?")).status_code == 404
    theirs.refresh_from_db()
    assert theirs.question == "Question 1.1 ?"


# --- A chapter ----------------------------------------------------------------------------------------------------


CHAPTER = {"revision": 0, "title": "Projet", "short_title": "Projet", "summary": "Pourquoi nous existons."}


def test_a_chapter_is_saved(ours, editor):
    said = page(editor.post(of_chapter(ours), CHAPTER, follow=True))
    assert "Le chapitre 1 est enregistré à 10 h" in said
    assert "Titre du chapitre 1" in said  # as published
    assert (ours.draft_chapter.title, ours.draft_chapter.summary) == ("Projet", "Pourquoi nous existons.")


def test_a_stale_chapter_shows_both_texts(ours, editor):
    edit_chapter(chapter=ours.draft_chapter, revision=0, title="De l’autre", short_title="Autre", summary="")
    response = editor.post(of_chapter(ours), CHAPTER)
    assert response.status_code == 409
    assert "De l’autre" in page(response)
    assert "Pourquoi nous existons." in page(response)
    assert ours.draft_chapter.title == "De l’autre"


@pytest.mark.parametrize("change", [{"short_title": "x" * 31}, {"summary": "a\x00b"}, {"title": "y" * 1_000_000}])
def test_a_bad_chapter_is_refused(ours, editor, change):
    response = editor.post(of_chapter(ours), {**CHAPTER, **change})
    assert response.status_code == 422
    assert "À corriger" in page(response)
    assert ours.draft_chapter.title == "Titre du chapitre 1"


# --- Whom it is not entrusted to ----------------------------------------------------------------------------------


def acts(ours):
    criterion = criterion_of(ours.draft_version)
    return {
        of_draft("draft_start", ours): {},
        of_chapter(ours): CHAPTER,
        of_criterion(ours): typed(criterion, question="Sans droit ?"),
        of_draft("draft_publish", ours): {"confirm": "yes", "seen": ""},
        of_draft("referentiel_editors", ours): {"person": User.objects.get(email=COLLEAGUE).public_id},
        of_draft("editor_remove", ours, public_id=ours.editor.public_id): {},
    }


def refused_everywhere(client, ours, named):
    before = contents()
    for url, data in acts(ours).items():
        response = client.post(url, data)
        assert response.status_code == 403, url
        assert "ne vous est pas confiée" in page(response)
        assert named in page(response)
    assert contents() == before


def test_a_colleague_changes_nothing_and_is_told_whom_to_ask(ours, client):
    refused_everywhere(sign_in(client, COLLEAGUE), ours, ours.editor.full_name)


def test_an_expired_right_is_refused_at_once(ours, editor, clock_at):
    entrust(referentiel=ours.draft_version.referentiel, user=User.objects.get(email=COLLEAGUE))
    entrust(referentiel=ours.draft_version.referentiel, user=ours.editor, expires_at=clock.now() + timedelta(minutes=5))
    assert editor.get(of_criterion(ours)).status_code == 200
    clock_at(clock.now() + timedelta(minutes=6))
    refused_everywhere(editor, ours, "National_Staff")


def test_a_right_taken_back_is_refused_at_once(ours, editor):
    EditorGrant.objects.filter(user=ours.editor).delete()
    refused_everywhere(editor, ours, "Plus personne ne rédige ce référentiel")


def test_a_right_without_the_role_is_refused_at_once(ours, editor):
    Membership.objects.filter(user=ours.editor).update(until=clock.today() - timedelta(days=1))
    before = contents()
    response = editor.post(of_criterion(ours), typed(criterion_of(ours.draft_version), question="Sans rôle ?"))
    assert "réservée à d’autres rôles" in page(response)
    assert contents() == before


@pytest.mark.parametrize("role", [Role.REFERENT, Role.FACILITATOR, Role.REGION_ADMIN, Role.PARTNER])
def test_others_are_refused(ours, client, role):
    client.force_login(ours.user(role))
    before = contents()
    for url, data in acts(ours).items():
        assert "Rien n’a été modifié" in page(client.post(url, data))
        assert REWORDED not in page(client.get(url))
    assert contents() == before


def test_the_rule_holds_below_the_screen(ours):
    with pytest.raises(ValidationError, match="déjà publiée"):
        publish(version=ours.participation.cohort.version, by_name="Nadia")
