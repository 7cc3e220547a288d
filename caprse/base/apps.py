from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.urls import register_converter

from caprse.base.ids import PublicIdConverter, RankConverter


class BaseConfig(AppConfig):
    name = "caprse.base"
    label = "base"
    verbose_name = "socle"

    def ready(self):
        from caprse.base import access, pdf, triggers  # noqa: F401, PLC0415  models must be loaded first; pdf registers its check

        register_converter(PublicIdConverter, "pid")
        register_converter(RankConverter, "rank")
        checks.register(access.every_route_declares_its_audience, checks.Tags.urls)
        post_migrate.connect(triggers.install, dispatch_uid="caprse.triggers")
