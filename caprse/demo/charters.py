"""Charters, in the demonstration: two that a committee validated, one of which is over; one with a partner, a draft."""

from datetime import date, timedelta

from caprse.base import clock, pdf
from caprse.base.uploads import accept
from caprse.demo import agreements
from caprse.demo.evidence import small_pdf
from cohorts.enums import OrganisationKind
from conventions.models import CommitteeValidation, Convention
from conventions.services import charters, drafting, sending, signatories

ENGAGEMENT, PARTNERSHIP = "charte-engagement", "charte-partenariat"
COMMITTEE = "Comité scientifique et éthique"
BLANKS = {"identity": "Structure engagée, Nouvelle-Aquitaine", "committee": COMMITTEE}
MINUTES = ("Relevé de décisions du comité scientifique et éthique", "15 octobre 2024", "Deux dossiers sont validés.")
DRAFTED, SIGNED, DECIDED = date(2024, 9, 16), date(2024, 9, 19), date(2024, 10, 15)
REPLACED = "La convention CAP RSE 2025-2026, que la structure a signée depuis, remplace cette charte"
LAST_DAY = date(2025, 3, 31)
# Structure, what it was engaged in already, when its assembly is, where it signs, whether it is over.
ENGAGED = (
    (
        "passerelle",
        "Un parrainage pour chaque nouvelle personne accueillie, et une réunion de tous les permanents chaque mois.",
        "juin",
        "Agen",
        True,
    ),
    (
        "ajoncs",
        "Le tri et la réparation avant tout achat neuf, et deux ateliers par mois ouverts aux habitant·e·s.",
        "mai",
        "Saint-Junien",
        False,
    ),
)
PARTNER = {
    "purpose": "Des rencontres entre structures de la région, et l’appui de son équipe sur la professionnalisation.",
    "ends_on": "2026-12-31",
}


def write(cast, by):
    """Called before any cohort; a machine without PDF has no charter."""
    if not pdf.available():
        return
    for key, committed, assembly, place, over in ENGAGED:
        charter = _engage(cast, key, by, {"committed": committed, "assembly": assembly})
        agreements.send(charter, DRAFTED, by)
        agreements.sign(charter, SIGNED, place=place)
        charter = agreements.complete(charter, SIGNED + timedelta(days=4))
        with clock.stopped(clock.at(DECIDED, 17)):
            minutes = accept("relevé de décisions.pdf", small_pdf(*MINUTES))
            said = {"committee": COMMITTEE, "decided_on": DECIDED, "decision": minutes}
            charters.note_validation(convention=charter, by=by, **said)
        if over and clock.today() >= LAST_DAY:
            with clock.stopped(clock.at(LAST_DAY, 17)):
                charter = agreements.fresh(charter)
                sending.end(convention=charter, last_day=LAST_DAY, reason=REPLACED, by=by)


def _engage(cast, key, by, values):
    with clock.stopped(clock.at(DRAFTED, 9)):
        charter = _begin(cast, ENGAGEMENT, key, by, BLANKS)
        agreements.name_signatories(charter, by)
        party = charter.parties.select_related("convention").get(role=OrganisationKind.STRUCTURE)
        contact = dict.fromkeys(signatories.CONTACT, "")
        signatories.set_party(party=party, by=by, was=signatories.seen(party), contact=contact, values=values)
    return agreements.fresh(charter)


def begin_with_partner(cast, by, day):
    """What the delegation is preparing with its partner."""
    with clock.stopped(clock.at(day, 10)):
        charter = _begin(cast, PARTNERSHIP, "inae", by, PARTNER)
        agreements.name_signatories(charter, by)


def _begin(cast, template, key, by, values):
    organisation = cast.organisations[key]
    charter = charters.draft_charter(region=organisation.region, key=template, organisation=organisation, by=by)
    filled = {**charter.variables, **values}
    return drafting.set_variables(convention=charter, revision=charter.revision, values=filled, by=by)


class ChartersSide:
    """What one side has of charters, for the replay of the matrix of access."""

    @property
    def charter(self):
        """The charter that its structure signed and a committee validated."""
        return Convention.objects.with_context().get(structure=self.organisation, pk__in=_validated())

    @property
    def validation(self):
        """What the committee validated of it."""
        return CommitteeValidation.objects.get(convention=self.charter)


def _validated():
    return CommitteeValidation.objects.values("convention")
