from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ConventionsConfig(AppConfig):
    name = "conventions"
    verbose_name = "conventions"

    def ready(self):
        from conventions import emails, reminders, tasks, todos  # noqa: F401, PLC0415  once the models are there; each registers itself

        post_migrate.connect(record_templates, sender=self, dispatch_uid="conventions.templates")


def record_templates(using="default", **kwargs):
    """The templates that come with the product are there as soon as their tables are."""
    from conventions.models import TemplateDraft  # noqa: PLC0415  models are loaded after the configuration
    from conventions.services.templates import record_shipped  # noqa: PLC0415

    if using == "default" and TemplateDraft._meta.db_table in connections[using].introspection.table_names():
        record_shipped()
