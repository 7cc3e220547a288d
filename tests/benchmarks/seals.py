"""Signing, alone and twenty at once; then what follows the last of eighteen signatures, and the verification of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections, transaction

from caprse.base import clock
from conventions.enums import ConventionState, DocumentKind
from conventions.models import Convention, FrozenDocument, Signature
from conventions.services import finishing, signing, stamping, trail, verifying
from tests import worlds_conventions as do
from tests.convention_of_many import SIGNED_ON, cohort_of, signed_by_all

PARTIES, AT_ONCE, BUDGET = 18, 20, 250_000
MOMENT = clock.at(SIGNED_ON, 10)


def ready_to_sign(parties, slug):
    """A convention sent to so many, and what each sends to sign it, their code typed."""
    with clock.stopped(MOMENT):
        convention = do.sent_convention(cohort_of(parties, slug=slug))
        acts = []
        for signatory in do.signatories_of(convention):
            session = f"session-{signatory.pk}"
            acts.append((signatory, do.act(signatory, session, do.code_for(signatory, session))))
    return convention, acts


def signature():
    """A callable that signs and takes it back: the same code serves again."""
    _, acts = ready_to_sign(PARTIES, "signee")
    signatory, act = acts[0]

    def sign():
        with transaction.atomic(), clock.stopped(MOMENT):
            assert signing.sign(signatory=signatory, act=act).signatory_id == signatory.pk
            transaction.set_rollback(True)

    return sign


def sign_with_others(barrier, signatory, act):
    """Sign once everybody is there, over as many connections as the site has."""
    barrier.wait(60)
    try:
        return signing.sign(signatory=signatory, act=act)
    finally:
        connections.close_all()


def parallel_signers():
    """(a callable that has twenty people sign at once, one that prepares their convention)."""
    ready, count = [], iter(range(1_000))

    def prepare():
        ready.append(ready_to_sign(AT_ONCE, f"ensemble-{next(count)}"))

    def sign():
        convention, acts = ready.pop()
        barrier = Barrier(AT_ONCE)
        with clock.stopped(MOMENT), ThreadPoolExecutor(AT_ONCE) as people:
            given = list(people.map(lambda each: sign_with_others(barrier, *each), acts))
        assert all(isinstance(one, Signature) for one in given), given
        assert Signature.objects.filter(party__convention=convention).count() == AT_ONCE
        assert trail.verify(convention) is None
        assert Convention.objects.get(pk=convention.pk).state == ConventionState.SIGNED

    return sign, prepare


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
