"""Templates of conventions: shipped, written by several people, published, followed by drafts."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from caprse.base.versioned import StaleSave
from cohorts.enums import Role
from cohorts.models import Cohort
from conventions import texts
from conventions.enums import ConventionState, TemplateKind
from conventions.models import ConventionTemplate, TemplateDraft, TemplateVersion
from conventions.services import drafting, sending, states, templates
from conventions.texts.markdown import read_markdown
from conventions.texts.parts import ArticlePart, Gone, OrderPart, SettingsPart, VariablesPart
from tests import worlds_conventions as do
from tests.harness.ceremony import browser_of, fresh
from tests.harness.threads import at_once
from tests.worlds import World

TEXT = (
    "# Texte du réseau\n## Objet\nLe projet {{Nom du projet}} commence.\n## Durée\nIl prend effet le {{Jour : date}}.\n"
)


@pytest.fixture
def template(ours):
    return ours.region_template


def read_of(template):
    return texts.read_template(draft_of(template).content)


def draft_of(template):
    return TemplateDraft.objects.get(template=template)


def reworded(template, words, *, article="objet"):
    """The part of an article whose first clause says this."""
    found = next(one for one in read_of(template).articles if one.key == article)
    return ArticlePart(article, found.title, (replace(found.clauses[0], text=words), *found.clauses[1:]))


def seen(template, part):
    return part.seen(read_of(template))


# --- Shipped ----------------------------------------------------------------------------------------------------


def test_every_shipped_template_is_there_once(db):
    again = [version.pk for version in templates.record_shipped()]
    assert again == [version.pk for version in templates.record_shipped()]
    kinds = dict(ConventionTemplate.objects.filter(region=None).values_list("key", "kind"))
    assert kinds == {key: texts.shipped(key)["kind"] for key in texts.SHIPPED}


def test_a_version_of_the_network_s_own_is_not_replaced_by_the_shipped_wording(db, ours):
    template = templates.latest_version().template
    templates.start_draft(template=template, by=None)
    part = reworded(template, "Le projet « {project} » a ses règles.")
    by = ours.user(Role.REGION_ADMIN)
    templates.edit(draft=draft_of(template), seen=seen(template, part), part=part, by=by)
    version = templates.publish(draft=draft_of(template), revision=draft_of(template).revision, by=by)
    assert templates.latest_version() == version
    assert texts.read_template(version.content).clauses[0].text.endswith("a ses règles.")


# --- Written ----------------------------------------------------------------------------------------------------


def test_creating_twice_makes_one_and_the_title_of_another_is_taken(ours):
    region = ours.participation.cohort.region
    said = {"title": "Convention neuve", "kind": TemplateKind.CONVENTION, "region": region, "by": None}
    assert templates.create(**said) == templates.create(**said)
    assert templates.create(**{**said, "region": None}).key == "convention-neuve"
    part = SettingsPart({"expires_days": 3})
    template = ConventionTemplate.objects.get(key="convention-neuve-ici")
    templates.edit(draft=draft_of(template), seen=seen(template, part), part=part, by=None)
    with pytest.raises(templates.TakenTitle):
        templates.create(**said)


def test_a_stale_article_is_refused_and_another_article_is_not(template):
    first, other = reworded(template, "Un mot."), reworded(template, "Deux mots.")
    before = seen(template, first)
    far = reworded(template, "Ailleurs.", article="outils")
    far_before = seen(template, far)
    templates.edit(draft=draft_of(template), seen=before, part=first, by=None)
    with pytest.raises(StaleSave):
        templates.edit(draft=draft_of(template), seen=before, part=other, by=None)
    templates.edit(draft=draft_of(template), seen=far_before, part=far, by=None)
    said = [clause.text for clause in read_of(template).clauses]
    assert {"Un mot.", "Ailleurs."} <= set(said)
    assert "Deux mots." not in said


def test_saving_the_same_twice_writes_once(template):
    part = reworded(template, "Un mot.")
    templates.edit(draft=draft_of(template), seen=seen(template, part), part=part, by=None)
    revision = draft_of(template).revision
    templates.edit(draft=draft_of(template), seen=seen(template, part), part=part, by=None)
    assert draft_of(template).revision == revision


def test_a_clause_keeps_its_key_and_a_new_one_gets_its_own(template):
    found = read_of(template).articles[0]
    keys = [clause.key for clause in found.clauses]
    clauses = (texts.Clause("Neuve."), *found.clauses[1:], texts.Clause("Encore.", key=keys[1]))
    part = ArticlePart("objet", found.title, clauses)
    templates.edit(draft=draft_of(template), seen=seen(template, part), part=part, by=None)
    after = [clause.key for clause in read_of(template).articles[0].clauses]
    assert after[1:-1] == keys[1:]
    assert len(set(after)) == len(after)
    assert len(read_of(template).clause_keys) == len(read_of(template).clauses)


def test_the_clause_that_was_named_is_named_no_more_once_it_is_gone(template):
    assert read_of(template).accession_clause == "adhesion"
    part = OrderPart("remove", "modifications")
    templates.edit(draft=draft_of(template), seen=seen(template, part), part=part, by=None)
    assert read_of(template).accession_clause == ""
    assert not read_of(template).accession


def test_an_article_goes_up_down_and_away(template):
    order = [article.key for article in read_of(template).articles]
    for part in (OrderPart("down", order[0]), OrderPart("up", order[2]), OrderPart("add", title="Dernier")):
        templates.edit(draft=draft_of(template), seen=seen(template, part), part=part, by=None)
    after = [article.key for article in read_of(template).articles]
    assert after[:3] == [order[1], order[2], order[0]]
    assert read_of(template).articles[-1].title == "Dernier"
    part = OrderPart("up", "inconnu")
    before = seen(template, part)
    with pytest.raises(Gone):
        templates.edit(draft=draft_of(template), seen=before, part=part, by=None)


def test_a_blank_that_a_clause_uses_cannot_go(template):
    kept = tuple(one for one in read_of(template).variables if one.key != "project")
    part = VariablesPart(kept)
    with pytest.raises(templates.Unknown), transaction.atomic():
        templates.edit(draft=draft_of(template), seen=seen(template, part), part=part, by=None)
    assert "project" in {one.key for one in read_of(template).variables}


def test_two_people_who_save_one_article_at_once_keep_one_of_them(committed_db):
    template = World("ours").region_template
    parts = [reworded(template, f"Mot {rank}.") for rank in range(4)]
    before = seen(template, parts[0])

    def save(part):
        try:
            templates.edit(draft=draft_of(template), seen=before, part=part, by=None)
        except StaleSave:
            return None
        return part.clauses[0].text

    given = at_once(*[lambda part=part: save(part) for part in parts])
    assert [text for text in given if text] == [read_of(template).clauses[0].text]


# --- Published --------------------------------------------------------------------------------------------------


def test_publishing_twice_makes_one_version_that_never_changes(template):
    draft = draft_of(template)
    version = templates.publish(draft=draft, revision=draft.revision, by=None)
    assert templates.publish(draft=draft, revision=draft.revision, by=None) == version
    assert version.number == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        TemplateVersion.objects.filter(pk=version.pk).update(number=9)


def test_many_who_publish_at_once_make_one_version(committed_db):
    ours = World("ours")
    draft = draft_of(ours.region_template)
    given = at_once(*[lambda: templates.publish(draft=draft, revision=draft.revision, by=None).pk] * 4)
    assert len(set(given)) == 1
    assert ours.region_template.versions.count() == 2


def test_a_draft_that_changed_or_lacks_something_is_not_published(template):
    draft = draft_of(template)
    with pytest.raises(StaleSave):
        templates.publish(draft=draft, revision=draft.revision - 1, by=None)
    part = SettingsPart({"proof_clause": ""})
    templates.edit(draft=draft, seen=seen(template, part), part=part, by=None)
    with pytest.raises(templates.NotPublishable) as refusal:
        templates.publish(draft=draft, revision=draft_of(template).revision, by=None)
    assert "1356" in str(refusal.value)
    assert template.versions.count() == 1


def test_a_published_title_is_the_template_s(template):
    part = SettingsPart({"title": "Titre neuf"})
    templates.edit(draft=draft_of(template), seen=seen(template, part), part=part, by=None)
    assert ConventionTemplate.objects.get(pk=template.pk).title != "Titre neuf"
    templates.publish(draft=draft_of(template), revision=draft_of(template).revision, by=None)
    assert ConventionTemplate.objects.get(pk=template.pk).title == "Titre neuf"


def test_a_template_never_published_goes_with_its_draft(ours, template):
    assert templates.drop_draft(draft=draft_of(template), by=None) == template
    fresh_one = templates.create(title="Essai", kind=TemplateKind.CONVENTION, region=None, by=None)
    assert templates.drop_draft(draft=draft_of(fresh_one), by=None) is None
    assert not ConventionTemplate.objects.filter(key="essai").exists()


# --- Brought ----------------------------------------------------------------------------------------------------


def test_a_text_brought_replaces_the_words_and_keeps_the_settings(template):
    brought = read_markdown(TEXT.encode())
    draft = templates.bring(key=template.key, brought=brought, by=None)
    read = texts.read_template(draft.content)
    assert [article.title for article in read.articles] == ["Objet", "Durée"]
    assert read.expires_days == 60
    assert read.clauses[1].key == read.entry_clause
    assert template.versions.count() == 1
    revision = draft.revision
    assert templates.bring(key=template.key, brought=brought, by=None).revision == revision


def test_a_text_brought_under_a_new_code_is_a_new_template_of_the_network(db):
    draft = templates.bring(key="texte-neuf", brought=read_markdown(TEXT.encode()), by=None)
    assert (draft.template.region, draft.template.title) == (None, "Texte du réseau")
    assert not draft.template.versions.exists()


def test_a_partner_is_known_by_its_name(db):
    names = templates.organisation_names()
    assert set(names.values()) <= {"region", "national", "partner"}
    assert "Notre structure" not in names


# --- Followed ---------------------------------------------------------------------------------------------------


def test_a_convention_is_drafted_from_the_template_one_chose(template, ours):
    cohort = Cohort.objects.get(slug="permanente", region__slug="ici")
    convention = drafting.draft(cohort=cohort, by=None, version=template.versions.get())
    assert convention.version.template == template
    assert drafting.draft(cohort=cohort, by=None) == convention


def test_a_draft_that_changes_template_keeps_its_blanks(template, ours):
    draft = do.complete(ours.draft_convention)
    before = draft.variables["project"]
    drafting.change_template(convention=draft, version=template.versions.get(), by=None)
    assert fresh(draft).version.template == template
    assert fresh(draft).variables["project"] == before
    brought = templates.bring(key=template.key, brought=read_markdown(TEXT.encode()), by=None)
    keys = texts.read_template(brought.content).clause_keys
    part = SettingsPart({"proof_clause": sorted(keys)[0]})
    templates.edit(draft=brought, seen=part.seen(texts.read_template(brought.content)), part=part, by=None)
    version = templates.publish(draft=draft_of(template), revision=draft_of(template).revision, by=None)
    drafting.change_template(convention=fresh(draft), version=version, by=None)
    assert set(fresh(draft).variables) == {"nom_du_projet", "jour"}


def test_words_that_are_no_day_do_not_fill_a_blank_that_asks_for_one(template, ours):
    draft = ours.draft_convention
    for key, words in (("nom_du_projet", "2025-99-99"), ("jour", "2025-99-99")):
        type(draft).objects.filter(pk=draft.pk).update(variables={**fresh(draft).variables, key: words})
    brought = templates.bring(key=template.key, brought=read_markdown(TEXT.encode()), by=None)
    keys = texts.read_template(brought.content).clause_keys
    part = SettingsPart({"proof_clause": sorted(keys)[0]})
    templates.edit(draft=brought, seen=part.seen(texts.read_template(brought.content)), part=part, by=None)
    version = templates.publish(draft=draft_of(template), revision=draft_of(template).revision, by=None)
    drafting.change_template(convention=fresh(draft), version=version, by=None)
    assert fresh(draft).variables == {"nom_du_projet": "2025-99-99", "jour": ""}
    assert browser_of("region_admin@ours.example.org").get(draft.url("convention_preview")).status_code == 200


def test_what_is_frozen_keeps_its_template_and_its_words(template, ours):
    draft = do.complete(ours.draft_convention)
    sending.freeze(convention=draft, by=None)
    frozen = sending.make_original(convention=fresh(draft))
    assert frozen.state == ConventionState.FROZEN
    html = frozen.documents.get().html
    with pytest.raises(states.WrongState):
        drafting.change_template(convention=frozen, version=template.versions.get(), by=None)
    network = frozen.version.template
    templates.start_draft(template=network, by=None)
    part = reworded(network, "Le projet « {project} » change.")
    templates.edit(draft=draft_of(network), seen=seen(network, part), part=part, by=None)
    templates.publish(draft=draft_of(network), revision=draft_of(network).revision, by=None)
    assert fresh(draft).documents.get().html == html
    assert "change." not in html


def test_a_text_of_another_kind_is_not_a_choice(template, ours):
    charter = templates.latest_version("charte-engagement")
    with pytest.raises(states.WrongState):
        drafting.change_template(convention=ours.draft_convention, version=charter, by=None)
