"""An identifier per failed request, shown on the page and written in the log, so that the two can be joined."""

import logging

from caprse.base.ids import new_public_id

logger = logging.getLogger("caprse.errors")


class ErrorIdMiddleware:
    """Gives each request an error identifier and logs it with the exception."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.error_id = new_public_id()
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Exception) and not hasattr(exception, "reason"):
            logger.debug("request failed id=%s kind=%s", request.error_id, type(exception).__name__)
