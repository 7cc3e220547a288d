"""Brings a plan in from a workbook, with the same reading as the page « Apporter un plan »."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from autodiag.management.writing import found
from autodiag.plans.bringing import MOST_ERRORS
from autodiag.services.plan_imports import AddedAlready, accept_workbook, import_at_once, referent_of
from caprse.base.text import day_in_words
from caprse.base.uploads import NotAccepted, check_size
from cohorts.access import Actor


class Command(BaseCommand):
    help = (
        "Fait entrer dans le plan d’une structure les actions d’un classeur Excel, au nom de son ou sa référent·e. "
        "Tout entre, ou rien : s’il y a des erreurs, elles sont dites case par case et la commande finit en échec."
    )

    def add_arguments(self, parser):
        parser.add_argument("participation", metavar="PARCOURS", help="son identifiant, ou celui d’un chapitre")
        parser.add_argument("file", metavar="FICHIER.xlsx", help="le classeur")
        parser.add_argument("--dry-run", action="store_true", help="lire seulement : rien n’est écrit")
        parser.add_argument("--json", action="store_true", help="en données")
        parser.add_argument("--again", action="store_true", help="ajouter une seconde fois un classeur déjà ajouté")

    def handle(self, *args, participation, file, **options):
        _, path = found(participation)
        user = referent_of(path)
        if user is None:
            raise CommandError(f"{path.organisation.legal_name} n’a pas de référent·e : au nom de qui écrire ?")
        asked = {"dry_run": options["dry_run"], "again": options["again"]}
        report = self.read(path, Actor.of(user), Path(file), **asked)
        told = {
            "errors": report["errors"],
            "more_errors": report["more"],
            "created": len(report["rows"]),
            "known": len(report["known"]),
            "same_words": report["same_words"],
            "dry_run": options["dry_run"],
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) if options["json"] else in_words(told))
        if told["errors"]:
            raise SystemExit(1)

    def read(self, path, by, file, **asked):
        """The report of the reading; a file that is not taken in is an error of the whole workbook."""
        try:
            check_size(file.stat().st_size)
            upload = accept_workbook(file.name, file.read_bytes())
        except FileNotFoundError as error:
            raise CommandError(f"« {file} » ne se lit pas : ce fichier n’existe pas.") from error
        except OSError as error:
            raise CommandError(f"« {file} » ne se lit pas : {error.strerror}.") from error
        except NotAccepted as refusal:
            return nothing_but(str(refusal))
        try:
            return import_at_once(participation=path, by=by, upload=upload, **asked)
        except AddedAlready as refusal:
            day = day_in_words(refusal.moment)
            return nothing_but(f"Ce classeur est déjà entré dans ce plan le {day}. Pour l’ajouter encore : --again.")


def nothing_but(reason):
    """The report of a workbook that is refused whole."""
    whole = {"sheet": "", "cell": "", "reason": reason}
    return {"errors": [whole], "more": 0, "rows": [], "known": [], "same_words": []}


def in_words(told):
    """The same, to be read in a terminal."""
    if told["errors"]:
        lines = [f"{_place(error)} : {error['reason']}" for error in told["errors"]]
        more = [f"… et {told['more_errors']} autres, après les {MOST_ERRORS} premières."] if told["more_errors"] else []
        return "\n".join([*lines, *more, "Rien n’a été ajouté."])
    added = "à ajouter" if told["dry_run"] else "ajoutées"
    lines = [f"Actions {added} : {told['created']}. Déjà dans le plan : {told['known']}."]
    return "\n".join(
        [*lines, *(f"Le plan le disait déjà, peut-être en double : « {what} »" for what in told["same_words"])]
    )


def _place(error):
    return f"{error['sheet']}!{error['cell']}" if error["cell"] else "Le classeur"
