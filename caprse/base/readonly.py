"""A GET never writes: the database refuses it while the request runs, sessions apart."""

import re

from django.db import connection

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
WRITES = re.compile(r"\s*(?:insert\s+into|update|delete\s+from|merge|truncate)\b\s*(?:table\s+)?\"?(\w*)", re.I)
ALLOWED_TABLES = {"django_session"}


class WriteDuringRead(RuntimeError):
    """A page meant to be read tried to change a row."""


def refuse_writes(execute, sql, params, many, context):
    """Execution wrapper that raises `WriteDuringRead` on anything that changes a row."""
    match = WRITES.match(sql)
    if match and match[1] not in ALLOWED_TABLES:
        raise WriteDuringRead(sql.split(" SET ")[0][:200])
    return execute(sql, params, many, context)


class ReadOnlyGetMiddleware:
    """Installs the refusal around views of safe methods; sessions are saved outside of it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in SAFE_METHODS:
            return self.get_response(request)
        with connection.execute_wrapper(refuse_writes):
            return self.get_response(request)
