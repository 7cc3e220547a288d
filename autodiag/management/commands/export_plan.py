"""Writes an action plan in a file: a workbook, a PDF or a calendar."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from autodiag.management.writing import EDITIONS, format_of, found, write_document
from autodiag.plans import PlanFormat
from autodiag.reports import Edition
from autodiag.services.plan_export import NothingToExport, outward_material, plan_material, store_plan
from autodiag.services.reporting import SiteActor

ENDINGS = ", ".join(f".{form.value}" for form in PlanFormat)


class Command(BaseCommand):
    help = "Écrit le plan d’actions d’une structure, marqué et inscrit au registre comme un téléchargement."

    def add_arguments(self, parser):
        parser.add_argument(
            "id", metavar="ID", help="identifiant du parcours, celui de l’adresse de son plan, ou d’un de ses chapitres"
        )
        parser.add_argument(
            "--edition",
            default="interne",
            choices=EDITIONS,
            help="interne (par défaut) : tout le plan ; diffusion : les mots de la structure, rien du référentiel",
        )
        parser.add_argument(
            "-o", "--output", required=True, type=Path, metavar="FICHIER", help=f"son nom finit par {ENDINGS}"
        )

    def handle(self, *args, output, edition, **options):
        form = format_of(output, PlanFormat)
        _, participation = found(options["id"])
        actor = SiteActor.of_structure(participation.organisation_id)
        read = outward_material if EDITIONS[edition] == Edition.OUTWARD else plan_material
        try:
            material = read(actor, participation)
        except NothingToExport as refusal:
            raise CommandError(str(refusal)) from refusal
        replaced = output.exists()
        line = write_document(
            output,
            lambda: store_plan(material, participation, form=form, created_by_id=None),
            actor=actor,
            acting_for=material.structure,
            refusals=(NothingToExport,),
        )
        told = f"{form.label}, édition {EDITIONS[edition].label}, n° {line.number}"
        self.stdout.write(f"{output}{' (remplacé)' if replaced else ''} : {told}")
