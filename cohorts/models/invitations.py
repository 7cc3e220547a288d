"""Coming in: invitations to hold a role, and the pair each structure sends to the days in person."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat

from caprse.base import clock
from caprse.base.ids import new_public_id
from cohorts.enums import InvitationState, PairSeat, Role
from cohorts.models.cohorts import Cohort, Participation
from cohorts.models.memberships import COHORT_ROLES, Membership, current
from cohorts.models.organisations import Organisation, Region

LINK = "invitation"
LASTS = timedelta(days=21)


def next_expiry():
    """An invitation sent now can be accepted until the end of the day three weeks later."""
    return clock.end_of(clock.today() + LASTS)


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """For the holder of its link, that one; for a person, theirs and those of what they invite to."""
        if hasattr(actor, "target_of"):
            return self.filter(pk=actor.target_of(LINK))
        return self.filter(
            Q(user_id=actor.user_id)
            | Q(organisation_id__in=actor.structure_ids)
            | Q(region_id__in=actor.coordinated_region_ids)
        )

    def pending(self):
        """Those nobody answered, whether or not their time is over."""
        return self.filter(state=InvitationState.PENDING)

    def with_context(self):
        return self.select_related("region", "organisation", "cohort__region", "user", "invited_by")


class Invitation(models.Model):
    """Invitation: asks one person to hold one role, until a day. Names are those its author typed."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", null=True, on_delete=models.PROTECT, related_name="invitations"
    )
    cohort = models.ForeignKey(
        Cohort, verbose_name="cohorte", null=True, on_delete=models.PROTECT, related_name="invitations"
    )
    role = models.CharField("rôle", max_length=24, choices=Role)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="personne", on_delete=models.PROTECT, related_name="invitations"
    )
    email = models.EmailField("adresse électronique")
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    job = models.CharField("fonction", max_length=120, blank=True, default="")
    state = models.CharField("état", max_length=10, choices=InvitationState, default=InvitationState.PENDING)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=clock.now)
    sent_at = models.DateTimeField("envoyée le", default=clock.now)
    expires_at = models.DateTimeField("valable jusqu’à", default=next_expiry)
    reminders = models.PositiveSmallIntegerField("rappels", default=0)
    reminded_on = models.DateField("dernier rappel", null=True)
    closed_at = models.DateTimeField("répondue ou annulée le", null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_cohort_for_facilitators_only",
                condition=(Q(role__in=COHORT_ROLES) & Q(cohort__isnull=False) & Q(organisation=None))
                | (~Q(role__in=COHORT_ROLES) & Q(cohort=None) & Q(organisation__isnull=False)),
            ),
            models.CheckConstraint(
                name="invitation_closed_has_date",
                condition=Q(state=InvitationState.PENDING, closed_at=None)
                | (~Q(state=InvitationState.PENDING) & Q(closed_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation"],
                condition=Q(state=InvitationState.PENDING, organisation__isnull=False),
                name="invitation_pending_organisation_unique",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "cohort"],
                condition=Q(state=InvitationState.PENDING, cohort__isnull=False),
                name="invitation_pending_cohort_unique",
            ),
        ]

    def __str__(self):
        return f"{self.role} {self.public_id}"

    @property
    def full_name(self):
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def scope_name(self):
        """The structure, organisation or cohort the person is asked to join."""
        return self.organisation.legal_name if self.organisation_id else self.cohort.name


class PairMemberQuerySet(models.QuerySet):
    def visible_to(self, actor):
        return self.filter(actor.participation_q("participation__"))

    def current(self):
        """Those who hold their seat now."""
        return self.filter(until=None)

    def with_names(self):
        """Ready for `shown_name`: whether each belongs to the structure, and the name typed by who invited them."""
        there = {"user": OuterRef("user"), "organisation": OuterRef("participation__organisation")}
        invited = Invitation.objects.pending().filter(**there).order_by("pk")
        typed = Concat("first_name", Value(" "), "last_name")
        return self.select_related("user").annotate(
            joined=Exists(Membership.objects.filter(current(clock.today()), **there)),
            invited_name=Subquery(invited.values(name=typed)[:1]),
        )


class PairMember(models.Model):
    """Moitié d’un binôme: who comes to the days in person for the staff, and who for the board.

    Source: convention, article 2.1.
    """

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="pair"
    )
    seat = models.CharField("place", max_length=8, choices=PairSeat)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="personne", on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateField("depuis", default=clock.today)
    until = models.DateField("jusqu’à", null=True)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="nommé·e par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PairMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "membre du binôme"
        verbose_name_plural = "membres du binôme"
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "seat"], condition=Q(until=None), name="pair_member_one_per_seat"
            ),
            models.UniqueConstraint(
                fields=["participation", "user"], condition=Q(until=None), name="pair_member_two_people"
            ),
            models.CheckConstraint(
                name="pair_member_dates_in_order", condition=Q(until=None) | Q(until__gte=models.F("since"))
            ),
        ]

    def __str__(self):
        return f"{self.participation_id} {self.seat}"

    @property
    def waits(self):
        """Whether the person is still to accept their invitation. Asks for `with_names`."""
        return not self.joined and bool(self.invited_name)

    @property
    def shown_name(self):
        """The name to show: while they have not joined, the one their inviter typed. Asks for `with_names`."""
        return self.invited_name if self.waits else self.user.full_name
