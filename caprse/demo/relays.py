"""What the region relays and gives to its partners in the demonstration."""

from datetime import date
from io import BytesIO

import pikepdf

from caprse.base import clock, pdf
from cohorts.enums import Role
from cohorts.models import Membership, Need, Share
from cohorts.models.memberships import current
from cohorts.services.relays import answer_need, give_resource, relay_need, share_resource

PARTNER, NATIONAL = "inae", "coorace-national"
# To whom, on what day, the need, the precisions; then who answers, on what day, in what words.
NEEDS = (
    (
        PARTNER,
        date(2025, 9, 8),
        "Une formation à l’achat responsable, pour des équipes sans service achats",
        "Quatre structures de la cohorte ont mis ce sujet dans leur plan d’actions. Une journée suffirait, en "
        "présentiel, avant la fin de l’année.",
        (
            "inae/inae-partenaire",
            date(2025, 9, 19),
            "Une session existe déjà : une journée, dix places, le jeudi 11 décembre 2025 à Angoulême. Nous gardons six "
            "places pour la cohorte jusqu’au 14 novembre. Les frais sont pris en charge par l’OPCO.",
        ),
    ),
    (
        PARTNER,
        date(2025, 10, 27),
        "Un appui pour bâtir un plan de mobilité avec les salarié·e·s en parcours",
        "Deux structures, en zone rurale. Elles ont fait une enquête et cherchent quelqu’un pour animer deux ateliers "
        "au premier trimestre 2026.",
        None,
    ),
    (
        NATIONAL,
        date(2025, 10, 29),
        "Un outil commun pour mesurer les émissions de gaz à effet de serre",
        "Trois structures posent la question avant le chapitre 4. Existe-t-il un accord national, ou une autre région "
        "qui a déjà choisi ?",
        None,
    ),
)
GIVEN_ON, GIVEN_UNTIL = date(2025, 10, 20), date(2026, 3, 31)
TITLE = "Interventions attendues aux regroupements de 2026"
SUMMARY = "Les sujets, les dates et le public de chaque journée, pour préparer vos interventions."
PAGES = (
    "<h1>Interventions attendues aux regroupements de 2026</h1>"
    "<p>Document de démonstration : son contenu est inventé.</p>"
    "<h2>Regroupement du chapitre 4</h2><p>Une heure sur les parcours d’insertion et la formation, devant "
    "dix-huit personnes : référent·e·s et membres de conseils d’administration.</p>"
    "<h2>Regroupement du chapitre 5</h2><p>Un atelier de deux heures sur l’ancrage dans le territoire, en deux "
    "groupes. Apportez un exemple vécu ; la délégation fournit le matériel.</p>"
)


def relay(cast, cohort, admin):
    """Needs, an answer and a document: those whose day has come."""
    today = clock.today()
    for key, day, title, text, answer in NEEDS:
        if day > today:
            continue
        with clock.stopped(clock.at(day, 10)):
            need = relay_need(cohort=cohort, organisation=cast.organisations[key], title=title, text=text, by=admin)
        if answer and answer[1] <= today:
            with clock.stopped(clock.at(answer[1], 15)):
                answer_need(need=need, answer=answer[2], by=cast.people[answer[0]])
    if today >= GIVEN_ON and pdf.available():
        with clock.stopped(clock.at(GIVEN_ON, 11)):
            give_resource(
                cohort=cohort,
                title=TITLE,
                summary=SUMMARY,
                content=document(),
                organisations=[cast.organisations[PARTNER]],
                until=GIVEN_UNTIL,
                by=admin,
            )


def document():
    """A small document of the region, as a PDF."""
    return pdf.render_pdf(
        f'<!DOCTYPE html><html lang="fr"><head><title>{TITLE}</title></head><body>{PAGES}</body></html>'
    )


class RelaysSide:
    """What the matrix of access is played on: found, or made through the services."""

    def _first(self, role):
        held = Membership.objects.filter(current(clock.today()), role=role, organisation__region=self.cohort.region)
        return held.select_related("organisation", "user").order_by("pk").first()

    @property
    def cohort(self):
        return self.participation.cohort

    @property
    def need(self):
        """One that waits for the partner's answer."""
        partner = self._first(Role.PARTNER).organisation
        mine = Need.objects.waiting().filter(cohort=self.cohort, organisation=partner).first()
        by = self._first(Role.REGION_ADMIN).user
        return mine or relay_need(cohort=self.cohort, organisation=partner, title=NEEDS[1][2], by=by)

    @property
    def share(self):
        """A resource given to the partner, given again each time it was taken back."""
        partner, by = self._first(Role.PARTNER).organisation, self._first(Role.REGION_ADMIN).user
        mine = Share.objects.with_context().filter(cohort=self.cohort, organisation=partner)
        if found := mine.in_force(clock.today()).first():
            return found
        if former := mine.first():
            share_resource(resource=former.resource, organisations=[partner], until=former.until, by=by)
        else:
            give_resource(cohort=self.cohort, title=TITLE, content=blank(), organisations=[partner], by=by)
        return mine.in_force(clock.today()).first()


def blank():
    """A PDF of one empty page, where the machine makes none."""
    content = BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page(page_size=(595, 842))
        empty.save(content)
    return content.getvalue()
