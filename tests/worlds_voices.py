"""The fixed worlds: viewpoints, their comparison, agreements and assignments."""

from datetime import date

from autodiag.enums import AnswerKind
from autodiag.models import Answer, Autodiag, Viewpoint
from autodiag.services.viewpoints import choose_group, open_comparison, save_viewpoint
from caprse.base import clock
from cohorts.enums import Role

BECAUSE = "Parce que MARQUEINTIME"
TEAM, BOARD = "Salarié·e·s permanent·e·s", "Conseil d’administration"
SPEAKING = {
    Role.REFERENT: TEAM,
    Role.CONTRIBUTOR: TEAM,
    Role.BOARD_MEMBER: BOARD,
    Role.LEGAL_REPRESENTATIVE: BOARD,
}


def build_early_viewpoints(world, marker=""):
    """Before chapter 1 is transmitted: four voices on each of its criteria, compared."""
    for role, group in SPEAKING.items():
        speak(world, role, group)
    for position in range(1, 5):
        for rank, role in enumerate(SPEAKING):
            give(world, position, role, (position * rank) % 3, chapter=1, note=f"{BECAUSE} {position} {marker}")
    open_comparison(autodiag=world.autodiag(1), by=world.actor(Role.REFERENT))


def build_viewpoints(world, marker=""):
    """Chapter 2, blind: three voices on its first criterion, one on its second."""
    if world.key == "lapsed":
        return
    with clock.stopped(clock.at(date(2025, 10, 21), 12)):
        for rank, role in enumerate((Role.REFERENT, Role.CONTRIBUTOR, Role.BOARD_MEMBER)):
            give(world, 1, role, rank, note=f"{BECAUSE} {role.value} {marker}")
        give(world, 2, Role.REFERENT, kind=AnswerKind.UNKNOWN)


def speak(world, role, group, user=None):
    """A person of the structure chooses their group."""
    groups = world.participation.cohort.version.voice_groups
    by = user or world.actor(role)
    return choose_group(participation=world.participation, group=groups.get(name=group), by=by)


def give(world, position, by, level=None, *, chapter=2, kind=AnswerKind.LEVEL, note="", blind=True):
    """One viewpoint, on the version the person has. `by`: a role of the structure, or an actor."""
    actor = world.actor(by) if isinstance(by, Role) else by
    autodiag = Autodiag.objects.with_context().get(participation=world.participation, round__chapter__number=chapter)
    answer = Answer.objects.get(autodiag=autodiag, criterion__position=position)
    levels = list(answer.criterion.levels.order_by("value"))
    mine = Viewpoint.objects.filter(answer=answer, voice__user=actor.user_id).first()
    return save_viewpoint(
        answer=answer,
        revision=mine.revision if mine else 0,
        blind=blind,
        by=actor,
        kind=kind,
        level_id=levels[level].pk if kind == AnswerKind.LEVEL else None,
        note=note,
    )


def build_voices(world, marker=""):
    """What one side of the worlds has here; every text of theirs carries its marker."""
    build_viewpoints(world, marker)


class VoicesOfWorld:
    """What one side has here, for the matrix of access and the tests."""
