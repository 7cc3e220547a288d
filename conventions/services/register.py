"""The register of commitments: what each party owes since the convention is in force, and what shows it was kept."""

from dataclasses import dataclass

from django.db import transaction

from caprse.base import clock, files, journal, office, sweeps
from caprse.base.paper import Column, Sheet, Workbook
from caprse.base.text import day_in_words, safe_filename
from conventions.enums import CommitmentProof, Nature
from conventions.models import Attestation, Commitment, Convention
from conventions.models.conventions import BOUND
from conventions.services import family, sending
from conventions.services.proofs import Evidence
from conventions.texts import clauses_of, commitments_of, in_order, with_party_values

LONG = 60


class NotTheAuthor(Exception):
    """Somebody else wrote this attestation: they alone take it back."""


@transaction.atomic
def open_register(*, convention):
    """Write down what each party owes by the clauses that were signed. Doing it again adds those who joined since."""
    if convention.state not in BOUND or convention.nature != Nature.CONVENTION:
        return []
    template = family.template_of(convention)
    known = set(Commitment.objects.filter(convention=convention).values_list("party", flat=True))
    rows = [
        Commitment(
            region_id=convention.region_id,
            convention=convention,
            party=party,
            clause=clause.key or clause.number,
            text=clause.text,
            proof=clause.proof or CommitmentProof.ATTESTED,
        )
        for party in convention.parties.order_by("pk")
        if party.pk not in known
        for clause in owed(template, convention.variables, party)
    ]
    Commitment.objects.bulk_create(rows, ignore_conflicts=True)
    return rows


def owed(template, variables, party):
    """The clauses by which a party commits itself, its own blanks filled with its own words.

    A text that says of no clause how it is shown: those written for its kind of party.
    """
    values = with_party_values(template, variables, [party])
    clauses = commitments_of(template, values, party.role)
    if clauses or any(clause.proof for clause in clauses_of(template, values)):
        return clauses
    return [clause for clause in clauses_of(template, values) if party.role in clause.roles]


def open_all():
    """Sweep: the conventions in force that have a party without commitments. Returns how many rows were written."""
    missing = Convention.objects.filter(
        state__in=BOUND, nature=Nature.CONVENTION, parties__commitments=None
    ).select_related("version")
    rows = missing.order_by("pk").distinct()
    return sum(map(len, sweeps.each(rows, lambda convention: open_register(convention=convention))))


# --- Attestations -------------------------------------------------------------------------------------------------


@transaction.atomic
def attest(*, commitment, text, by):
    """Say that a commitment was kept, or how far, in one's own name. The same words sent twice are one attestation."""
    Commitment.objects.select_for_update().get(pk=commitment.pk)
    said = Attestation.objects.standing().filter(commitment=commitment, attested_by=by.user_id, text=text).first()
    if said:
        return said
    attestation = Attestation.objects.create(
        region_id=commitment.region_id,
        convention_id=commitment.convention_id,
        commitment=commitment,
        text=text,
        attested_by_id=by.user_id,
        attested_by_name=by.full_name,
    )
    _record("commitment.attested", attestation, by)
    return attestation


@transaction.atomic
def withdraw(*, attestation, by):
    """Take back one's own words; that somebody said something stays. Doing it again changes nothing.

    Raises NotTheAuthor for anybody else.
    """
    locked = Attestation.objects.select_for_update().get(pk=attestation.pk)
    if locked.attested_by_id != by.user_id:
        raise NotTheAuthor
    if locked.withdrawn_at is None:
        locked.withdrawn_at, locked.text = clock.now(), ""
        locked.save(update_fields=["withdrawn_at", "text"])
        _record("commitment.attestation_withdrawn", locked, by)
    return locked


def _record(verb, attestation, by):
    party = attestation.commitment.party
    journal.record(verb, attestation, by=by, **sending.anchors(attestation.convention, party))


# --- Reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One commitment, what the product knows of it, and what was attested. `number`: as the clause is cited."""

    commitment: object
    number: str
    fact: object
    attestations: tuple

    @property
    def state(self):
        """A state of the look."""
        return "done" if self.fact.shows or self.attestations else "not_started"

    @property
    def words(self):
        if self.fact.shows and self.attestations:
            return "Des faits, une attestation"
        if self.attestations:
            return "Attesté"
        return "Des faits" if self.fact.shows else "Rien encore"


@dataclass(frozen=True)
class Account:
    """What one party owes."""

    party: object
    lines: tuple

    @property
    def shown(self):
        """How many of its commitments something shows."""
        return sum(line.state == "done" for line in self.lines)


def accounts_of(convention, commitments, attestations):
    """One account per party, in the order of the convention; the rows come from the doors, with their party.

    A constant number of queries, whatever the number of parties.
    """
    template = family.template_of(convention)
    clauses = clauses_of(template, {})
    numbers = {clause.key or clause.number: clause.number for clause in clauses}
    order = {key: rank for rank, key in enumerate(numbers)}
    said = {}
    for attestation in attestations:
        said.setdefault(attestation.commitment_id, []).append(attestation)
    evidence = Evidence(convention)
    by_party = {}
    for commitment in commitments:
        line = Line(
            commitment,
            numbers.get(commitment.clause, commitment.clause),
            evidence.fact(commitment.proof, commitment.party),
            tuple(said.get(commitment.pk, ())),
        )
        by_party.setdefault(commitment.party, []).append(line)
    return [
        Account(party, tuple(sorted(by_party[party], key=lambda line: order.get(line.commitment.clause, len(order)))))
        for party in in_order(by_party)
    ]


# --- The workbook -------------------------------------------------------------------------------------------------


def workbook(convention, accounts):
    """The register as a workbook: every commitment, what shows it, who attested it."""
    columns = (
        *(Column("Partie", 36), Column("Qualité", 18), Column("Clause", 10), Column("Engagement", LONG)),
        *(Column("Ce que l’application sait", 44), Column("Attestations", LONG)),
    )
    rows = [
        (
            account.party.name,
            account.party.get_role_display(),
            line.number,
            line.commitment.text,
            line.fact.sentence,
            "\n".join(
                f"{one.attested_by_name}, le {day_in_words(one.attested_at)} : {one.text}" for one in line.attestations
            ),
        )
        for account in accounts
        for line in account.lines
    ]
    return Workbook(
        title=f"Registre des engagements, {convention.word} n° {convention.reference}",
        organisation=f"Délégation {convention.region.name}",
        created=clock.now(),
        sheets=(Sheet("Engagements", columns, rows),),
    )


def make_workbook(*, convention, accounts, by):
    """Make the workbook and keep it, to be handed over marked. Returns its `StoredFile`."""
    return files.store(
        office.render_xlsx(workbook(convention, accounts)),
        name=safe_filename(f"registre des engagements {convention.reference}", "xlsx"),
        media_type=office.XLSX,
        created_by_id=by.user_id,
        region_id=convention.region_id,
        cohort_id=convention.cohort_id,
    )
