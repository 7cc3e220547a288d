"""Writes an action plan in a file: a workbook, a PDF or a calendar."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from autodiag.management.writing import format_of, write_document
from autodiag.plans import PlanFormat
from autodiag.services.plan_export import NothingToExport, plan_material, store_plan
from autodiag.services.reporting import SiteActor
from caprse.base.ids import is_public_id
from cohorts.models import Participation

ENDINGS = ", ".join(f".{form.value}" for form in PlanFormat)


class Command(BaseCommand):
    help = "Écrit le plan d’actions d’une structure, marqué et inscrit au registre comme un téléchargement."

    def add_arguments(self, parser):
        parser.add_argument("id", metavar="ID", help="identifiant du parcours, celui de l’adresse de son plan")
        parser.add_argument(
            "-o", "--output", required=True, type=Path, metavar="FICHIER", help=f"son nom finit par {ENDINGS}"
        )

    def handle(self, *args, output, **options):
        form = format_of(output, PlanFormat)
        paths = Participation.objects.with_context().filter(public_id=options["id"])
        participation = paths.first() if is_public_id(options["id"]) else None
        if participation is None:
            raise CommandError(f"Aucun parcours n’a l’identifiant « {options['id']} ».")
        actor = SiteActor.of_structure(participation.organisation_id)
        material = plan_material(actor, participation)
        replaced = output.exists()
        line = write_document(
            output,
            lambda: store_plan(material, participation, form=form, created_by_id=None),
            actor=actor,
            acting_for=material.structure,
            refusals=(NothingToExport,),
        )
        self.stdout.write(f"{output}{' (remplacé)' if replaced else ''} : {form.label}, n° {line.number}")
