"""The autodiagnostic in depth, in the fixed worlds: one file a subject, brought together here."""

from tests.worlds_agreements import AgreementsOfWorld, build_agreements
from tests.worlds_consensus import ConsensusOfWorld, build_consensus
from tests.worlds_evidence import EvidenceOfWorld, build_evidence
from tests.worlds_forward import ForwardOfWorld, build_forward
from tests.worlds_indicators import IndicatorsOfWorld, build_indicators
from tests.worlds_reviews import ReviewsOfWorld, build_reviews
from tests.worlds_surveys import SurveysOfWorld, build_surveys
from tests.worlds_threads import ThreadsOfWorld, build_threads
from tests.worlds_voices import VoicesOfWorld, build_voices


def build_depth(world, marker=""):
    """Called for each side once its chapters are there."""
    for build in (build_indicators, build_voices, build_threads, build_surveys, build_evidence, build_reviews):
        build(world, marker)
    build_consensus(world, marker)
    build_forward(world, marker)
    build_agreements(world, marker)


class DepthOfWorld(
    ConsensusOfWorld,
    EvidenceOfWorld,
    ForwardOfWorld,
    AgreementsOfWorld,
    IndicatorsOfWorld,
    ReviewsOfWorld,
    SurveysOfWorld,
    ThreadsOfWorld,
    VoicesOfWorld,
):
    """What one side has in depth."""
