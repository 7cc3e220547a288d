"""The demonstration: actions told in full, and what the Passerelle answered to those it is proposed."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from autodiag.models import Action, ActionNote, ActionStep, Evidence, ProposalDecision
from autodiag.models.offering import offers_to
from autodiag.services.actions import give_news, tick_step
from autodiag.services.plan import create_action, update_action
from autodiag.services.proposals import accept_proposal, refuse_proposal
from caprse.base import clock
from caprse.base.access import Audience
from caprse.demo.cast import read
from cohorts.access import Actor
from cohorts.enums import Role, Visibility
from cohorts.models import Membership
from referentiel.models import Criterion, ProposedAction

WORDS = ("what", "why", "who", "means", "indicator", "partners")
WHO, DECIDED_ON = "passerelle/passerelle-referente", date(2025, 10, 30)
ADAPTED = {
    "who": "Maëlle Courtadon",
    "due_on": date(2026, 2, 27),
    "means": "Une réunion d’équipe, et l’aide de notre accompagnatrice pour la première fois.",
}
REFUSED = "Nous le faisons déjà, autrement : l’équipe préfère garder sa façon."
LABEL = "Nouvelle donnée pour vérifier les accès"


def write(cast, paths, rounds):
    """What is past of each action, day after day; then the answers to a few proposals."""
    version = next(iter(rounds.values())).cohort.version
    criteria = {row.code: row for row in Criterion.objects.filter(chapter__version=version)}
    for told in read("actions.toml")["actions"]:
        if told["structure"] in paths and told["day"] <= clock.today():
            _Told(cast, paths[told["structure"]], told, criteria).write()
    if "passerelle" in paths and clock.today() >= DECIDED_ON:
        _answer_proposals(paths["passerelle"], Actor.of(cast.people[WHO]))


class _Told:
    """One action of the file."""

    def __init__(self, cast, path, told, criteria):
        self.people = {key.partition("/")[2]: user for key, user in cast.people.items()}
        self.path, self.told, self.criteria = path, told, criteria
        self.by = self.actor(told["by"])

    def actor(self, key):
        return Actor.of(self.people[key])

    def write(self):
        """Created, then everything that happened to it, in order."""
        told = self.told
        with clock.stopped(clock.at(told["day"], 11)):
            action = create_action(
                participation=self.path,
                by=self.by,
                criterion=self.criteria.get(told.get("criterion")),
                due_on=told.get("due"),
                starts_on=told.get("starts"),
                budget=Decimal(told["budget"]) if "budget" in told else None,
                pilot=self.people.get(told.get("pilot")),
                visibility=told.get("visibility", Visibility.STRUCTURE),
                steps=told.get("steps", []),
                also=[self.criteria[code] for code in told.get("also", ())],
                **{name: told.get(name, "") for name in WORDS},
            )
        moves = [(move["day"], lambda move=move: self.move(action, move)) for move in told.get("moves", ())]
        moves += [(note["day"], lambda note=note: self.news(action, note)) for note in told.get("notes", ())]
        first = min((day for day, _ in moves), default=told["day"])
        moves += [(first, lambda step=step: self.tick(step)) for step in action.steps.all()[: told.get("ticked", 0)]]
        for day, happen in sorted(moves, key=lambda move: move[0]):
            if day <= clock.today():
                with clock.stopped(clock.at(day, 15)):
                    happen()

    def move(self, action, move):
        action.refresh_from_db()
        said = {"status": move["status"], "status_reason": self.told.get("status_reason", "")}
        if move["status"] == "done" and "evidence" in self.told:
            kept = Evidence.objects.filter(organisation=self.path.organisation, title=self.told["evidence"])
            said["evidence"] = list(kept)
        update_action(action=action, revision=action.revision, by=self.by, **said)

    def news(self, action, note):
        give_news(action=action, text=note["text"], by=self.actor(note["by"]))

    def tick(self, step):
        tick_step(step=step, done=True, by=self.by)


def _answer_proposals(path, by):
    """One adapted, one refused; the others wait."""
    offers = offers_to(by, {Audience.REFERENT}, path)
    waiting = [
        (proposal, offer.criterion) for _, group in offers.chapters for offer in group for proposal in offer.proposals
    ]
    first = ProposedAction.objects.order_by("pk").first()
    waiting = [pair for pair in waiting if pair[0] != first]
    with clock.stopped(clock.at(DECIDED_ON, 14)):
        for proposal, criterion in waiting[:1]:
            accept_proposal(participation=path, proposal=proposal, criterion=criterion, by=by, **ADAPTED)
        for proposal, _ in waiting[1:2]:
            refuse_proposal(participation=path, proposal=proposal, by=by, reason=REFUSED)


class ActionsSide:
    """What one side has here, for the replay of the matrix of access."""

    @property
    def full_action(self):
        """The first it shares that has steps; failing that, the first it shares."""
        rows = Action.objects.filter(participation=self.participation, visibility=Visibility.FACILITATOR)
        return rows.filter(steps__isnull=False).order_by("pk").first() or rows.order_by("pk").first()

    @property
    def step(self):
        """Its first step; one that is nowhere when it has none."""
        return ActionStep.objects.filter(action=self.full_action).order_by("position").first() or SimpleNamespace(pk=0)

    @property
    def action_note(self):
        """News its first contributor gave, given again once they were taken back."""
        held = Membership.objects.filter(organisation=self.organisation, role=Role.CONTRIBUTOR).order_by("pk").first()
        if held is None:
            return SimpleNamespace(pk=0)
        return give_news(action=self.full_action, text=LABEL, by=Actor.of(held.user))

    def take_away_actions(self):
        """The news the replay gave, the proposal it answered with the action that came of it."""
        action = self.full_action
        ActionNote.objects.filter(action=action, text__in=("", LABEL)).delete()
        ProposalDecision.objects.filter(participation=self.participation, proposal=self.proposal).delete()
        Action.objects.filter(participation=self.participation, proposal=self.proposal).delete()
