"""Addresses of the pages of practices, and what is typed there, for their tests."""

from django.urls import reverse

from cohorts.enums import Role
from tests.worlds_practices import SAID

LIST = reverse("practices")
TYPED = {**SAID, "signed": "no", "scope": "cohort", "contact": "on", "revision": "0"}


def new_url(world, position=1):
    return world.draft.url("practice_new", position)


def list_url(world):
    return reverse("path_practices", args=["ici", world.participation.public_id])


def url_of(practice, name):
    return reverse(name, args=["ici", practice.public_id])


def card_url(practice, name="practice_card"):
    return reverse(name, args=[practice.card.public_id])


def sign_in(client, world, role=Role.REFERENT):
    client.force_login(world.user(role))
    return client


def text_of(response):
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def said_now(practice, **changes):
    return {name: getattr(practice, name) for name in SAID} | changes
