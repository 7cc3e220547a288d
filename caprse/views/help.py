"""Help: short pages for each role, what concerns everybody, and the words of the field. Open to all, account or not."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from caprse.base.access import Audience, open_to
from cohorts.context import HELP_PAGES
from cohorts.enums import Role
from cohorts.models import Participation
from cohorts.models.memberships import STRUCTURE_ROLES

GLOSSARY = Path(__file__).parents[1] / "content" / "glossary.toml"


@dataclass(frozen=True)
class HelpPage:
    """A page of help. `role` is the one it is written for; none for what concerns everybody.

    `within`: the page that it tells more of, at the foot of which it is listed.
    """

    slug: str
    title: str
    summary: str
    icon: str
    template: str
    role: Role | None = None
    within: str = ""


def _of(role, title, summary, icon, template):
    return HelpPage(HELP_PAGES[role], title, summary, icon, template, role)


SIGNATORY = HelpPage(
    "signature-sans-compte",
    "Je signe une convention, sans compte",
    "Vous avez reçu un lien par courriel : lire, recevoir un code, signer.",
    "pencil",
    "caprse/help/signatory.html",
)
PAGES = (
    _of(
        Role.REFERENT,
        "Je suis référent·e CAP RSE",
        "Conduire la démarche dans ma structure.",
        "flag",
        "caprse/help/referent.html",
    ),
    _of(
        Role.CONTRIBUTOR,
        "Je contribue aux réponses",
        "Répondre aux critères, proposer des actions.",
        "pencil",
        "caprse/help/contributor.html",
    ),
    _of(
        Role.BOARD_MEMBER,
        "Je suis membre du conseil d’administration",
        "Suivre la démarche, écrire des remarques, venir aux journées.",
        "users",
        "caprse/help/board_member.html",
    ),
    _of(
        Role.LEGAL_REPRESENTATIVE,
        "Je représente légalement ma structure",
        "Signer la convention, tenir la fiche à jour.",
        "document",
        "caprse/help/legal_representative.html",
    ),
    _of(
        Role.FACILITATOR,
        "J’accompagne une cohorte",
        "Voir qui a besoin d’aide, lire ce qui est transmis, noter les échanges.",
        "handshake",
        "caprse/help/facilitator.html",
    ),
    _of(
        Role.REGION_ADMIN,
        "Je coordonne une région",
        "Créer une cohorte, inviter, faire signer, relayer des besoins.",
        "calendar",
        "caprse/help/region_admin.html",
    ),
    _of(
        Role.NATIONAL_STAFF,
        "Je suis dans l’équipe nationale",
        "Rédiger un référentiel, voir les résultats du réseau.",
        "leaf",
        "caprse/help/national_staff.html",
    ),
    _of(
        Role.PARTNER,
        "Je suis partenaire",
        "Suivre le calendrier, signer, répondre aux besoins relayés.",
        "star",
        "caprse/help/partner.html",
    ),
    SIGNATORY,
    HelpPage(
        "vos-reponses",
        "Vos réponses : qui voit quoi, et comment rien ne se perd",
        "L’enregistrement, l’historique, ce qui est partagé et quand.",
        "eye",
        "caprse/help/answers.html",
    ),
    HelpPage(
        "a-plusieurs",
        "Répondre à plusieurs",
        "Points de vue, comparaison, accord, questionnaire sans compte.",
        "users",
        "caprse/help/voices.html",
    ),
    HelpPage(
        "de-l-image-au-plan",
        "De l’image au plan",
        "Priorités, plan d’actions, documents pour le CA et l’AG, partages.",
        "target",
        "caprse/help/forward.html",
    ),
    HelpPage(
        "convention",
        "La convention et la signature en ligne",
        "Qui signe, comment, ce que vaut la signature, et après.",
        "document",
        "caprse/help/convention.html",
    ),
    HelpPage(
        "preparer-une-convention",
        "Préparer une convention",
        "Les parties, qui signe et avec quel pouvoir, les rangs, le papier.",
        "users",
        "caprse/help/prepare.html",
        within="convention",
    ),
    HelpPage(
        "modele-de-convention",
        "Écrire un modèle de convention",
        "Articles, clauses de chaque partie, blancs, texte apporté.",
        "pencil",
        "caprse/help/template.html",
        within="convention",
    ),
    HelpPage(
        "apres-la-signature",
        "Après la signature",
        "Avenant, adhésion, sortie, manquement, fin.",
        "history",
        "caprse/help/after.html",
        within="convention",
    ),
    HelpPage(
        "verifier-un-document",
        "Vérifier un document signé",
        "Par le fichier ou par le papier, sans compte, et ce que veut dire la réponse.",
        "check-circle",
        "caprse/help/verify.html",
        within="convention",
    ),
    HelpPage(
        "en-cas-de-souci",
        "Si quelque chose ne marche pas",
        "Mot de passe, page fermée, texte non enregistré : que faire.",
        "alert",
        "caprse/help/trouble.html",
    ),
)
BY_SLUG = {page.slug: page for page in PAGES}
COMMON = tuple(page for page in PAGES if page.role is None and page is not SIGNATORY)


@open_to(Audience.PUBLIC)
@require_GET
def help_index(request):
    """All the pages; first those of the roles the reader holds, or of who signs without account."""
    roles = {m.role for m in request.actor.held}
    for_role = [page for page in PAGES if page not in COMMON]
    mine = [page for page in for_role if page.role in roles] or ([] if request.user.is_authenticated else [SIGNATORY])
    context = {"mine": mine, "others": [page for page in for_role if page not in mine], "common": COMMON}
    return render(request, "caprse/help/index.html", context)


@open_to(Audience.PUBLIC)
@require_GET
def help_page(request, slug):
    """One page, the same for all but for its links, which lead the reader to their own pages."""
    page = BY_SLUG.get(slug)
    if page is None:
        raise Http404
    context = {"page": page, "links": links_of(request.actor, page.role), "common": beside(page)}
    return render(request, page.template, context)


def beside(page):
    """What is listed at the foot of a page: what concerns everybody, in detail only beside what it tells more of."""
    near = ("", page.slug, page.within or page.slug)
    return [other for other in COMMON if other != page and other.within in near]


@open_to(Audience.PUBLIC)
@require_GET
def glossary(request):
    """The words a reader meets, in alphabetical order, each with its own address."""
    return render(request, "caprse/help/glossary.html", {"terms": glossary_terms()})


@cache
def glossary_terms():
    """The words with their meaning, and the anchor of each."""
    terms = tomllib.loads(GLOSSARY.read_text(encoding="utf-8"))["term"]
    for term in terms:
        term["anchor"] = slugify(term["word"])
    return sorted(terms, key=lambda term: term["anchor"])


# --- Links to the reader's own pages ----------------------------------------------------------------------------

OF_PATH = ("participation", "plan", "pair")
OF_CARD = ("organisation", "organisation_edit", "organisation_invite")
OF_COHORT = ("cohort_board",)
OF_REGION = ("cohort_new",)
# Pages that are the reader's own by themselves, by role.
PLAIN = {Role.NATIONAL_STAFF: ("referentiels", "network", "relays"), Role.PARTNER: ("relays",)}
NO_LINKS = dict.fromkeys((*OF_PATH, *OF_CARD, *OF_COHORT, *OF_REGION, *PLAIN[Role.NATIONAL_STAFF]), "")


def links_of(actor, role):
    """{route: address} of the reader's own pages in a role; empty addresses for who does not hold it."""
    held = [m for m in actor.held if role is not None and m.role == role]
    if not held:
        return NO_LINKS
    first, found = held[0], {}
    if role in STRUCTURE_ROLES:
        found = links_in_structure(actor, [m.organisation_id for m in held])
    elif role == Role.FACILITATOR:
        found = {name: reverse(name, args=[first.region_slug, first.cohort_slug]) for name in OF_COHORT}
    elif role == Role.REGION_ADMIN:
        found = {name: reverse(name, args=[first.region_slug]) for name in OF_REGION}
    return NO_LINKS | found | {name: reverse(name) for name in PLAIN.get(role, ())}


def links_in_structure(actor, organisation_ids):
    """Those of the latest path of a structure, one with dates first; none when it has not joined a cohort."""
    paths = Participation.objects.visible_to(actor).filter(organisation__in=organisation_ids).current().with_context()
    path = paths.order_by("cohort__kind", "-cohort__starts_on", "pk").first()
    if path is None:
        return {}
    region, organisation = path.cohort.region.slug, path.organisation
    return {name: reverse(name, args=[region, path.public_id]) for name in OF_PATH} | {
        name: reverse(name, args=[region, organisation.public_id]) for name in OF_CARD
    }
