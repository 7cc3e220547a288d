"""A convention being written: its template, blanks, parties and signatories."""

from datetime import date

from django.db import transaction
from django.db.models import Max

from caprse.base import clock, journal, links
from caprse.base.versioned import guarded_update
from cohorts.enums import OrganisationKind, Role
from cohorts.models import CohortPartner, Membership, Organisation, Participation, Region
from cohorts.models.memberships import current
from cohorts.services.people import person_for
from conventions.documents import canonical_sha256, read_template, shipped
from conventions.enums import ConventionState, TrailKind
from conventions.models import Convention, ConventionTemplate, Party, Signatory, TemplateVersion
from conventions.models.conventions import LINK
from conventions.services import sending, states, trail

TEMPLATE = "convention-engagements"
SIGNERS = {
    OrganisationKind.STRUCTURE: Role.LEGAL_REPRESENTATIVE,
    OrganisationKind.REGION: Role.REGION_ADMIN,
    OrganisationKind.PARTNER: Role.PARTNER,
}


class AlreadySigned(Exception):
    """This party has signed: its signatory stays."""


class OwnAddress(Exception):
    """Whoever prepares a convention gave their own address for a party that is not theirs."""


@transaction.atomic
def latest_template(key=TEMPLATE):
    """The version of a shipped template that holds its present wording, recorded the first time it is asked for."""
    data = shipped(key)
    fingerprint = canonical_sha256(data)
    template, _ = ConventionTemplate.objects.get_or_create(key=key, defaults={"title": read_template(data).title})
    known = template.versions.filter(sha256=fingerprint).first()
    if known:
        return known
    last = template.versions.aggregate(last=Max("number"))["last"] or 0
    return TemplateVersion.objects.create(template=template, number=last + 1, content=data, sha256=fingerprint)


@transaction.atomic
def draft(*, cohort, by):
    """Begin the convention of a cohort, with its participants as parties; what a cancelled one said is taken up.

    Where one stands already, it is the one returned.
    """
    Region.objects.select_for_update().get(pk=cohort.region_id)  # one reference after the other
    standing = Convention.objects.standing().with_context().filter(cohort=cohort).first()
    if standing:
        return standing
    version = latest_template()
    before = Convention.objects.filter(cohort=cohort).order_by("-created_at", "-pk").first()
    convention = Convention.objects.create(
        region_id=cohort.region_id,
        cohort=cohort,
        version=version,
        reference=next_reference(cohort.region_id),
        variables={**proposed_variables(version, cohort, by), **(before.variables if before else {})},
        created_by_id=by.user_id if by else None,
    )
    add_participants(convention=convention, by=by)
    journal.record("convention.drafted", convention, by=by)
    return convention


def next_reference(region_id):
    """The region's next reference of the year, « 2025-003 »."""
    year = clock.today().year
    count = Convention.objects.filter(region_id=region_id, reference__startswith=f"{year}-").count()
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
    return {
        variable.key: known.get(variable.key, variable.default) for variable in read_template(version.content).variables
    }


@transaction.atomic
def add_participants(*, convention, by):
    """Make parties of the cohort's participants who are not, and leave out those who are gone. Draft only."""
    locked = states.lock(convention)
    if locked.state != ConventionState.DRAFT:
        raise states.WrongState(locked.state)
    wanted = {organisation.pk: organisation for organisation in participants(convention.cohort)}
    gone = convention.parties.exclude(organisation__in=wanted)
    Signatory.objects.filter(party__in=gone).delete()
    gone.delete()
    present = set(convention.parties.values_list("organisation_id", flat=True))
    proposals = proposed_signatories(convention.cohort, [pk for pk in wanted if pk not in present])
    for pk, organisation in wanted.items():
        if pk not in present:
            party = Party.objects.create(
                region_id=convention.region_id,
                convention=convention,
                organisation=organisation,
                role=organisation.kind,
                name=organisation.legal_name,
            )
            if pk in proposals:
                _write_signatory(party, by=by, **proposals[pk])
    journal.record("convention.parties_set", convention, by=by)
    return convention


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
    """{organisation: fields of a signatory}: the last one named in a former convention, else who holds the role."""
    proposals = {}
    held = Membership.objects.filter(
        current(clock.today()), organisation__in=organisation_ids, role__in=SIGNERS.values()
    ).select_related("user", "organisation")
    for membership in held.order_by("-pk"):
        if SIGNERS[membership.organisation.kind] == membership.role and membership.user.email:
            proposals[membership.organisation_id] = _from_person(membership)
    former = Signatory.objects.current().filter(
        party__organisation__in=organisation_ids, party__convention__cohort=cohort
    )
    for signatory in former.select_related("party").order_by("pk"):
        proposals[signatory.party.organisation_id] = {name: getattr(signatory, name) for name in FIELDS}
    return proposals


FIELDS = ("first_name", "last_name", "email", "quality", "power")


def _from_person(membership):
    user = membership.user
    return {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
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


@transaction.atomic
def name_signatory(*, party, by, **fields):
    """Say who signs for a party. Once the convention is sent, the former link and codes are voided, a new link leaves.

    Raises AlreadySigned, OwnAddress, or WrongState when the convention is over.
    """
    refuse_own_address(party, fields["email"], by)
    convention = states.lock(party.convention)
    if convention.state not in (ConventionState.DRAFT, ConventionState.FROZEN, ConventionState.OPEN):
        raise states.WrongState(convention.state)
    if party.signatures.exists():
        raise AlreadySigned
    former = Signatory.objects.current().select_for_update().filter(party=party).first()
    if former and convention.state == ConventionState.DRAFT:
        former.delete()
    elif former:
        Signatory.objects.filter(pk=former.pk).update(replaced_at=clock.now())
        links.void(LINK, former.pk)
        former.codes.filter(consumed_at=None).update(consumed_at=clock.now())
    signatory = _write_signatory(party, by=by, **fields)
    if convention.state != ConventionState.DRAFT:
        trail.append(
            convention,
            TrailKind.SIGNATORY_REPLACED,
            actor=trail.by_user(by),
            data={"former": former.public_id, "signatory": signatory.public_id},
            sensitive={"address": signatory.email},
        )
    if convention.state == ConventionState.OPEN:
        sending.send_link(convention=convention, signatory=signatory, by=by)
    journal.record("convention.signatory_named", signatory, by=by, **sending.anchors(convention, party))
    return signatory


def refuse_own_address(party, email, by):
    """Whoever prepares a convention receives nobody else's link and code: raise OwnAddress."""
    if by is None or email.casefold() != (by.email or "").casefold():
        return
    if not Membership.objects.filter(current(clock.today()), user=by, organisation=party.organisation_id).exists():
        raise OwnAddress


def _write_signatory(party, *, by, first_name, last_name, email, quality, power):
    person = person_for(email=email, first_name=first_name, last_name=last_name, by=by)
    return Signatory.objects.create(
        region_id=party.region_id,
        party=party,
        user=person,
        first_name=first_name,
        last_name=last_name,
        email=email,
        quality=quality,
        power=power,
        created_by_id=by.user_id if by else None,
    )
