from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0007_identity")]

    operations = [
        migrations.AlterField(
            model_name="cohort",
            name="condition",
            field=models.CharField(
                choices=[
                    ("all_signed", "toutes les parties ont signé"),
                    ("network", "toutes les parties du réseau ont signé"),
                    ("own_signed", "la structure a signé"),
                    ("none", "aucune convention n’est demandée"),
                ],
                default="all_signed",
                max_length=12,
                verbose_name="ce que la convention demande",
            ),
        ),
    ]
