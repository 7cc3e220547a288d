"""A convention being written: its template, blanks, parties and signatories."""

import re
from datetime import date

from django.db import transaction

from caprse.base import clock, journal
from caprse.base.versioned import guarded_update
from cohorts.enums import OrganisationKind, Role
from cohorts.models import CohortPartner, Membership, Organisation, Participation, Region
from cohorts.models.memberships import current
from conventions import lifecycle
from conventions.enums import AddressBasis, ConventionState, Nature, VariableKind
from conventions.models import Convention, Party, Signatory
from conventions.services import states, versions
from conventions.services.family import current_parties, entering, may_join
from conventions.services.signatories import CONTACT, FIELDS, POWERS, write_signatory
from conventions.services.templates import latest_version
from conventions.texts import read_template, workshop

SIGNERS = {
    OrganisationKind.STRUCTURE: Role.LEGAL_REPRESENTATIVE,
    OrganisationKind.REGION: Role.REGION_ADMIN,
    OrganisationKind.PARTNER: Role.PARTNER,
}


@transaction.atomic
def draft(*, cohort, by, version=None):
    """Begin the convention of a cohort, with its participants as parties; what a cancelled one said is taken up.

    `version` of a template: the one it is written from; none, the network's in force. Where a convention stands
    already, it is the one returned. Raises WrongState where each structure has its own.
    """
    Region.objects.select_for_update().get(pk=cohort.region_id)  # one reference after the other
    standing = Convention.objects.collective().standing().with_context().filter(cohort=cohort).first()
    if standing:
        return standing
    states.refuse_unless(lifecycle.can_begin_for_all(Convention.objects.one_each().filter(cohort=cohort).first()))
    version = version or latest_version()
    before = Convention.objects.collective().filter(cohort=cohort).order_by("-created_at", "-pk").first()
    if before and before.sent_at and before.state in lifecycle.LAPSED:
        following = versions.new_version(convention=before, reason=before.end_reason, by=by)
        return add_participants(convention=following, by=by) if following.state == ConventionState.DRAFT else following
    convention = Convention.objects.create(
        region_id=cohort.region_id,
        cohort=cohort,
        version=version,
        reference=next_reference(cohort.region_id),
        variables=taken_up(version, before.variables if before else {}, proposed_variables(version, cohort, by)),
        changes=before.changes if before else [],
        created_by_id=by.user_id if by else None,
    )
    add_participants(convention=convention, by=by)
    journal.record("convention.drafted", convention, by=by)
    return convention


@transaction.atomic
def change_template(*, convention, version, by):
    """Write a draft from another template, or another version of it; blanks of the same name keep what they say.

    Raises WrongState once frozen, or for a text of another kind.
    """
    locked = states.lock(convention)
    if locked.state != ConventionState.DRAFT or version.template.kind != locked.version.template.kind:
        raise states.WrongState(locked.state)
    if locked.version_id == version.pk:
        return locked
    cohort = locked.cohort
    fresh = proposed_variables(version, cohort, by) if cohort else None
    variables = taken_up(version, locked.variables, fresh)
    guarded_update(
        locked, revision=locked.revision, only_if={"state": ConventionState.DRAFT}, version=version, variables=variables
    )
    journal.record("convention.template_changed", locked, by=by, details={"version": version.pk})
    return locked


def taken_up(version, former, fresh=None):
    """The blanks of a template: what was said of each, where it still answers it; else what is proposed, or its default."""
    return {
        variable.key: next(
            (said for said in (former.get(variable.key), (fresh or {}).get(variable.key)) if answers(variable, said)),
            variable.default,
        )
        for variable in read_template(version.content).variables
    }


def answers(variable, value):
    """Whether these words may fill this blank."""
    if not value:
        return False
    if variable.kind == VariableKind.DATE:
        return is_day(value)
    if variable.kind == VariableKind.INTEGER:
        return value.isdecimal() and len(value) < 4
    return variable.kind != VariableKind.CHOICE or value in variable.choices


def is_day(value):
    """Whether a text is a day of the calendar, as blanks keep it."""
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


@transaction.atomic
def set_workshop(*, convention, revision, commitments, by):
    """Carry into a draft what a workshop wrote down: {role: commitments}. The same again changes nothing.

    Raises StaleSave when somebody wrote since, WrongState once frozen or for what follows another text.
    """
    locked = states.lock(convention)
    if locked.state != ConventionState.DRAFT or locked.nature != Nature.CONVENTION:
        raise states.WrongState(locked.state)
    entry = workshop.entry_of(commitments)
    changes = [entry] if entry else []
    if changes != locked.changes:
        guarded_update(locked, revision=revision, only_if={"state": ConventionState.DRAFT}, changes=changes)
        journal.record("convention.workshop_set", locked, by=by)
    return locked


def next_reference(region_id):
    """The region's next reference of the year, « 2025-003 »."""
    year = clock.today().year
    first = Convention.objects.main().filter(supersedes=None)  # what follows one of them bears its reference
    count = first.filter(region_id=region_id, reference__startswith=f"{year}-").count()
    return f"{year}-{count + 1:03d}"


def proposed_variables(version, cohort, by):
    """What the cohort already knows of the blanks, under the names the shipped template gives them."""
    known = {
        "project": cohort.name,
        "region_name": cohort.region.name,
        "contact_name": by.full_name if by else "",
        "contact_email": by.email if by else "",
        "starts_on": cohort.starts_on.isoformat(),
        "chapters": str(cohort.version.chapters.count()),
    }
    return taken_up(version, known)


