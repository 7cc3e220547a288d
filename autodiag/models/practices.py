"""Practices: what works in a structure, told to others with its consent, moderated by its region."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from autodiag.enums import PracticeAnswer, PracticeScope, PracticeState
from autodiag.models.anchored import OfPath
from caprse.base import clock
from caprse.base.ids import new_public_id
from cohorts.enums import Role
from cohorts.models import Cohort, Organisation, Participation, Region
from cohorts.models.memberships import STRUCTURE_ROLES
from referentiel.models import Criterion


class PracticeQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure's people alone: the region reads what is put forward to it, a `PracticeProposal`."""
        return self.filter(actor.own_q("participation__"))

    def with_context(self):
        return self.select_related("participation__organisation", "participation__cohort__region", "criterion__chapter")


class Practice(OfPath):
    """Fiche pratique, on the structure's side: its text, to whom it may be told, signed or not. Closed by default."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    criterion = models.ForeignKey(Criterion, verbose_name="critère", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("titre", max_length=120)
    what = models.TextField("ce que nous faisons")
    how = models.TextField("comment nous nous y sommes pris", blank=True, default="")
    result = models.TextField("ce que cela a changé", blank=True, default="")
    scope = models.CharField("qui pourra la lire", max_length=8, choices=PracticeScope, default=PracticeScope.COHORT)
    signed = models.BooleanField("avec le nom de notre structure", default=False)
    contact = models.BooleanField("on peut nous contacter", default=False)
    state = models.CharField("état", max_length=10, choices=PracticeState, default=PracticeState.DRAFT)
    withdrawn_at = models.DateTimeField("retirée le", null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="retirée par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField("créée le", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="créée par", on_delete=models.PROTECT, related_name="+"
    )

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche pratique"
        verbose_name_plural = "fiches pratiques"
        constraints = [
            models.CheckConstraint(name="practice_says_something", condition=~Q(title="") & ~Q(what="")),
            models.CheckConstraint(name="practice_scope_known", condition=Q(scope__in=PracticeScope.values)),
            models.CheckConstraint(name="practice_state_known", condition=Q(state__in=PracticeState.values)),
            models.CheckConstraint(
                name="practice_withdrawn_all_or_nothing",
                condition=Q(state=PracticeState.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                | (~Q(state=PracticeState.WITHDRAWN) & Q(withdrawn_at=None, withdrawn_by=None)),
            ),
        ]

    def __str__(self):
        return self.title


class PracticeProposalQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure, and who accompanies it."""
        return self.filter(actor.participation_q("participation__"))

    def waiting(self):
        """Those nobody answered."""
        return self.filter(answer="")

    def with_context(self):
        return self.select_related(
            "practice__criterion__chapter",
            "participation__organisation",
            "participation__cohort__region",
            "answered_by",
        )


