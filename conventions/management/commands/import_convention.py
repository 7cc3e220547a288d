"""Brings the text of a convention in from Markdown, with the same reading as the page « Apporter un texte »."""

import json
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from conventions import texts
from conventions.models import ConventionTemplate
from conventions.services import templates
from conventions.texts.bringing import with_text
from conventions.texts.markdown import BYTES


class Command(BaseCommand):
    help = (
        "Met dans le brouillon d’un modèle de convention un texte en Markdown : « ## » un article, « ### Engagements "
        "de la structure » les clauses d’une qualité de partie, « {{Nom}} » ou « ____ » un blanc. Avec une erreur, "
        "rien n’est écrit, et la commande finit en échec. Le brouillon se relit et se publie à l’écran."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER.md", help="le texte")
        parser.add_argument("--template", required=True, metavar="CODE", help="le modèle ; inconnu, il est créé")
        parser.add_argument("--dry-run", action="store_true", help="lire seulement : rien n’est écrit")
        parser.add_argument("--json", action="store_true", help="en données")

    def handle(self, *args, file, template, **options):
        if not template or templates.key_of(template) != template:
            raise CommandError(f"« {template} » n’est pas un code : lettres sans accent, chiffres et tirets.")
        known = ConventionTemplate.objects.filter(key=template).select_related("region").first()
        brought = templates.read_text(content=content_of(Path(file)), template=known)
        if not brought.errors and not options["dry_run"]:
            templates.bring(key=template, brought=brought, by=None)
        told = report(template, known, brought, dry_run=options["dry_run"])
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) if options["json"] else in_words(told))
        if brought.errors:
            raise SystemExit(1)


def content_of(path):
    """The bytes of a file, one more than is read at most."""
    try:
        with path.open("rb") as handle:
            return handle.read(BYTES + 1)
    except OSError as error:
        raise CommandError(f"« {path} » ne se lit pas : {error.strerror}.") from error


def report(key, known, brought, *, dry_run):
    """What was read, as data."""
    held = Counter(role for clause in brought.clauses for role in (clause.roles or ("common",)))
    told = {
        "template": key,
        "new_template": known is None,
        "dry_run": dry_run,
        "errors": [{"line": error.line, "reason": error.reason} for error in brought.errors],
        "notices": list(brought.notices),
        "title": brought.title,
        "articles": len(brought.articles),
        "clauses": len(brought.clauses),
        "variables": len(brought.variables),
        "clauses_by_role": dict(sorted(held.items())),
        "variable_keys": [variable.key for variable in brought.variables],
        "to_settle": [],
    }
    if not brought.errors:
        content = with_text(templates.current(known), brought)
        told["to_settle"] = [problem.sentence for problem in texts.problems(texts.read_template(content))]
    return told


def in_words(told):
    """The same, to be read in a terminal."""
    if told["errors"]:
        lines = [f"{_place(error)} : {error['reason']}" for error in told["errors"]]
        return "\n".join([*lines, "Rien n’a été écrit."])
    done = "à écrire" if told["dry_run"] else "écrits dans le brouillon"
    counts = f"{told['articles']} articles, {told['clauses']} clauses, {told['variables']} blancs"
    lines = [f"« {told['title']} », {done} : {counts}.", *told["notices"]]
    return "\n".join([*lines, *(f"Avant de publier : {sentence}" for sentence in told["to_settle"])])


def _place(error):
    return f"ligne {error['line']}" if error["line"] else "le texte"
