"""Brings a référentiel in from a TOML file: the first time, or as the next version. Format: docs/referentiels.md."""

import tomllib
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from referentiel.imports import problems
from referentiel.services import import_version, publish


class Command(BaseCommand):
    help = (
        "Importe un référentiel depuis un fichier TOML, comme brouillon ; --publish le publie aussitôt. "
        "Le format est décrit dans docs/referentiels.md."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER", help="le fichier TOML, en UTF-8")
        parser.add_argument("--publish", action="store_true", help="publier la version une fois importée")
        parser.add_argument(
            "--by", default="", metavar="NOM", help="qui publie, « Prénom Nom » ; demandé par --publish"
        )

    def handle(self, *args, file, **options):
        by = options["by"].strip()
        if options["publish"] and not by:
            raise CommandError('Dites qui publie : --publish --by "Prénom Nom".')
        data = self.read(Path(file))
        try:
            with transaction.atomic():
                version = import_version(data=data)
                if options["publish"]:
                    publish(version=version, by_name=by)
        except ValidationError as refusal:
            raise CommandError(f"Rien n’a été importé. {refusal.messages[0]}") from refusal
        done = f"publiée par {by}" if options["publish"] else "en brouillon"
        self.stdout.write(f"{version.referentiel.title}, version {version.number} : importée, {done}.")

    def read(self, path):
        """The file as plain data; raises `CommandError` with what is to be put right."""
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as refusal:
            raise CommandError(f"Le fichier « {path} » ne peut pas être lu : {refusal.strerror}.") from refusal
        except UnicodeDecodeError as refusal:
            raise CommandError(f"Le fichier « {path} » n’est pas écrit en UTF-8.") from refusal
        except tomllib.TOMLDecodeError as refusal:
            raise CommandError(f"Le fichier « {path} » n’est pas du TOML valable ({refusal}).") from refusal
        if found := problems(data):
            listed = "\n".join(f"  - {problem}" for problem in found[:20])
            raise CommandError(f"Rien n’a été importé. À corriger dans « {path} » :\n{listed}")
        return data
