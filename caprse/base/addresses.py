"""Addresses of a whole list: the URLconf is asked once per kind of page, whatever the number of rows."""

from django.urls import reverse

from caprse.base.ids import new_public_id


def addresses(name, region, *rest):
    """A function from a public id to the address of that page: `addresses("notes", region.slug)(path.public_id)`.

    `region`: the slug before the id; `rest`: what comes after it. Raises NoReverseMatch as `reverse` does.
    """
    blank = new_public_id()
    before, after = reverse(name, args=[region, blank, *rest]).split(blank)
    return lambda public_id: f"{before}{public_id}{after}"
