"""The actions the library proposes to a structure, from the levels it chose: read in a constant number of queries."""

from dataclasses import dataclass, field

from autodiag.enums import AnswerKind
from autodiag.models.diagnostics import Answer
from autodiag.models.picture import Priority
from autodiag.models.planning import ProposalDecision
from referentiel.models import Criterion, ProposedAction


@dataclass(frozen=True)
class Offer:
    """A criterion at the level that was chosen, and what may be done next, the most effect for the least effort."""

    answer: object
    proposals: list
    level: str
    slot: int | None = None

    @property
    def criterion(self):
        return self.answer.criterion


@dataclass(frozen=True)
class Offers:
    """Everything proposed to one structure: `forward` for its priorities, then by chapter; what it decided already."""

    forward: list = field(default_factory=list)
    chapters: list = field(default_factory=list)
    accepted: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    answered: bool = False
    library: bool = False

    @property
    def count(self):
        """How many proposals wait for an answer."""
        groups = [*self.forward, *(offer for _, offers in self.chapters for offer in offers)]
        return sum(len(offer.proposals) for offer in groups)


def levels_chosen(actor, participation):
    """The answers that hold a level, of the chapters begun, in the order of the method; the last one of a criterion."""
    rows = Answer.objects.visible_to(actor).filter(participation=participation, kind=AnswerKind.LEVEL)
    rows = rows.select_related("criterion__chapter", "level").order_by("autodiag__started_at", "pk")
    last = {answer.criterion.stable_id: answer for answer in rows}
    return sorted(last.values(), key=lambda answer: (answer.criterion.chapter.number, answer.criterion.position))


def offers_to(actor, audiences, participation):
    """What the library proposes to this structure today, and what it answered. Five queries, whatever there is."""
    answers = levels_chosen(actor, participation)
    decisions = ProposalDecision.objects.visible_to(actor).filter(participation=participation)
    decisions = list(decisions.select_related("proposal", "action", "decided_by").order_by("-decided_at", "-pk"))
    decided = {decision.proposal_id for decision in decisions}
    library = ProposedAction.objects.readable_by(audiences).offered()
    library = list(library.filter(referentiel=participation.cohort.version.referentiel_id))
    slots = Priority.objects.visible_to(actor).filter(participation=participation, slot__isnull=False)
    slots = dict(slots.values_list("criterion_id", "slot"))
    scale = {step.value: f"{step.value} – {step.label}" for step in participation.cohort.version.scale.all()}
    proposed = {}
    for proposal in sorted(library, key=lambda row: (-row.effect, row.effort, row.pk)):
        if proposal.pk not in decided:
            proposed.setdefault((proposal.criterion_stable_id, proposal.level), []).append(proposal)
    offers = [
        Offer(answer, proposed[key], scale[key[1]], slots.get(answer.criterion_id))
        for answer in answers
        if (key := (answer.criterion.stable_id, answer.level.value)) in proposed
    ]
    offered = {proposal.pk for proposal in library}
    return Offers(
        forward=sorted((offer for offer in offers if offer.slot), key=lambda offer: offer.slot),
        chapters=_by_chapter(offer for offer in offers if not offer.slot),
        accepted=[decision for decision in decisions if decision.action_id],
        refused=[row for row in decisions if not row.action_id and row.proposal_id in offered],
        answered=bool(answers),
        library=bool(library),
    )


def _by_chapter(offers):
    chapters = {}
    for offer in offers:
        chapters.setdefault(offer.criterion.chapter, []).append(offer)
    return list(chapters.items())


def criterion_of(participation, proposal):
    """The criterion a proposal is about, in the version this structure follows; None when it has none."""
    rows = Criterion.objects.filter(chapter__version=participation.cohort.version_id)
    return rows.select_related("chapter").filter(stable_id=proposal.criterion_stable_id).first()
