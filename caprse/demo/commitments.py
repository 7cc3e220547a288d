"""A convention in force, in the demonstration: its annexes, what was attested, a breach that was explained, what follows it."""

from datetime import date, timedelta
from functools import cached_property

from caprse.base import clock, links
from caprse.base.text import NBSP
from caprse.base.uploads import accept
from caprse.demo import agreements
from caprse.demo.evidence import small_pdf
from cohorts.enums import OrganisationKind
from conventions.enums import AnnexKind, ConventionState, Nature, TerminationDecision
from conventions.models import Attestation, Breach, Commitment, Convention, Party
from conventions.models.life import BREACH_LINK
from conventions.services import amending, annexes, breaches, drafting, family, register, sending

FORM, CALENDAR = "Fiche de suivi", "Calendrier des journées"
QUESTIONS = (
    "Date de la rencontre et présent·e·s",
    "Ce qui a avancé",
    "Difficultés rencontrées",
    "Suites décidées et prochaine rencontre",
)
DAYS = ("Calendrier des journées collectives", "Cinq journées, de mars 2025 à mai 2026", "Lieux et horaires")
FILLED_ON = clock.at(date(2025, 7, 11), 10)
FILLED = (
    "8 juillet 2025 : Maëlle Courtadon, Étienne Rouchaud, Inès Belhomme",
    "Le chapitre 1 est transmis ; l’accueil des personnes est revu avec l’équipe",
    "Trouver une date qui convienne aux administrateur·rice·s",
    "Un temps d’équipe en septembre ; prochaine rencontre le 7 octobre 2025",
)
FILLED_NOTE = "Deuxième rencontre de suivi"
TOLD = "structure-nouvelles"
PASSERELLE, AJONCS = "passerelle", "ajoncs"
ATTESTED_ON = clock.at(date(2025, 9, 29), 14)
ATTESTED = {
    PASSERELLE: "Un appel chaque mois avec Inès Belhomme, et nos difficultés de calendrier dites dès le mois de mai.",
    AJONCS: "Trois appels depuis le printemps ; le dernier, pour dire que l’atelier bois était arrêté.",
}
OF_DELEGATION = {
    "region-supports": "Un livret par chapitre, relu avec deux structures avant d’être envoyé à toutes.",
    "region-reseau": "Deux visites croisées organisées, et un article sur la Passerelle dans la lettre régionale.",
}
NOTICED_ON, ANSWERED_ON = clock.at(date(2025, 6, 13), 11), clock.at(date(2025, 6, 24), 9)
DECIDED_ON = clock.at(date(2025, 7, 1), 17)
ABSENCE = "regle-presence"
# The facts, what the party answered, why nothing came of it.
EXPLAINED = {
    PASSERELLE: (
        "Personne de la structure n’était présent à la journée collective du 12 juin 2025, et personne n’a prévenu.",
        "Notre minibus est tombé en panne le matin même, à mi-chemin. Nous avons appelé le lieu d’accueil, pas la "
        "délégation : c’est noté pour la prochaine fois. Nous avons repris la journée avec le groupe d’Agen.",
        "L’absence est expliquée et la journée a été rattrapée. Les suivantes ont été honorées.",
    ),
    AJONCS: (
        "La structure n’était pas représentée à la journée collective du 12 juin 2025.",
        "Notre encadrant technique était arrêté et la coprésidente retenue par le conseil. Nous aurions dû écrire.",
        "L’absence est expliquée. La structure viendra en binôme à la prochaine journée.",
    ),
}
AMENDED_ON, SENT_ON = date(2025, 10, 10), date(2025, 10, 13)
WHY = "Le groupe a demandé plus de temps entre deux chapitres : le parcours dure trois mois de plus."
LASTS = "duree"
LONGER = (f"15{NBSP}mois", f"18{NBSP}mois")
JOINS_ON = date(2025, 11, 3)


def annex(convention, by):
    """What the text sends to, while it is a draft."""
    form = {"kind": AnnexKind.FORM, "content": annexes.Content(), "labels": QUESTIONS}
    annexes.add_annex(convention=convention, by=by, title=FORM, **form)
    calendar = annexes.Content(upload=accept("calendrier des journées.pdf", small_pdf(*DAYS)))
    annexes.add_annex(convention=convention, by=by, title=CALENDAR, kind=AnnexKind.FILE, content=calendar)


def write(cast, convention, by):
    """Called once the convention is in force; nothing on a machine without PDF."""
    if convention is None or convention.state != ConventionState.IN_FORCE:
        return
    if clock.now() >= FILLED_ON:
        with clock.stopped(FILLED_ON):
            _fill(convention, cast.of(PASSERELLE)[0])
    if clock.now() >= ATTESTED_ON:
        with clock.stopped(ATTESTED_ON):
            _attest(cast, convention, by)
    if clock.now() >= DECIDED_ON:
        for key, words in EXPLAINED.items():
            _explain(cast, convention, key, words, by)


