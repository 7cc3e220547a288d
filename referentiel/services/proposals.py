"""The library of proposed actions: written, changed, withdrawn and offered again by whoever the référentiel is entrusted to.

An action names its criterion by the stable id: the next version keeps the library, and nothing published is touched.
"""

from django.db import transaction

from caprse.base import clock, journal
from caprse.base.echoes import Protected
from caprse.base.versioned import guarded_update
from referentiel import rules
from referentiel.documents import protected
from referentiel.models import ProposedAction, Referentiel, Version

TEXTS = {
    "what": "Quoi",
    "why": "Pourquoi",
    "means": "Avec quels moyens",
    "indicator": "À quoi on verra que c’est fait",
}


class ProposalRefused(Exception):
    """This cannot be done to the proposed action now; the message is French, `field` the one to correct."""

    def __init__(self, reason, field=None):
        super().__init__(reason)
        self.field = field


@transaction.atomic
def propose_action(*, referentiel, criterion_stable_id, level, by_name, by=None, **said):
    """Write an action for who chose this level of a criterion of the version in force. Returns it, offered at once.

    `said`: what, why, means, indicator, effort, effect, publishable. The same words sent twice are one action. Raises
    `ProposalRefused` for a criterion or a level that is not in force, or for words that may not be shown outside.
    """
    version = _held(referentiel)
    where = {"criterion_stable_id": criterion_stable_id, "level": level}
    _refuse(rules.why_not_proposed(_criterion(version, criterion_stable_id), level, _values(version)), "level")
    _refuse_echoes(version, said)
    same = ProposedAction.objects.offered().filter(referentiel=referentiel, **where, **said).first()
    if same:
        return same
    proposal = ProposedAction.objects.create(referentiel=referentiel, written_by=by_name, **where, **said)
    journal.record("proposed_action.written", proposal, by=by, details={"level": level})
    return proposal


@transaction.atomic
def edit_proposal(*, proposal, revision, level, by=None, **said):
    """Change an action. Returns it. What structures accepted before keeps its words.

    Saving the same words writes nothing. Raises `StaleSave` when somebody saved in between, `ProposalRefused` as
    `propose_action` does.
    """
    changes = {"level": level, **said}
    if proposal.revision == revision and all(getattr(proposal, name) == value for name, value in changes.items()):
        return proposal
    version = _held(proposal.referentiel)
    _refuse(rules.why_not_reworded(ProposedAction.objects.select_for_update(of=("self",)).get(pk=proposal.pk)))
    if level != proposal.level:
        criterion = _criterion(version, proposal.criterion_stable_id)
        _refuse(rules.why_not_proposed(criterion, level, _values(version)), "level")
    _refuse_echoes(version, said)
    guarded_update(proposal, revision=revision, former=_former(proposal, said), **changes)
    journal.record("proposed_action.edited", proposal, by=by, details={"revision": proposal.revision})
    return proposal


@transaction.atomic
def withdraw_proposal(*, proposal, by_name, by=None):
    """Stop proposing an action; those who accepted it keep theirs. Raises `ProposalRefused` when it is done already."""
    locked = ProposedAction.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    _refuse(rules.PROPOSAL_WITHDRAWN if locked.withdrawn_at else "")
    locked.withdrawn_at, locked.withdrawn_by = clock.now(), by_name
    locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    journal.record("proposed_action.withdrawn", locked, by=by)
    return locked


@transaction.atomic
def offer_proposal(*, proposal, by=None):
    """Propose an action again. Raises `ProposalRefused` when it is proposed already, or has no criterion any more."""
    version = _held(proposal.referentiel)
    locked = ProposedAction.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    _refuse(rules.PROPOSAL_OFFERED if locked.withdrawn_at is None else "")
    criterion = _criterion(version, locked.criterion_stable_id)
    _refuse(rules.why_not_proposed(criterion, locked.level, _values(version)), "level")
    locked.withdrawn_at, locked.withdrawn_by = None, ""
    locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    journal.record("proposed_action.offered", locked, by=by)
    return locked


def _former(proposal, said):
    """What was told to members alone and is told no more: it stays reserved, since structures may have kept its words."""
    before = [] if proposal.publishable else [getattr(proposal, name) for name in TEXTS]
    told = {said[name] for name in TEXTS}
    return [text for text in dict.fromkeys([*proposal.former, *before]) if text and text not in told]


def _held(referentiel):
    """The version in force with its content, the référentiel held until the end; None when there is none."""
    Referentiel.objects.select_for_update().get(pk=referentiel.pk)
    return Version.objects.published().filter(referentiel=referentiel).with_content().first()


def _criterion(version, stable_id):
    criteria = [row for chapter in version.chapters.all() for row in chapter.criteria.all()] if version else []
    return next((row for row in criteria if row.stable_id == stable_id), None)


def _values(version):
    return {step.value for step in version.scale.all()} if version else set()


def _refuse(reason, field=None):
    if reason:
        raise ProposalRefused(reason, field)


def _refuse_echoes(version, said):
    """What may be shown outside repeats nothing of the référentiel."""
    if said["publishable"] and version:
        texts = [(label, said[name]) for name, label in TEXTS.items()]
        _refuse(rules.why_not_shown_outside(texts, Protected(protected(version))), "publishable")
