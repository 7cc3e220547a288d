"""Writes a document of a diagnostic in a file: one chapter or the whole path, in either edition."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from autodiag.management.writing import EDITIONS, format_of, found, write_document
from autodiag.reports import Format
from autodiag.services.exports import store_report
from autodiag.services.reporting import SiteActor, material_of

ENDINGS = ", ".join(f".{form.value}" for form in Format)


class Command(BaseCommand):
    help = "Écrit un document d’autodiagnostic, marqué et inscrit au registre comme un téléchargement."

    def add_arguments(self, parser):
        parser.add_argument(
            "id",
            metavar="ID",
            help="identifiant d’un autodiagnostic (un chapitre) ou d’un parcours (tous ses chapitres)",
        )
        parser.add_argument(
            "--edition",
            required=True,
            choices=EDITIONS,
            help="interne : la rédaction du référentiel, pour les adhérents ; diffusion : les mots de la structure",
        )
        parser.add_argument(
            "-o", "--output", required=True, type=Path, metavar="FICHIER", help=f"son nom finit par {ENDINGS}"
        )
        parser.add_argument("--sans-plan", action="store_true", help="laisse le plan d’actions de côté")

    def handle(self, *args, output, edition, **options):
        form = format_of(output, Format)
        autodiag, participation = found(options["id"])
        actor = SiteActor.of_structure(participation.organisation_id)
        material = material_of(actor, participation, autodiag=autodiag, with_plan=not options["sans_plan"])
        if material is None:
            raise CommandError("Ce parcours n’a encore aucun chapitre commencé : il n’y a rien à écrire.")
        replaced = output.exists()
        asked = {"edition": EDITIONS[edition], "form": form, "created_by_id": None}
        line = write_document(
            output,
            lambda: store_report(material, participation, **asked),
            actor=actor,
            acting_for=material.structure,
        )
        told = f"{output}{' (remplacé)' if replaced else ''} : édition {EDITIONS[edition].label}, n° {line.number}"
        self.stdout.write(told)