def go_on(cast, convention, by):
    """What follows it: an amendment that all have just signed, a bulletin for the structure that came late."""
    if convention is None:
        return
    if clock.today() >= SENT_ON + timedelta(days=21):
        _amend(convention, by)
    if clock.today() >= JOINS_ON:
        with clock.stopped(clock.at(JOINS_ON, 15)):
            structure = cast.organisations["clain"]
            bulletin = amending.draft_accession(convention=convention, structure=structure, by=by)
            agreements.name_signatories(bulletin, by)


def _fill(convention, by):
    form = annexes.annexes_of(convention)[0]
    values = tuple((field["key"], said) for field, said in zip(form.annex.fields, FILLED, strict=True))
    said = {"content": annexes.Content(values=values), "note": FILLED_NOTE, "filled": True}
    annexes.revise_annex(annex=form.annex, number=form.current.number, by=by, **said)


def _attest(cast, convention, by):
    for key, text in ATTESTED.items():
        rows = Commitment.objects.filter(convention=convention, party__organisation=cast.organisations[key])
        register.attest(commitment=rows.get(clause=TOLD), text=text, by=cast.of(key)[0])
    own = Commitment.objects.filter(convention=convention, party__role=OrganisationKind.REGION)
    for clause, text in OF_DELEGATION.items():
        register.attest(commitment=own.get(clause=clause), text=text, by=by)


def _explain(cast, convention, key, words, by):
    facts, reply, reason = words
    party = Party.objects.select_related("convention", "organisation").get(
        convention=convention, organisation=cast.organisations[key]
    )
    with clock.stopped(NOTICED_ON):
        reply_by = NOTICED_ON.date() + timedelta(days=30)
        breach = breaches.notify_breach(party=party, clause=ABSENCE, facts=facts, reply_by=reply_by, by=by)
    with clock.stopped(ANSWERED_ON):
        breach = breaches.reply_to_breach(breach=breach, text=reply, by=cast.of(key)[0])
    with clock.stopped(DECIDED_ON):
        said = {"decision": TerminationDecision.DROPPED, "reason": reason}
        breaches.decide_breach(breach=breach, revision=breach.revision, by=by, **said)


def _amend(convention, by):
    with clock.stopped(clock.at(AMENDED_ON, 14)):
        amendment = amending.draft_amendment(convention=convention, by=by)
        values = {**amendment.variables, "reason": WHY}
        drafting.set_variables(convention=amendment, revision=amendment.revision, values=values, by=by)
        amendment = agreements.fresh(amendment)
        amending.set_change(amendment=amendment, revision=amendment.revision, change=_longer(amendment), by=by)
    amendment = agreements.send(agreements.fresh(amendment), SENT_ON, by)
    agreements.sign(agreements.fresh(amendment), SENT_ON + timedelta(days=1))
    agreements.complete(amendment, SENT_ON + timedelta(days=21))


def _longer(amendment):
    """The article on duration, with the new number of months."""
    text = next(one for one in family.text_before(amendment) if one.key == LASTS)
    clauses = [
        {"text": one.text.replace(*LONGER), "roles": list(one.roles), "heading": one.heading} for one in text.paragraphs
    ]
    return {"act": "replaced", "key": LASTS, "title": text.title, "clauses": clauses}


class CommitmentsSide:
    """What one side has of a convention in force, for the replay of the matrix of access."""

    @cached_property
    def own_signatory(self):
        """Who signed the convention for it."""
        return self.signatory

    @cached_property
    def own_party(self):
        return Party.objects.get(convention=self.convention, organisation=self.organisation)

    @cached_property
    def breach(self):
        """The one notified to it."""
        return Breach.objects.with_context().get(party=self.own_party)

    @cached_property
    def breach_token(self):
        """What the mail of its notice holds, for who signed."""
        return links.make(BREACH_LINK, self.signatory.pk)

    @cached_property
    def commitment(self):
        """One that nothing but somebody's word shows."""
        return Commitment.objects.get(party=self.own_party, clause=TOLD)

    @property
    def attestation(self):
        """What its référente said of it; said again each time it was taken back."""
        mine = Attestation.objects.standing().filter(commitment=self.commitment, attested_by=self.referent.user_id)
        return mine.first() or register.attest(commitment=self.commitment, text=ATTESTED[AJONCS], by=self.referent)

    @cached_property
    def amendment(self):
        """The first that followed its convention."""
        rows = Convention.objects.with_context().filter(parent=self.convention, nature=Nature.AMENDMENT)
        return rows.order_by("pk").first()

    def take_away_agreements(self):
        """The drafts that the replay began."""
        drafts = Convention.objects.filter(cohort=self.participation.cohort, state=ConventionState.DRAFT)
        for draft in drafts.exclude(nature=Nature.ACCESSION):
            sending.cancel(convention=draft, reason="Brouillon ouvert pour vérifier les accès", by=None)
