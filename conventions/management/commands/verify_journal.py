"""Reads the chain of every convention again, or of one: names the first link that does not hold."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from conventions.models import Convention
from conventions.services import journal_checks


class Command(BaseCommand):
    help = "Relit la chaîne de chaque convention, ou d’une seule, et nomme le premier maillon qui ne tient pas."

    def add_arguments(self, parser):
        parser.add_argument(
            "convention", nargs="?", metavar="CONVENTION", help="sa référence ou son code ; sans elle, toutes"
        )
        parser.add_argument("--json", action="store_true", help="écrit ce qui a été trouvé en JSON")

    def handle(self, *args, convention, **options):
        rows = Convention.objects.order_by("pk")
        if convention:
            rows = rows.filter(Q(reference=convention) | Q(public_id=convention))
            if not rows.exists():
                raise CommandError(f"Aucune convention n’a la référence ou le code « {convention} ».")
        found = [journal_checks.check(row) for row in rows.iterator(chunk_size=100)]
        first = next((one.problem for one in found if one.problem), None)
        if options["json"]:
            told = {
                "ok": first is None,
                "conventions": len(found),
                "links": sum(one.links for one in found),
                "stamps": sum(one.stamps for one in found),
                "first_broken": asdict(first) if first else None,
                "broken": [asdict(one.problem) for one in found if one.problem],
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            for one in found:
                said = f"maillon {one.problem.rank} : {one.problem.said}" if one.problem else "intacte"
                self.stdout.write(f"{one.reference} ({one.convention}), {one.links} maillons : {said}")
        if first:
            raise SystemExit(1)
