"""Questions asked without an account, on screen: read by national staff, written and released by the editor."""

import pytest
from django.urls import reverse

from cohorts.enums import Role
from cohorts.models import User
from referentiel.models import Criterion, SurveyQuestion, Version
from referentiel.services import publish
from referentiel.services.questions import edit_question, release_question, withdraw_question, write_question
from tests.referentiel.test_drafts import criterion_of, reword
from tests.test_access_matrix import contents
from tests.worlds import World
from tests.worlds_drafts import ASKED, UNRELEASED
from tests.worlds_organising import page

COLLEAGUE = "national_staff@ours.example.org"
LIST = "/referentiels/ESSAI/questions/"
NEW = {"text": "Vous a-t-on expliqué votre contrat ?", "easy_text": "Votre contrat est-il clair ?"}


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def editor(client, ours):
    client.force_login(ours.editor)
    return client


def at(name, row):
    return reverse(name, kwargs={"code": "ESSAI", "stable_id": row.stable_id})


def changed(before):
    """The tables that differ, sessions apart."""
    after = contents()
    return {label for label in after if after[label] != before[label]} - {"sessions.session"}


# --- The list -----------------------------------------------------------------------------------------------------


def test_the_list_says_what_each_question_is_and_who_released_it(ours, editor):
    withdrawn = write_question(criterion=ours.unreleased_question.criterion, **NEW)
    withdraw_question(question=release_question(question=withdrawn, by_name="Nadia"), by_name="Paul")
    said = page(editor.get(LIST))
    for words in (*NEW.values(), *ASKED, *UNRELEASED):
        assert (words in said) == (words in (NEW["text"], ASKED[0], UNRELEASED[0]))
    for words in ("À diffuser", "Brouillon", "Retirée", ours.editor.full_name, "par Paul", "Écrire une question"):
        assert words in said
    assert at("survey_question_new", ours.unreleased_question.criterion) in said


def test_a_colleague_reads_everything_and_is_told_who_writes(ours, client):
    client.force_login(User.objects.get(email=COLLEAGUE))
    said = page(client.get(LIST))
    assert UNRELEASED[0] in said
    assert "Vous pouvez les lire" in said
    assert "Écrire une question" not in said
    read = page(client.get(at("survey_question", ours.unreleased_question)))
    assert UNRELEASED[1] in read
    assert "y travaille encore" in read
    for words in ("Relire et diffuser", "Supprimer", "<textarea"):
        assert words not in read
    assert "Retirer cette question" not in page(client.get(at("survey_question", ours.released_question)))


def test_it_is_reached_from_the_list_of_referentiels_and_from_the_version(ours, editor, client):
    for url in (reverse("referentiels"), reverse("referentiel_version", args=["ESSAI", 1])):
        assert LIST in page(editor.get(url))
    client.force_login(ours.user(Role.REFERENT))
    for url in (reverse("referentiels"), reverse("referentiel_version", args=["ESSAI", 1])):
        assert LIST not in page(client.get(url))


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_with_one_question_or_three(ours, editor, queries, count):
    criterion = ours.unreleased_question.criterion
    for rank in range(count):
        write_question(criterion=criterion, text=f"Question en plus {rank} ?", easy_text="Oui ?")
    for url in (LIST, at("survey_question", ours.unreleased_question), at("survey_question_new", criterion)):
        with queries(max=16):
            editor.get(url)
    assert page(editor.get(LIST)).count("Question en plus") == count


def test_an_unknown_code_or_question_is_nothing(ours, editor):
    theirs = Criterion.objects.filter(chapter__version__referentiel__code="AILLEURS").first()
    assert editor.get(reverse("survey_questions", args=["RIEN"])).status_code == 404
    for name in ("survey_question", "survey_question_release", "survey_question_new"):
        assert editor.get(at(name, theirs)).status_code == 404
    assert editor.post(at("survey_question_new", theirs), NEW).status_code == 404
    assert not SurveyQuestion.objects.filter(text=NEW["text"]).exists()


# --- Written ------------------------------------------------------------------------------------------------------


