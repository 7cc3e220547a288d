"""Where a row of this floor belongs: its region and its path, as columns, filled by the services."""

from django.db import models

from cohorts.models import Participation, Region


class OfPath(models.Model):
    """A row that belongs to one structure's path."""

    region = models.ForeignKey(Region, verbose_name="région", on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(
        Participation, verbose_name="parcours", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True
