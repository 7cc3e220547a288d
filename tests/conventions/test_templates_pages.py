"""The pages of templates: the list, the draft part by part, what somebody else wrote, versions compared, a text brought."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conventions import texts
from conventions.models import ConventionTemplate, TemplateDraft
from conventions.services import templates
from conventions.texts.markdown import BYTES
from tests.harness.ceremony import browser_of, fresh
from tests.harness.pages import text_of
from tests.test_access_matrix import contents

TEXT = "# Texte apporté\n## Objet\nLe {{Nom du projet}}.\n### Engagements de la structure\n- Venir.\n"


@pytest.fixture
def template(ours):
    return ours.region_template


@pytest.fixture
def national(ours):
    return browser_of("national_staff@ours.example.org")


def read_of(template):
    return texts.read_template(TemplateDraft.objects.get(template=template).content)


def posted_by(page):
    """What the form of a page would send, as a browser does."""
    data = {}
    form, rows = page.context["form"], page.context.get("rows")
    for bound in [*form, *(field for row in rows or () for field in row), *(rows.management_form if rows else ())]:
        value = bound.value()
        if value not in (None, "", False) or isinstance(value, int):
            data[bound.html_name] = "on" if value is True else value
    return {name: value for name, value in data.items() if value is not False}


def article_of(client, template, article="objet"):
    url = template.url("template_article", article)
    return url, posted_by(client.get(url))


# --- The list ---------------------------------------------------------------------------------------------------


def test_each_sees_the_network_s_and_their_own(admin, national):
    page = text_of(admin.get(reverse("convention_templates")))
    assert "Modèle de chez nous" in page
    assert "Convention d’engagements réciproques" in page
    assert "MARQUELOINTAIN" not in page
    page = text_of(national.get(reverse("convention_templates")))
    assert "Modèle de chez nous" not in page
    assert "Charte de partenariat" in page


def test_the_list_asks_as_many_questions_whatever_its_length(admin, ours):

    counts = []
    for title in ("Un de plus", "Deux de plus"):
        with CaptureQueriesContext(connection) as found:
            admin.get(reverse("convention_templates"))
        counts.append(len(found))
        templates.create(title=title, kind="convention", region=ours.participation.cohort.region, by=None)
    assert counts[0] == counts[1]


def test_a_template_is_begun_once_and_read_as_each_party(admin, national):
    said = {"title": "Convention locale", "kind": "convention", "owner": "ici"}
    first, second = (
        admin.post(reverse("convention_template_new"), said),
        admin.post(reverse("convention_template_new"), said),
    )
    assert first.url == second.url == reverse("template_draft", args=["convention-locale-ici"])
    refused = admin.post(reverse("convention_template_new"), {**said, "owner": "reseau"})
    assert refused.status_code == 422
    assert not ConventionTemplate.objects.filter(key="convention-locale").exists()
    made = ConventionTemplate.objects.get(key="convention-locale-ici")
    for role in ("structure", "partner", "n’importe quoi"):
        page = text_of(admin.get(made.url("template_preview"), {"partie": role}))
        assert f"contract--{role if role.isascii() else 'structure'}" in page
    assert "[Nom du projet]" in page
    assert national.get(made.url("template_draft")).status_code == 404


def test_the_network_s_is_read_and_copied_not_written(admin, national):
    network = ConventionTemplate.objects.get(key="charte-engagement")
    assert "charte sera" not in text_of(admin.get(network.get_absolute_url()))
    before = contents()
    response = admin.post(network.url("template_draft_start"))
    assert response.status_code == 403
    assert "copiez-le" in text_of(response)
    assert contents() == before
    copied = admin.post(
        reverse("convention_template_new"),
        {"source": network.key, "title": "Notre charte", "kind": network.kind, "owner": "ici"},
    )
    assert copied.status_code == 302
    made = ConventionTemplate.objects.get(title="Notre charte")
    assert read_of(made).clause_keys == texts.read_template(texts.shipped("charte-engagement")).clause_keys


# --- The draft --------------------------------------------------------------------------------------------------


def test_an_article_is_saved_with_its_clauses_their_roles_and_follow_up(admin, template):
    url, data = article_of(admin, template)
    data |= {"c-0-text": "Les structures viennent.", "c-0-roles": ["structure"], "c-0-proof": "attendance"}
    data |= {"c-1-remove": "on", "c-3-text": "Une clause de plus, {project} et {region_name}.", "c-3-rank": "1"}
    assert admin.post(url, data, follow=True).status_code == 200
    article = read_of(template).articles[0]
    assert [clause.text for clause in article.clauses[:2]] == [
        "Les structures viennent.",
        "Une clause de plus, {project} et {region_name}.",
    ]
    assert (article.clauses[0].key, article.clauses[0].roles, article.clauses[0].proof) == (
        "objet",
        ("structure",),
        "attendance",
    )
    assert len(article.clauses) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"c-0-text": "Un {blanc_inconnu}."}, "n’existe pas"),
        ({"c-0-text": "Une { accolade."}, "accolade"),
        ({"c-0-text": "a\u202eb"}, "sens de lecture"),
        ({"c-0-text": "x" * 2_001}, "2\u202f001"),
        ({"c-0-text": ""}, "cochez « Retirer cette clause »"),
        ({"c-0-roles": ["maire"]}, ""),
        ({"c-0-proof": "magie"}, ""),
        ({"c-0-rank": "10" * 20}, ""),
        ({"title": ""}, ""),
        ({"title": "a\nb"}, "une seule ligne"),
        ({"seen": "0"}, ""),
        ({"c-TOTAL_FORMS": "9" * 30}, ""),
        ({"c-TOTAL_FORMS": "x"}, ""),
        ({"c-0-remove": "on", "c-1-remove": "on", "c-2-remove": "on"}, "au moins une clause"),
    ],
)
def test_a_bad_article_says_why_keeps_what_was_typed_and_changes_nothing(admin, template, change, words):
    url, data = article_of(admin, template)
    before = contents()
    response = admin.post(url, {**data, "c-1-text": "Le texte tapé.", **change})
    assert response.status_code == 422
    page = text_of(response).replace("«\u00a0", "« ").replace("\u00a0»", " »")
    assert words in page
    assert "c-TOTAL_FORMS" in change or "Le texte tapé." in page
    assert contents() == before


def test_what_somebody_else_saved_is_shown_and_the_next_save_passes(admin, template):
    url, mine = article_of(admin, template)
    admin.post(url, {**mine, "c-0-text": "Les mots d’une autre."})
    response = admin.post(url, {**mine, "c-0-text": "Les miens."})
    assert response.status_code == 409
    page = text_of(response)
    assert "Les mots d’une autre." in page
    assert "Les miens." in page
    assert read_of(template).clauses[0].text == "Les mots d’une autre."
    again = admin.post(url, {**mine, "c-0-text": "Les miens.", "seen": response.context["seen"]})
    assert again.status_code == 302
    assert read_of(template).clauses[0].text == "Les miens."


def test_an_article_taken_out_meanwhile_gives_back_what_was_typed(admin, template):
    url, data = article_of(admin, template, "outils")
    seen = admin.get(template.url("template_draft")).context["seen"]
    admin.post(template.url("template_articles"), {"act": "remove", "article": "outils", "seen": seen})
    response = admin.post(url, {**data, "c-0-text": "Tapé pour rien."})
    assert response.status_code == 409
    assert "Tapé pour rien." in text_of(response)
    assert "outils" not in [article.key for article in read_of(template).articles]
    assert admin.get(url).status_code == 404


def test_moving_an_article_twice_from_the_same_page_moves_it_once(admin, template):
    seen = admin.get(template.url("template_draft")).context["seen"]
    order = [article.key for article in read_of(template).articles]
    for _ in range(2):
        admin.post(template.url("template_articles"), {"act": "down", "article": order[0], "seen": seen})
    assert [article.key for article in read_of(template).articles][:3] == [order[1], order[0], order[2]]


def test_a_blank_is_added_with_its_choices_and_one_in_use_stays(admin, template):
    url = template.url("template_blanks")
    data = posted_by(admin.get(url))
    new = len(read_of(template).variables)
    added = {f"b-{new}-label": "Rythme", f"b-{new}-kind": "choice", f"b-{new}-choices": "chaque mois\nchaque trimestre"}
    assert admin.post(url, {**data, **added}).status_code == 302
    blank = read_of(template).variables[-1]
    assert (blank.key, blank.choices) == ("rythme", ("chaque mois", "chaque trimestre"))
    data = posted_by(admin.get(url))
    response = admin.post(url, {**data, "b-0-remove": "on"})
    assert response.status_code == 422
    assert "sert dans la clause" in text_of(response)
    assert read_of(template).variables[0].key == "project"
    twice = {**data, f"b-{new + 1}-label": "Rythme"}
    assert "Deux blancs" in text_of(admin.post(url, twice))


def test_the_settings_say_entry_accession_proof_delay_and_place(admin, template):
    url = template.url("template_settings")
    data = posted_by(admin.get(url))
    assert data["accession_clause"] == "adhesion"
    changed = {**data, "accession_clause": "", "expires_days": "20", "place": "?", "entry": "committee"}
    assert admin.post(url, {**changed, "identity_years": "3"}).status_code == 302
    read = read_of(template)
    assert (read.accession, read.expires_days, read.asks_place, read.identity_years) == (False, 20, True, 3)
    page = text_of(admin.get(template.url("template_draft")))
    assert "par un avenant que toutes les parties signent" in page
    bad = admin.post(url, {**posted_by(admin.get(url)), "consent": "Je soussigné {signatory} {inconnu}"})
    assert bad.status_code == 422
    assert "{inconnu}" in text_of(bad)


def test_publishing_is_refused_while_something_is_missing_and_done_once(admin, template):
    url = template.url("template_settings")
    admin.post(url, {**posted_by(admin.get(url)), "proof_clause": ""})
    page = admin.get(template.url("template_draft"))
    assert "article 1356" in text_of(page)
    revision = page.context["draft"].revision
    refused = admin.post(template.url("template_publish"), {"revision": revision}, follow=True)
    assert "Rien n’est publié" in text_of(refused)
    assert template.versions.count() == 1
    admin.post(url, {**posted_by(admin.get(url)), "proof_clause": "preuve"})
    revision = admin.get(template.url("template_draft")).context["draft"].revision
    for _ in range(2):
        assert admin.post(template.url("template_publish"), {"revision": revision}).url == template.get_absolute_url()
    assert template.versions.count() == 2
    stale = admin.post(template.url("template_publish"), {"revision": revision - 1}, follow=True)
    assert "a changé depuis" in text_of(stale)


def test_two_versions_are_compared_clause_by_clause(admin, template):
    page = text_of(admin.get(template.url("convention_template_compare")))
    assert "le brouillon" in page
    assert "ajoutera" in page
    assert "<del>" in page
    assert "(retiré" in page
    assert "Clause changée" in page
    assert admin.get(template.url("convention_template_compare"), {"avant": "99"}).status_code == 404
    assert admin.get(template.url("convention_template_compare"), {"apres": "9" * 30}).status_code == 404
    assert admin.get(template.get_absolute_url(), {"version": "x"}).status_code == 404


# --- A text brought ---------------------------------------------------------------------------------------------


def test_a_text_is_read_then_kept_and_nothing_is_written_before(admin, template):
    url = template.url("template_import")
    before = contents()
    file = SimpleUploadedFile("texte.md", TEXT.encode())
    response = admin.post(url, {"file": file})
    page = text_of(response)
    assert response.status_code == 200
    assert "Nom du projet" in page
    assert "1 clause pour : structure" in page
    assert contents() == before
    for _ in range(2):
        assert admin.post(url, {"text": response.context["words"], "act": "keep"}).url == template.url("template_draft")
    assert [article.title for article in read_of(template).articles] == ["Objet"]


def test_mistakes_are_told_by_line_the_text_stays_and_nothing_is_kept(admin, template):
    url = template.url("template_import")
    before = contents()
    bad = TEXT + "### Engagements du maire\n- <script>alert(1)</script> {{ouvert\n"
    response = admin.post(url, {"text": bad, "act": "keep"})
    assert response.status_code == 422
    page = text_of(response)
    assert "Ligne 6" in page
    assert "Ligne 7" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert contents() == before


@pytest.mark.parametrize("content", [b"%PDF-1.7 \xff\xfe\x00", b"\x00" * 50, b"mot " * BYTES, b" "])
def test_a_hostile_file_is_refused_in_words(admin, template, content):
    before = contents()
    response = admin.post(template.url("template_import"), {"file": SimpleUploadedFile("x.md", content)})
    assert response.status_code == 422
    assert "Rien n’a été repris" in text_of(response)
    assert contents() == before


# --- Chosen -----------------------------------------------------------------------------------------------------


def test_a_draft_follows_the_template_one_chooses(admin, ours, template):
    draft = ours.draft_convention
    url = draft.url("convention_template_choose")
    page = text_of(admin.get(url))
    assert "Modèle de chez nous, version 1" in page
    assert "Charte de partenariat" not in page
    version = template.versions.get()
    for _ in range(2):
        assert admin.post(url, {"version": version.pk}).url == draft.url("convention_edit")
    assert fresh(draft).version == version
    for wrong in ("", "0", "9" * 30, "x", str(templates.latest_version("avenant").pk)):
        assert admin.post(url, {"version": wrong}).status_code == 422
    assert fresh(draft).version == version
