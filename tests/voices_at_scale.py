"""Five voices a structure, each with a viewpoint on every criterion, the comparison open: what the bench compares."""

from datetime import date

from autodiag.enums import AnswerKind
from autodiag.models import Answer, Autodiag, Comparison, Viewpoint, Voice
from caprse.base import clock
from cohorts.enums import Role
from cohorts.models import Membership, User
from referentiel.models import MaturityLevel

PER_STRUCTURE = 5


def give_voices(big, *, groups=2, compare=True):
    """Give every structure of a large cohort five voices in `groups` groups, in bulk; `compare`: opened everywhere."""
    with clock.stopped(clock.at(date(2025, 10, 21), 9)):
        voices = _voices(big, list(big.cohort.version.voice_groups.all())[:groups])
        _viewpoints(big, voices)
        Comparison.objects.bulk_create(
            Comparison(
                region_id=autodiag.region_id,
                participation_id=autodiag.participation_id,
                autodiag=autodiag,
                opened_by_id=autodiag.started_by_id,
            )
            for autodiag in Autodiag.objects.filter(participation__in=big.participations)
            if compare
        )


def _voices(big, groups):
    """{participation: its voices}: the référent and four colleagues."""
    others = [(path, rank) for path in big.participations for rank in range(1, PER_STRUCTURE)]
    users = User.objects.bulk_create(
        User(
            email=f"voice{rank}.{path.pk}@{big.region.slug}.example.org",
            first_name="Voix",
            last_name=str(rank),
            password="!",
        )
        for path, rank in others
    )
    Membership.objects.bulk_create(
        Membership(
            region=big.region,
            user=user,
            organisation_id=path.organisation_id,
            role=Role.CONTRIBUTOR,
            since=date(2025, 1, 6),
        )
        for user, (path, _) in zip(users, others, strict=True)
    )
    people = {path.pk: [path.referent] for path in big.participations}
    for user, (path, _) in zip(users, others, strict=True):
        people[path.pk].append(user)
    made = Voice.objects.bulk_create(
        Voice(region=big.region, participation_id=path, user=user, group=groups[rank % len(groups)])
        for path, users in people.items()
        for rank, user in enumerate(users)
    )
    voices = {}
    for voice in made:
        voices.setdefault(voice.participation_id, []).append(voice)
    return voices


def _viewpoints(big, voices):
    levels = {}
    for level in MaturityLevel.objects.filter(criterion__chapter__version=big.cohort.version):
        levels.setdefault(level.criterion_id, []).append(level)
    Viewpoint.objects.bulk_create(
        (
            Viewpoint(
                region_id=answer.region_id,
                participation_id=answer.participation_id,
                answer=answer,
                voice=voice,
                kind=AnswerKind.LEVEL,
                level=levels[answer.criterion_id][(answer.pk + rank * rank) % len(levels[answer.criterion_id])],
                note="Le carnet partagé a changé notre façon de faire." if rank == 1 else "",
                revision=1,
            )
            for answer in Answer.objects.filter(participation__in=big.participations).iterator()
            for rank, voice in enumerate(voices[answer.participation_id])
        ),
        batch_size=2_000,
    )
