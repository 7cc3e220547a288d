"""Whoever holds a signed document asks whether it is true: by its code, its fingerprint, or the file. No account.

Nothing is written and nobody is recognised, so a request forged elsewhere would change nothing: no protection asks
for the body of a POST before its weight was read.
"""

import logging
import re

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from caprse.base.access import Audience, open_to
from caprse.base.ids import is_public_id
from caprse.base.text import NBSP, size_in_words
from conventions.services import verifying

logger = logging.getLogger(__name__)
SHA256 = re.compile(r"[0-9a-f]{64}")
AROUND = 4096  # what a form adds around its file
MINUTE = 60
TOO_HEAVY, NOT_UNDERSTOOD, TOO_MANY, UNAVAILABLE = 413, 422, 429, 503
SLOWER = "Beaucoup de vérifications sont demandées en même temps. Attendez une minute, puis recommencez."
NO_FILE = "Choisissez le fichier PDF à vérifier, ou collez son empreinte."
EMPTY = "Ce fichier est vide. Choisissez-en un autre."
NOT_A_HASH = f"Une empreinte SHA-256 compte 64 chiffres ou lettres de a à f. Celle-ci n’en est pas une{NBSP}: recopiez-la en entier."
NOT_NOW = (
    "Ce site ne peut vérifier aucun fichier en ce moment : un réglage lui manque. Cela ne dit rien de votre document. "
    "Prévenez la délégation, ou vérifiez l’empreinte seule, plus bas."
)
NO_SUCH_CODE = "Aucun document n’a ce code. Vérifiez les douze caractères, imprimés sous le carré à photographier."


@csrf_exempt
@open_to(Audience.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request):
    """The form; what a code says (`?code=`); what a fingerprint or a file is."""
    if request.method == "POST":
        return judged(request)
    code = request.GET.get("code", "").strip()
    return of_code(request, code) if code else page(request)


@open_to(Audience.PUBLIC)
@require_safe
@never_cache
def verify_code(request, code):
    """The same, at the address printed on a document."""
    return of_code(request, code)


def within_pace(request, what, limit):
    """Whether this address asks no faster than people do; it is kept for a minute, in no table."""
    key = f"verify:{what}:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, MINUTE)
    try:
        return cache.incr(key) <= limit
    except ValueError:  # its minute ended in between
        return True


def of_code(request, code):
    """Where the convention of a code stands; nothing tells a wrong code from one not sent yet."""
    if not within_pace(request, "asked", settings.VERIFY_A_MINUTE):
        return page(request, problem=SLOWER, status=TOO_MANY)
    answer = verifying.by_code(code) if is_public_id(code) else None
    if answer is None:
        return page(request, problem=NO_SUCH_CODE, status=404, code=code[:40])
    return page(request, answer=answer, code=code)


def judged(request):
    """The verdict on what was sent. The weight is read before anything else."""
    limit = settings.UPLOAD_FILE_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit + AROUND:
        said = f"Ce fichier pèse plus de {size_in_words(limit)}{NBSP}: aucune convention n’est aussi lourde."
        return page(request, problem=said, status=TOO_HEAVY)
    file, typed = request.FILES.get("file"), request.POST.get("sha256", "").strip().lower()
    pace = ("file", settings.VERIFY_FILES_A_MINUTE) if file else ("asked", settings.VERIFY_A_MINUTE)
    if not within_pace(request, *pace):
        return page(request, problem=SLOWER, status=TOO_MANY)
    if file:
        return of_file(request, file)
    if not SHA256.fullmatch(typed):
        return page(request, problem=NOT_A_HASH if typed else NO_FILE, status=NOT_UNDERSTOOD, sha256=typed[:100])
    return page(request, answer=verifying.by_fingerprint(typed), sha256=typed)


def of_file(request, file):
    """The register, and every check of the file, in a process of its own."""
    if not file.size:
        return page(request, problem=EMPTY, status=NOT_UNDERSTOOD)
    try:
        with verifying.in_turn():
            answer = verifying.by_file(file.read())
    except verifying.TooManyAtOnce:
        return page(request, problem=SLOWER, status=TOO_MANY)
    except verifying.NothingTrusted:
        logger.exception("no file can be verified: CAPRSE_SEAL_ROOTS names no certificate to read")
        return page(request, problem=NOT_NOW, status=UNAVAILABLE)
    return page(request, answer=answer)


def page(request, *, answer=None, problem="", status=200, code="", sha256=""):
    """The whole page, its answer alone when a script asks for it, or data for a machine."""
    if request.accepts("application/json") and not request.accepts("text/html"):
        data = verifying.as_data(answer) if answer else {"verdict": "", "holds": False, "reason": problem}
        return JsonResponse(data, status=status)
    context = {
        "answer": answer,
        "problem": problem,
        "limit": settings.UPLOAD_FILE_BYTES,
        "code": code,
        "sha256": sha256,
    }
    part = "conventions/verify/_answer.html" if request.htmx else "conventions/verify/page.html"
    return render(request, part, context, status=status)
