"""What a structure shows, on its own will, to the structures of its cohort."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from autodiag.enums import SharingKind
from autodiag.models.anchored import OfPath
from autodiag.models.diagnostics import Autodiag
from caprse.base import clock
from caprse.base.ids import new_public_id
from cohorts.models import Cohort, Organisation, Participation


def peers_of(participation):
    """The other structures that are in its cohort today, by name: those something may be shown to."""
    paths = Participation.objects.current().filter(cohort=participation.cohort_id)
    others = Organisation.objects.filter(participations__in=paths).exclude(pk=participation.organisation_id)
    return list(others.distinct().order_by("legal_name", "pk"))


class SharingQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Its own structure always; in force, who it is shown to. Shown to the whole cohort, who accompanies it too."""
        paths = Participation.objects.current().filter(organisation_id__in=actor.structure_ids)
        peers = Q(to_organisation=None, cohort__in=paths.values("cohort"))
        named = Q(to_organisation_id__in=actor.structure_ids, cohort__in=paths.values("cohort"))
        team = Q(to_organisation=None) & actor.accompanied_q("participation__")
        return self.filter(actor.own_q("participation__") | (self._in_force() & (peers | named | team)))

    def once_shown_to(self, actor):
        """Those this person could read at some time: over, they are told so and see nothing of it."""
        paths = Participation.objects.filter(organisation_id__in=actor.structure_ids).values("cohort")
        team = Q(to_organisation=None) & actor.accompanied_q("participation__")
        return self.filter(
            Q(cohort__in=paths) & (Q(to_organisation=None) | Q(to_organisation_id__in=actor.structure_ids)) | team
        )

    def in_force(self):
        """Those not withdrawn whose last day has not passed, of structures that are still there."""
        return self.filter(self._in_force())

    @staticmethod
    def _in_force():
        return Q(withdrawn_at=None, until__gte=clock.today(), participation__left_on=None)

    def with_context(self):
        return self.select_related("participation__organisation", "cohort__region", "to_organisation", "shared_by")


class Sharing(OfPath):
    """Partage volontaire: a structure shows something to its cohort, or to one structure of it, until a day.

    `content` is what was previewed, frozen: what is seen is what was agreed to be shown.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    cohort = models.ForeignKey(Cohort, verbose_name="cohorte", on_delete=models.PROTECT, related_name="+")
    to_organisation = models.ForeignKey(
        Organisation, verbose_name="à une seule structure", null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("quoi", max_length=14, choices=SharingKind)
    autodiag = models.ForeignKey(
        Autodiag, verbose_name="autodiagnostic", null=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField("titre", max_length=160)
    text = models.TextField("en quelques mots", blank=True, default="")
    content = models.JSONField("ce qui est montré", default=dict)
    until = models.DateField("jusqu’au")
    shared_at = models.DateTimeField("partagé le", default=clock.now)
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="partagé par", on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField("retiré le", null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="retiré par", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SharingQuerySet.as_manager()

    class Meta:
        verbose_name = "partage"
        ordering = ["-shared_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="sharing_says_something",
                condition=~Q(title="")
                & (~Q(kind__in=(SharingKind.STEP_FORWARD, SharingKind.DIFFICULTY)) | ~Q(text="")),
            ),
            models.CheckConstraint(
                name="sharing_whole_autodiag_to_one_structure",
                condition=~Q(kind=SharingKind.AUTODIAG) | Q(to_organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="sharing_of_a_chapter_names_it",
                condition=Q(kind__in=(SharingKind.SYNTHESIS, SharingKind.AUTODIAG), autodiag__isnull=False)
                | Q(kind__in=(SharingKind.STEP_FORWARD, SharingKind.DIFFICULTY), autodiag=None),
            ),
            models.CheckConstraint(
                name="sharing_withdrawn_both_or_neither",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_in_force(self):
        """Whether it is still shown today."""
        return self.withdrawn_at is None and clock.today() <= self.until