def test_a_question_is_written_then_changed(ours, editor):
    criterion = criterion_of(ours.participation.cohort.version, "2.2")
    before = set(SurveyQuestion.objects.values_list("pk", flat=True))
    url = at("survey_question_new", criterion)
    assert "Description 2.2 degré 1" in page(editor.get(url))
    said = page(editor.post(url, NEW, follow=True))
    assert "La question est enregistrée à 10 h" in said
    assert "Relire et diffuser" in said
    question = SurveyQuestion.objects.exclude(pk__in=before).get()
    assert question.criterion == criterion
    editor.post(url, NEW)
    assert SurveyQuestion.objects.exclude(pk__in=before).get() == question
    data = {**NEW, "text": "=1+1 <b>🙂</b> ?", "revision": 0}
    said = page(editor.post(at("survey_question", question), data, follow=True))
    assert "=1+1 &lt;b&gt;🙂" in said
    question.refresh_from_db()
    assert (question.text, question.is_asked) == ("=1+1 <b>🙂</b> ?", False)


def test_what_repeats_the_referentiel_is_saved_and_said_at_once(ours, editor):
    question = ours.unreleased_question
    data = {"text": "Critere 1.1 !", "easy_text": "mot " * 16, "revision": 0}
    said = page(editor.post(at("survey_question", question), data, follow=True))
    assert "Avant de la diffuser" in said
    assert "« Critere 1.1 ! » (titre du critère 1.1)" in said.replace("\xa0", " ")
    assert "Relire et diffuser" not in said


BAD = [
    ({"text": ""}, "La question"),
    ({"easy_text": "  "}, "facile à lire"),
    ({"text": "x" * 1_000_000}, "200"),
    ({"easy_text": "y" * 161}, "160"),
    ({"text": "a\x00b"}, "U+0000"),
    ({"text": "a\u202eb"}, "change le sens de lecture"),
    ({"text": "a\nb"}, "une seule ligne"),
    ({"revision": "9" * 30}, "À corriger"),
    ({"revision": ""}, "À corriger"),
]


@pytest.mark.parametrize(("change", "words"), BAD)
def test_a_bad_question_is_refused_kept_on_the_page_and_nothing_changes(ours, editor, change, words):
    question = ours.unreleased_question
    urls = [at("survey_question", question)]
    urls += [at("survey_question_new", question.criterion)] if "revision" not in change else []
    before = contents()
    for url in urls:
        other = "easy_text" if "text" in change else "text"
        response = editor.post(url, {"revision": 0, **NEW, **change})
        assert response.status_code == 422
        assert words in page(response)
        assert NEW[other] in page(response)
    assert contents() == before


def test_a_stale_question_shows_both_texts(ours, editor):
    question = ours.unreleased_question
    edit_question(question=question, revision=0, text="De l’autre ?", easy_text="Autre ?")
    response = editor.post(at("survey_question", question), {**NEW, "revision": 0})
    assert response.status_code == 409
    for words in ("a changé pendant que vous écriviez", "De l’autre ?", "Autre ?", *NEW.values()):
        assert words in page(response)
    editor.post(at("survey_question", question), {**NEW, "revision": 1})
    assert ours._question(text=NEW["text"]).easy_text == NEW["easy_text"]


def test_released_deleted_or_published_meanwhile_gives_back_what_was_typed(ours, editor):
    question = ours.unreleased_question
    url = at("survey_question", question)
    response = editor.post(at("survey_question", ours.released_question), {**NEW, "revision": 1})
    assert response.status_code == 409
    assert "ne change plus" in page(response)
    assert NEW["text"] in page(response)
    editor.post(at("survey_question_delete", question))
    response = editor.post(url, {**NEW, "revision": 0})
    assert response.status_code == 404
    assert "supprimée pendant que vous écriviez" in page(response)
    assert NEW["easy_text"] in page(response)
    assert not SurveyQuestion.objects.filter(text=NEW["text"]).exists()


# --- Released, withdrawn, deleted ---------------------------------------------------------------------------------


def test_releasing_shows_what_outsiders_read_then_signs(ours, editor):
    question = ours.unreleased_question
    url = at("survey_question_release", question)
    said = page(editor.get(url))
    for words in (*UNRELEASED, "Ce que les personnes liront", "à ne pas reprendre", "Description 1.1 degré 0"):
        assert words in said
    assert not ours.unreleased_question.is_asked
    said = page(editor.post(url, {"revision": question.revision}, follow=True))
    assert "La question est à diffuser" in said
    released = ours.unreleased_question
    assert (released.is_asked, released.released_by) == (True, ours.editor.full_name)
    before = contents()
    again = page(editor.post(url, {"revision": question.revision}, follow=True))
    assert "déjà à diffuser. Rien de plus n’a été fait" in again
    assert changed(before) == set()


