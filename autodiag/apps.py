from django.apps import AppConfig


class AutodiagConfig(AppConfig):
    name = "autodiag"
    verbose_name = "autodiagnostics"

    def ready(self):
        from autodiag import emails, reminders, tasks, todos  # noqa: F401, PLC0415  they register themselves