@transaction.atomic
def add_participants(*, convention, by):
    """Make parties of the cohort's participants who are not, and leave out those who are gone. Draft only."""
    locked = states.lock(convention)
    if locked.state != ConventionState.DRAFT:
        raise states.WrongState(locked.state)
    if locked.cohort_id is None and locked.parent_id is None:
        return convention  # whom a charter binds is chosen as it is begun
    wanted = {organisation.pk: organisation for organisation in bound_by(locked)}
    gone = convention.parties.exclude(organisation__in=wanted)
    Signatory.objects.filter(party__in=gone).delete()
    gone.delete()
    present = set(convention.parties.values_list("organisation_id", flat=True))
    new = [pk for pk in wanted if pk not in present]
    proposals, said = proposed_signatories(convention.cohort, new), said_before(convention.cohort, new)
    for pk, organisation in wanted.items():
        if pk not in present:
            party = Party.objects.create(
                region_id=convention.region_id,
                convention=convention,
                organisation=organisation,
                role=organisation.kind,
                name=organisation.legal_name,
                **said.get(pk, {}),
            )
            for fields in proposals.get(pk, ()):
                write_signatory(party, by=by, **fields)
    journal.record("convention.parties_set", convention, by=by)
    return convention


def bound_by(convention):
    """The organisations that a text being written binds: those of its cohort, or of the text it follows."""
    if convention.nature == Nature.AMENDMENT:
        bound = set(current_parties(convention.parent).values_list("organisation", flat=True))
        enter = set(entering(convention).values_list("organisation", flat=True)) & {
            one.pk for one in may_join(convention.parent)
        }
        return list(Organisation.objects.filter(pk__in=bound | enter).order_by("legal_name"))
    everybody = participants(convention.cohort)
    if convention.structure_id is None:
        return everybody
    kinds = (OrganisationKind.REGION,) if convention.nature == Nature.ACCESSION else tuple(OrganisationKind)
    others = [one for one in everybody if one.kind != OrganisationKind.STRUCTURE and one.kind in kinds]
    return [convention.structure, *others]


def participants(cohort):
    """The organisations a convention of this cohort binds: structures, delegation, national head, partners."""
    structures = Participation.objects.current().filter(cohort=cohort).values("organisation")
    partners = CohortPartner.objects.filter(cohort=cohort).values("organisation")
    delegation = delegation_of(cohort)
    return [
        *Organisation.objects.filter(pk__in=structures).order_by("legal_name"),
        *([delegation] if delegation else []),
        *Organisation.objects.filter(pk__in=partners).order_by("legal_name"),
    ]


def delegation_of(cohort):
    """The delegation that carries the project in the cohort's region, or None."""
    delegations = Organisation.objects.filter(kind=OrganisationKind.REGION, region_id=cohort.region_id)
    return delegations.order_by("pk").first()


def proposed_signatories(cohort, organisation_ids):
    """{organisation: [fields of a signatory]}: those named in the last convention, else who holds the role."""
    proposals = {}
    held = Membership.objects.filter(
        current(clock.today()), organisation__in=organisation_ids, role__in=SIGNERS.values()
    ).select_related("user", "organisation")
    for membership in held.order_by("-pk"):
        if SIGNERS[membership.organisation.kind] == membership.role and membership.user.email:
            proposals[membership.organisation_id] = [_from_person(membership)]
    former = Signatory.objects.current().filter(
        party__organisation__in=organisation_ids, party__convention__cohort=cohort
    )
    last = {}
    for signatory in former.select_related("party", "power_file").order_by("party_id", "pk"):
        last.setdefault(signatory.party.organisation_id, {}).setdefault(signatory.party_id, []).append(signatory)
    for pk, by_party in last.items():
        _, signatories = max(by_party.items())
        proposals[pk] = [
            {name: getattr(signatory, name) for name in (*FIELDS, *POWERS, "power_file")} for signatory in signatories
        ]
    return proposals


def said_before(cohort, organisation_ids):
    """{organisation: what its party of the last convention said for itself, and whom to write to about it}."""
    rows = Party.objects.filter(convention__cohort=cohort, organisation__in=organisation_ids).order_by("pk")
    return {party.organisation_id: {name: getattr(party, name) for name in (*CONTACT, "values")} for party in rows}


def _from_person(membership):
    user = membership.user
    return {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "address_basis": AddressBasis.ACCOUNT if user.has_usable_password() else "",
        "quality": user.job or membership.get_role_display(),
        "power": "",
    }


def plain_values(values):
    """The values of blanks as they are kept: text, dates in ISO."""
    return {key: value.isoformat() if isinstance(value, date) else str(value or "") for key, value in values.items()}


@transaction.atomic
def set_variables(*, convention, revision, values, by):
    """Fill the blanks. Raises StaleSave when somebody filled them since, WrongState once frozen."""
    locked = states.lock(convention)
    if locked.state != ConventionState.DRAFT:
        raise states.WrongState(locked.state)
    only_if = {"state": ConventionState.DRAFT}
    guarded_update(convention, revision=revision, only_if=only_if, variables=plain_values(values))
    journal.record("convention.variables_set", convention, by=by)
    return convention
