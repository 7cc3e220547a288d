from django.db import migrations

from caprse.base.anchors import composite_keys


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0005_notes_relays_grants")]

    operations = [
        composite_keys(("cohorts_share", ("resource_id", "cohort_id"), "cohorts_resource", ("id", "cohort_id"))),
    ]
