"""Conventions in full, in the fixed worlds: one file a subject, brought together here."""

from tests.worlds_agreements_annexes import AnnexesOfWorld, build_annexes
from tests.worlds_agreements_life import LifeOfWorld, build_life
from tests.worlds_agreements_parties import PartiesOfWorld, build_parties
from tests.worlds_agreements_register import RegisterOfWorld, build_register
from tests.worlds_agreements_templates import TemplatesOfWorld, build_templates


def build_agreements(world, marker=""):
    """Called for each side once its convention is signed."""
    for build in (build_templates, build_parties, build_annexes, build_life, build_register):
        build(world, marker)


class AgreementsOfWorld(TemplatesOfWorld, PartiesOfWorld, AnnexesOfWorld, LifeOfWorld, RegisterOfWorld):
    """What one side has of conventions in full."""
