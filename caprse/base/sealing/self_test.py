"""Does the key of this process seal, and for long? Asked when a worker starts, and every night.

The health page tells the answer; while something is wrong, it is asked again every ten minutes.
"""

import io
import logging
from datetime import timedelta

import pikepdf

from caprse.base import clock
from caprse.base.health import SEAL
from caprse.base.models import Heartbeat
from caprse.base.sealing import checks, keys, seals
from caprse.base.sealing.keys import SealUnavailable
from caprse.base.sealing.seals import SealRefused
from caprse.base.sealing.stamps import StampUnavailable

logger = logging.getLogger(__name__)
EARLY = timedelta(days=60)  # what an authority may take to deliver the next certificate


def run():
    """Seal a blank page and read the seal again from the public certificates; keep what is wrong. Returns it."""
    problem = _problem()
    if problem:
        logger.error("the seal does not work: %s", problem)
    Heartbeat.objects.update_or_create(name=SEAL, defaults={"at": clock.real_now(), "problem": problem[:200]})
    return problem


def again():
    """Ask again if the last trial found something; nothing to do before a first one."""
    if Heartbeat.objects.filter(name=SEAL).exclude(problem="").exists():
        run()


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
    if not held:
        return "Le cachet ne se vérifie pas avec les certificats racines publiés."
    ends = key.certificate.not_valid_after
    if ends - clock.real_now() < EARLY:
        return f"La clé scelle, mais son certificat finit le {ends:%d/%m/%Y} : demandez le suivant."
    return ""


def _blank():
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        content = io.BytesIO()
        pdf.save(content)
    return content.getvalue()
