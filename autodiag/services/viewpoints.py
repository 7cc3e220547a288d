"""Voices, viewpoints and the opening of a comparison.

Whoever saves a viewpoint, moves to another group, changes the rule or opens a comparison holds the chapter's row
first: a viewpoint is saved before the opening, or refused. The journal says that somebody did something, never what
they think.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from autodiag.enums import AnswerKind
from autodiag.models import Autodiag, Comparison, Viewpoint, Voice, VoiceRule
from autodiag.models.voices import comparing_of, standing_of
from autodiag.rules import voices as rules
from caprse.base import clock, journal
from caprse.base.versioned import StaleSave, guarded_update


class NotNow(PermissionDenied):
    """This cannot be done now; the message says why, in French."""


def required(verdict):
    """Raise `NotNow`, with its reason, when a rule says no."""
    if not verdict:
        raise NotNow(verdict.reason)


def hold(autodiag):
    """The chapter's row, kept from anybody else until the end of the transaction, as the rules read it."""
    rows = Autodiag.objects.select_for_update(of=("self",), no_key=True).with_context()
    return rows.get(pk=autodiag.pk)


def hold_all(participation):
    """The same for every chapter of a path, always in the same order."""
    rows = Autodiag.objects.select_for_update(no_key=True).filter(participation=participation).order_by("pk")
    list(rows.values_list("pk"))


@transaction.atomic
def choose_group(*, participation, group, by):
    """Say from which group one speaks, or move to another. Choosing the same twice changes nothing.

    Raises `NotNow` once a viewpoint of this voice is compared: moving it would tell it apart.
    """
    hold_all(participation)
    voice = Voice.objects.filter(participation=participation, user=by.user_id).first()
    if voice and voice.group_id == group.pk:
        return voice
    if voice is None:
        voice = Voice(region_id=participation.region_id, participation=participation, user_id=by.user_id)
    else:
        required(rules.can_change_group(compared=Viewpoint.objects.compared().filter(voice=voice).exists()))
    voice.group, voice.since = group, clock.now()
    voice.save()
    journal.record("voice.chosen", voice, by=by)
    return voice


@transaction.atomic
def save_viewpoint(*, answer, revision, blind, by, kind, level_id, note):
    """Write one person's viewpoint on a criterion, made on `revision`; the same values sent again write nothing.

    `blind`: the rule the person was shown. Returns the viewpoint, not kept when there is nothing to say.
    Raises `StaleSave` when another page of theirs saved in between, `NotNow` otherwise.
    """
    autodiag = hold(answer.autodiag)
    comparing, voice_id, mine = standing_of(answer, by.user_id)
    required(rules.can_give(autodiag, comparing, clock.today()))
    if comparing.blind != blind:
        raise NotNow(rules.RULE_CHANGED)
    said = {"kind": kind, "level_id": level_id if kind == AnswerKind.LEVEL else None, "note": note}
    if mine is None:
        mine = Viewpoint(region_id=answer.region_id, participation_id=answer.participation_id, answer=answer)
        if not (kind or note):
            return mine
        return first_save(mine, voice_id, said, by)
    if {name: getattr(mine, name) for name in said} == said:
        return mine
    guarded_update(mine, revision=revision, updated_at=clock.now(), **said)
    journal.record("viewpoint.saved", mine, by=by, details={"revision": mine.revision})
    return mine


def first_save(viewpoint, voice_id, said, by):
    """The first words of a person on a criterion."""
    if voice_id is None:
        raise NotNow(rules.NO_VOICE)
    viewpoint.voice_id = voice_id
    for name, value in said.items():
        setattr(viewpoint, name, value)
    viewpoint.revision, viewpoint.updated_at = 1, clock.now()
    viewpoint.save(force_insert=True)
    journal.record("viewpoint.saved", viewpoint, by=by, details={"revision": 1})
    return viewpoint


@transaction.atomic
def decide_rule(*, participation, blind, revision, by):
    """Decide whether viewpoints stay blind until the comparison opens. Deciding the same twice changes nothing.

    Back to blind, what was compared as it came stays compared and changes no more: a viewpoint given blind after it was
    read would be told by difference. Raises `StaleSave` when somebody decided in between, `NotNow` while a viewpoint given blind waits.
    """
    hold_all(participation)
    rule = VoiceRule.objects.filter(participation=participation).first()
    if (rule.blind if rule else True) == blind:
        return rule
    if rule and rule.revision != revision:
        raise StaleSave(rule)
    waiting = Viewpoint.objects.given().filter(participation=participation, answer__autodiag__comparison=None)
    required(rules.can_change_rule(blind=not blind, waiting=waiting.exists()))
    if rule is None:
        anchors = {"region_id": participation.region_id, "participation": participation}
        rule = VoiceRule.objects.create(**anchors, blind=blind, revision=1, decided_by_id=by.user_id)
    else:
        guarded_update(rule, revision=revision, blind=blind, decided_at=clock.now(), decided_by_id=by.user_id)
    journal.record("voice_rule.decided", rule, by=by, details={"blind": blind, "revision": rule.revision})
    if blind:
        compared = Autodiag.objects.filter(pk__in=waiting.values("answer__autodiag")).order_by("pk")
        for autodiag in compared:
            keep_compared(autodiag, by)
    return rule


@transaction.atomic
def open_comparison(*, autodiag, by):
    """Open the comparison of a chapter, once and for all: opening it twice returns the same.

    From here no viewpoint on this chapter changes. Raises `NotNow` where there is nothing to open.
    """
    held = hold(autodiag)
    if found := Comparison.objects.filter(autodiag=held).first():
        return found
    required(rules.can_open(comparing_of(held), voices_of(held)))
    return keep_compared(held, by)


def voices_of(autodiag):
    """How many people gave something on a chapter."""
    return Viewpoint.objects.given().filter(answer__autodiag=autodiag).values("voice").distinct().count()


def keep_compared(autodiag, by):
    """From here the viewpoints on this chapter, whose row is held, are compared and change no more."""
    comparison = Comparison.objects.create(
        region_id=autodiag.region_id,
        participation_id=autodiag.participation_id,
        autodiag=autodiag,
        opened_by_id=by.user_id,
    )
    journal.record("comparison.opened", comparison, by=by, details={"voices": voices_of(autodiag)})
    return comparison
