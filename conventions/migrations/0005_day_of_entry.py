from zoneinfo import ZoneInfo

from django.db import migrations

PARIS = ZoneInfo("Europe/Paris")


def say_since_when(apps, schema_editor):
    """What was in force before texts said from when binds since its last signature, as those texts said."""
    rows = apps.get_model("conventions", "Convention").objects.using(schema_editor.connection.alias)
    waiting = rows.filter(state__in=["in_force", "ended"], in_force_on=None, completed_at__isnull=False)
    for convention in waiting.only("completed_at"):
        rows.filter(pk=convention.pk).update(in_force_on=convention.completed_at.astimezone(PARIS).date())


class Migration(migrations.Migration):
    dependencies = [("conventions", "0004_anchors_in_full")]

    operations = [migrations.RunPython(say_since_when, migrations.RunPython.noop)]
