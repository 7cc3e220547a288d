from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    name = "conventions"
    verbose_name = "conventions"

    def ready(self):
        from conventions import emails, life_mails, notices, reminders, tasks, todos  # noqa: F401, PLC0415  they register themselves
