"""The fixed worlds of parties: who signs the draft of our next convention, its structure's contact."""

from conventions.models import Party, Signatory


def build_parties(world, marker):
    """Called for each side once its convention is signed; `marker` stands in every text of theirs."""
    parties = Party.objects.filter(convention__cohort=world.participation.cohort, organisation=world.organisation)
    parties.update(contact_name=f"Dominique {marker}".strip(), contact_email="contact@example.org")


class PartiesOfWorld:
    """What one side has of parties."""

    @property
    def own_party(self):
        """The party of this side in its convention."""
        return Party.objects.get(convention=self.convention, organisation=self.organisation)

    @property
    def draft_signatory(self):
        """Who signs for the delegation in the draft of our next convention."""
        current = Signatory.objects.current().with_context().filter(party__convention=self.draft_convention)
        return current.order_by("pk").first()
