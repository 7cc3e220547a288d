"""The templates that come with the product."""

import tomllib
from functools import cache
from pathlib import Path

CONTENT = Path(__file__).parents[1] / "content"
SHIPPED = (
    "convention-engagements",
    "charte-partenariat",
    "charte-engagement",
    "avenant",
    "bulletin-adhesion",
)


@cache
def shipped(key):
    """The content of a template that comes with the product, as plain data."""
    with (CONTENT / f"{key}.toml").open("rb") as handle:
        return tomllib.load(handle)
