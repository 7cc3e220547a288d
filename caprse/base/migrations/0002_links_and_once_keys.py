from django.db import migrations, models

import caprse.base.clock


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonalLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=20, verbose_name="usage")),
                ("target_id", models.BigIntegerField(verbose_name="objet")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="empreinte du jeton")),
                ("made_at", models.DateTimeField(default=caprse.base.clock.now, verbose_name="créé le")),
                ("voided_at", models.DateTimeField(null=True, verbose_name="annulé le")),
            ],
            options={
                "verbose_name": "lien personnel",
                "verbose_name_plural": "liens personnels",
            },
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="once_key",
            field=models.CharField(max_length=80, null=True, verbose_name="une seule fois"),
        ),
        migrations.AddConstraint(
            model_name="outboxmessage",
            constraint=models.UniqueConstraint(fields=("once_key",), name="outbox_message_once"),
        ),
        migrations.AddIndex(
            model_name="personallink",
            index=models.Index(fields=["purpose", "target_id"], name="personal_link_target"),
        ),
    ]
