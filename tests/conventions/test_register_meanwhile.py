"""The register and the time given, when two people or two tabs act at the same moment."""

from datetime import timedelta

from caprse.base import clock
from cohorts.enums import ClearanceKind, Role
from cohorts.models import Clearance
from conventions.models import Attestation, Commitment, GracePeriod
from conventions.services import register, sending
from conventions.services.clearances import decide_grace, settle_one
from tests.harness.threads import at_once
from tests.worlds import World

WHY = "Le temps de finir"


def test_the_same_attestation_from_two_tabs_is_written_once(committed_db):
    world = World("ours")
    commitment, by = world.commitments.order_by("pk").last(), world.actor(Role.REFERENT)

    def attest():
        return register.attest(commitment=commitment, text="Fait en mars", by=by)

    first, second = at_once(attest, attest)
    assert first == second
    assert Attestation.objects.filter(commitment=commitment).count() == 1


def test_the_register_opened_twice_at_once_holds_each_commitment_once(committed_db):
    convention = World("ours").convention
    Attestation.objects.filter(convention=convention).delete()
    wanted = Commitment.objects.filter(convention=convention).count()
    Commitment.objects.filter(convention=convention).delete()

    def open_it():
        return register.open_register(convention=World("ours").convention)

    at_once(open_it, open_it)
    assert Commitment.objects.filter(convention=convention).count() == wanted


def test_time_given_twice_while_the_sweep_passes_opens_rounds_once(committed_db):
    world = World("ours")
    convention, by = world.convention, world.actor(Role.REGION_ADMIN)
    sending.end(convention=convention, last_day=clock.today() - timedelta(days=1), reason="Fin", by=None)
    until = clock.today() + timedelta(days=9)

    def give():
        return decide_grace(convention=convention, until=until, reason=WHY, by=by)

    first, second, _ = at_once(give, give, lambda: settle_one(convention.pk))
    assert first == second
    assert GracePeriod.objects.filter(convention=convention).count() == 1
    rows = Clearance.objects.filter(participation=world.participation, kind=ClearanceKind.CONVENTION)
    assert rows.in_force(clock.today()).count() == 1
