"""Does the key of this process seal? Asked when a worker starts, and every night; the health page tells the answer."""

import io
import logging

import pikepdf

from caprse.base import clock
from caprse.base.health import SEAL
from caprse.base.models import Heartbeat
from caprse.base.sealing import checks, keys, seals
from caprse.base.sealing.keys import SealUnavailable
from caprse.base.sealing.seals import SealRefused
from caprse.base.sealing.stamps import StampUnavailable

logger = logging.getLogger(__name__)


def run():
    """Seal a blank page and read the seal again from the public certificates; keep what is wrong. Returns it."""
    problem = _problem()
    if problem:
        logger.error("the seal does not work: %s", problem)
    Heartbeat.objects.update_or_create(name=SEAL, defaults={"at": clock.real_now(), "problem": problem[:200]})
    return problem


def _problem():
    try:
        key = keys.seal_key()
        sealed = seals.seal(_blank(), key=key, reason="Essai de la clé")
        held = checks.holds(sealed, roots=keys.roots(), fingerprints={key.fingerprint})
    except SealUnavailable as error:
        return str(error)
    except SealRefused as error:
        return f"La clé de cachet ne scelle pas : {error}"
    except StampUnavailable:
        return "Le serveur d’horodatage ne répond pas."
    return "" if held else "Le cachet ne se vérifie pas avec les certificats racines publiés."


def _blank():
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        content = io.BytesIO()
        pdf.save(content)
    return content.getvalue()
