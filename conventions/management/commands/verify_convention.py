"""Verifies a signed convention from its file: against this site, or offline against an authority alone."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from caprse.base.sealing import keys
from conventions.services.verifying import NothingTrusted, as_data, by_file
from conventions.verifying import Verdict, Verification, trial

NO_ROOTS = "Aucun certificat d’autorité ne se lit : donnez CAPRSE_SEAL_ROOTS, ou --root CERTIFICAT."


class Command(BaseCommand):
    help = (
        "Dit si un fichier est une convention scellée, complète et intacte. Code de sortie 0 si c’est le cas, 1 sinon."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FICHIER", help="le PDF à vérifier")
        parser.add_argument(
            "--root",
            type=Path,
            metavar="CERTIFICAT",
            help="hors ligne, sans la base : l’autorité à laquelle se fier (PEM ou DER)",
        )
        parser.add_argument("--json", action="store_true", help="écrit le verdict et chaque contrôle en JSON")

    def handle(self, *args, file, root, **options):
        told = self.verified(file, root)
        data = as_data(told)
        if options["json"]:
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(f"{data['verdict']} : {data['reason']}")
        if not told.holds:
            raise SystemExit(1)

    def verified(self, file, root):
        """What the file is; nothing of the database is read when an authority is given."""
        try:
            trusted = keys.certificates_in(root) if root else None
        except keys.SealUnavailable as error:
            raise CommandError(str(error)) from error
        try:
            if file.stat().st_size > settings.UPLOAD_FILE_BYTES:
                return Verification(Verdict.UNREADABLE, "Ce fichier est plus lourd qu’aucune convention.", "")
            content = file.read_bytes()
        except OSError as error:
            return Verification(Verdict.UNREADABLE, f"Ce fichier ne se lit pas : {error.strerror}.", "")
        try:
            return trial.examine(content, roots=trusted) if root else by_file(content)
        except NothingTrusted as error:
            raise CommandError(NO_ROOTS) from error