class PracticeProposal(OfPath):
    """Fiche pratique put forward to the region: the text the structure agreed to tell, frozen, and the answer to it.

    `content` holds title, what, how, result, scope, signed and contact.
    """

    practice = models.ForeignKey(Practice, verbose_name="fiche", on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveSmallIntegerField("numéro")
    content = models.JSONField("texte proposé")
    consented_at = models.DateTimeField("accord donné le", default=clock.now)
    consented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="accord donné par", on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField("réponse", max_length=10, choices=PracticeAnswer, blank=True, default="")
    message = models.TextField("message à la structure", blank=True, default="")
    answered_at = models.DateTimeField("répondu le", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="répondu par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PracticeProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche pratique proposée"
        verbose_name_plural = "fiches pratiques proposées"
        ordering = ["practice", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="practice_proposal_number_unique"),
            models.UniqueConstraint(
                fields=["practice"], condition=Q(answer=""), name="practice_proposal_one_waits_at_a_time"
            ),
            models.CheckConstraint(
                name="practice_proposal_answer_known", condition=Q(answer__in=("", *PracticeAnswer.values))
            ),
            models.CheckConstraint(
                name="practice_proposal_answered_all_or_nothing",
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="practice_proposal_return_says_why",
                condition=~Q(answer=PracticeAnswer.RETURNED) | ~Q(message=""),
            ),
        ]

    def __str__(self):
        return f"{self.practice_id} n° {self.number}"


class PracticeCardQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """By scope: the cohorts one takes part in or accompanies, one's region, or the whole network.

        A structure reads them as long as its adhesion is valid; a partner never does.
        """
        members = {held.organisation_id for held in actor.held if held.role in STRUCTURE_ROLES and held.adhesion_valid}
        paths = Participation.objects.current().filter(organisation_id__in=members)
        team = (Role.FACILITATOR, Role.REGION_ADMIN)
        regions = {held.region_id for held in actor.held if held.organisation_id in members or held.role in team}
        cohort = Q(cohort__in=paths.values("cohort")) | Q(cohort_id__in=actor.facilitated_cohort_ids)
        cohort |= Q(region_id__in=actor.coordinated_region_ids)
        return self.filter(
            Q(scope=PracticeScope.NETWORK)
            | Q(scope=PracticeScope.REGION, region_id__in=regions)
            | (Q(scope=PracticeScope.COHORT) & cohort)
        )


class PracticeCard(models.Model):
    """Fiche pratique as others read it: the moderated text, and no more of the structure than it agreed to.

    Withdrawn, the row is gone: nothing keeps showing it. `signed_as` is empty when it is anonymous.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, verbose_name="cohorte", on_delete=models.PROTECT, related_name="+")
    practice = models.OneToOneField(Practice, verbose_name="fiche", on_delete=models.PROTECT, related_name="card")
    scope = models.CharField("portée", max_length=8, choices=PracticeScope)
    criterion = models.ForeignKey(Criterion, verbose_name="critère", on_delete=models.PROTECT, related_name="+")
    criterion_stable_id = models.CharField("critère d’une version à l’autre", max_length=12)
    title = models.CharField("titre", max_length=120)
    what = models.TextField("ce que fait la structure")
    how = models.TextField("comment elle s’y est prise", blank=True, default="")
    result = models.TextField("ce que cela a changé", blank=True, default="")
    signed_as = models.CharField("structure", max_length=160, blank=True, default="")
    siae_kinds = models.JSONField("types de structure", default=list)
    territory = models.CharField("territoire", max_length=200, blank=True, default="")
    contact = models.BooleanField("on peut la contacter", default=False)
    published_at = models.DateTimeField("publiée le", default=clock.now)

    objects = PracticeCardQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche pratique publiée"
        verbose_name_plural = "fiches pratiques publiées"
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["criterion_stable_id"], name="practice_card_of_criterion")]
        constraints = [
            models.CheckConstraint(name="practice_card_says_something", condition=~Q(title="") & ~Q(what="")),
            models.CheckConstraint(name="practice_card_scope_known", condition=Q(scope__in=PracticeScope.values)),
        ]

    def __str__(self):
        return self.title


class PracticeContactQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The structure that is asked."""
        return self.filter(actor.own_q("participation__"))


class PracticeContact(OfPath):
    """« Nous contacter »: somebody of the network writes to the structure of a practice. Anchored to that structure."""

    practice = models.ForeignKey(Practice, verbose_name="fiche", on_delete=models.PROTECT, related_name="contacts")
    text = models.TextField("message")
    asked_at = models.DateTimeField("le", default=clock.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+"
    )
    asked_for = models.ForeignKey(
        Organisation, verbose_name="de la part de", on_delete=models.PROTECT, related_name="+"
    )

    objects = PracticeContactQuerySet.as_manager()

    class Meta:
        verbose_name = "prise de contact"
        verbose_name_plural = "prises de contact"
        ordering = ["-asked_at", "-pk"]
        constraints = [models.CheckConstraint(name="practice_contact_says_something", condition=~Q(text=""))]

    def __str__(self):
        return f"{self.practice_id} {self.asked_by_id}"
