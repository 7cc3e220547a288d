from django.db import migrations

from caprse.base.anchors import composite_keys

REGION = ("id", "region_id")
OF_CONVENTION = (
    *("annex", "annexrevision", "refusal", "wrongperson", "committeevalidation", "breach", "graceperiod"),
    *("commitment", "attestation", "sealedartefact"),
)


def _of(table, parent, column):
    return (f"conventions_{table}", (column, "region_id"), f"conventions_{parent}", REGION)


class Migration(migrations.Migration):
    dependencies = [("conventions", "0003_in_full")]

    operations = [
        composite_keys(
            *(_of(table, "convention", "convention_id") for table in OF_CONVENTION),
            _of("convention", "convention", "parent_id"),
            _of("convention", "convention", "supersedes_id"),
            _of("annexrevision", "annex", "annex_id"),
            _of("refusal", "signatory", "signatory_id"),
            _of("wrongperson", "signatory", "signatory_id"),
            _of("breach", "party", "party_id"),
            _of("commitment", "party", "party_id"),
            _of("attestation", "commitment", "commitment_id"),
            _of("signature", "signatory", "signatory_id"),
            _of("trailstamp", "trailentry", "entry_id"),
            _of("sealrenewal", "sealedartefact", "artefact_id"),
        )
    ]
