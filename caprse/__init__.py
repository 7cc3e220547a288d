"""CAP RSE: the project package, top and bottom of the house."""

from caprse.celery import app as celery_app

__all__ = ["celery_app"]
