from django.db import migrations

from caprse.base.anchors import composite_keys

REGION = ("id", "region_id")


def _of_cohort(table):
    return (table, ("cohort_id", "region_id"), "cohorts_cohort", REGION)


def _of_organisation(table):
    return (table, ("organisation_id", "region_id"), "cohorts_organisation", REGION)


def _of_participation(table):
    return (table, ("participation_id", "region_id"), "cohorts_participation", REGION)


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0001_initial")]

    operations = [
        composite_keys(
            _of_cohort("cohorts_participation"),
            _of_cohort("cohorts_meeting"),
            _of_cohort("cohorts_round"),
            _of_cohort("cohorts_cohortpartner"),
            _of_organisation("cohorts_participation"),
            _of_organisation("cohorts_adhesion"),
            _of_organisation("cohorts_approach"),
            _of_organisation("cohorts_siaestatus"),
            _of_organisation("cohorts_membership"),
            _of_participation("cohorts_roundextension"),
            _of_participation("cohorts_stepdone"),
            _of_participation("cohorts_clearance"),
        )
    ]
