"""Opens a region: its wall, its delegation, its first coordinator."""

from caprse.management.opening import OpeningCommand
from cohorts.models import Organisation, Region
from cohorts.services.openings import open_region


class Command(OpeningCommand):
    help = "Ouvre une région, sa délégation et sa coordination. Relancée avec une autre adresse, ajoute une personne."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="nom dans l’adresse, sans espace ni accent : nouvelle-aquitaine")
        parser.add_argument("name", help="nom de la région : « Nouvelle-Aquitaine »")
        parser.add_argument("--team", required=True, help="nom de la délégation régionale")
        self.add_person(parser)

    def handle(self, *, slug, name, team, **options):
        self.open(
            open_region,
            slug=self.checked(Region, "slug", slug, "SLUG"),
            name=self.checked(Region, "name", name, "NAME"),
            team=self.checked(Organisation, "legal_name", team, "--team"),
            **self.person(options),
        )
