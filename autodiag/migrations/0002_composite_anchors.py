from django.db import migrations

from caprse.base.anchors import composite_keys

REGION = ("cohorts_participation", ("id", "region_id"))
TABLES = ("autodiag", "answer", "comment", "answerchange", "submission", "action")
OF_AUTODIAG, OF_ANSWER = ("answer", "submission"), ("comment", "answerchange")


def _same_path(table, parent):
    """The row and what it hangs on belong to the same participation."""
    return (
        f"autodiag_{table}",
        (f"{parent}_id", "participation_id"),
        f"autodiag_{parent}",
        ("id", "participation_id"),
    )


class Migration(migrations.Migration):
    dependencies = [("autodiag", "0001_initial"), ("cohorts", "0002_composite_anchors")]

    operations = [
        composite_keys(
            *((f"autodiag_{table}", ("participation_id", "region_id"), *REGION) for table in TABLES),
            *(_same_path(table, "autodiag") for table in OF_AUTODIAG),
            *(_same_path(table, "answer") for table in OF_ANSWER),
        )
    ]
