"""A clause that a party did not keep: cited, notified, answered, decided; at the day of effect the party leaves."""

from datetime import timedelta

from django.db import transaction

from caprse.base import clock, journal, outbox, sweeps
from caprse.base.versioned import StaleSave, guarded_update
from cohorts.enums import OrganisationKind, Role
from cohorts.models import Membership
from cohorts.models.memberships import current
from conventions import rules
from conventions.enums import ConventionState, TerminationDecision, TrailKind
from conventions.models import Breach, Party, Signatory
from conventions.services import clearances, family, leaving, sending, states, trail
from conventions.texts import clauses_of, with_party_values

NOTICE_MAIL, REPLY_MAIL, DECISION_MAIL = "breach_notice", "breach_reply", "breach_decision"
NOTICE = "notice_days"  # the blank of a charter that says how long a party has to reply
ANSWER_FOR = (Role.REFERENT, Role.LEGAL_REPRESENTATIVE, Role.PARTNER)
LEFT_BECAUSE = "Résiliation à l’égard de cette partie"
ENDED_BECAUSE = "Résiliation, après un manquement notifié et débattu"


def clauses_binding(convention, party):
    """The clauses of the frozen text that a party may be said to have broken: the common ones, and its own."""
    template = family.template_of(convention)
    parties = list(convention.parties.order_by("pk"))
    clauses = clauses_of(template, with_party_values(template, convention.variables, parties))
    return [clause for clause in clauses if not clause.roles or party.role in clause.roles]


def clause_of(breach):
    """The clause a notice cites, or None when the text has none of this key."""
    return next((one for one in clauses_binding(breach.convention, breach.party) if one.key == breach.clause), None)


def time_to_reply(convention):
    """How long a party has to reply: what the text says in a blank of its own, else what all shipped texts say."""
    said = str(convention.variables.get(NOTICE, ""))
    return timedelta(days=int(said)) if said.isdecimal() else rules.REPLY_AT_LEAST


@transaction.atomic
def notify_breach(*, party, clause, facts, reply_by, by):
    """Notify a party that a clause was not kept: what, by which clause, and until when it may reply.

    `clause` is the key of one that binds it. The same notice sent twice is one. Raises WrongState.
    """
    convention = states.lock(party.convention)
    party = Party.objects.select_related("organisation").get(pk=party.pk)
    said = {"party": party, "clause": clause, "facts": facts, "decision": ""}
    if same := Breach.objects.filter(**said).order_by("pk").first():
        return same
    states.refuse_unless(rules.can_notify_breach(convention, party))
    states.refuse_unless(rules.reply_day(reply_by, clock.today(), time_to_reply(convention)))
    if party.role == OrganisationKind.REGION:
        raise states.WrongState(
            "La délégation ne se notifie rien à elle-même : c’est à une autre partie de lui écrire."
        )
    if clause not in {one.key for one in clauses_binding(convention, party)}:
        raise states.WrongState("Cette clause n’engage pas cette partie.")
    breach = Breach.objects.create(
        region_id=convention.region_id,
        convention=convention,
        party=party,
        clause=clause,
        facts=facts,
        reply_by=reply_by,
        notified_by_id=by.user_id,
    )
    _chain(convention, TrailKind.BREACH_NOTICED, breach, by, reply_by=reply_by.isoformat())
    outbox.post(NOTICE_MAIL, to_ids=people_of(party), breach=breach.pk)
    journal.record("breach.notified", breach, by=by, **sending.anchors(convention, party))
    return breach


def people_of(party):
    """Who answers for a party: who signed for it, its référent·e·s, its legal representative."""
    signatories = Signatory.objects.current().filter(party=party).order_by("pk").values_list("user_id", flat=True)
    people = Membership.objects.filter(
        current(clock.today()), organisation_id=party.organisation_id, role__in=ANSWER_FOR, user__is_active=True
    )
    return [*signatories, *people.order_by("pk").values_list("user_id", flat=True)]


