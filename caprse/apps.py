from django.apps import AppConfig


class CaprseConfig(AppConfig):
    name = "caprse"
    verbose_name = "CAP RSE"
