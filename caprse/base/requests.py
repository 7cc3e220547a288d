"""Small readings of a request that every floor shares."""

from functools import wraps

from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache


def posted(request):
    """What a form is bound to: the data of a POST, even empty; None for a page merely opened."""
    return request.POST if request.method == "POST" else None


def whole_number(text, digits=9):
    """The number somebody's text says, of so many digits at most; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def own_address(request, address):
    """A page of this site, as a path, that another page asked to come back to; "" for anything else."""
    own = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if own else ""


def behind_personal_link(view):
    """Decorate a page whose address holds a token: no cache keeps it, and no site is told the address.

    `strict-origin` and not `no-referrer`: with the latter, browsers post forms with `Origin: null`, which the
    protection against forged requests refuses.
    """

    @never_cache
    @wraps(view)
    def guarded(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return guarded
