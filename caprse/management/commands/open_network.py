"""Opens an empty installation: the national head, the non-diffusion clause, the first national staff person."""

import sys
from pathlib import Path

from django.core.management.base import CommandError

from caprse.base.text import NBSP
from caprse.management.opening import OpeningCommand
from cohorts.models import Organisation
from cohorts.services.openings import open_network


class Command(OpeningCommand):
    help = (
        "Ouvre le réseau : son organisation nationale, la clause de non-diffusion, une première personne. "
        "Relancée avec une autre adresse, ajoute une personne."
    )

    def add_arguments(self, parser):
        parser.add_argument("--name", required=True, help="nom de l’organisation nationale")
        self.add_person(parser)
        parser.add_argument("--clause", help="fichier texte de la clause de non-diffusion ; « - » : l’entrée standard")

    def handle(self, *, name, clause, **options):
        self.open(
            open_network,
            name=self.checked(Organisation, "legal_name", name, "--name"),
            clause=text_of(clause) if clause else "",
            **self.person(options),
        )


def text_of(path):
    """The words of a text file. Raises `CommandError` when it cannot be read or is empty."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"--clause {path}{NBSP}: enregistrez ce fichier en texte, encodage UTF-8.") from error
    except OSError as error:
        raise CommandError(f"--clause {path}{NBSP}: ce fichier ne peut pas être lu.") from error
    if not text.strip():
        raise CommandError(f"--clause {path}{NBSP}: ce fichier est vide.")
    return text.strip()
