import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import caprse.base.clock
import caprse.base.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cohorts", "0004_invitation_anchors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConventionTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=60, unique=True, verbose_name="clé")),
                ("title", models.CharField(max_length=160, verbose_name="titre")),
            ],
            options={
                "verbose_name": "modèle de convention",
                "verbose_name_plural": "modèles de convention",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="Convention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=caprse.base.ids.new_public_id, editable=False, max_length=12, unique=True),
                ),
                ("reference", models.CharField(max_length=20, verbose_name="référence")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "en préparation"),
                            ("freezing", "document en cours de fabrication"),
                            ("frozen", "prête à envoyer"),
                            ("open", "en cours de signature"),
                            ("signed", "signée par toutes les parties"),
                            ("in_force", "en vigueur"),
                            ("ended", "terminée"),
                            ("cancelled", "annulée"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("variables", models.JSONField(default=dict, verbose_name="variables")),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(default=caprse.base.clock.now, verbose_name="créée le")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="envoyée le")),
                ("completed_at", models.DateTimeField(null=True, verbose_name="signée par toutes le")),
                ("ended_on", models.DateField(null=True, verbose_name="dernier jour")),
                ("end_reason", models.CharField(blank=True, default="", max_length=300, verbose_name="motif de fin")),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conventions",
                        to="cohorts.cohort",
                        verbose_name="cohorte",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="créée par",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cohorts.region",
                        verbose_name="région",
                    ),
                ),
            ],
            options={
                "verbose_name": "convention",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("structure", "structure"),
                            ("region", "délégation régionale"),
                            ("national", "tête de réseau nationale"),
                            ("partner", "partenaire"),
                        ],
                        max_length=10,
                        verbose_name="qualité de partie",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="nom")),
                (
                    "convention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="conventions.convention",
                        verbose_name="convention",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="cohorts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cohorts.region",
                        verbose_name="région",
                    ),
                ),
            ],
            options={
                "verbose_name": "partie",
            },
        ),
        migrations.CreateModel(
            name="Signatory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=caprse.base.ids.new_public_id, editable=False, max_length=12, unique=True),
                ),
                ("first_name", models.CharField(max_length=80, verbose_name="prénom")),
                ("last_name", models.CharField(max_length=80, verbose_name="nom")),
                ("email", models.EmailField(max_length=254, verbose_name="adresse électronique")),
                ("quality", models.CharField(max_length=120, verbose_name="qualité")),
                ("power", models.CharField(max_length=200, verbose_name="ce qui lui donne pouvoir de signer")),
                ("created_at", models.DateTimeField(default=caprse.base.clock.now, verbose_name="désigné·e le")),
                ("replaced_at", models.DateTimeField(null=True, verbose_name="remplacé·e le")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="lien envoyé le")),
                ("opened_at", models.DateTimeField(null=True, verbose_name="lien ouvert le")),
                ("reminders", models.PositiveSmallIntegerField(default=0, verbose_name="rappels")),
                ("reminded_on", models.DateField(null=True, verbose_name="dernier rappel")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="désigné·e par",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatories",
                        to="conventions.party",
                        verbose_name="partie",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cohorts.region",
                        verbose_name="région",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatories",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="personne",
                    ),
                ),
            ],
            options={
                "verbose_name": "signataire",
            },
        ),
        migrations.CreateModel(
            name="SigningCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session", models.CharField(max_length=64, verbose_name="session")),
                ("document_sha256", models.CharField(max_length=64, verbose_name="empreinte du document")),
                ("digest", models.CharField(blank=True, default="", max_length=64, verbose_name="empreinte du code")),
                ("asked_at", models.DateTimeField(default=caprse.base.clock.now, verbose_name="demandé le")),
                ("expires_at", models.DateTimeField(null=True, verbose_name="valable jusqu’à")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("consumed_at", models.DateTimeField(null=True, verbose_name="employé le")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cohorts.region",
                        verbose_name="région",
                    ),
                ),
                (
                    "signatory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="conventions.signatory",
                        verbose_name="signataire",
                    ),
                ),
            ],
            options={
                "verbose_name": "code de signature",
                "verbose_name_plural": "codes de signature",
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(default=caprse.base.ids.new_public_id, editable=False, max_length=12, unique=True),
                ),
                ("signed_at", models.DateTimeField(default=caprse.base.clock.now, verbose_name="signée le")),
                ("nonce", models.CharField(max_length=64, unique=True, verbose_name="jeton d’envoi")),
                ("document_sha256", models.CharField(max_length=64, verbose_name="empreinte du PDF")),
                ("html_sha256", models.CharField(max_length=64, verbose_name="empreinte de la page")),
                ("name", models.CharField(max_length=160, verbose_name="nom")),
                ("quality", models.CharField(max_length=120, verbose_name="qualité")),
                ("power", models.CharField(max_length=200, verbose_name="ce qui donne pouvoir de signer")),
                ("consent", models.TextField(verbose_name="consentement")),
                ("evidence", models.JSONField(verbose_name="preuve")),
                ("evidence_sha256", models.CharField(max_length=64, verbose_name="empreinte de la preuve")),
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signature",
                        to="conventions.party",
                        verbose_name="partie",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cohorts.region",
                        verbose_name="région",
                    ),
                ),
                (
                    "signatory",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signature",
                        to="conventions.signatory",
                        verbose_name="signataire",
                    ),
                ),
                (
                    "code",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signature",
                        to="conventions.signingcode",
                        verbose_name="code",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature",
            },
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="numéro")),
                ("content", models.JSONField(verbose_name="contenu")),
                ("sha256", models.CharField(max_length=64, verbose_name="empreinte du contenu")),
                ("published_at", models.DateTimeField(default=caprse.base.clock.now, verbose_name="publiée le")),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="conventions.conventiontemplate",
                        verbose_name="modèle",
                    ),
                ),
            ],
            options={
                "verbose_name": "version de modèle",
                "verbose_name_plural": "versions de modèle",
                "ordering": ["template", "number"],
            },
        ),
        migrations.AddField(
            model_name="convention",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="conventions.templateversion",
                verbose_name="version du modèle",
            ),
        ),
        migrations.CreateModel(
            name="TrailEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField(verbose_name="rang")),
                ("at", models.CharField(max_length=32, verbose_name="date")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("frozen", "texte figé"),
                            ("sent", "envoyée aux signataires"),
                            ("link_sent", "lien envoyé"),
                            ("link_opened", "lien ouvert"),
                            ("code_sent", "code envoyé"),
                            ("code_refused", "code refusé"),
                            ("signed", "signature"),
                            ("signatory_replaced", "signataire remplacé·e"),
                            ("completed", "signée par toutes les parties"),
                            ("final_made", "document final fabriqué"),
                            ("cancelled", "annulée"),
                            ("ended", "terminée"),
                        ],
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                ("actor", models.CharField(max_length=80, verbose_name="auteur·rice")),
                ("data", models.JSONField(default=dict, verbose_name="contenu")),
                ("previous", models.CharField(max_length=64, verbose_name="empreinte précédente")),
                ("digest", models.CharField(max_length=64, verbose_name="empreinte")),
                (
                    "convention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trail",
                        to="conventions.convention",
                        verbose_name="convention",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cohorts.region",
                        verbose_name="région",
                    ),
                ),
            ],
            options={
                "verbose_name": "maillon",
                "ordering": ["convention", "seq"],
            },
        ),
        migrations.CreateModel(
            name="SensitiveValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="nom")),
                ("salt", models.CharField(max_length=64, verbose_name="sel")),
                ("value", models.TextField(verbose_name="valeur")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cohorts.region",
                        verbose_name="région",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="conventions.trailentry",
                        verbose_name="maillon",
                    ),
                ),
            ],
            options={
                "verbose_name": "valeur à part",
                "verbose_name_plural": "valeurs à part",
            },
        ),
        migrations.CreateModel(
            name="FrozenDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("original", "texte à signer"), ("final", "convention signée")],
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                ("html", models.TextField(verbose_name="page")),
                ("html_sha256", models.CharField(max_length=64, verbose_name="empreinte de la page")),
                ("pdf", models.BinaryField(verbose_name="PDF")),
                ("pdf_sha256", models.CharField(max_length=64, verbose_name="empreinte du PDF")),
                ("pages", models.PositiveSmallIntegerField(verbose_name="nombre de pages")),
                ("made_at", models.DateTimeField(default=caprse.base.clock.now, verbose_name="fabriqué le")),
                (
                    "convention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="conventions.convention",
                        verbose_name="convention",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cohorts.region",
                        verbose_name="région",
                    ),
                ),
            ],
            options={
                "verbose_name": "document figé",
                "verbose_name_plural": "documents figés",
                "constraints": [models.UniqueConstraint(fields=("convention", "kind"), name="frozen_document_unique")],
            },
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.UniqueConstraint(fields=("convention", "organisation"), name="party_organisation_unique"),
        ),
        migrations.AddConstraint(
            model_name="signatory",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None)), fields=("party",), name="signatory_one_current_per_party"
            ),
        ),
        migrations.AddConstraint(
            model_name="signingcode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest", ""), ("expires_at", None)), ("expires_at__isnull", False), _connector="OR"
                ),
                name="signing_code_sent_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateversion",
            constraint=models.UniqueConstraint(fields=("template", "number"), name="template_version_number_unique"),
        ),
        migrations.AddConstraint(
            model_name="convention",
            constraint=models.UniqueConstraint(fields=("region", "reference"), name="convention_reference_unique"),
        ),
        migrations.AddConstraint(
            model_name="convention",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("ended", "cancelled")), _negated=True),
                fields=("cohort",),
                name="convention_one_standing_per_cohort",
            ),
        ),
        migrations.AddConstraint(
            model_name="convention",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["signed", "in_force"]), _negated=True),
                    ("completed_at__isnull", False),
                    _connector="OR",
                ),
                name="convention_signed_has_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="convention",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("state", "ended"), _negated=True), ("ended_on", None)),
                    models.Q(
                        ("ended_on__isnull", False), ("state", "ended"), models.Q(("end_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="convention_end_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="trailentry",
            constraint=models.UniqueConstraint(fields=("convention", "seq"), name="trail_entry_seq_unique"),
        ),
        migrations.AddConstraint(
            model_name="sensitivevalue",
            constraint=models.UniqueConstraint(fields=("entry", "name"), name="sensitive_value_unique"),
        ),
    ]
