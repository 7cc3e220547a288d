"""Rights of named persons: who may edit one référentiel, until when. Rows of django-guardian, with our expiry."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from guardian.managers import UserObjectPermissionManager
from guardian.models import UserObjectPermissionBase

from caprse.base import clock
from cohorts.enums import Role
from cohorts.models.memberships import Membership, current
from referentiel.models import Referentiel


class GrantQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Who edits what is known to the national staff alone."""
        return self if actor.is_national else self.none()

    def effective(self, now):
        """Those that really let somebody edit: in force, and the person is still of the national staff."""
        staff = Membership.objects.filter(current(now.astimezone(clock.PARIS).date()), role=Role.NATIONAL_STAFF)
        return self.in_force(now).filter(user__in=staff.values("user"))

    def with_names(self):
        return self.select_related("user").order_by("user__last_name", "user__first_name", "pk")

    def in_force(self, now):
        """Those whose time is not over: guardian itself ignores it."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now))


class EditorGrant(UserObjectPermissionBase):
    """Droit de rédaction: a named person of the national head edits one référentiel, until a moment or for good."""

    content_object = models.ForeignKey(
        Referentiel, verbose_name="référentiel", on_delete=models.PROTECT, related_name="editor_grants"
    )
    granted_at = models.DateTimeField("confié le", default=clock.now)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="confié par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField("jusqu’à", null=True)

    objects = UserObjectPermissionManager.from_queryset(GrantQuerySet)()

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "droit de rédaction"
        verbose_name_plural = "droits de rédaction"

    def __str__(self):
        return f"{self.user_id} {self.content_object_id}"
