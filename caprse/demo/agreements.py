"""The conventions of the demonstration, through the product's own services: signed by all, being signed, ended."""

from datetime import timedelta

from caprse.base import clock, jobs, pdf
from caprse.base.models import Job
from cohorts.enums import ClearanceKind
from cohorts.models import Participation
from cohorts.services.cohorts import grant_clearance
from conventions.enums import AddressBasis, DocumentKind
from conventions.models import Convention, FrozenDocument, Signatory
from conventions.services import codes, drafting, sending, signatories, signing, stamping, turns
from conventions.services.trail import Circumstances

HERE = Circumstances(ip="192.0.2.10", agent="Démonstration")
# Who signs where nobody of the cast could.
STAND_INS = {
    "COORACE National": ("Hélène", "Vaudreuil", "helene.vaudreuil", "Présidente"),
    "Trait d’Embauche Corrèze": ("Sylvain", "Malaurie", "sylvain.malaurie", "Gérant"),
}
POWERS = {
    "structure": "Statuts, article 12, et délibération du conseil d’administration",
    "region": "Délégation du conseil d’administration régional",
    "national": "Statuts de la fédération, article 9",
    "partner": "Délégation de la présidence",
}


def draft(cohort, day, by, *, prepare=None):
    """The convention of a cohort, its blanks filled, its signatories named; `prepare(convention, by)` adds to it."""
    with clock.stopped(clock.at(day, 9)):
        convention = drafting.draft(cohort=cohort, by=by)
        name_signatories(convention, by)
        if prepare:
            prepare(convention, by)
    return fresh(convention)


def fresh(convention):
    """As it stands now."""
    return Convention.objects.with_context().get(pk=convention.pk)


def name_signatories(convention, by):
    """Whoever may sign for each party, and what lets them."""
    for party in convention.parties.select_related("convention", "organisation").order_by("pk"):
        fields = _stand_in(party.name) or _proposed(party)
        if fields:
            power = POWERS[party.role]
            signatories.name_signatory(party=party, by=by, **{**fields, "power": power})


def name_again(convention):
    """In a draft, whoever was proposed for the parties that nobody signs for any more."""
    parties = convention.parties.filter(signatories=None).select_related("convention", "organisation")
    proposals = drafting.proposed_signatories(convention.cohort, [party.organisation_id for party in parties])
    for party in parties:
        for fields in proposals.get(party.organisation_id, ()):
            signatories.add_signatory(party=party, by=None, **fields)


def _stand_in(name):
    if name not in STAND_INS:
        return None
    first_name, last_name, address, quality = STAND_INS[name]
    return {
        "first_name": first_name,
        "last_name": last_name,
        "email": f"{address}@example.org",
        "address_basis": AddressBasis.KNOWN,
        "quality": quality,
    }


def _proposed(party):
    signatory = Signatory.objects.current().filter(party=party).first()
    return signatory and {name: getattr(signatory, name) for name in signatories.FIELDS}


def send(convention, day, by):
    """Freeze the text and open it to its signatories."""
    with clock.stopped(clock.at(day, 11)):
        sending.freeze(convention=convention, by=by)
        run(sending.FREEZE_JOB, convention)
        return sending.send(convention=convention, by=by)


def run(kind, convention):
    """Do at once what a worker would do."""
    jobs.run(Job.objects.get(kind=kind, payload__convention=convention.pk).pk)


def sign(convention, day, *, but=(), place=""):
    """Every party signs in its turn, one every day or two, except those named in `but`."""
    original = FrozenDocument.objects.defer("pdf", "html").get(convention=convention, kind=DocumentKind.ORIGINAL)
    awaited = Signatory.objects.current().with_context().filter(party__convention=convention, signature=None)
    for rank, signatory in enumerate(awaited.exclude(party__name__in=but).order_by("rank", "pk")):
        with clock.stopped(clock.at(day + timedelta(days=rank * 3 // 2), 10 + rank % 7, 7 * rank % 60)):
            if not turns.turn_of(signatory):
                return
            signing.open_link(signatory=signatory, circumstances=HERE)
            session = f"demonstration-{signatory.public_id}"
            code = codes.ask(signatory=signatory, session=session, circumstances=HERE)
            act = signing.Act(session, original.pdf_sha256, codes.issue(code=code), HERE, place=place)
            signing.sign(signatory=signatory, act=act)
            stamping.stamp_all(stamping.signatures_waiting(convention))


def complete(convention, day):
    """Its final document is made and sealed."""
    with clock.stopped(clock.at(day, 9)):
        run(sending.FINAL_JOB, convention)
    return fresh(convention)


def agree(cohort, day, by, *, final=True, prepare=None):
    """A convention drafted, sent and signed by all from this day on; a machine without PDF gets the green lights alone."""
    if day > clock.today():
        return None
    if not pdf.available():
        for path in Participation.objects.filter(cohort=cohort).order_by("pk"):
            grant_clearance(participation=path, kind=ClearanceKind.CONVENTION, since=day, by=by)
        return None
    convention = send(draft(cohort, day, by, prepare=prepare), day, by)
    sign(convention, day + timedelta(days=2))
    return complete(convention, day + timedelta(days=25)) if final else fresh(convention)
