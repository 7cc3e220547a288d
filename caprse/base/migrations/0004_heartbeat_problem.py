from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("base", "0003_publishable_files")]

    operations = [
        migrations.AddField(
            model_name="heartbeat",
            name="problem",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="problème"),
        ),
    ]
