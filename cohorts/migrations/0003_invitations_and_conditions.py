import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import caprse.base.clock
import caprse.base.ids
import cohorts.models.invitations


def carry_condition(apps, schema_editor):
    apps.get_model("cohorts", "Cohort").objects.filter(needs_clearance=False).update(condition="none")


def carry_back(apps, schema_editor):
    apps.get_model("cohorts", "Cohort").objects.filter(condition="none").update(needs_clearance=False)


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0002_composite_anchors"),
        ("referentiel", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=caprse.base.ids.new_public_id, editable=False, max_length=12, unique=True),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("referent", "référent·e CAP RSE"),
                            ("contributor", "contributeur·rice"),
                            ("board_member", "membre du conseil d’administration"),
                            ("legal_representative", "représentant·e légal·e"),
                            ("facilitator", "accompagnateur·rice"),
                            ("region_admin", "coordinateur·rice régional·e"),
                            ("national_staff", "équipe nationale"),
                            ("partner", "partenaire"),
                        ],
                        max_length=24,
                        verbose_name="rôle",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="adresse électronique")),
                ("first_name", models.CharField(max_length=80, verbose_name="prénom")),
                ("last_name", models.CharField(max_length=80, verbose_name="nom")),
                ("job", models.CharField(blank=True, default="", max_length=120, verbose_name="fonction")),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "en attente"), ("accepted", "acceptée"), ("cancelled", "annulée")],
                        default="pending",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("created_at", models.DateTimeField(default=caprse.base.clock.now, verbose_name="créée le")),
                ("sent_at", models.DateTimeField(default=caprse.base.clock.now, verbose_name="envoyée le")),
                (
                    "expires_at",
                    models.DateTimeField(
                        default=cohorts.models.invitations.next_expiry, verbose_name="valable jusqu’à"
                    ),
                ),
                ("reminders", models.PositiveSmallIntegerField(default=0, verbose_name="rappels")),
                ("reminded_on", models.DateField(null=True, verbose_name="dernier rappel")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="répondue ou annulée le")),
            ],
            options={
                "verbose_name": "invitation",
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PairMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "seat",
                    models.CharField(
                        choices=[
                            ("staff", "direction ou salarié·e permanent·e"),
                            ("board", "membre du conseil d’administration"),
                        ],
                        max_length=8,
                        verbose_name="place",
                    ),
                ),
                ("since", models.DateField(default=caprse.base.clock.today, verbose_name="depuis")),
                ("until", models.DateField(null=True, verbose_name="jusqu’à")),
            ],
            options={
                "verbose_name": "membre du binôme",
                "verbose_name_plural": "membres du binôme",
            },
        ),
        migrations.RemoveConstraint(
            model_name="round",
            name="round_dates_in_order",
        ),
        migrations.AddField(
            model_name="cohort",
            name="condition",
            field=models.CharField(
                choices=[
                    ("all_signed", "toutes les parties ont signé"),
                    ("own_signed", "la structure a signé"),
                    ("none", "aucune convention n’est demandée"),
                ],
                default="all_signed",
                max_length=12,
                verbose_name="ce que la convention demande",
            ),
        ),
        migrations.AlterField(
            model_name="clearance",
            name="kind",
            field=models.CharField(
                choices=[
                    ("convention", "convention d’engagements signée"),
                    ("exception", "ouverture accordée par la région"),
                ],
                max_length=12,
                verbose_name="type",
            ),
        ),
        migrations.AlterField(
            model_name="round",
            name="opens_on",
            field=models.DateField(null=True, verbose_name="ouvre le"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closes_on", None), ("opens_on", None), ("closes_on__gte", models.F("opens_on")), _connector="OR"
                ),
                name="round_dates_in_order",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="cohort",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to="cohorts.cohort",
                verbose_name="cohorte",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="par",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to="cohorts.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cohorts.region",
                verbose_name="région",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="personne",
            ),
        ),
        migrations.AddField(
            model_name="pairmember",
            name="named_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="nommé·e par",
            ),
        ),
        migrations.AddField(
            model_name="pairmember",
            name="participation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pair",
                to="cohorts.participation",
                verbose_name="parcours",
            ),
        ),
        migrations.AddField(
            model_name="pairmember",
            name="region",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cohorts.region",
                verbose_name="région",
            ),
        ),
        migrations.AddField(
            model_name="pairmember",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="personne",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role__in", ("facilitator",)), ("cohort__isnull", False), ("organisation", None)),
                    models.Q(
                        models.Q(("role__in", ("facilitator",)), _negated=True),
                        ("cohort", None),
                        ("organisation__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="invitation_cohort_for_facilitators_only",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("state", "pending")),
                    models.Q(models.Q(("state", "pending"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="invitation_closed_has_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("organisation__isnull", False), ("state", "pending")),
                fields=("user", "role", "organisation"),
                name="invitation_pending_organisation_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cohort__isnull", False), ("state", "pending")),
                fields=("user", "role", "cohort"),
                name="invitation_pending_cohort_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="pairmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("participation", "seat"), name="pair_member_one_per_seat"
            ),
        ),
        migrations.AddConstraint(
            model_name="pairmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("participation", "user"), name="pair_member_two_people"
            ),
        ),
        migrations.AddConstraint(
            model_name="pairmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="pair_member_dates_in_order",
            ),
        ),
        migrations.RunPython(carry_condition, carry_back),
    ]
