"""Prints the matrix of access, or replays it over HTTP on the demonstration."""

import json
import threading
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections

from caprse.access_matrix import AUDIENCES, address, matrix
from caprse.base import tasks
from caprse.demo.cast import PASSWORD
from caprse.demo.sides import Sides

# After these, somebody is no longer who they were: they sign in again.
CHANGES_SESSION = {("account_logout", "POST"), ("signing_link", "POST"), ("breach_link", "POST")}


class Command(BaseCommand):
    help = "Qui obtient quoi de chaque adresse ; --verify le rejoue sur la démonstration."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="en JSON (c’est aussi le format par défaut)")
        parser.add_argument("--verify", action="store_true", help="rejoue chaque case par HTTP")

    def handle(self, *, verify, **options):
        cells = matrix(demonstration=settings.DEMO)
        if not verify:
            rows = [
                {"route": route, "method": method, "audiences": statuses} for (route, method), statuses in cells.items()
            ]
            self.stdout.write(json.dumps(rows, indent=1))
            return
        if not settings.DEMO:
            raise CommandError("--verify ne sert qu’en démonstration : CAPRSE_MODE=demo")
        with Site() as site:
            played = self.replay(site, cells)
        self.stdout.write(f"{played} cases rejouées, aucune différence.")

    def replay(self, site, cells):
        """Play every cell; stop at the first difference."""
        sides, played = Sides(), 0
        for audience in AUDIENCES:
            tasks.beat()  # a heart is asked to beat every minute, and a replay takes longer
            visitor = site.visitor(sides.email_of(audience))
            side = sides.of(audience)
            for (route, method), statuses in cells.items():
                found = visitor.status(method, address(route, side))
                if found != statuses[audience]:
                    raise CommandError(
                        f"{route} {method} {audience} : {found} au lieu de {statuses[audience]}", returncode=1
                    )
                if (route, method) in CHANGES_SESSION:
                    visitor.sign_in()
                played += 1
        sides.tidy()
        return played


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format, *args):
        """A thousand requests tell nothing: the first difference does."""


class Site:
    """The site served on a free port of this machine while the matrix is replayed."""

    def __enter__(self):
        self.server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
        self.server.set_app(get_wsgi_application())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.server.shutdown()
        self.server.server_close()
        connections.close_all()

    def visitor(self, email):
        return Visitor(f"http://127.0.0.1:{self.server.server_port}", email)


class NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


class Visitor:
    """A browser without a screen: cookies, the anti-forgery token, no redirection followed."""

    def __init__(self, base, email):
        self.base, self.email = base, email
        self.sign_in()

    def sign_in(self):
        """A fresh session, through the sign-in form; nobody stays anonymous."""
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies), NoRedirect)
        self.status("GET", "/connexion/")
        if self.email:
            form = {"login": self.email, "password": PASSWORD}
            if self.status("POST", "/connexion/", form) != 302:
                raise CommandError(f"{self.email} ne peut pas se connecter")

    def status(self, method, path, form=None):
        """The status of one request; a POST carries the token, and nothing else unless given."""
        data = None
        if method == "POST":
            data = urlencode({**(form or {}), "csrfmiddlewaretoken": self.token}).encode()
        request = Request(f"{self.base}{path}", data=data, method=method)  # noqa: S310  our own server
        try:
            with self.opener.open(request, timeout=30) as response:
                return response.status
        except HTTPError as error:
            return error.code

    @property
    def token(self):
        return next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "")
