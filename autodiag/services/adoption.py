"""Adoptions of a plan: its actions frozen as they stood, and what changed since."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F

from autodiag.models import Action, PlanAdoption
from autodiag.plans import freezing
from autodiag.rules.adoption import can_adopt
from caprse.base import files, journal
from cohorts.models import Participation
from referentiel.documents import content_hash


class NothingToAdopt(ValueError):
    """The plan cannot be adopted; the message says why, in French."""


class PlanMoved(Exception):
    """The plan is no longer the one that was shown. `changed`: the frozen actions that differ. Nothing was written."""

    def __init__(self, changed):
        super().__init__("plan moved")
        self.changed = changed


@dataclass(frozen=True)
class Adopted:
    """The last adoption of a plan, and what changed since: `autodiag.plans.freezing.ActionChange`, in order."""

    adoption: PlanAdoption
    changes: list = field(repr=False)


def frozen_plan(participation):
    """Every action of a plan, whoever reads them, as data; one query."""
    rows = Action.objects.filter(participation=participation).order_by(
        F("due_on").asc(nulls_last=True),
        "pk",
        "steps__position",
        "steps__pk",
        "also__criterion__chapter__number",
        "also__criterion__position",
    )
    return freezing.freeze(rows.values(*freezing.COLUMNS))


def adoption_of(participation, actor):
    """The last adoption of a plan with what changed since, for its structure's people; None otherwise.

    Two queries at most. Adoptions hold actions kept to the structure: whoever accompanies it reads none.
    """
    if not actor.is_insider(participation):
        return None
    last = PlanAdoption.objects.visible_to(actor).filter(participation=participation).newest_first().first()
    if last is None:
        return None
    return Adopted(last, freezing.compare(last.content["actions"], frozen_plan(participation)))


@transaction.atomic
def adopt_plan(*, participation, by, shown, adopted_on, body, note="", upload=None):
    """Freeze a plan as it stands, and who adopted it. Returns the adoption.

    `shown`: the stamp of the plan that was read (`freezing.stamp_of`); `upload`: the decision itself, an `Upload`.
    The same thing sent twice is one adoption. Raises `PlanMoved` when the plan changed since it was shown,
    `NothingToAdopt` when there is no action.
    """
    Participation.objects.select_for_update().get(pk=participation.pk)
    actions = frozen_plan(participation)
    verdict = can_adopt(actions)
    if not verdict:
        raise NothingToAdopt(verdict.reason)
    changed = freezing.changed_since(shown, actions)
    if changed:
        raise PlanMoved(changed)
    content = {
        "format": freezing.FORMAT,
        "structure": participation.organisation.legal_name,
        "cohort": participation.cohort.name,
        "actions": actions,
    }
    said = {"content_hash": content_hash(content), "adopted_on": adopted_on, "body": body, "note": note}
    last = PlanAdoption.objects.filter(participation=participation).newest_first().first()
    if last and _says(last, said, upload):
        return last
    return _written(participation, by, (last.number if last else 0) + 1, content, said, upload)


def _says(adoption, said, upload):
    """Whether an adoption is the one that comes again."""
    same_file = (adoption.decision.sha256 if adoption.decision else None) == (upload.sha256 if upload else None)
    return same_file and all(getattr(adoption, name) == value for name, value in said.items())


def _written(participation, by, number, content, said, upload):
    """The file is kept to the structure: it carries no path, so that who accompanies it reaches it by no door."""
    decision = None
    if upload:
        decision = files.store(
            upload.content,
            name=upload.name,
            media_type=upload.media_type,
            created_by_id=by.user_id,
            region_id=participation.region_id,
            organisation_id=participation.organisation_id,
        )
    adoption = PlanAdoption.objects.create(
        region_id=participation.region_id,
        participation=participation,
        number=number,
        content=content,
        decision=decision,
        noted_by_id=by.user_id,
        noted_by_name=by.full_name,
        **said,
    )
    details = {"number": number, "body": said["body"], "actions": len(content["actions"])}
    journal.record("plan.adopted", adoption, by=by, details=details)
    return adoption
