"""Loads the demonstration and serves it, background work included, from one process."""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import run
from django.core.wsgi import get_wsgi_application
from django.db import connection

from caprse import embedded
from caprse.base import clock
from caprse.base.text import date_in_words
from caprse.demo import load
from caprse.demo.accounts import accounts, shown_accounts

KEYS = ("role", "email", "password", "region", "organisation")


class Command(BaseCommand):
    help = "Charge la démonstration (une seule fois) et la sert, travail de fond compris."

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="repart de zéro")
        parser.add_argument("--no-serve", action="store_true", help="charge sans servir")
        parser.add_argument("--accounts", action="store_true", help="liste les comptes, sans rien servir")
        parser.add_argument("--json", action="store_true", help="liste les comptes en JSON")

    def handle(self, *, reset, no_serve, **options):
        if not settings.DEMO:
            raise CommandError("demo ne sert qu’en démonstration : CAPRSE_MODE=demo")
        if reset:
            self.wipe()
        call_command("migrate", verbosity=0)
        if not load.is_loaded():
            load.load()
        if options["accounts"]:
            self.list_accounts(as_json=options["json"])
        elif not no_serve:
            self.serve()

    def wipe(self):
        """An empty database again: the file goes, or the tables are emptied."""
        connection.close()
        if connection.vendor == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)
        else:
            call_command("migrate", verbosity=0)
            call_command("flush", interactive=False, verbosity=0)

    def list_accounts(self, *, as_json):
        listed = accounts()
        if as_json:
            self.stdout.write(json.dumps([{k: a[k] for k in KEYS} for a in listed], ensure_ascii=False, indent=1))
            return
        for account in listed:
            self.stdout.write("  ".join(account[key] for key in KEYS))

    def serve(self):
        port = os.environ.get("PORT", "8000")
        if not (port.isdecimal() and 0 < int(port) < 65536):
            raise CommandError(f"PORT vaut « {port} » : un nombre entre 1 et 65535 est attendu")
        background = embedded.start()
        self.stdout.write(f"\nCAP RSE, démonstration au {date_in_words(clock.today())}\n")
        self.stdout.write(f"  Ouvrez http://127.0.0.1:{port}/ et choisissez un compte :\n\n")
        for account in shown_accounts():
            self.stdout.write(f"  {account['email']:<42} {account['role']}, {account['organisation']}\n")
        self.stdout.write(f"\n  Mot de passe de tous : {accounts()[0]['password']}\n  Ctrl+C pour arrêter.\n\n")
        self.stdout.flush()
        try:
            run("127.0.0.1", int(port), get_wsgi_application(), threading=True)
        except KeyboardInterrupt:
            self.stdout.write("\nÀ bientôt.\n")
        except OSError as error:
            raise CommandError(f"Le port {port} est déjà pris : relancez avec PORT=8001 ./run demo") from error
        finally:
            background.stop()
