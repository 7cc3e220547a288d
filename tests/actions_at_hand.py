"""An action of the fixed worlds, its addresses, and what the tests of its pages say in one word."""

from django.urls import reverse

from cohorts.enums import Role

GOOD = {
    "what": "Tenir un carnet des remontées",
    "why": "Nous les oublions",
    "who": "Samira",
    "due_on": "2026-01-31",
    "means": "Un cahier",
    "indicator": "Dix remontées par mois",
    "status": "to_do",
    "visibility": "structure",
    "revision": "",
}
SHARED = GOOD | {"visibility": "facilitator"}
HUGE, NULL = "9" * 30, "a\x00b"


def of_plan(world, name, *more):
    return reverse(name, args=[world.participation.cohort.region.slug, world.participation.public_id, *more])


def of_action(world, name="action", *more):
    return of_plan(world, name, world.full_action.public_id, *more)


def read(client, world, url, role=Role.REFERENT):
    client.force_login(world.user(role))
    return client.get(url)


def send(client, world, url, data, role=Role.REFERENT):
    client.force_login(world.user(role))
    return client.post(url, data)


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ").split())
