"""Policy: what a person may see and do, from their memberships, read once per request."""

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from caprse.base import clock
from caprse.base.access import STRUCTURE, Audience, Refused, explains_refusals
from caprse.base.prepared import PreparedRead
from cohorts.enums import Role
from cohorts.lapses import lapse_of
from cohorts.models import Cohort, EditorGrant, Membership, Participation
from cohorts.models.memberships import STRUCTURE_ROLES, Held
from cohorts.roles import ROLES, Permission

KEPT = "Vos réponses, vos remarques et votre plan d’actions restent à vous et restent lisibles."
roles_held = PreparedRead(lambda user_id, today: Membership.objects.held_by(user_id, today))


class ClauseRequired(Exception):
    """The person has not accepted the clause in force: they are shown it first.

    `act` says before what, in words; `back` is the route of the page to come back to after a POST.
    """

    def __init__(self, act="d’ouvrir les outils", back="home"):
        super().__init__(act)
        self.act = act
        self.back = back


@dataclass(frozen=True)
class Actor:
    """A signed-in person with the roles they hold today. Holding nothing is possible."""

    user_id: int
    full_name: str
    held: tuple = field(repr=False)

    @classmethod
    def of(cls, user):
        """Read a person's roles of the day, in one query."""
        rows = roles_held(user_id=user.pk, today=clock.today()) if user.is_authenticated else ()
        held = tuple(Held(*row) for row in rows)
        return cls(user_id=user.pk, full_name=getattr(user, "full_name", ""), held=held)

    def _organisations(self, *roles):
        return tuple(m.organisation_id for m in self.held if m.role in roles)

    @cached_property
    def structure_ids(self):
        return frozenset(self._organisations(*STRUCTURE_ROLES))

    @cached_property
    def partner_ids(self):
        return frozenset(self._organisations(Role.PARTNER))

    @cached_property
    def organisation_ids(self):
        return frozenset(m.organisation_id for m in self.held if m.organisation_id)

    @cached_property
    def relayed_organisation_ids(self):
        """The organisations in whose name one reads the needs relayed and the resources given."""
        return frozenset(m.organisation_id for m in self.held if Permission.READ_RELAYED in ROLES[m.role].permissions)

    @cached_property
    def facilitated_cohort_ids(self):
        return frozenset(m.cohort_id for m in self.held if m.role == Role.FACILITATOR)

    @cached_property
    def coordinated_region_ids(self):
        return frozenset(m.region_id for m in self.held if m.role == Role.REGION_ADMIN)

    @cached_property
    def is_national(self):
        return any(m.role == Role.NATIONAL_STAFF for m in self.held)

    @cached_property
    def audiences(self):
        """The kinds of people this person is, for `open_to`."""
        return frozenset({Audience.SIGNED_IN, *(Audience(m.role) for m in self.held)})

    # --- Rows --------------------------------------------------------------------------------------------------

    def participation_q(self, prefix=""):
        """Condition on a participation: one's structures', one's cohorts', one's region's."""
        return self.own_q(prefix) | self.accompanied_q(prefix)

    def own_q(self, prefix=""):
        """Condition: the person belongs to the structure."""
        return Q(**{f"{prefix}organisation_id__in": self.structure_ids})

    def accompanied_q(self, prefix=""):
        """Condition: the person accompanies the cohort or coordinates the region."""
        return Q(**{f"{prefix}cohort_id__in": self.facilitated_cohort_ids}) | Q(
            **{f"{prefix}region_id__in": self.coordinated_region_ids}
        )

    def readable_participations(self):
        """Ids, as a subquery, of the participations this person may read documents of."""
        return Participation.objects.visible_to(self).values("pk")

    # --- Rights ------------------------------------------------------------------------------------------------

    def roles_on(self, participation):
        """The roles this person holds towards one participation."""
        return frozenset(
            m.role
            for m in self.held
            if (m.role in STRUCTURE_ROLES and m.organisation_id == participation.organisation_id)
            or (m.role == Role.FACILITATOR and m.cohort_id == participation.cohort_id)
            or (m.role == Role.REGION_ADMIN and m.region_id == participation.region_id)
        )

    def permissions_on(self, participation):
        """What this person may do on one participation, whatever the moment."""
        return frozenset().union(*(ROLES[role].permissions for role in self.roles_on(participation)))

    def can(self, permission, participation):
        return permission in self.permissions_on(participation)

    def require(self, permission, participation):
        """Refuse with a sentence when the right is missing."""
        if not self.can(permission, participation):
            raise Refused(
                f"Votre rôle ne permet pas ceci : {permission.value[0].lower()}{permission.value[1:]}.",
                "Votre référent·e CAP RSE ou votre accompagnateur·rice peut vous aider.",
            )

    def coordinates(self, region_id):
        """Whether the person organises the cohorts of this region."""
        return region_id in self.coordinated_region_ids

    def require_coordination(self, permission, region_id):
        """Refuse, with a sentence, whoever does not organise the cohorts of this region."""
        if not (self.coordinates(region_id) and permission in ROLES[Role.REGION_ADMIN].permissions):
            raise Refused(
                f"Votre rôle ne permet pas ceci : {permission.value[0].lower()}{permission.value[1:]}.",
                "La personne qui coordonne les cohortes de votre région peut le faire.",
            )

    def require_accompaniment(self, permission, cohort):
        """Refuse, with a sentence, whoever does not accompany the structures of this cohort."""
        roles = {Role.FACILITATOR} if cohort.pk in self.facilitated_cohort_ids else set()
        roles |= {Role.REGION_ADMIN} if self.coordinates(cohort.region_id) else set()
        if not any(permission in ROLES[role].permissions for role in roles):
            raise Refused(
                f"Votre rôle ne permet pas ceci : {permission.value[0].lower()}{permission.value[1:]}.",
                "Les personnes qui accompagnent cette cohorte le peuvent.",
            )

    def roles_on_organisation(self, organisation):
        """The roles this person holds in an organisation, or over its region."""
        return frozenset(
            m.role
            for m in self.held
            if m.organisation_id == organisation.pk
            or (m.role == Role.REGION_ADMIN and m.region_id == organisation.region_id)
        )

    def can_on_organisation(self, permission, organisation):
        """Whether a role held in this organisation, or over its region, gives a right on it."""
        return any(permission in ROLES[role].permissions for role in self.roles_on_organisation(organisation))

    @cached_property
    def edited_referentiel_ids(self):
        """The référentiels this person may edit: entrusted to them by name, as long as they are national staff."""
        if not self.is_national:
            return frozenset()
        grants = EditorGrant.objects.in_force(clock.now()).filter(user=self.user_id)
        return frozenset(grants.values_list("content_object_id", flat=True))

    def require_editor(self, referentiel):
        """Refuse, naming whom to ask, whoever this référentiel was not entrusted to."""
        if referentiel.pk not in self.edited_referentiel_ids:
            grants = EditorGrant.objects.effective(clock.now()).filter(content_object=referentiel).with_names()
            names = ", ".join(grant.user.full_name for grant in grants)
            raise Refused(
                f"La rédaction de « {referentiel.title} » ne vous est pas confiée : vous pouvez le lire, pas le modifier.",
                f"Cette tâche peut vous être confiée par : {names}."
                if names
                else "Plus personne ne rédige ce référentiel : la personne qui administre le site peut vous le confier.",
            )

    def is_insider(self, participation):
        """Whether the person belongs to the structure itself."""
        return participation.organisation_id in self.structure_ids

    def accompanies(self, cohort):
        """Whether the person follows the structures of this cohort."""
        return cohort.pk in self.facilitated_cohort_ids or cohort.region_id in self.coordinated_region_ids

    def name_of_side(self, participation):
        """In whose name the person receives a document: the structure's, or their own region's."""
        if self.is_insider(participation):
            return participation.organisation.legal_name
        return f"Délégation {participation.cohort.region.name}"

    # --- Tools -------------------------------------------------------------------------------------------------

    @cached_property
    def clause_accepted(self):
        return any(m.clause_accepted for m in self.held)

    def adhesion_lapsed(self, participation):
        """Whether the person reaches this structure only as its member, and its adhesion is not valid today."""
        own = [m for m in self.held if m.organisation_id == participation.organisation_id]
        accompanying = self.roles_on(participation) & {Role.FACILITATOR, Role.REGION_ADMIN}
        return bool(own) and not accompanying and not any(m.adhesion_valid for m in own)

    def lapse(self, participation):
        """Until when the adhesion was valid and whom to ask, where the tools are closed for it; None where they open."""
        if not self.adhesion_lapsed(participation):
            return None
        return lapse_of(participation.organisation_id, participation.region_id, participation.cohort_id)

    def _lapse_of_all(self):
        """The same, of the first of one's structures, where none opens any tool."""
        own = [m for m in self.held if m.role in STRUCTURE_ROLES]
        if not own or self._may_open_some_tool():
            return None
        return lapse_of(own[0].organisation_id, own[0].region_id)

    def tools_open(self, participation):
        """Whether the tools are open to this person for this structure, today."""
        return self.clause_accepted and not self.adhesion_lapsed(participation)

    def require_tools(self, participation=None):
        """Refuse, with the reason and whom to ask, when the tools are closed to this person.

        Source: convention, articles 2.1 to 2.4 and 3.3: tools for members of the network only.
        """
        lapse = self.lapse(participation) if participation else self._lapse_of_all()
        if lapse:
            raise Refused(f"{lapse.reason} {KEPT}", lapse.contact)
        if participation is None and not self._may_open_some_tool():
            raise Refused(
                "Les outils sont réservés aux structures adhérentes du réseau.",
                "Votre délégation régionale peut vous renseigner.",
            )
        if not self.clause_accepted:
            raise ClauseRequired

    def require_clause(self, act, back):
        """Lead to the clause whoever has not accepted it, partners included, before an act on what is given to them.

        Source: convention, articles 2.3 and 2.4.
        """
        if not self.clause_accepted:
            raise ClauseRequired(act, back)

    def _may_open_some_tool(self):
        return any(
            m.role in (Role.FACILITATOR, Role.REGION_ADMIN, Role.NATIONAL_STAFF)
            or (m.role in STRUCTURE_ROLES and m.adhesion_valid)
            for m in self.held
        )


