"""What follows the last of eighteen signatures: the final document drawn, sealed, read again, kept; then verified."""

from django.db import transaction

from caprse.base import clock
from conventions.enums import ConventionState, DocumentKind
from conventions.models import Convention, FrozenDocument
from conventions.services import finishing, stamping, verifying
from tests.agreement_of_many import signed_by_all

PARTIES, BUDGET = 18, 250_000


def sealing():
    """A callable that does it all and takes it back, so that it can be done again. Signatures are stamped but one."""
    convention = signed_by_all(PARTIES, slug="scellee")
    with clock.stopped(convention.completed_at):
        waiting = stamping.signatures_waiting(convention)
        stamping.stamp_all(waiting.exclude(pk=waiting.last().pk))

    def act():
        with transaction.atomic(), clock.stopped(convention.completed_at):
            found = Convention.objects.with_context().get(pk=convention.pk)
            made = finishing.make_final(convention=found)
            final = FrozenDocument.objects.get(convention=made, kind=DocumentKind.FINAL)
            assert made.state == ConventionState.IN_FORCE
            assert len(final.pdf) <= BUDGET, len(final.pdf)
            transaction.set_rollback(True)

    return act


def verification():
    """A callable that verifies a final document whole, as the public page does with a file."""
    convention = signed_by_all(PARTIES, slug="verifiee")
    with clock.stopped(convention.completed_at):
        finishing.make_final(convention=Convention.objects.with_context().get(pk=convention.pk))
    content = bytes(FrozenDocument.objects.get(convention=convention, kind=DocumentKind.FINAL).pdf)

    def act():
        answer = verifying.by_file(content)
        assert answer.holds, answer.reason

    return act
