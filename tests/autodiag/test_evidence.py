"""The library of a structure: rules and services. Nothing is lost, nothing is counted twice."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from autodiag.models import Answer, Evidence, EvidenceRevision, EvidenceUse
from autodiag.rules.evidence import can_keep, validity
from autodiag.services.answers import RoundClosed
from autodiag.services.evidence import (
    AlreadyThere,
    NoRoom,
    PutAway,
    archive_evidence,
    change_page,
    deposit,
    edit_evidence,
    link_evidence,
    replace_evidence,
    restore_evidence,
    unlink_evidence,
    weight_of,
)
from autodiag.services.submission import submit
from autodiag.todos.evidence import expiring_evidence
from caprse.base import clock, files
from caprse.base.models import AuditEvent, StoredFile
from caprse.base.uploads import NotAccepted, accept
from caprse.base.versioned import StaleSave
from cohorts.enums import Role, Visibility
from cohorts.models import Participation
from tests.harness.threads import at_once
from tests.worlds import TODAY, World


@pytest.fixture
def ours(db):
    return World("ours")


def brought(text, name="note.txt"):
    return accept(name, text.encode())


def keep(world, text="Une preuve.", title="Preuve", **more):
    by = world.actor(Role.CONTRIBUTOR)
    return deposit(organisation=world.organisation, by=by, title=title, upload=brought(text), **more)


def answer_of(world, position=3):
    answer = Answer.objects.select_related("criterion").get(autodiag=world.draft, criterion__position=position)
    answer.autodiag = world.draft
    return answer


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (None, ""),
        (date(2025, 11, 3), "expired"),
        (TODAY, "expiring"),
        (date(2025, 12, 4), "expiring"),
        (date(2025, 12, 5), ""),
    ],
)
def test_an_item_is_told_thirty_days_before_its_last_day(until, said):
    assert validity(SimpleNamespace(valid_until=until), TODAY) == said


def test_room_is_counted_to_the_byte_and_the_sentence_says_how_much_is_left():
    assert can_keep(10, 90, 100)
    refused = can_keep(2_000_000, 9_000_000, 10_000_000)
    assert not refused
    assert "2\u00a0Mo" in refused.reason
    assert "il reste 1\u00a0Mo sur les 10\u00a0Mo" in refused.reason


def test_a_deposit_keeps_the_file_its_hash_and_who_brought_it(ours):
    evidence = keep(ours, note="Ce que cela montre", valid_until=date(2026, 1, 1))
    revision = evidence.revisions.get()
    assert files.read(revision.file) == b"Une preuve."
    assert (revision.number, revision.file.name, revision.file.media_type) == (1, "note.txt", "text/plain")
    assert (evidence.created_by, evidence.region_id) == (ours.user(Role.CONTRIBUTOR), ours.organisation.region_id)
    # Found through the library alone: the general door of documents does not open it.
    assert revision.file.participation_id is None
    assert not StoredFile.objects.visible_to(ours.actor(Role.CONTRIBUTOR)).filter(pk=revision.file_id).exists()
    line = AuditEvent.objects.get(verb="evidence.deposited", target_id=evidence.pk)
    assert line.details == {}


def test_the_same_deposit_sent_twice_at_once_is_one_item(committed_db):
    ours = World("ours")
    by, organisation, upload = ours.actor(Role.CONTRIBUTOR), ours.organisation, brought("Deux fois")
    given = at_once(*[lambda: deposit(organisation=organisation, by=by, title="Double", upload=upload).pk] * 3)
    assert set(given) == {Evidence.objects.get(title="Double").pk}
    assert EvidenceRevision.objects.filter(evidence__title="Double").count() == 1


@pytest.mark.parametrize("more", [{"upload": "Livret remis"}, {"url": "https://partage.example.org/a"}])
def test_the_same_content_under_another_title_leads_to_the_one_that_is_there(ours, more):
    same = {**more, "upload": brought(more["upload"])} if "upload" in more else more
    by = ours.actor(Role.REFERENT)
    first = deposit(organisation=ours.organisation, by=by, title="Un titre", **same)
    with pytest.raises(AlreadyThere) as met:
        deposit(organisation=ours.organisation, by=by, title="Un autre titre", **same)
    assert met.value.evidence == first
    other = World("neighbour")
    assert deposit(organisation=other.organisation, by=other.actor(Role.REFERENT), title="Chez eux", **same) != first


def test_a_library_never_weighs_more_than_it_may_even_when_two_arrive_together(committed_db, settings):
    ours = World("ours")
    settings.UPLOAD_STRUCTURE_BYTES = weight_of(ours.organisation) + 150
    by, organisation = ours.actor(Role.CONTRIBUTOR), ours.organisation
    uploads = [brought(letter * 100) for letter in "ab"]
    acts = [
        lambda upload=upload: deposit(organisation=organisation, by=by, title=upload.sha256, upload=upload)
        for upload in uploads
    ]
    given = at_once(*acts)
    assert sorted(type(one).__name__ for one in given) == ["Evidence", "NoRoom"]
    assert weight_of(organisation) <= settings.UPLOAD_STRUCTURE_BYTES
    with pytest.raises(NoRoom, match="Rien n’a été ajouté"):
        replace_evidence(evidence=ours.evidence, by=by, upload=brought("c" * 100))


def test_a_link_weighs_nothing(ours, settings):
    settings.UPLOAD_STRUCTURE_BYTES = 0
    by = ours.actor(Role.REFERENT)
    made = deposit(organisation=ours.organisation, by=by, title="Lien", url="www.exemple.fr/page")
    assert made.revisions.get().url == "https://www.exemple.fr/page"
    with pytest.raises(NotAccepted):
        deposit(organisation=ours.organisation, by=by, title="Piège", url="javascript:alert(1)")


def test_a_new_version_takes_the_place_and_the_former_stays(ours):
    evidence, by = keep(ours, "Édition 2024"), ours.actor(Role.REFERENT)
    second = replace_evidence(evidence=evidence, by=by, upload=brought("Édition 2025"), valid_until=date(2026, 9, 1))
    again = replace_evidence(evidence=evidence, by=by, upload=brought("Édition 2025"))
    third = replace_evidence(evidence=evidence, by=by, url="https://exemple.fr/livret")
    assert (second.number, again.pk, third.number) == (2, second.pk, 3)
    contents = [files.read(row.file) for row in evidence.revisions.order_by("number") if row.file]
    assert contents == ["Édition 2024".encode(), "Édition 2025".encode()]
    evidence.refresh_from_db()
    assert evidence.valid_until == date(2026, 9, 1)
    with pytest.raises(AlreadyThere):
        replace_evidence(evidence=ours.evidence, by=by, upload=brought("Édition 2024"))


def test_versions_brought_at_once_are_all_kept(committed_db):
    ours = World("ours")
    evidence, by = ours.evidence, ours.actor(Role.CONTRIBUTOR)
    acts = [
        lambda text=text: replace_evidence(evidence=evidence, by=by, upload=brought(f"Autre {text}")).number
        for text in "abc"
    ]
    assert sorted(at_once(*acts)) == [2, 3, 4]


@pytest.mark.parametrize("act", [{"number": 9}, None])
def test_a_version_is_never_changed_nor_deleted(ours, act):
    revision = ours.evidence.revisions.all()[:1]
    rows = EvidenceRevision.objects.filter(pk=revision[0].pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**act) if act else rows.delete()


def test_an_edit_made_on_an_older_version_is_refused(ours):
    evidence, by = keep(ours), ours.actor(Role.REFERENT)
    same = {"title": "Neuf", "note": "", "visibility": Visibility.STRUCTURE, "valid_from": None, "valid_until": None}
    stale = Evidence.objects.get(pk=evidence.pk)
    edit_evidence(evidence=evidence, revision=0, by=by, **same)
    edit_evidence(evidence=evidence, revision=1, by=by, **same)
    assert evidence.revision == 1
    with pytest.raises(StaleSave) as met:
        edit_evidence(evidence=stale, revision=0, by=by, **{**same, "title": "Vieux"})
    assert met.value.current.title == "Neuf"


def test_put_away_it_stays_where_it_serves_and_serves_no_new_criterion(ours):
    evidence, by = ours.evidence, ours.actor(Role.REFERENT)
    for _ in range(2):
        archive_evidence(evidence=evidence, by=by)
    assert EvidenceUse.objects.filter(evidence=evidence).count() == 1
    away = Evidence.objects.get(pk=evidence.pk)
    with pytest.raises(PutAway, match="ressortez-le"):
        link_evidence(answer=answer_of(ours), evidence=away, by=by)
    for _ in range(2):
        restore_evidence(evidence=away, by=by)
    verbs = AuditEvent.objects.filter(target_id=evidence.pk, target_type="autodiag.evidence").order_by("pk")
    assert list(verbs.values_list("verb", flat=True))[-2:] == ["evidence.archived", "evidence.restored"]
    assert link_evidence(answer=answer_of(ours), evidence=Evidence.objects.get(pk=evidence.pk), by=by).pk


def test_linked_twice_is_one_use_whose_page_is_the_last_said(ours):
    evidence, by = keep(ours), ours.actor(Role.CONTRIBUTOR)
    for page in ("", "p. 2", "p. 2", ""):
        use = link_evidence(answer=answer_of(ours), evidence=evidence, by=by, page=page)
    assert EvidenceUse.objects.get(evidence=evidence).page == "p. 2"
    use.answer.autodiag = ours.draft
    change_page(use=use, page="", by=by)
    assert EvidenceUse.objects.get(evidence=evidence).page == ""
    unlink_evidence(use=use, by=by)
    assert not EvidenceUse.objects.filter(evidence=evidence).exists()
    assert Evidence.objects.filter(pk=evidence.pk).exists()


def test_once_transmitted_nothing_is_linked_changed_nor_taken_off(ours):
    for position in (3, 4):
        ours.save(ours.answer(position), kind="unknown")
    evidence, by, answer = ours.evidence, ours.actor(Role.REFERENT), answer_of(ours)
    use = EvidenceUse.objects.select_related("answer").get(evidence=evidence)
    use.answer.autodiag = answer.autodiag
    submit(autodiag=ours.draft, by=by)
    for act in (
        # As seen before the transmission, then after.
        lambda: link_evidence(answer=answer, evidence=evidence, by=by),
        lambda: link_evidence(answer=answer_of(ours), evidence=evidence, by=by),
        lambda: change_page(use=use, page="p. 9", by=by),
        lambda: unlink_evidence(use=use, by=by),
    ):
        with pytest.raises(RoundClosed, match="transmis"):
            act()
    assert EvidenceUse.objects.get(pk=use.pk).page == "p. 4"


def todos(world, role, day=TODAY):
    with clock.stopped(clock.at(day, 9)):
        paths = Participation.objects.with_context().filter(organisation=world.organisation)
        return list(expiring_evidence(world.actor(role), list(paths)))


@pytest.mark.parametrize("count", [1, 3])
def test_what_expires_is_asked_once_a_structure_in_one_query(ours, queries, count):
    for rank in range(count):
        keep(ours, f"Preuve {rank}", f"Preuve {rank}", valid_until=date(2025, 11, 20 + rank))
    archive_evidence(
        evidence=keep(ours, "Rangée", "Rangée", valid_until=date(2025, 11, 5)), by=ours.actor(Role.REFERENT)
    )
    paths = list(Participation.objects.with_context().filter(organisation=ours.organisation))
    actor = ours.actor(Role.REFERENT)
    with queries(1):
        (todo,) = expiring_evidence(actor, paths)
    assert todo.title == "Un justificatif expire le jeudi 20 novembre 2025"
    assert "«\u00a0Preuve 0\u00a0»" in todo.why
    assert ("2 autres suivent" in todo.why) is (count == 3)
    assert (todo.due, todo.late) == (date(2025, 11, 20), False)


def test_it_is_asked_from_thirty_days_before_to_thirty_days_after(ours):
    keep(ours, valid_until=date(2025, 12, 4))
    assert not todos(ours, Role.REFERENT, date(2025, 11, 3))
    assert todos(ours, Role.CONTRIBUTOR)
    (late,) = todos(ours, Role.REFERENT, date(2025, 12, 5))
    assert (late.title, late.late) == ("Un justificatif a expiré le jeudi 4 décembre 2025", True)
    assert not todos(ours, Role.REFERENT, date(2026, 1, 4))


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.LEGAL_REPRESENTATIVE])
def test_who_keeps_no_library_is_asked_nothing(ours, queries, role):
    keep(ours, valid_until=date(2025, 11, 20))
    paths, actor = list(Participation.objects.with_context().filter(organisation=ours.organisation)), ours.actor(role)
    with queries(0):
        assert not list(expiring_evidence(actor, paths))
