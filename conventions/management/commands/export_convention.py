"""Writes the sealed PDF of a convention in a file: the very bytes that were kept."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from caprse.base import journal
from conventions.documents import sha256
from conventions.enums import ConventionState, DocumentKind, Nature
from conventions.models import Convention, FrozenDocument
from conventions.services.renewing import newest_pdf
from conventions.services.sending import anchors

NONE = {
    DocumentKind.FINAL: "n’est pas encore signée par toutes les parties et scellée",
    DocumentKind.ORIGINAL: "n’a pas encore de texte figé et scellé",
}


class Command(BaseCommand):
    help = "Écrit le PDF scellé d’une convention : la convention signée (par défaut), ou l’original soumis à signature."

    def add_arguments(self, parser):
        parser.add_argument(
            "reference",
            nargs="?",
            metavar="REFERENCE",
            help="référence (« 2025-003 »), région et référence (« nouvelle-aquitaine/2025-003 »), ou identifiant de "
            "l’adresse de la convention ; sans elle, la convention complète et scellée entrée en vigueur la dernière",
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--sealed", dest="kind", action="store_const", const=DocumentKind.FINAL)
        which.add_argument("--original", dest="kind", action="store_const", const=DocumentKind.ORIGINAL)
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="FICHIER")

    def handle(self, *args, reference, kind, output, **options):
        kind = kind or DocumentKind.FINAL
        convention = self._named(reference) if reference else self._complete()
        document = FrozenDocument.objects.filter(convention=convention, kind=kind).first()
        if document is None:
            raise CommandError(f"La convention n° {convention.reference} {NONE[kind]}.")
        replaced = output.exists()
        content = newest_pdf(document)
        write_whole(output, content)
        journal.record("convention.exported", convention, by=None, details={"kind": kind}, **anchors(convention))
        self.stdout.write(
            f"{output}{' (remplacé)' if replaced else ''} : {document.get_kind_display()}, convention n° "
            f"{convention.reference}, {document.pages} pages, SHA-256 {sha256(content)}"
        )

    def _named(self, reference):
        region, _, number = reference.rpartition("/")
        rows = Convention.objects.filter(Q(reference=number) | Q(public_id=reference))
        rows = rows.filter(region__slug=region) if region else rows
        found = list(rows.select_related("region").order_by("pk")[:20])
        if not found:
            raise CommandError(f"Aucune convention n’a la référence « {reference} ».")
        if len(found) > 1:
            names = ", ".join(f"{one.region.slug}/{one.reference}" for one in found)
            raise CommandError(f"Plusieurs conventions ont la référence « {reference} » : précisez ({names}).")
        return found[0]

    def _complete(self):
        made = FrozenDocument.objects.filter(kind=DocumentKind.FINAL).values("convention")
        rows = Convention.objects.filter(state=ConventionState.IN_FORCE, nature=Nature.CONVENTION, pk__in=made)
        found = rows.order_by("-completed_at", "-pk").first()
        if found is None:
            raise CommandError("Aucune convention n’est signée par toutes les parties et scellée.")
        return found


def write_whole(output, content):
    """Write a file whole or not at all. Raises CommandError, in French."""
    part = output.with_name(f".{output.name}.part")
    try:
        part.write_bytes(content)
        part.replace(output)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CommandError(f"« {output} » ne peut pas être écrit : {error.strerror or error}.") from error
