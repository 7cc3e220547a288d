"""An identifier per failed request, shown on the page and written in the log, so that the two can be joined."""

from caprse.base.ids import new_public_id


class ErrorIdMiddleware:
    """Gives each request an identifier; the error pages show it and write it in the log."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.error_id = new_public_id()
        return self.get_response(request)
