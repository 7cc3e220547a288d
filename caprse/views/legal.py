"""Who publishes the site, what it keeps of people, how far everybody can use it. Open to all, account or not."""

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_GET

from caprse.base.access import Audience, open_to


def page(template):
    """The view of one page, with who answers for the site."""

    @open_to(Audience.PUBLIC)
    @require_GET
    def view(request):
        here = request.build_absolute_uri("/").rstrip("/")
        return render(request, template, {"legal": settings.LEGAL, "here": here})

    return view


notice = page("caprse/legal/notice.html")
privacy = page("caprse/legal/privacy.html")
accessibility = page("caprse/legal/accessibility.html")
