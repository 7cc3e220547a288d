from django.db import migrations

from caprse.base.anchors import composite_keys

REGION = ("id", "region_id")


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0003_invitations_and_conditions")]

    operations = [
        migrations.RemoveField(model_name="cohort", name="needs_clearance"),
        composite_keys(
            ("cohorts_invitation", ("organisation_id", "region_id"), "cohorts_organisation", REGION),
            ("cohorts_invitation", ("cohort_id", "region_id"), "cohorts_cohort", REGION),
            ("cohorts_pairmember", ("participation_id", "region_id"), "cohorts_participation", REGION),
        ),
    ]
