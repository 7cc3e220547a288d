"""Gives the score of a chapter as its page shows it, with the sum it comes from."""

import json
from decimal import Decimal

from django.core.management.base import BaseCommand, CommandError

from autodiag.documents import lines_of
from autodiag.models import Autodiag
from autodiag.scoring import score
from autodiag.services.reading import content_now
from caprse.base.text import number


class Command(BaseCommand):
    help = "Donne le score d’un chapitre, ligne à ligne : les nombres de sa page, et d’où ils viennent."

    def add_arguments(self, parser):
        parser.add_argument(
            "autodiag", metavar="AUTODIAG", help="identifiant de l’autodiagnostic, celui de son adresse"
        )
        parser.add_argument("--json", action="store_true", help="en données ; les nombres à virgule y sont des textes")
        parser.add_argument(
            "--submission",
            type=int,
            metavar="N",
            help="une version transmise ; sans elle, la dernière, ou les réponses du moment si le chapitre est rouvert",
        )

    def handle(self, *args, autodiag, **options):
        found = Autodiag.objects.with_context().filter(public_id=autodiag).first()
        if found is None:
            raise CommandError(f"Aucun autodiagnostic n’a l’identifiant « {autodiag} ».")
        content, source = self.read(found, options["submission"])
        told = {**self.place(found, content), "source": source, **score(lines_of(content["criteria"])).explained()}
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) if options["json"] else in_words(told))

    def read(self, autodiag, wanted):
        """The content the page of the structure shows, and where it comes from."""
        submissions = autodiag.submissions.order_by("-number")
        if wanted is not None:
            one = submissions.filter(number=wanted).first() if 0 < wanted < 2**15 else None
            if one is None:
                raise CommandError(f"Ce chapitre n’a pas de version transmise n° {wanted}.")
        else:
            one = submissions.first() if autodiag.is_submitted else None
        if one is None:
            return content_now(autodiag), {"kind": "working_answers"}
        return one.content, {
            "kind": "submission",
            "number": one.number,
            "content_hash": one.content_hash,
            "submitted_at": one.submitted_at.isoformat(),
        }

    def place(self, autodiag, content):
        scale = [value for value, _ in content["scale"]]
        return {
            "autodiag": autodiag.public_id,
            "structure": content["structure"],
            "referentiel": content["code"],
            "version": content["version"],
            "chapter": content["chapter"],
            "scale": {"min": min(scale), "max": max(scale)},
        }


def in_words(told):
    """The same, to be read in a terminal."""
    chapter, source = told["chapter"], told["source"]
    where = f"version n° {source['number']}, empreinte {source['content_hash']}" if "number" in source else ""
    lines = [
        f"{told['structure']} – chapitre {chapter['number']}, {chapter['title']}",
        f"D’après : {where or 'les réponses du moment, non transmises'}",
        "",
        *(f"  {line['code']}  {line['title']} : {_sum(line)}" for line in told["lines"]),
        "",
    ]
    if told["value"] is None:
        return "\n".join([*lines, "Pas de score : aucun critère n’a de niveau."])
    value = number(Decimal(told["value"]), 1)
    return "\n".join([*lines, f"{told['total']} ÷ {told['weight']} = {value} (arrondi {told['rounding']})"])


def _sum(line):
    return f"{line['value']} × {line['weight']} = {line['points']}" if line["counts"] else line["why_not"]
