"""From the picture to the plan, in the demonstration: one file a subject, brought together here."""

from caprse.demo import actions, identity, library, picture, planning, practices, sharings
from caprse.demo.actions import ActionsSide
from caprse.demo.identity import IdentitySide
from caprse.demo.library import LibrarySide
from caprse.demo.picture import PictureSide
from caprse.demo.planning import PlanningSide
from caprse.demo.practices import PracticesSide
from caprse.demo.sharings import SharingsSide


def write(cast, paths, rounds):
    """Every subject, in order."""
    for subject in (library, identity, picture, actions, planning, sharings, practices):
        subject.write(cast, paths, rounds)


class ForwardSide(LibrarySide, IdentitySide, PictureSide, ActionsSide, PlanningSide, SharingsSide, PracticesSide):
    """What one side has from the picture to the plan."""

    def take_away_forward(self):
        """The replay's own rows, the last made first."""
        self.take_away_practices()
        self.take_away_sharings()
        self.take_away_planning()
        self.take_away_actions()
        self.take_away_picture()
        self.take_away_identity()
        self.take_away_library()
