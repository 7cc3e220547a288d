"""What is looked at before a chapter is transmitted, criterion by criterion, in two queries."""

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from autodiag.models.evidence import EvidenceUse
from autodiag.models.indicators import IndicatorValue
from autodiag.models.threads import Thread
from autodiag.models.voices import Assignment, Consensus
from autodiag.rules.reviews import Check
from referentiel.models import Indicator


def checks_of(answers, today):
    """One `Check` per answer of a chapter, in order. `answers`: those of one autodiagnostic, from a door or a lock."""
    read = answers.annotate(**_around(today)).select_related("criterion").in_order()
    rows = list(read)
    names = _assigned(rows)
    return [_check(answer, names.get(answer.pk, ())) for answer in rows]


def _around(today):
    agreed = Consensus.objects.filter(answer=OuterRef("pk")).newest_first()
    threads = Thread.objects.standing().filter(answer=OuterRef("pk"))
    kept = EvidenceUse.objects.filter(answer=OuterRef("pk"), evidence__archived_at=None)
    told = IndicatorValue.objects.filter(
        Q(value__isnull=False) | Q(unknown=True), autodiag=OuterRef(OuterRef("autodiag"))
    )
    silent = Indicator.objects.filter(criterion=OuterRef("criterion")).exclude(pk__in=told.values("indicator"))
    return {
        "open_threads": _count(threads, "answer"),
        "expired": _count(kept.filter(evidence__valid_until__lt=today), "answer"),
        "silent_indicators": _count(silent, "criterion"),
        "agreed_kind": Subquery(agreed.values("kind")[:1]),
        "agreed_level": Subquery(agreed.values("level")[:1]),
    }


def _count(rows, owner):
    """How many rows hang on the same owner, 0 when none does."""
    counted = rows.order_by().values(owner).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _assigned(rows):
    """{answer: the names of those it was entrusted to}, for the answers nobody gave."""
    empty = [answer.pk for answer in rows if not answer.kind]
    names = {}
    if empty:
        people = Assignment.objects.filter(answer__in=empty).order_by("assigned_at", "pk")
        for answer, first, last in people.values_list("answer", F("user__first_name"), F("user__last_name")):
            names.setdefault(answer, []).append(f"{first} {last}")
    return names


def _check(answer, names):
    agreed = (answer.agreed_kind, answer.agreed_level)
    return Check(
        position=answer.criterion.position,
        code=answer.criterion.code,
        title=answer.criterion.title,
        kind=answer.kind,
        na_reason=answer.na_reason,
        to_review=answer.to_review,
        revision=answer.revision,
        open_threads=answer.open_threads,
        silent_indicators=answer.silent_indicators,
        expired=answer.expired,
        agreement_moved=answer.agreed_kind is not None and agreed != (answer.kind, answer.level_id),
        assigned_to=tuple(names),
    )