@transaction.atomic
def reply_to_breach(*, breach, text, by):
    """The reply of the party, once, by somebody who answers for it. The same text again changes nothing. Raises WrongState."""
    convention = states.lock(breach.convention)
    breach = Breach.objects.select_for_update(of=("self",)).select_related("party").get(pk=breach.pk)
    if breach.reply == text:
        return breach
    states.refuse_unless(rules.can_reply(breach, clock.today()))
    now = clock.now()
    guarded_update(breach, revision=breach.revision, reply=text, replied_at=now, replied_by_id=by.user_id)
    _chain(convention, TrailKind.BREACH_ANSWERED, breach, by)
    sending.tell_preparers(convention, REPLY_MAIL, breach=breach.pk)
    journal.record("breach.replied", breach, by=by, **sending.anchors(convention, breach.party))
    return breach


@transaction.atomic
def decide_breach(*, breach, revision, decision, reason, by, effect_on=None):
    """What comes of it, with its reason: nothing, or the end for this party, bound until `effect_on` included.

    Its rounds close after that day. The same decision sent twice is one. Raises WrongState, or StaleSave when the party
    replied, or somebody decided, meanwhile.
    """
    convention = family.lock(breach.convention)
    breach = Breach.objects.select_for_update(of=("self",)).select_related("party__organisation").get(pk=breach.pk)
    effect_on = effect_on if decision == TerminationDecision.ENDED else None
    if (breach.decision, breach.reason, breach.effect_on) == (decision, reason, effect_on):
        return breach
    if breach.revision != revision:
        raise StaleSave(breach)
    states.refuse_unless(rules.can_decide(breach, clock.today()))
    if decision == TerminationDecision.ENDED:
        states.refuse_unless(rules.can_notify_breach(convention, breach.party))
        states.refuse_unless(rules.effect_day(effect_on, clock.today()))
    decided = {"decided_at": clock.now(), "decided_by_id": by.user_id, "effect_on": effect_on}
    guarded_update(breach, revision=revision, decision=decision, reason=reason, **decided)
    more = {"effect_on": effect_on.isoformat()} if effect_on else {}
    _chain(convention, TrailKind.BREACH_DECIDED, breach, by, decision=str(decision), **more)
    if effect_on:
        clearances.settle(convention=convention, by=by)
    outbox.post(DECISION_MAIL, to_ids=people_of(breach.party), breach=breach.pk)
    journal.record("breach.decided", breach, by=by, details=more, **sending.anchors(convention, breach.party))
    return breach


def take_effect(today=None):
    """Each day: the parties whose last day has passed leave; a charter between two ends. Returns how many."""
    today = today or clock.today()
    due = Breach.objects.filter(
        decision=TerminationDecision.ENDED,
        effect_on__lt=today,
        party__left_on=None,
        convention__state=ConventionState.IN_FORCE,
    )
    return sum(sweeps.each(due.order_by("pk").values_list("pk", flat=True), _take_effect))


@transaction.atomic
def _take_effect(pk):
    """One of them; the caller may have been overtaken."""
    breach = Breach.objects.select_related("party__convention", "decided_by").get(pk=pk)
    convention = family.lock(breach.convention)
    party = Party.objects.select_related("convention").get(pk=breach.party_id)
    if party.left_on or convention.state != ConventionState.IN_FORCE:
        return 0
    leaving.leave(party=party, last_day=breach.effect_on, reason=LEFT_BECAUSE, by=breach.decided_by)
    if family.current_parties(convention).count() < 2:
        convention.refresh_from_db()
        sending.end(convention=convention, last_day=breach.effect_on, reason=ENDED_BECAUSE, by=breach.decided_by)
    return 1


def _chain(convention, kind, breach, by, **data):
    """The chain names the breach and its party; what is reproached and answered stays between those concerned."""
    data = {"breach": breach.public_id, "party": breach.party.organisation.public_id, **data}
    trail.append(convention, kind, actor=trail.by_user(by), data=data)
