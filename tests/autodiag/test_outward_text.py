"""Nothing reserved to members is in an edition to be shown outside, in any format (the demonstration: test_demo.py)."""

import pytest

from autodiag.reports import Edition, Format
from autodiag.services.agreement import agree
from autodiag.services.plan import create_action
from autodiag.services.reporting import withheld_of
from cohorts.enums import Role, Visibility
from referentiel.models import Criterion, ProposedAction
from referentiel.services.proposals import edit_proposal
from tests.outward_check import Guard, documents_of, reserved, said_in_confidence, survey
from tests.worlds import World

FULL = (Format.PDF, Format.DOCX, Format.XLSX)  # slides leave the criteria out


@pytest.fixture
def ours(db):
    return World("ours")


@pytest.fixture
def told_of(ours):
    """Every text of a criterion, long and plain enough to be found anywhere; kept words beside the answer."""
    answer = ours.answer(1)
    Criterion.objects.filter(pk=answer.criterion_id).update(
        help="Une aide à la lecture que les membres seuls reçoivent",
        examples="Un exemple de pratique écrit par le réseau",
        evidence_hint="Une preuve que le réseau suggère de garder",
    )
    ours.save(answer, strength="Une force bien à nous", difficulty="Une difficulté MARQUEINTIME à taire")
    saved = ours.answer(1)
    said = {"kind": saved.kind, "level_id": saved.level_id, "na_reason": saved.na_reason}
    by = ours.actor(Role.REFERENT)
    agree(answer=saved, revision=saved.revision, by=by, reason="Une raison MARQUEINTIME d’accord", **said)
    return answer


def test_no_reserved_word_leaves_the_fixed_worlds(told_of):
    read, leaks = survey()
    assert leaks == []
    assert read >= 4 * len(Format)


def test_the_internal_edition_does_hold_them(ours, told_of):
    """The control: the same search finds them where they are."""
    version = ours.participation.cohort.version
    guard = Guard(reserved(version.referentiel))
    seen = 0
    for _, _, form, told in documents_of(ours.participation, editions=(Edition.INTERNAL,), forms=FULL):
        found = guard.leaks(told)
        assert any("Question 1.1" in leak or "Question 2.1" in leak for leak in found), form
        seen += 1
    assert seen == 3 * len(FULL)


def test_what_is_said_in_confidence_stays_in_the_internal_edition(ours, told_of):
    kept = {text for text in said_in_confidence(ours.participation) if "MARQUEINTIME à taire" in text}
    assert kept
    told = {
        edition: "".join(words for *_, words in documents_of(ours.participation, editions=(edition,), forms=FULL))
        for edition in Edition
    }
    assert "MARQUEINTIME à taire" in told[Edition.INTERNAL]
    for marker in ("MARQUEINTIME à taire", "MARQUEINTIME d’accord", "Commentaire partagé", "Motif "):
        assert marker not in told[Edition.OUTWARD]
    assert "Une force bien à nous" in told[Edition.OUTWARD]


@pytest.mark.parametrize("kind", ["question", "level", "help"])
def test_a_passage_copied_in_a_practice_stays_out(ours, kind):
    answer = ours.answer(1)
    text = "Décrire chaque semaine, avec les équipes, ce qui a bien tourné"
    if kind == "help":
        Criterion.objects.filter(pk=answer.criterion_id).update(help=text)
    else:
        text = {"question": answer.criterion.question, "level": answer.criterion.levels.first().description}[kind]
    ours.save(answer, practice=text)
    assert [(one.chapter, one.code) for one in withheld_of(ours.actor(Role.REFERENT), ours.participation)] == [
        (2, "2.1")
    ]
    outward = [words for *_, words in documents_of(ours.participation)]
    assert len(outward) == 3 * len(Format)
    assert not [words for words in outward if text in words]


def test_the_words_an_action_was_proposed_in_stay_out_once_the_library_is_reworded(ours):
    proposal, level = ours.proposal, ours.proposal.level
    said = {name: getattr(proposal, name) for name in ("why", "means", "indicator", "effort", "effect")}
    told = "Tenir un livret des gestes utiles sur chaque chantier"
    for revision, what in enumerate((told, "Tout autre chose, dite autrement")):
        edit_proposal(proposal=proposal, revision=revision, level=level, what=what, publishable=False, **said)
        if what == told:
            by = ours.actor(Role.REFERENT)
            create_action(participation=ours.participation, by=by, what=told, visibility=Visibility.STRUCTURE)
    assert "Plan d’actions, « quoi »" in [one.where for one in withheld_of(by, ours.participation)]
    assert not [title for title, _, _, words in documents_of(ours.participation) if "gestes utiles" in words]
    edit_proposal(proposal=proposal, revision=2, level=level, what=told, publishable=True, **said)
    assert any("gestes utiles" in words for *_, words in documents_of(ours.participation, forms=(Format.DOCX,)))


def test_an_action_proposed_to_members_stays_out_unless_it_may_be_shown(ours):
    row = {
        "referentiel": ours.participation.cohort.version.referentiel,
        "criterion_stable_id": ours.answer(1).criterion.stable_id,
        "level": 0,
        "written_by": "Équipe nationale",
    }
    ProposedAction.objects.create(what="Tenir un livret des gestes utiles sur chaque chantier", **row)
    ProposedAction.objects.create(what="Ouvrir une porte de plus chaque saison aux voisins", publishable=True, **row)
    by = ours.actor(Role.REFERENT)
    for what in (
        "Tenir un livret des gestes utiles sur chaque chantier, dès mai",
        "Ouvrir une porte de plus chaque saison aux voisins",
    ):
        create_action(participation=ours.participation, by=by, what=what, visibility=Visibility.STRUCTURE)
    assert [one.kind for one in withheld_of(by, ours.participation)] == ["action"]
    for title, _, form, words in documents_of(ours.participation):
        assert "gestes utiles" not in words, (title, form)
        assert "Ouvrir une porte de plus" in words, (title, form)
