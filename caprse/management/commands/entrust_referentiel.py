"""Entrusts a référentiel to a person of the national staff, or takes it back."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from caprse.base import clock
from caprse.base.text import date_in_words
from cohorts.models import User
from cohorts.services.grants import NotEditable, entrust, take_back
from referentiel.models import Referentiel


class Command(BaseCommand):
    help = "Confie la rédaction d’un référentiel à une personne de l’équipe nationale, ou la lui retire."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="ADRESSE", help="adresse électronique de la personne")
        parser.add_argument("code", metavar="CODE", help="code du référentiel")
        parser.add_argument("--until", metavar="AAAA-MM-JJ", help="dernier jour, compris ; sans date, sans limite")
        parser.add_argument("--take-back", action="store_true", help="retirer la rédaction à cette personne")

    def handle(self, *args, email, code, **options):
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            raise CommandError(f"Personne n’a l’adresse « {email} ».")
        referentiel = Referentiel.objects.filter(code=code).first()
        if referentiel is None:
            known = ", ".join(Referentiel.objects.order_by("code").values_list("code", flat=True)) or "aucun"
            raise CommandError(f"Aucun référentiel n’a le code « {code} ». Ceux qui existent : {known}.")
        until = self.day(options["until"])
        try:
            if options["take_back"]:
                take_back(referentiel=referentiel, user=user)
                said = f"{user.full_name} ne rédige plus « {referentiel.title} »."
            else:
                entrust(referentiel=referentiel, user=user, expires_at=clock.end_of(until) if until else None)
                limit = f"jusqu’au {date_in_words(until)} compris" if until else "sans limite de date"
                said = f"{user.full_name} peut rédiger « {referentiel.title} », {limit}."
        except NotEditable as refusal:
            raise CommandError(f"Rien n’a changé. {refusal}") from refusal
        self.stdout.write(said)

    def day(self, text):
        """The day typed, or None; raises `CommandError` for a day past or of no calendar."""
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError as refusal:
            raise CommandError(f"« {text} » n’est pas un jour : écrivez AAAA-MM-JJ.") from refusal
        if not clock.today() <= day <= date(2100, 12, 31):
            raise CommandError(f"Le {date_in_words(day)} est passé, ou trop lointain : donnez un jour à venir.")
        return day
