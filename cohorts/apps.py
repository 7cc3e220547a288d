from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "cohorts"
    verbose_name = "cohortes"

    def ready(self):
        from cohorts import emails, reminders, todos  # noqa: F401, PLC0415  they register themselves
