"""What a person reads when something goes wrong: what happened, what was kept, what to do."""

import logging

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template import loader

from caprse.base.signed_out import typed_in

logger = logging.getLogger("caprse.errors")


def _error(request, status, exception=None):
    error_id = getattr(request, "error_id", "")
    context = {
        "error_id": error_id,
        "reason": getattr(exception, "reason", ""),
        "contact": getattr(exception, "contact", ""),
        "typed": typed_in(request) if status in (403, 404) else [],
    }
    logger.info("answered %s id=%s path=%s", status, error_id, request.path)
    return render(request, f"{status}.html", context, status=status)


def bad_request(request, exception=None):
    return _error(request, 400, exception)


def forbidden(request, exception=None):
    return _error(request, 403, exception)


def not_found(request, exception=None):
    return _error(request, 404, exception)


def too_many_requests(request, exception=None):
    return _error(request, 429, exception)


def server_error(request):
    """Rendered alone: whatever broke may be the database or a context processor."""
    error_id = getattr(request, "error_id", "")
    logger.error("answered 500 id=%s path=%s", error_id, request.path)
    return HttpResponseServerError(loader.get_template("500.html").render({"error_id": error_id}))


def csrf_failure(request, reason=""):
    """The page stayed open too long or was sent from elsewhere: nothing was saved."""
    return render(request, "csrf.html", {"error_id": request.error_id, "typed": typed_in(request)}, status=403)
