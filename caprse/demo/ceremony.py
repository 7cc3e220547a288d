"""The convention being signed, in the demonstration: all that may happen on the way to the last signature."""

from datetime import date

from caprse.base import clock
from caprse.base.uploads import accept
from caprse.demo import agreements
from caprse.demo.evidence import small_pdf
from conventions.enums import AddressBasis, PowerBasis
from conventions.models import Party, Signatory
from conventions.services import following, paper, signatories, signing

DELEGATION, PARTNER = "COORACE Nouvelle-Aquitaine", "INAÉ"
ON_PAPER, RETURNED = "Gave et Ressources", "Haut de Soule Services"
NOT_YET = (PARTNER, RETURNED, ON_PAPER)
# The president of the delegation signs once everybody has.
LAST = {
    "first_name": "Jean-Luc",
    "last_name": "Brandely",
    "email": "jean-luc.brandely@example.org",
    "address_basis": AddressBasis.SPOKEN,
    "quality": "Président",
    "power": "Statuts de l’association régionale, article 14",
    "power_basis": PowerBasis.STATUTES,
    "rank": 2,
}
CONTACT = {
    "contact_name": "Amaia Iriartegaray",
    "contact_email": "amaia.iriartegaray@example.org",
    "contact_phone": "05 36 49 12 30",
}
SIGNED_PAGE = ("Gave et Ressources", "Fait à Oloron-Sainte-Marie, le 14 octobre 2025", "Xavier Larribau, directeur")
SAYS_IT_IS_ANOTHER = {
    "first_name": "Damien",
    "last_name": "Courtillac",
    "email": "damien.courtillac@example.org",
    "quality": "Directeur",
    "message": "Je suis le projet, mais c’est notre directeur qui engage l’association.",
}


def prepare(convention, by):
    """One more person signs for the delegation, after the others; a structure says whom to write to."""
    signatories.add_signatory(party=_party(convention, DELEGATION), by=by, **LAST)
    party = _party(convention, RETURNED)
    signatories.set_party(party=party, by=by, was=signatories.seen(party), contact=CONTACT)


def go_on(convention, by):
    """A page signed by hand comes by post, a mail comes back, somebody says another should sign."""
    with clock.stopped(clock.at(date(2025, 10, 14), 15)):
        who = _signatory(convention, PARTNER)
        signing.open_link(signatory=who, circumstances=agreements.HERE)
        signatories.say_wrong_person(signatory=who, circumstances=agreements.HERE, **SAYS_IT_IS_ANOTHER)
    with clock.stopped(clock.at(date(2025, 10, 17), 9, 40)):
        upload = accept("page signée Gave et Ressources.pdf", small_pdf(*SIGNED_PAGE))
        who = _signatory(convention, ON_PAPER)
        scan = paper.keep_scan(upload=upload, signatory=who, by=by)
        said = {"signed_on": date(2025, 10, 14), "place": "Oloron-Sainte-Marie"}
        paper.record_paper(signatory=who, scan=scan, by=by, **said)
    with clock.stopped(clock.at(date(2025, 10, 20), 11)):
        following.note_returned(signatory=_signatory(convention, RETURNED), by=by)


def _party(convention, name):
    return Party.objects.select_related("convention", "organisation").get(convention=convention, name=name)


def _signatory(convention, name):
    rows = Signatory.objects.current().with_context().filter(party__convention=convention, party__name=name)
    return rows.order_by("rank", "pk").first()
