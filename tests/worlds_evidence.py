"""The evidence library of the fixed worlds: a file shared with who accompanies, and a link kept to the structure."""

from datetime import date

from autodiag.models import Answer, Evidence
from autodiag.services.evidence import deposit, link_evidence
from caprse.base import clock
from caprse.base.uploads import accept
from cohorts.enums import Role, Visibility

SHARED, KEPT = "Livret d’accueil", "Compte rendu MARQUEINTIME"
CONTENT = "Livret remis à chaque personne accueillie."


def build_evidence(world, marker=""):
    """The contributor brings both; the shared one supports the first criterion of the chapter under way."""
    with clock.stopped(clock.at(date(2025, 10, 21), 10)):
        by, organisation = world.actor(Role.CONTRIBUTOR), world.organisation
        upload = accept(f"livret {marker}.txt", f"{CONTENT} {marker}".strip().encode())
        shared = deposit(
            organisation=organisation,
            by=by,
            title=f"{SHARED} {marker}".strip(),
            note=f"Remis le premier jour {marker}",
            visibility=Visibility.FACILITATOR,
            valid_until=date(2026, 6, 30),
            upload=upload,
        )
        deposit(
            organisation=organisation,
            by=by,
            title=f"{KEPT}{marker}",
            url=f"https://partage.example.org/MARQUEINTIME{marker}",
        )
        if not world.draft.is_submitted:
            answer = Answer.objects.select_related("criterion").get(autodiag=world.draft, criterion__position=1)
            answer.autodiag = world.draft
            link_evidence(answer=answer, evidence=shared, by=by, page=f"p. 4 {marker}".strip())


class EvidenceOfWorld:
    """What one side has here, for the matrix of access and the tests."""

    @property
    def evidence(self):
        """The file it shares with who accompanies it."""
        return self._evidence(Visibility.FACILITATOR)

    @property
    def private_evidence(self):
        """The link it keeps to itself."""
        return self._evidence(Visibility.STRUCTURE)

    def _evidence(self, visibility):
        rows = Evidence.objects.with_revisions().select_related("organisation")
        return rows.filter(organisation=self.organisation, visibility=visibility).order_by("pk").first()
