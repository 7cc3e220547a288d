"""Charters brought to a state through the services alone, with believable words in their blanks."""

from cohorts.enums import OrganisationKind
from cohorts.models import Organisation, Region
from conventions.enums import AnnexKind, VariableKind
from conventions.models import Annex, AnnexRevision, Party, Signatory
from conventions.services import charters, drafting, finishing, sending, signatories, signing
from conventions.services.annexes import Content
from conventions.services.signing import Act
from conventions.texts import read_template
from tests.harness.pages import admin_user
from tests.worlds_conventions import HERE, POWER, code_for, fresh, original_of, stand_in

PARTNERSHIP, ENGAGEMENT = "charte-partenariat", "charte-engagement"


def here():
    return Region.objects.get(slug="ici")


def partner():
    return Organisation.objects.get(kind=OrganisationKind.PARTNER, legal_name="Partenaire ours")


def draft(key, organisation, by=None):
    return fresh(charters.draft_charter(region=here(), key=key, organisation=organisation, by=by))


def word(variable):
    if variable.kind == VariableKind.CHOICE:
        return variable.choices[0]
    return {VariableKind.DATE: "2027-12-31", VariableKind.INTEGER: "30"}.get(variable.kind, f"Mots {variable.key}")


def complete(convention):
    """Fill every blank, the parties' own included, and name every signatory."""
    template = read_template(convention.version.content)
    shared = {one.key: word(one) for one in template.variables if not one.roles}
    drafting.set_variables(convention=convention, revision=convention.revision, values=shared, by=None)
    for party in (
        Party.objects.filter(convention=convention).select_related("convention", "organisation").order_by("pk")
    ):
        own = {one.key: word(one) for one in template.variables if party.role in one.roles}
        Party.objects.filter(pk=party.pk).update(values=own)
        former = Signatory.objects.current().filter(party=party).first()
        fields = {name: getattr(former, name) for name in signatories.FIELDS} if former else stand_in(party)
        signatories.name_signatory(party=party, by=None, **{**fields, "power": POWER})
    return fresh(convention)


def sent(convention):
    sending.freeze(convention=complete(convention), by=None)
    sending.make_original(convention=fresh(convention))
    return fresh(sending.send(convention=fresh(convention), by=None))


def sign(signatory):
    session = f"session-{signatory.pk}"
    shown = original_of(signatory.party.convention).pdf_sha256
    act = Act(session, shown, code_for(signatory, session), HERE, place="Guéret")
    return signing.sign(signatory=signatory, act=act)


def signed(convention):
    """Every party signs, then the final document is made: in force, unless a committee is waited for."""
    for signatory in Signatory.objects.current().with_context().filter(party__convention=convention).order_by("pk"):
        sign(signatory)
    finishing.make_final(convention=fresh(convention))
    return fresh(convention)


def signed_from(key, organisation, by=None):
    return signed(sent(draft(key, organisation, by)))


def a_form(convention, *, binding=False, number=1):
    """A form, as its draft had it before the text was frozen."""
    annex = Annex.objects.create(
        region_id=convention.region_id,
        convention=convention,
        number=number,
        title="Fiche",
        kind=AnnexKind.FORM,
        binding=binding,
        fields=[{"key": "f1", "label": "Fréquence"}],
    )
    AnnexRevision.objects.create(
        region_id=convention.region_id,
        convention=convention,
        annex=annex,
        number=1,
        sha256=Content().sha256_with(annex.fields),
        made_by=admin_user(),
    )
    return annex
