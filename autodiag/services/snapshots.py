"""The transmissions of a chapter, on every path of its structure: what before and after are chosen among."""

from django.db.models import Exists, OuterRef, Q

from autodiag.models import Submission

CHAPTER = "autodiag__round__chapter__"


def of_structure(actor, participation):
    """Those of every path of the structure on the same référentiel."""
    rows = Submission.objects.visible_to(actor).filter(participation__organisation=participation.organisation_id)
    rows = rows.filter(**{f"{CHAPTER}version__referentiel": participation.cohort.version.referentiel_id})
    return rows.select_related("autodiag__round__chapter", "participation__cohort").order_by("submitted_at", "pk")


def transmissions(actor, participation):
    """Those of every path of the structure, oldest first, without their contents."""
    return of_structure(actor, participation).defer("content")


def ends_of(actor, participation):
    """The first transmission of each chapter, on whatever path, and its last on this one: oldest first, one query."""
    rows = of_structure(actor, participation)
    same = Q(**{f"{CHAPTER}number": OuterRef(f"{CHAPTER}number")})
    same |= Q(**{f"{CHAPTER}stable_id": OuterRef(f"{CHAPTER}stable_id")})
    earlier = rows.filter(same, submitted_at__lt=OuterRef("submitted_at"))
    newer = rows.filter(autodiag=OuterRef("autodiag"), number__gt=OuterRef("number"))
    return list(rows.filter(~Exists(earlier) | Q(~Exists(newer), participation=participation)))


def is_same(submission, chapter):
    """Whether a transmission is of this chapter, or of what it was on another path: same number or stable id."""
    other = submission.autodiag.round.chapter
    return other.stable_id == chapter.stable_id or other.number == chapter.number


def key_of(submission, autodiag):
    """What names a transmission in the address of the comparison of a chapter."""
    if submission.autodiag_id == autodiag.pk:
        return str(submission.number)
    return f"{submission.autodiag.public_id}-{submission.number}"


def contents(actor, submissions):
    """{pk of a transmission: its content}, in one query."""
    ids = {one.pk for one in submissions}
    return dict(Submission.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "content")) if ids else {}


def first_and_last(ends, autodiags):
    """[(autodiagnostic, first transmission, last)] of the chapters that have two. `ends`: see `ends_of`."""
    found = []
    for autodiag in autodiags:
        first = next((one for one in ends if is_same(one, autodiag.round.chapter)), None)
        mine = [one for one in ends if one.autodiag_id == autodiag.pk]
        if mine and first != mine[-1]:
            found.append((autodiag, first, mine[-1]))
    return found


def comparable(ends, autodiags, insider):
    """The ids of the autodiagnostics that have two moments to put side by side. `ends`: see `ends_of`.

    To the people of the structure, the answers of the moment are one, while the chapter is not transmitted.
    """
    return {
        autodiag.pk
        for autodiag in autodiags
        if sum(is_same(one, autodiag.round.chapter) for one in ends) + (insider and not autodiag.is_submitted) > 1
    }
