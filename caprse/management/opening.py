"""What the commands that open an installation share: the first person, texts checked before anything is written."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from caprse.base.text import NBSP
from cohorts.models import User
from cohorts.services.openings import CannotOpen

PERSON = ("email", "first_name", "last_name")


class OpeningCommand(BaseCommand):
    """A command that opens something and gives one person the way in, or changes nothing and says why."""

    def add_person(self, parser):
        parser.add_argument("--email", required=True, help="adresse électronique de la première personne")
        parser.add_argument("--first-name", required=True, help="son prénom")
        parser.add_argument("--last-name", required=True, help="son nom")

    def person(self, options):
        """Address and names of the first person, checked."""
        return {name: self.checked(User, name, options[name], f"--{name.replace('_', '-')}") for name in PERSON}

    def checked(self, model, field, value, argument):
        """The text, as the model's field accepts it. Raises `CommandError` that names the argument."""
        if not value.strip():
            raise CommandError(f"{argument}{NBSP}: ce texte est vide.")
        try:
            return model._meta.get_field(field).clean(value.strip(), None)
        except ValidationError as error:
            raise CommandError(f"{argument} {value!r}{NBSP}: {' '.join(error.messages)}") from error

    def open(self, service, **arguments):
        """Do it and say what was done. Raises `CommandError` with the reason why it cannot be."""
        try:
            opened = service(**arguments)
        except CannotOpen as refusal:
            raise CommandError(f"{refusal} Rien n’a été changé.") from refusal
        self.stdout.write(f"{opened.organisation.legal_name}{NBSP}: ouvert.")
        if opened.written_to:
            self.stdout.write(f"Un courriel part vers {opened.user.email}, avec la page où choisir un mot de passe.")
        else:
            self.stdout.write(f"{opened.user.email} y a déjà ce rôle{NBSP}: aucun courriel ne part.")
