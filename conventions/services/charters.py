"""Charters, outside any cohort: a delegation and one partner, or one structure; a committee's validation; an identity."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from caprse.base import clock, files, journal, outbox
from cohorts.enums import OrganisationKind
from cohorts.models import Organisation, Region
from conventions import lifecycle, rules
from conventions.enums import AnnexKind, Nature, TemplateKind, TrailKind
from conventions.holding import SIGNED_BY_ALL
from conventions.models import CommitteeValidation, Convention, ConventionTemplate, Party
from conventions.models.conventions import OVER
from conventions.services import annexes, drafting, family, life, sending, states, trail
from conventions.services.recipients import everybody
from conventions.services.signatories import write_signatory
from conventions.services.templates import MODELS, latest_version
from conventions.texts import read_template, shipped

VALIDATED_MAIL, ENDING_MAIL = "charter_validated", "charter_identity_ending"
NOTICE = timedelta(days=60)  # time to ask a committee again
KINDS = {
    TemplateKind.PARTNERSHIP: OrganisationKind.PARTNER,
    TemplateKind.ENGAGEMENT: OrganisationKind.STRUCTURE,
}
SHIPPED = {MODELS[kind]: kind for kind in KINDS}
YEARS = 3  # Source: OSE charter; a template may say otherwise
# What the shipped partner charter sends to: (title, whether a change asks for an amendment, what the form asks).
ANNEXES = {
    "charte-partenariat": (
        (
            "Services et fréquence des rencontres",
            True,
            ("Services attendus", "Fréquence des rencontres", "Personnes affectées", "Délais de réponse"),
        ),
        (
            "Fiche de suivi",
            False,
            (
                "Structure accompagnée",
                "Date de la rencontre et présent·e·s",
                "Ce qui a été fait",
                "Difficultés rencontrées",
                "Suites décidées et prochaine rencontre",
            ),
        ),
    ),
}


class WrongKind(Exception):
    """The template is not of a charter, or does not bind this kind of organisation; `str()` says so, in French."""


# --- Drafting -----------------------------------------------------------------------------------------------------


def templates_for(region_id):
    """The templates of charters a region may write from, as (key, title, kind): the shipped ones, then its own."""
    rows = ConventionTemplate.objects.filter(kind__in=KINDS).filter(Q(region=None) | Q(region_id=region_id))
    known = {row.key: (row.title, row.kind) for row in rows.filter(versions__isnull=False).distinct()}
    for key, kind in SHIPPED.items():
        known.setdefault(key, (shipped(key)["title"], str(kind)))
    return [(key, title, kind) for key, (title, kind) in sorted(known.items())]


def version_of(key, region_id):
    """The version a new charter is written from: the last published, else the one that comes with the product."""
    rows = ConventionTemplate.objects.filter(Q(region=None) | Q(region_id=region_id), key=key)
    template = rows.first()
    last = template and template.versions.order_by("-number").first()
    return last or latest_version(key)


@transaction.atomic
def draft_charter(*, region, key, organisation, by):
    """Begin a charter between a region's delegation and one organisation. One that waits already is the one returned.

    A structure has one engagement charter at a time; with a partner, another may be written once the last is signed.
    Raises WrongKind.
    """
    Region.objects.select_for_update().get(pk=region.pk)  # one reference after the other
    version = version_of(key, region.pk)
    template = read_template(version.content)
    _refuse_other_kinds(template, region, organisation)
    waiting = charters_with(region, organisation, version.template_id)
    if template.kind == TemplateKind.PARTNERSHIP:
        waiting = waiting.exclude(state__in=SIGNED_BY_ALL)
    if standing := waiting.first():
        return standing
    charter = Convention.objects.create(
        region_id=region.pk,
        version=version,
        structure=organisation if template.kind == TemplateKind.ENGAGEMENT else None,
        reference=drafting.next_reference(region.pk),
        variables=proposed_variables(template, region, organisation, by),
        created_by_id=by.user_id if by else None,
    )
    _bind(charter, region, organisation, by)
    for title, binding, labels in ANNEXES.get(key, ()):
        annexes.add_annex(
            convention=charter,
            by=by,
            title=title,
            kind=AnnexKind.FORM,
            content=annexes.Content(),
            binding=binding,
            labels=labels,
        )
    journal.record("convention.drafted", charter, by=by, **sending.anchors(charter))
    return charter


def _refuse_other_kinds(template, region, organisation):
    wanted = KINDS.get(template.kind)
    if wanted is None:
        raise WrongKind("Ce modèle n’est pas celui d’une charte : choisissez-en un autre.")
    if organisation.kind != wanted or organisation.region_id != region.pk:
        asked = "un partenaire" if wanted == OrganisationKind.PARTNER else "une structure"
        raise WrongKind(f"Cette charte se signe avec {asked} de la région : choisissez-en un autre dans la liste.")


def charters_with(region, organisation, template_id):
    """The charters of a region that stand with one organisation, newest first."""
    rows = Convention.objects.standing().with_context()
    return rows.filter(
        region=region,
        cohort=None,
        nature=Nature.CONVENTION,
        version__template_id=template_id,
        parties__organisation=organisation,
    )


def proposed_variables(template, region, organisation, by):
    """What is known already of the blanks, under the names the shipped templates give them."""
    known = {
        "region_name": region.name,
        "region_contact": by.full_name if by else "",
        "contact_name": by.full_name if by else "",
        "contact_email": (by.email or "") if by else "",
        "territory": organisation.territory,
    }
    return {
        variable.key: known.get(variable.key) or variable.default
        for variable in template.variables
        if not variable.roles
    }


def _bind(charter, region, organisation, by):
    """The two parties, with who signed for them last, else who holds the role."""
    delegation = Organisation.objects.filter(kind=OrganisationKind.REGION, region=region).order_by("pk").first()
    bound = [organisation, *([delegation] if delegation else [])]
    ids = [one.pk for one in bound]
    proposals, said = drafting.proposed_signatories(None, ids), drafting.said_before(None, ids)
    for one in bound:
        party = Party.objects.create(
            region_id=region.pk,
            convention=charter,
            organisation=one,
            role=one.kind,
            name=one.legal_name,
            **said.get(one.pk, {}),
        )
        for fields in proposals.get(one.pk, ()):
            write_signatory(party, by=by, **fields)


# --- Validation by a committee ------------------------------------------------------------------------------------


@transaction.atomic
def note_validation(*, convention, committee, decided_on, by, decision=None):
    """Note that a committee validated an engagement charter: from that day the visual identity may be used.

    Signing alone grants nothing. The same day noted twice is one. `decision`: the file of its minutes (`Upload`).
    Raises WrongState with the reason.
    """
    locked = states.lock(convention)
    template = family.template_of(locked)
    known = CommitteeValidation.objects.filter(convention=locked, decided_on=decided_on).first()
    if known:
        return known
    states.refuse_unless(rules.can_note_validation(locked, template.kind))
    states.refuse_unless(rules.validation_day(locked, decided_on, clock.today()))
    validation = CommitteeValidation.objects.create(
        region_id=locked.region_id,
        convention=locked,
        committee=committee,
        decided_on=decided_on,
        until=lifecycle.years_after(decided_on, template.identity_years or YEARS),
        decision=decision and _kept(decision, locked, by),
        noted_by_id=by.user_id,
    )
    days = {"decided_on": decided_on.isoformat(), "until": validation.until.isoformat()}
    trail.append(locked, TrailKind.VALIDATED, actor=trail.by_user(by), data=days)
    outbox.post(VALIDATED_MAIL, to_ids=everybody(locked), validation=validation.pk)
    journal.record("charter.validated", validation, by=by, details=days, **sending.anchors(locked))
    life.enter_into_force(convention=locked)
    return validation


def _kept(upload, convention, by):
    return files.store_upload(
        upload,
        created_by_id=by.user_id,
        region_id=convention.region_id,
    )


def identity_until(convention, today):
    """The last day on which its structure may use the visual identity, or None: the only place that says so.

    It runs from a committee's validation, never from signatures, and stops with the text or the structure's exit.
    """
    return identities_of([convention], today).get(convention.pk)


def identities_of(conventions, today):
    """{convention: the last day}, of those whose visual identity may be used today; two queries."""
    alive = [convention.pk for convention in conventions if convention.state in SIGNED_BY_ALL]
    found = {}
    rows = CommitteeValidation.objects.filter(convention__in=alive, decided_on__lte=today, until__gte=today)
    for pk, until in rows.values_list("convention", "until"):
        found[pk] = max(until, found.get(pk, until))
    gone = Party.objects.filter(convention__in=found, role=OrganisationKind.STRUCTURE, left_on__isnull=False)
    for pk, left_on in gone.values_list("convention", "left_on"):
        found[pk] = min(found[pk], left_on)
    return {pk: until for pk, until in found.items() if until >= today}


def tell_identities_ending(today=None):
    """Each day: those whose visual identity ends within two months are told, once. Returns how many mails are posted."""
    today = today or clock.today()
    soon = CommitteeValidation.objects.filter(
        until__gte=today, until__lte=today + NOTICE, convention__state__in=SIGNED_BY_ALL
    )
    posted = 0
    for validation in soon.select_related("convention").order_by("pk"):
        if identity_until(validation.convention, today) != validation.until:
            continue  # validated again since, or the structure has left
        for user_id in dict.fromkeys(everybody(validation.convention)):
            key = f"identity-ends:{validation.pk}:{user_id}"
            posted += outbox.post_once(ENDING_MAIL, to_id=user_id, once_key=key, validation=validation.pk)
    return posted


def charters_of(rows):
    """The conventions and charters of a region that came through a door, for its list: newest first, the over last."""
    rows = rows.filter(nature=Nature.CONVENTION).with_context().prefetch_related("parties")
    return sorted(rows, key=lambda row: row.state in OVER)
