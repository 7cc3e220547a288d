"""The conventions of the fixed worlds: signed by all in both regions, and a draft in ours."""

from datetime import date
from functools import partial

from caprse.base import clock
from caprse.base.links import digest
from caprse.base.models import Job, PersonalLink
from cohorts.enums import CohortKind, OrganisationKind
from cohorts.models import Cohort, Organisation
from cohorts.services import cohorts, organisations
from conventions.enums import ConventionState, DocumentKind
from conventions.models import Convention, FrozenDocument, Signatory, TrailEntry
from conventions.models.conventions import LINK
from conventions.services import codes, drafting, finishing, sending, signatories, signing
from conventions.services.signing import Act
from conventions.services.trail import Circumstances
from conventions.texts import read_template
from tests.harness.threads import at_once

POWER = "Statuts, article 12"
HERE = Circumstances(ip="203.0.113.7", agent="Navigateur de test")
SIGNED_ON = date(2025, 2, 1)


def build_conventions():
    """Called once the structures and the staff are there."""
    national = Organisation.objects.get(kind=OrganisationKind.NATIONAL)
    for region in ("ici", "ailleurs"):
        cohort = Cohort.objects.select_related("region", "version").get(region__slug=region, slug="cohorte")
        cohorts.add_partner(cohort=cohort, organisation=national)
        with clock.stopped(clock.at(SIGNED_ON, 10)):
            sign_all(sent_convention(cohort))
    draft_of_next_cohort()
    for signatory in Signatory.objects.filter(party__convention__state=ConventionState.IN_FORCE).order_by("pk"):
        token = token_of(signatory)
        PersonalLink.objects.create(purpose=LINK, target_id=signatory.pk, digest=digest(token))
    Job.objects.all().delete()  # done at once, not by a worker


def token_of(signatory):
    """The token of a signatory's link in the worlds, known without asking for a mail."""
    return f"jeton-signature-{signatory.party.organisation.public_id}-{signatory.party.convention_id}"


def draft_of_next_cohort():
    """A cohort of our region in preparation, its convention not written yet."""
    here = Cohort.objects.select_related("region", "version").get(region__slug="ici", slug="cohorte")
    cohort = cohorts.create_cohort(
        region=here.region,
        slug="suivante",
        name="Cohorte suivante",
        kind=CohortKind.DATED,
        version=here.version,
        starts_on=date(2026, 1, 13),
    )
    candidate = organisations.create_organisation(
        kind=OrganisationKind.STRUCTURE, legal_name="Structure candidate", region=here.region
    )
    cohorts.add_structure(cohort=cohort, organisation=candidate)
    drafting.draft(cohort=cohort, by=None)


def fresh(convention):
    """As it stands now."""
    return Convention.objects.with_context().get(pk=convention.pk)


def original_of(convention):
    """Its frozen text."""
    return FrozenDocument.objects.get(convention=convention, kind=DocumentKind.ORIGINAL)


def pdf_of(convention, kind):
    """The frozen bytes of one of its documents."""
    return bytes(FrozenDocument.objects.get(convention=convention, kind=kind).pdf)


def kinds_of(convention):
    """What its chain tells, in order."""
    return list(TrailEntry.objects.filter(convention=convention).order_by("seq").values_list("kind", flat=True))


def complete(convention):
    """Fill every blank and name every signatory."""
    convention = fresh(convention)
    template = read_template(convention.version.content)
    values = {
        v.key: convention.variables.get(v.key) or ("2025-01-06" if v.kind == "date" else "15")
        for v in template.variables
    }
    drafting.set_variables(convention=convention, revision=convention.revision, values=values, by=None)
    for party in convention.parties.select_related("convention", "organisation").order_by("pk"):
        former = Signatory.objects.current().filter(party=party).first()
        fields = {name: getattr(former, name) for name in signatories.FIELDS} if former else stand_in(party)
        signatories.name_signatory(party=party, by=None, **{**fields, "power": POWER})
    return fresh(convention)


def stand_in(party):
    """Somebody who signs for a party none of whose people could."""
    return {
        "first_name": "Sacha",
        "last_name": "Délégué",
        "email": f"signataire-{party.organisation_id}@example.org",
        "quality": "Présidence",
        "power": POWER,
    }


def frozen_convention(cohort):
    """A convention of this cohort, ready to be sent."""
    convention = complete(drafting.draft(cohort=cohort, by=None))
    sending.freeze(convention=convention, by=None)
    return sending.make_original(convention=convention)


def sent_convention(cohort):
    """A convention of this cohort, open to its signatories."""
    return sending.send(convention=frozen_convention(cohort), by=None)


def signatories_of(convention):
    """Who signs, in the order they were named."""
    rows = Signatory.objects.current().with_context().filter(party__convention=convention)
    return list(rows.order_by("pk"))


def code_for(signatory, session):
    """Ask for a code and read it where its mail would."""
    return codes.issue(code=codes.ask(signatory=signatory, session=session, circumstances=HERE))


def sign_as(signatory, *, session=None):
    """One signature, through the services alone."""
    session = session or f"session-{signatory.pk}"
    digits = code_for(signatory, session)
    return signing.sign(signatory=signatory, act=act(signatory, session, digits))


def act(signatory, session, digits):
    shown = original_of(signatory.party.convention).pdf_sha256
    return Act(session=session, document_sha256=shown, digits=digits, circumstances=HERE)


def sign_at_once(acts):
    """These (signatory, act) from as many threads, more than there are connections; the same twice is signed once."""
    signs = (partial(signing.sign, signatory=signatory, act=act) for signatory, act in acts)
    given = at_once(*signs, connected=False)
    assert [one for one in given if isinstance(one, Exception)] == []
    assert len({one.pk for one in given}) == len({signatory.pk for signatory, _ in acts})


def sign_all(convention):
    """Every party signs, then the final document is made."""
    for signatory in signatories_of(convention):
        sign_as(signatory)
    return finishing.make_final(convention=fresh(convention))
