"""From the picture to the plan, in the fixed worlds: one file a subject, brought together here."""

from tests.worlds_actions import ActionsOfWorld, build_actions
from tests.worlds_identity import IdentityOfWorld, build_identity
from tests.worlds_library import LibraryOfWorld, build_library
from tests.worlds_picture import PictureOfWorld, build_picture
from tests.worlds_planning import PlanningOfWorld, build_planning
from tests.worlds_practices import PracticesOfWorld, build_practices
from tests.worlds_sharings import SharingsOfWorld, build_sharings


def build_forward(world, marker=""):
    """Called for each side once its autodiagnostics are there."""
    for build in (
        build_library,
        build_identity,
        build_picture,
        build_actions,
        build_planning,
        build_sharings,
        build_practices,
    ):
        build(world, marker)


class ForwardOfWorld(
    LibraryOfWorld, IdentityOfWorld, PictureOfWorld, ActionsOfWorld, PlanningOfWorld, SharingsOfWorld, PracticesOfWorld
):
    """What one side has from the picture to the plan."""
