"""The autodiagnostic in depth, in the demonstration: one file a subject, brought together here."""

from caprse.demo import evidence, forward, indicators, reviews, surveys, threads, voices
from caprse.demo.evidence import EvidenceSide
from caprse.demo.forward import ForwardSide
from caprse.demo.indicators import IndicatorsSide
from caprse.demo.reviews import ReviewsSide
from caprse.demo.surveys import SurveysSide
from caprse.demo.threads import ThreadsSide
from caprse.demo.voices import VoicesSide


def write(cast, paths, rounds):
    """Every subject, in the order of the method."""
    for subject in (indicators, voices, surveys, evidence, threads, reviews, forward):
        subject.write(cast, paths, rounds)


class DepthSide(EvidenceSide, ForwardSide, IndicatorsSide, ReviewsSide, SurveysSide, ThreadsSide, VoicesSide):
    """What one side has in depth."""

    def take_away_depth(self):
        """The replay's own rows, the last made first."""
        self.take_away_forward()
        self.take_away_reviews()
        self.take_away_threads()
        self.take_away_evidence()
        self.take_away_surveys()
        self.take_away_voices()
        self.take_away_indicators()
