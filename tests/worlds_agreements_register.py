"""The fixed worlds: what each structure owes by its convention, and what its référente attested of it."""

from datetime import date

from caprse.base import clock
from cohorts.enums import Role
from conventions.models import Attestation, Commitment, Signatory
from conventions.services import register

WORDS = "Nous étions présentes à chaque journée"


def build_register(world, marker):
    """Called for each side once its convention is signed."""
    register.open_register(convention=world.convention)
    with clock.stopped(clock.at(date(2025, 10, 28), 9)):
        register.attest(commitment=world.commitment, text=f"{WORDS} {marker}".strip(), by=world.actor(Role.REFERENT))


class RegisterOfWorld:
    """What one side has of the register."""

    @property
    def commitments(self):
        """All that its structure owes."""
        rows = Commitment.objects.filter(convention=self.convention, party__organisation=self.organisation)
        return rows.select_related("party", "convention")

    @property
    def commitment(self):
        """The first of them."""
        return self.commitments.order_by("pk").first()

    @property
    def attestation(self):
        """What its référente said of it."""
        return Attestation.objects.filter(commitment=self.commitment).order_by("pk").first()

    @property
    def own_signatory(self):
        """Who signed the convention for it."""
        rows = Signatory.objects.current().with_context().filter(party__convention=self.convention)
        return rows.get(party__organisation=self.organisation)
