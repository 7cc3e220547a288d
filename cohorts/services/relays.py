"""Needs relayed to the partners of a cohort, resources given to them by name."""

from django.db import transaction

from caprse.base import clock, files, journal, outbox
from caprse.base.models import StoredFile
from caprse.base.text import NBSP, date_in_words, day_in_words, normalised, safe_filename
from cohorts.documents import PDF, check_pdf
from cohorts.models import Cohort, CohortPartner, Membership, Need, Resource, Share
from cohorts.models.memberships import current
from cohorts.roles import Permission, roles_with
from cohorts.services.organising import NotPossible

NEED_MAIL, ANSWER_MAIL, RESOURCE_MAIL = "need_relayed", "need_answered", "resource_given"


class AlreadyAnswered(Exception):
    """Somebody answered first; `need` is as it stands now."""

    def __init__(self, need):
        super().__init__("already answered")
        self.need = need


# --- Needs ------------------------------------------------------------------------------------------------------


@transaction.atomic
def relay_need(*, cohort, organisation, title, text="", by):
    """Tell the national head, or a partner of the cohort, what structures need. Returns the need.

    Raises `NotPossible` when it is no partner of this cohort, or when the same need still waits for its answer.
    Source: convention, article 2.2.
    """
    _one_at_a_time(cohort)
    _require_partners(cohort, [organisation])
    waiting = Need.objects.waiting().filter(cohort=cohort, organisation=organisation)
    same = next((need for need in waiting if normalised(need.title) == normalised(title)), None)
    if same:
        raise NotPossible(
            "title",
            f"Ce besoin est déjà relayé à {organisation.legal_name}, depuis le {day_in_words(same.relayed_at)}"
            f"{NBSP}: rien n’a été ajouté. La réponse viendra sur la page des partenaires.",
        )
    need = Need.objects.create(
        region_id=cohort.region_id, cohort=cohort, organisation=organisation, title=title, text=text, relayed_by=by
    )
    journal.record("need.relayed", need, by=by)
    outbox.post(NEED_MAIL, to_ids=readers_of(organisation), need=need.pk)
    return need


@transaction.atomic
def answer_need(*, need, answer, by):
    """Answer a need, once. Raises `AlreadyAnswered` for whoever comes second: the first answer stays."""
    written = Need.objects.waiting().filter(pk=need.pk)
    if not written.update(answer=answer, answered_at=clock.now(), answered_by=by):
        raise AlreadyAnswered(Need.objects.with_context().get(pk=need.pk))
    need.refresh_from_db()
    journal.record("need.answered", need, by=by)
    outbox.post(ANSWER_MAIL, to_ids=[need.relayed_by_id], need=need.pk)
    return need


# --- Resources --------------------------------------------------------------------------------------------------


@transaction.atomic
def give_resource(*, cohort, title, summary="", content, organisations, until=None, by):
    """Keep a PDF of the region and give it by name to organisations of the cohort, until a day or for good.

    The file takes the resource's title for name. Raises `NotAccepted` for a document that could not leave marked,
    `NotPossible` when the title is taken or an organisation is no partner of the cohort. Returns the resource.
    """
    check_pdf(content)
    _one_at_a_time(cohort)
    known = Resource.objects.filter(cohort=cohort).values_list("title", flat=True)
    if normalised(title) in {normalised(name) for name in known}:
        raise NotPossible(
            "title",
            "Une ressource de cette cohorte porte déjà ce titre. Confiez-la à d’autres depuis la page des "
            "partenaires, ou donnez un autre titre à celle-ci.",
        )
    anchors = {"region_id": cohort.region_id, "cohort_id": cohort.pk}
    name = safe_filename(title, "pdf")
    stored = files.store(content, name=name, media_type=PDF, created_by_id=by.pk, **anchors)
    resource = Resource.objects.create(title=title, summary=summary, file_id=stored.pk, added_by=by, **anchors)
    journal.record("resource.added", resource, by=by, details={"file": stored.pk})
    share_resource(resource=resource, organisations=organisations, until=until, by=by)
    return resource


@transaction.atomic
def share_resource(*, resource, organisations, until=None, by):
    """Give a resource to more organisations, or again to one it was taken back from. Returns the shares.

    One whose last day has passed is closed first. Raises `NotPossible` for an organisation that holds it today.
    """
    _one_at_a_time(resource.cohort)
    _require_partners(resource.cohort, organisations, field="organisations")
    for former in Share.objects.with_context().filter(
        resource=resource, organisation__in=organisations, withdrawn_at=None
    ):
        if former.until is None or former.until >= clock.today():
            raise NotPossible("organisations", _already_given(former))
        withdraw_share(share=former, by=by)
    return [_give(resource, organisation, until, by) for organisation in organisations]


def _already_given(share):
    last_day = f", jusqu’au {date_in_words(share.until)}" if share.until else ""
    return (
        f"Cette ressource est déjà confiée à {share.organisation.legal_name}{last_day}{NBSP}: rien n’a été changé. "
        "Pour changer le dernier jour, reprenez-la puis confiez-la de nouveau."
    )


def _give(resource, organisation, until, by):
    share = Share.objects.create(
        region_id=resource.region_id,
        cohort_id=resource.cohort_id,
        resource=resource,
        organisation=organisation,
        given_by=by,
        until=until,
    )
    journal.record("resource.given", share, by=by, details={"resource": resource.pk})
    outbox.post(RESOURCE_MAIL, to_ids=readers_of(organisation), share=share.pk)
    return share


@transaction.atomic
def withdraw_share(*, share, by):
    """Take a resource back: it closes at once. Returns whether it was still given."""
    taken = Share.objects.filter(pk=share.pk, withdrawn_at=None).update(withdrawn_at=clock.now(), withdrawn_by=by)
    if taken:
        journal.record("resource.withdrawn", share, by=by, details={"resource": share.resource_id})
    return bool(taken)


def hand_over(*, share, actor):
    """The answer that carries a resource, marked with who receives it and in whose name, registered, journalled.

    The caller found `share` through its door, still in force for an organisation of the actor's. Raises as
    `files.download` does.
    """
    stored = StoredFile.objects.get(pk=share.resource.file_id)
    return files.download(stored, actor=actor, acting_for=share.organisation.legal_name)


# --- Who ---------------------------------------------------------------------------------------------------------


def readers_of(organisation):
    """Ids of the people who read today what is relayed to an organisation."""
    held = Membership.objects.filter(
        current(clock.today()), organisation=organisation, role__in=roles_with(Permission.READ_RELAYED)
    )
    return list(held.order_by("pk").values_list("user_id", flat=True))


def _require_partners(cohort, organisations, field="organisation"):
    wanted = {organisation.pk: organisation for organisation in organisations}
    partners = CohortPartner.objects.filter(cohort=cohort, organisation__in=wanted)
    for pk in wanted.keys() - set(partners.values_list("organisation_id", flat=True)):
        raise NotPossible(field, f"{wanted[pk].legal_name} n’est pas associée à cette cohorte. Rien n’a été fait.")


def _one_at_a_time(cohort):
    """Two people who organise the same cohort wait for each other: the form sent twice does its work once."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
