"""The demonstration: actions proposed by national staff, criterion by criterion."""

from datetime import date

from caprse.base import clock
from caprse.demo.cast import read
from cohorts.access import Actor
from referentiel.enums import Degree
from referentiel.models import Criterion, ProposedAction
from referentiel.services.proposals import offer_proposal, propose_action, withdraw_proposal

WRITTEN_ON, WITHDRAWN_ON = date(2025, 2, 3), date(2025, 9, 10)
EDITOR = "coorace-national/national-rse"
SAID = ("why", "means", "indicator")


def write(cast, paths, rounds):
    """Write them all, withdraw those the file says; the référentiel is the one of these rounds."""
    by = Actor.of(cast.people[EDITOR])
    version = next(iter(rounds.values())).cohort.version
    criteria = {row.code: row.stable_id for row in Criterion.objects.filter(chapter__version=version)}
    for line in read("proposals.toml")["proposals"]:
        with clock.stopped(clock.at(WRITTEN_ON, 14)):
            proposal = propose_action(
                referentiel=version.referentiel,
                criterion_stable_id=criteria[line["criterion"]],
                level=line["level"],
                what=line["what"],
                effort=line.get("effort", Degree.MEDIUM),
                effect=line.get("effect", Degree.MEDIUM),
                publishable=line.get("publishable", False),
                by_name=by.full_name,
                by=by,
                **{name: line.get(name, "") for name in SAID},
            )
        if line.get("state") == "withdrawn" and clock.today() >= WITHDRAWN_ON:
            with clock.stopped(clock.at(WITHDRAWN_ON, 9)):
                withdraw_proposal(proposal=proposal, by_name=by.full_name, by=by)


class LibrarySide:
    """What one side has here, for the replay of the matrix of access."""

    @property
    def proposal(self):
        """The first one, offered again each time the replay withdrew it."""
        rows = ProposedAction.objects.select_related("referentiel").order_by("pk")
        found = rows.filter(referentiel=self.participation.cohort.version.referentiel).first()
        return offer_proposal(proposal=found) if found.withdrawn_at else found

    @property
    def withdrawn_proposal(self):
        """One the story withdrew, withdrawn again each time the replay offered it."""
        rows = ProposedAction.objects.select_related("referentiel").order_by("-pk")
        found = rows.filter(referentiel=self.participation.cohort.version.referentiel).first()
        return found if found.withdrawn_at else withdraw_proposal(proposal=found, by_name=found.written_by)

    def take_away_library(self):
        """Nothing is deleted here: both are put back as the story left them."""
        return self.proposal, self.withdrawn_proposal
