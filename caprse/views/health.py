"""Asked by machines: does the site work?"""

from django.http import JsonResponse
from django.views.decorators.http import require_GET

from caprse.base.access import Audience, open_to
from caprse.base.health import OK, report


@open_to(Audience.PUBLIC)
@require_GET
def health(request):
    """200 when every part works, 503 otherwise, with a short reason for each."""
    parts = report()
    status = 200 if set(parts.values()) == {OK} else 503
    return JsonResponse(parts, status=status, headers={"Cache-Control": "no-store"})
