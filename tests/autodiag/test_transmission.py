"""Before a chapter leaves, everything missing is said; what leaves holds all that is shared, nothing private."""

from datetime import date

import pytest

from autodiag.documents import differences, synthesis
from autodiag.enums import AnswerKind
from autodiag.models import Answer, Submission
from autodiag.models.checking import checks_of
from autodiag.rules.reviews import Check, changed_since, missing_from, stamp_of
from autodiag.services.evidence import deposit, link_evidence
from autodiag.services.submission import ChangedMeanwhile, NotReady, submit
from caprse.base import clock
from cohorts.enums import Role
from tests.worlds import PRIVATE, World
from tests.worlds_reviews import answer_to

WHY = "Nous avons retrouvé les chiffres."


@pytest.fixture
def ours(db):
    return World("ours")


# --- What is missing ----------------------------------------------------------------------------------------------


def check(position=1, **said):
    return Check(position, f"2.{position}", "Titre", said.pop("kind", AnswerKind.LEVEL), **said)


def test_everything_missing_is_said_what_blocks_first():
    checks = [
        check(1, to_review=True, open_threads=2, silent_indicators=1, expired=1, agreement_moved=True),
        check(2, kind=AnswerKind.NOT_APPLICABLE, na_reason="  "),
        check(3, kind=AnswerKind.NONE, assigned_to=("Nadia Benali", "Paul Renaud")),
        check(4),
    ]
    found = [(one.position, one.about, one.blocks) for one in missing_from(checks)]
    assert found[:2] == [(2, "answer", True), (3, "answer", True)]
    abouts = ("answer", "agreement", "threads", "indicators", "evidence")
    assert found[2:] == [(1, about, False) for about in abouts]
    sentences = [one.sentence for one in missing_from(checks)]
    assert sentences[1] == "Pas encore de réponse. Confié à Nadia Benali et Paul Renaud."
    assert "2 échanges sont encore ouverts." in sentences


def test_nothing_missing_is_an_empty_list():
    assert missing_from([check(1), check(2, kind=AnswerKind.UNKNOWN)]) == []


@pytest.mark.parametrize(
    "change",
    [{"revision": 1}, {"open_threads": 1}, {"expired": 1}, {"agreement_moved": True}, {"silent_indicators": 1}],
)
def test_a_change_in_between_is_noticed_on_its_criterion(change):
    before, after = [check(1), check(2)], [check(1), check(2, **change)]
    assert [one.position for one in changed_since(stamp_of(before), after)] == [2]
    assert changed_since(stamp_of(after), after) == []


@pytest.mark.parametrize("stamp", ["", "a\x00b", "9" * 5000, "0.0.0.0.0"])
def test_a_stamp_no_page_gave_counts_as_changed(stamp):
    assert changed_since(stamp, [check(1), check(2)]) == [check(1), check(2)]


def test_what_surrounds_each_answer_is_read_in_two_queries(ours, queries):
    ours.entrust_criteria((3, Role.CONTRIBUTOR), (3, Role.REFERENT))
    ours.save(ours.answer(1), kind=AnswerKind.UNKNOWN)
    old = deposit(
        organisation=ours.organisation,
        by=ours.actor(Role.REFERENT),
        title="Ancien livret",
        url="https://partage.example.org/ancien",
        valid_until=date(2025, 10, 31),
    )
    answer = Answer.objects.select_related("criterion").get(autodiag=ours.draft, criterion__position=2)
    answer.autodiag = ours.draft
    link_evidence(answer=answer, evidence=old, by=ours.actor(Role.REFERENT), page="")
    rows = Answer.objects.filter(autodiag=ours.draft)
    with queries(2):
        checks = checks_of(rows, clock.today())
    assert [one.agreement_moved for one in checks] == [True, False, False, False]
    assert [one.silent_indicators for one in checks] == [0, 1, 1, 1]
    assert [one.expired for one in checks] == [0, 1, 0, 0]
    assert [one.to_review for one in checks] == [False, True, False, False]
    assert sorted(checks[2].assigned_to) == ["Contributor ours", "Referent ours"]


def test_an_answer_missing_blocks_and_nothing_is_frozen(ours):
    with pytest.raises(NotReady) as refusal:
        submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT))
    assert [(one.code, one.blocks) for one in refusal.value.missing] == [("2.3", True), ("2.4", True)]
    assert not Answer.objects.filter(autodiag=ours.draft, frozen=True).exists()


