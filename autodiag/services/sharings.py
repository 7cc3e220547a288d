"""Showing something to one's cohort, or to one structure of it: previewed, frozen, withdrawn at once."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from autodiag.models import Sharing, Submission
from autodiag.rules import sharings as rules
from autodiag.showing import content_to_show, drawn, stamp
from caprse.base import clock, journal
from cohorts.models import Participation


class NotShared(PermissionDenied):
    """This cannot be shown now, or not to them; the message says why, in French."""


class ChangedMeanwhile(Exception):
    """What would be shown is no longer what was previewed. `preview`: what it is now. Nothing was written."""

    def __init__(self, preview):
        super().__init__("what would be shown has changed")
        self.preview = preview


class Preview:
    """Exactly what would be seen, by whom, until when; `stamp` is posted back to share this and nothing else."""

    def __init__(self, *, kind, until, to_organisation=None, autodiag=None, title="", text=""):
        content = content_to_show(kind, _last_content(autodiag) if autodiag else None)
        if autodiag:
            title = f"Chapitre {content['chapter']['number']} – {content['chapter']['title']}"
        self.fields = {
            "kind": kind,
            "autodiag": autodiag,
            "to_organisation": to_organisation,
            "title": title[:160],
            "text": text,
            "until": until,
            "content": content,
        }
        self.stamp = stamp(self.fields)
        self.shown = drawn(kind, self.fields["title"], text, content)

    def __getattr__(self, name):
        try:
            return self.__dict__["fields"][name]
        except KeyError:
            raise AttributeError(name) from None


def _last_content(autodiag):
    """What the structure transmitted last: nothing else of a chapter is ever shown."""
    last = Submission.objects.filter(autodiag=autodiag).order_by("-number").first()
    if last is None:
        raise NotShared("Ce chapitre n’est pas encore transmis : il se partage une fois transmis.")
    return last.content


@transaction.atomic
def share(*, participation, by, seen, **what):
    """Show what was previewed, and nothing else. Returns the `Sharing`; sent twice, it is one.

    `what`: the arguments of `Preview`; `seen`: its stamp. Raises `NotShared` with the reason, `ChangedMeanwhile`.
    """
    path = Participation.objects.select_for_update().get(pk=participation.pk)
    preview = Preview(**what)
    for verdict in (
        rules.can_show(preview.kind, preview.to_organisation, path),
        rules.can_last_until(preview.until, clock.today()),
    ):
        if not verdict:
            raise NotShared(verdict.reason)
    _still_there(path, preview.to_organisation)
    if preview.stamp != seen:
        raise ChangedMeanwhile(preview)
    same = Sharing.objects.in_force().filter(participation=path, shared_by=by.user_id, **preview.fields)
    if known := same.first():
        return known
    sharing = Sharing.objects.create(
        region_id=path.region_id,
        participation=path,
        cohort_id=path.cohort_id,
        shared_by_id=by.user_id,
        **preview.fields,
    )
    to = preview.to_organisation.pk if preview.to_organisation else None
    journal.record("sharing.made", sharing, by=by, details={"kind": str(sharing.kind), "to": to})
    return sharing


def _still_there(path, organisation):
    """A structure it is shown to alone must be another one of the same cohort, today."""
    if organisation is None:
        return
    there = Participation.objects.current().filter(cohort=path.cohort_id, organisation=organisation)
    if organisation.pk == path.organisation_id or not there.exists():
        raise NotShared("Cette structure n’est pas, ou plus, dans votre cohorte : choisissez-en une autre.")


@transaction.atomic
def withdraw_sharing(*, sharing, by):
    """Stop showing it, at once. Returns it; twice changes nothing more."""
    locked = Sharing.objects.select_for_update().get(pk=sharing.pk)
    if locked.withdrawn_at is None:
        locked.withdrawn_at, locked.withdrawn_by_id = clock.now(), by.user_id
        locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
        journal.record("sharing.withdrawn", locked, by=by)
    return locked


def was_shown(actor, region, public_id):
    """Whether this person could read this sharing before it was over."""
    once = Sharing.objects.once_shown_to(actor)
    return once.filter(region__slug=region, public_id=public_id).exists()