def test_releasing_a_text_that_changed_since_is_read_again(ours, editor):
    question = ours.unreleased_question
    edit_question(question=question, revision=0, text="Changée ?", easy_text="Changée ?")
    url = at("survey_question_release", question)
    response = editor.post(url, {"revision": 0})
    assert response.status_code == 409
    assert "Rien n’a été diffusé" in page(response)
    assert "Changée ?" in page(response)
    assert not ours._question(text="Changée ?").is_asked


def test_what_repeats_the_referentiel_is_not_released(ours, editor):
    question = ours.unreleased_question
    edit_question(question=question, revision=0, text="Alors, description 1.1 degré 2 ?", easy_text="Alors ?")
    url = at("survey_question_release", question)
    said = page(editor.get(url)).replace("\xa0", " ")
    assert "« description 1.1 degré 2 » (critère 1.1, niveau 2)" in said
    assert "Diffuser cette question</span>" not in said
    before = contents()
    response = editor.post(url, {"revision": 1})
    assert response.status_code == 422
    assert "Rien n’a été diffusé" in page(response)
    assert contents() == before


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30, "0\x00"])
def test_a_forged_confirmation_releases_nothing(ours, editor, revision):
    before = contents()
    response = editor.post(at("survey_question_release", ours.unreleased_question), {"revision": revision})
    assert response.status_code == 422
    assert "Rien n’a été diffusé" in page(response)
    assert contents() == before


def test_withdrawing_and_deleting_say_what_they_mean(ours, editor):
    asked, question = ours.released_question, ours.unreleased_question
    assert "Retirer cette question" in page(editor.get(at("survey_question", asked)))
    said = page(editor.post(at("survey_question_withdraw", asked), follow=True))
    assert "La question est retirée" in said
    assert "Question retirée" in said
    assert not ours.released_question.is_asked
    before = contents()
    assert "déjà retirée. Rien n’a changé" in page(editor.post(at("survey_question_withdraw", asked), follow=True))
    assert "se retire" in page(editor.post(at("survey_question_delete", asked), follow=True))
    assert changed(before) == set()
    assert "La question est supprimée" in page(editor.post(at("survey_question_delete", question), follow=True))
    assert not SurveyQuestion.objects.filter(pk=question.pk).exists()


def test_after_a_new_version_the_page_is_about_that_one(ours, editor):
    version = ours.draft_version
    publish(version=version, by_name="Nadia")
    assert "version 2" in page(editor.get(LIST))
    editor.post(at("survey_question_withdraw", ours.released_question))
    states = SurveyQuestion.objects.filter(stable_id=ours.released_question.stable_id)
    assert [question.is_asked for question in states] == [False, False]


def test_publishing_what_gives_a_question_away_is_told_with_a_link(ours, editor):
    reword(criterion_of(ours.draft_version, "2.3"), help=f"On peut demander : {ASKED[0]}")
    said = page(editor.get(reverse("draft_publish", args=["ESSAI"]))).replace("\xa0", " ")
    assert "Question à diffuser du critère 1.1" in said
    assert at("survey_question", ours.released_question) in said
    assert "Publier cette version" not in said
    assert editor.post(reverse("draft_publish", args=["ESSAI"]), {"confirm": "yes", "seen": ""}).status_code == 422
    assert Version.objects.get(pk=ours.draft_version.pk).state == "draft"


# --- Whom it is not entrusted to ----------------------------------------------------------------------------------


def acts(ours):
    asked, question = ours.released_question, ours.unreleased_question
    return {
        at("survey_question_new", question.criterion): NEW,
        at("survey_question", question): {**NEW, "revision": 0},
        at("survey_question_release", question): {"revision": 0},
        at("survey_question_withdraw", asked): {},
        at("survey_question_delete", question): {},
    }


def test_a_colleague_changes_nothing_and_is_told_whom_to_ask(ours, client):
    client.force_login(User.objects.get(email=COLLEAGUE))
    before = contents()
    for url, data in acts(ours).items():
        response = client.post(url, data)
        assert response.status_code == 403, url
        assert "ne vous est pas confiée" in page(response)
        assert ours.editor.full_name in page(response)
    assert contents() == before


@pytest.mark.parametrize("role", [Role.REFERENT, Role.FACILITATOR, Role.REGION_ADMIN, Role.PARTNER])
def test_others_are_refused_and_read_no_draft(ours, client, role):
    client.force_login(ours.user(role))
    before = contents()
    for url, data in acts(ours).items():
        assert "Rien n’a été modifié" in page(client.post(url, data))
        assert UNRELEASED[0] not in page(client.get(url))
    assert client.get(LIST).status_code == 403
    assert contents() == before
