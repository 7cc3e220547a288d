"""The fixed worlds of annexes, charters and breaches: rows of each side, written as they stand at the end of their story."""

from datetime import date

from caprse.base import clock, files
from caprse.base.links import digest
from caprse.base.models import PersonalLink
from cohorts.enums import OrganisationKind
from cohorts.models import Organisation
from conventions.documents import sha256
from conventions.enums import AnnexKind, ConventionState, TerminationDecision
from conventions.models import Annex, AnnexRevision, Breach, CommitteeValidation, Convention, Party, Signatory
from conventions.models.life import BREACH_LINK
from conventions.services import templates
from conventions.services.annexes import Content
from conventions.texts import read_template

QUESTIONS = [{"key": "f1", "label": "Fréquence des réunions"}, {"key": "f2", "label": "Points abordés"}]


def build_annexes(world, marker):
    """Called for each side once its convention is signed; `marker` stands in every text of theirs."""
    region = world.participation.cohort.region
    common = marker if region.slug != "ici" else ""  # what one convention holds is read by all its parties
    with clock.stopped(clock.at(date(2025, 2, 3), 10)):
        if not Annex.objects.filter(convention=world.convention).exists():
            _annexes(world, common)
        _breach(world, marker)
    with clock.stopped(clock.at(date(2024, 3, 4), 10)):
        _charter(world, marker)


def _annexes(world, marker):
    """A form that parties fill, a file."""
    coordinator = _coordinator(world)
    text = f"Contrat de services {marker}".encode()
    stored = files.store(
        text,
        name="contrat.txt",
        media_type="text/plain",
        created_by_id=coordinator.pk,
        region_id=world.convention.region_id,
    )
    _annex(world, 1, AnnexKind.FORM, f"Fiche de suivi {marker}", Content(), coordinator, fields=QUESTIONS)
    annex = _annex(world, 2, AnnexKind.FILE, f"Contrat de services {marker}", None, coordinator)
    AnnexRevision.objects.create(
        region_id=annex.region_id,
        convention_id=annex.convention_id,
        annex=annex,
        number=1,
        file=stored,
        sha256=stored.sha256,
        made_by=coordinator,
    )


def _annex(world, number, kind, title, content, by, fields=()):
    anchors = {"region_id": world.convention.region_id, "convention": world.convention}
    annex = Annex.objects.create(number=number, kind=kind, title=title, fields=list(fields), **anchors)
    if content is not None:
        sha = content.sha256_with(annex.fields)
        AnnexRevision.objects.create(annex=annex, number=1, sha256=sha, made_by=by, **anchors)
    return annex


def _coordinator(world):
    signs = Signatory.objects.filter(party__convention=world.convention, party__role=OrganisationKind.REGION)
    return signs.select_related("user").first().user


def _breach(world, marker):
    """One notified to this party, without consequences; who signed for it holds a link."""
    party = Party.objects.get(convention=world.convention, organisation=world.organisation)
    breach = Breach.objects.create(
        region_id=party.region_id,
        convention_id=party.convention_id,
        party=party,
        clause=_first_clause(world.convention),
        facts=f"Absence à la journée de lancement {marker}",
        reply_by=date(2025, 3, 5),
        notified_by=_coordinator(world),
        decision=TerminationDecision.DROPPED,  # nothing is expected of anybody
        reason=f"Absence expliquée {marker}",
        decided_at=clock.now(),
        decided_by=_coordinator(world),
    )
    signatory = Signatory.objects.current().filter(party=party).order_by("pk").first()
    token = digest(token_of(breach))
    PersonalLink.objects.create(purpose=BREACH_LINK, target_id=signatory.pk, digest=token)


def token_of(breach):
    """The token of the link sent with a notice, known without asking for a mail."""
    return f"jeton-manquement-{sha256(breach.public_id)[:12]}"


def _first_clause(convention):
    return read_template(convention.version.content).clauses[0].key


def _charter(world, marker):
    """An engagement charter that is over: nothing is expected of anybody."""
    delegation = Organisation.objects.get(kind=OrganisationKind.REGION, region=world.convention.region_id)
    charter = Convention.objects.create(
        region_id=world.convention.region_id,
        version=templates.latest_version("charte-engagement"),
        structure=world.organisation,
        reference=f"2024-{world.organisation.pk:03d}",
        variables={"committee": f"Comité {marker}"},
        state=ConventionState.ENDED,
        sent_at=clock.now(),
        completed_at=clock.now(),
        in_force_on=date(2024, 3, 4),
        ended_on=date(2024, 12, 31),
        end_reason=f"Fin de la démarche {marker}",
    )
    for organisation in (world.organisation, delegation):
        Party.objects.create(
            region_id=charter.region_id,
            convention=charter,
            organisation=organisation,
            role=organisation.kind,
            name=organisation.legal_name,
        )
    _validation(world, charter, marker)


def _validation(world, charter, marker):
    """What a committee validated of it, with its minutes."""
    coordinator = _coordinator(world)
    stored = files.store(
        f"Relevé {world.key} {marker}".encode(),
        name="releve.txt",
        media_type="text/plain",
        created_by_id=coordinator.pk,
        region_id=charter.region_id,
    )
    CommitteeValidation.objects.create(
        region_id=charter.region_id,
        convention=charter,
        committee=f"Comité {marker}",
        decided_on=date(2024, 3, 4),
        until=date(2027, 3, 4),
        decision=stored,
        noted_by=coordinator,
    )


class AnnexesOfWorld:
    """What one side has of annexes, of charters, of breaches."""

    @property
    def charter(self):
        """The charter this structure signed, which is over."""
        return Convention.objects.with_context().get(structure=self.organisation, state=ConventionState.ENDED)

    @property
    def validation(self):
        """What a committee validated of it."""
        return CommitteeValidation.objects.get(convention=self.charter)

    @property
    def breach(self):
        """The breach notified to this very party."""
        rows = Breach.objects.with_context().filter(party__organisation=self.organisation)
        return rows.order_by("pk").first()

    @property
    def breach_token(self):
        return token_of(self.breach)
