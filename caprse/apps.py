from django.apps import AppConfig


class CaprseConfig(AppConfig):
    name = "caprse"
    verbose_name = "CAP RSE"

    def ready(self):
        from caprse import reminders  # noqa: F401, PLC0415  it registers its mail
