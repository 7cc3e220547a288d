"""Migrates as the database's owner when its address is given; every other process runs with fewer rights."""

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from caprse import databases


class Command(migrate.Command):
    def handle(self, *args, **options):
        connection = connections[options["database"]]
        if settings.DATABASE_OWNER_URL:
            connection.close()
            connection.close_pool()
            site = dict(connection.settings_dict)
            owner = databases.postgresql(settings.DATABASE_OWNER_URL, pool=False)
            connection.settings_dict.update(owner)
            try:
                return super().handle(*args, **options)
            finally:
                connection.close()
                connection.settings_dict.update(site)
        return super().handle(*args, **options)