class ActorMiddleware:
    """Gives each request its `actor` and `audiences`, read when first asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = SimpleLazyObject(lambda: Actor.of(request.user))
        request.audiences = SimpleLazyObject(lambda: request.actor.audiences)
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Whoever has not accepted the clause reads it first, then comes back where they were going."""
        if isinstance(exception, ClauseRequired):
            messages.info(request, f"Avant {exception.act}, merci de lire et d’accepter cette clause.")
            back = request.get_full_path() if request.method == "GET" else reverse(exception.back)
            return redirect(f"{reverse('clause')}?{urlencode({'suite': back})}")
        return None


@explains_refusals
def why_outside(audiences, allowed):
    """Why a page does not open to a partner, or to national staff, and whom to ask. Nothing for anybody else.

    Source: convention, articles 2.4 and 3.3 (tools for member structures only), 3.2 (confidence between structures).
    """
    roles = set(audiences) - {Audience.SIGNED_IN}
    if not roles or not roles <= {Audience.PARTNER, Audience.NATIONAL_STAFF}:
        return None
    if allowed.isdisjoint(STRUCTURE):
        return Refused(
            "Cette page sert à d’autres : aux équipes des régions, qui accompagnent les structures et organisent les "
            "cohortes, ou à l’équipe nationale, qui rédige les référentiels.",
            "Une question, un document à recevoir ? Écrivez à la délégation de la région.",
        )
    if Audience.NATIONAL_STAFF in roles:
        return Refused(
            "Cette page montre le travail d’une structure. Ce qu’elle répond se partage en confiance, avec la seule "
            "équipe de sa région : l’équipe nationale ne le lit jamais. Elle voit les résultats du réseau, réunis.",
            "Pour une question sur cette structure, écrivez à la délégation de sa région.",
        )
    return Refused(
        "Les outils et les réponses des structures sont réservés aux structures adhérentes du réseau : la convention "
        "d’engagements le prévoit. En tant que partenaire, vous avez le calendrier de la cohorte, la convention, les "
        "besoins qui vous sont relayés et les ressources qui vous sont confiées.",
        "Il vous manque un document ? Demandez à la délégation de la région de vous le confier.",
    )


def visible_or_404(model, actor, **lookup):
    """The row this actor may see, or 404: for a stranger it does not exist."""
    rows = model.objects if hasattr(model, "objects") else model
    row = rows.visible_to(actor).filter(**lookup).first()
    if row is None:
        raise Http404
    return row


def participation_or_404(actor, region, public_id):
    """A structure's path, with its organisation, cohort and version, under its own region's address."""
    return visible_or_404(Participation.objects.with_context(), actor, region__slug=region, public_id=public_id)


def coordinated_cohort_or_404(actor, permission, region, slug):
    """A cohort under its own region's address, for whoever organises the cohorts of that region."""
    cohort = visible_or_404(
        Cohort.objects.select_related("region", "version__referentiel"), actor, region__slug=region, slug=slug
    )
    actor.require_coordination(permission, cohort.region_id)
    return cohort
