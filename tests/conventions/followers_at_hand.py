"""What follows a convention, at hand for the tests: an amendment, a bulletin, carried as far as one wants."""

from cohorts.models import Cohort, Organisation, Participation, Region
from cohorts.services import organisations
from conventions.enums import DocumentKind
from conventions.models import Signatory
from conventions.services import amending, drafting, finishing, sending, signatories
from tests import worlds_conventions as do
from tests.worlds_conventions import fresh

NEW_WORDS = "La durée prévue devient de vingt mois."


def rewritten(key="objet", text=NEW_WORDS):
    return {"act": "replaced", "key": key, "title": "Objet", "clauses": [{"text": text, "roles": [], "heading": ""}]}


def drafted(convention, *changes):
    """An amendment of this convention, its blanks filled, who signs named with a power."""
    amendment = amending.draft_amendment(convention=convention, by=None)
    for change in changes or (rewritten(),):
        amendment = fresh(amendment)
        amending.set_change(amendment=amendment, revision=amendment.revision, change=change, by=None)
    return filled(amendment)


def filled(convention):
    convention = fresh(convention)
    values = {**convention.variables, "reason": "Le projet dure plus longtemps."}
    drafting.set_variables(convention=convention, revision=convention.revision, values=values, by=None)
    Signatory.objects.filter(party__convention=convention, power="").update(power=do.POWER)
    for party in convention.parties.select_related("convention", "organisation").order_by("pk"):
        if not Signatory.objects.current().filter(party=party).exists():
            signatories.name_signatory(party=party, by=None, **do.stand_in(party))
    return fresh(convention)


def opened(convention):
    """Frozen, then sent."""
    sending.freeze(convention=convention, by=None)
    sending.make_original(convention=fresh(convention))
    return sending.send(convention=fresh(convention), by=None)


def completed(convention):
    """Signed by everybody who has not signed, its final document made."""
    for signatory in do.signatories_of(convention):
        if not hasattr(signatory, "signature"):
            do.sign_as(signatory)
    return finishing.make_final(convention=fresh(convention))


def newcomer(name="Structure arrivée depuis"):
    """A structure that joins our cohort after its convention was signed."""
    cohort = Cohort.objects.get(slug="cohorte", region__slug="ici")
    region = Region.objects.get(slug="ici")
    kind = Organisation.objects.get(legal_name="Notre structure").kind
    structure = organisations.create_organisation(kind=kind, legal_name=name, region=region)
    Participation.objects.create(region=region, cohort=cohort, organisation=structure)
    return structure


def joined(convention, structure):
    """This structure, party by a bulletin that it and the delegation have signed."""
    bulletin = amending.draft_accession(convention=convention, structure=structure, by=None)
    return completed(opened(filled(bulletin)))


def final_sha256(convention):
    return convention.documents.get(kind=DocumentKind.FINAL).pdf_sha256