def test_not_applicable_without_reason_blocks_though_the_database_forbids_it():
    assert [one.blocks for one in missing_from([check(1, kind=AnswerKind.NOT_APPLICABLE)])] == [True]


def test_what_changed_since_it_was_read_is_said_before_it_leaves(ours):
    ours.complete()
    seen = stamp_of(checks_of(Answer.objects.filter(autodiag=ours.draft), clock.today()))
    ours.save(ours.answer(4), by=Role.CONTRIBUTOR, practice="Ajouté pendant la relecture")
    with pytest.raises(ChangedMeanwhile) as refusal:
        submit(autodiag=ours.draft, by=ours.actor(Role.REFERENT), seen=seen)
    assert [one.code for one in refusal.value.checks] == ["2.4"]
    assert not ours.draft.is_submitted


# --- The content --------------------------------------------------------------------------------------------------


def test_it_holds_everything_shared_and_nothing_private(ours):
    ours.save(ours.answer(3), kind=AnswerKind.UNKNOWN, strength="Une équipe soudée", difficulty="Peu de temps")
    content = ours.transmit().content
    assert PRIVATE not in str(content)
    first, _, third, _ = content["criteria"]
    assert (third["strength"], third["difficulty"]) == ("Une équipe soudée", "Peu de temps")
    assert first["agreement"] == {
        "kind": "level",
        "value": 1,
        "reason": "Raison de l’accord",
        "on": "2025-10-23",
        "voices": first["agreement"]["voices"],
        "stands": True,
    }
    assert first["indicators"][0]["figures"] == [
        {"year": 2023, "value": "12", "unknown": False, "source": "Source"},
        {"year": 2024, "value": None, "unknown": True, "source": "Source"},
        {"year": 2025, "value": "18.5", "unknown": False, "source": "Source"},
    ]
    (shared,) = first["evidence"]
    assert (shared["title"], shared["page"], len(shared["sha256"])) == ("Livret d’accueil", "p. 4", 64)
    assert content["score"]["lines"][2]["why_not"].startswith("Ne sait pas")


def test_private_evidence_is_not_even_counted(ours):
    answer = Answer.objects.select_related("criterion").get(autodiag=ours.draft, criterion__position=2)
    answer.autodiag = ours.draft
    link_evidence(answer=answer, evidence=ours.private_evidence, by=ours.actor(Role.REFERENT), page="")
    assert ours.transmit().content["criteria"][1]["evidence"] == []


def test_who_spoke_is_never_part_of_it(ours):
    names = {ours.user(role).full_name for role in (Role.CONTRIBUTOR, Role.BOARD_MEMBER)}
    content = str(ours.transmit().content)
    assert not any(name in content for name in names)
    assert "Question posée dans un échange" not in content


def test_content_frozen_before_still_renders(ours):
    content = ours.submitted.last_submission.content
    later = ("strength", "difficulty", "agreement", "indicators", "evidence")
    old = {**content, "criteria": [{k: v for k, v in c.items() if k not in later} for c in content["criteria"]]}
    shown = synthesis(old)
    assert [row["answer"] for row in shown.rows] == ["1 – Degré 1", "2 – Degré 2", "Ne sait pas", "Non applicable"]
    assert all(row["strength"] == "" and row["evidence"] == [] for row in shown.rows)
    said = {label for one in differences(old, content) for label, _, _ in one.said}
    assert said <= {"Une force", "Une difficulté", "Accord", "Justificatifs partagés", "Indicateur 1.1"}


def test_two_versions_are_compared_criterion_by_criterion_in_words(ours):
    first = ours.transmit()
    answer_to(first)
    ours.save(ours.answer(3), kind=AnswerKind.NOT_APPLICABLE, na_reason="Pas de véhicule", practice="Covoiturage")
    second = ours.transmit(reason=WHY)
    (only,) = differences(first.content, second.content)
    assert only.code == "2.3"
    assert {label: (was, now) for label, was, now in only.said} == {
        "Réponse": ("Ne sait pas", "Non applicable"),
        "Pourquoi ce critère ne s’applique pas": ("", "Pas de véhicule"),
        "Ce qui se fait déjà": ("", "Covoiturage"),
    }


def test_a_content_changed_behind_the_product_no_longer_answers_to_its_hash(ours):
    stored = Submission.objects.get(pk=ours.transmit().pk)
    assert stored.is_intact
    stored.content["score"]["value"] = "3.0"
    assert not stored.is_intact
