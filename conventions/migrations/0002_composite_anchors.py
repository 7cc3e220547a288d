from django.db import migrations

from caprse.base.anchors import composite_keys

REGION = ("id", "region_id")


def _of(table, parent, column):
    return (table, (column, "region_id"), parent, REGION)


class Migration(migrations.Migration):
    dependencies = [("conventions", "0001_initial")]

    operations = [
        composite_keys(
            _of("conventions_convention", "cohorts_cohort", "cohort_id"),
            _of("conventions_party", "conventions_convention", "convention_id"),
            _of("conventions_signatory", "conventions_party", "party_id"),
            _of("conventions_frozendocument", "conventions_convention", "convention_id"),
            _of("conventions_signingcode", "conventions_signatory", "signatory_id"),
            _of("conventions_signature", "conventions_party", "party_id"),
            _of("conventions_trailentry", "conventions_convention", "convention_id"),
            _of("conventions_sensitivevalue", "conventions_trailentry", "entry_id"),
        )
    ]
