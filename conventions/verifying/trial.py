"""The verification of what a stranger brings, in a process of its own: memory and time counted, no network, no secret.

That process (`shut_in`) knows neither the settings nor the database: it gets the certificates it may trust.
"""

import base64
import json
import subprocess
import sys
from pathlib import Path

from conventions.verifying.evidence import sha256
from conventions.verifying.verdicts import TOO_HEAVY, Verdict, Verification

SCRIPT = Path(__file__).with_name("shut_in.py")
WALL_SECONDS = 20


def examine(content: bytes, *, roots, fingerprints=None) -> Verification:
    """What `conventions.verifying.verify` answers, or that the file asks for too much."""
    asked = {
        "roots": [base64.b64encode(root.dump()).decode() for root in roots],
        "fingerprints": None if fingerprints is None else sorted(fingerprints),
    }
    try:
        ended = subprocess.run(  # noqa: S603  our own script
            [sys.executable, "-I", str(SCRIPT)],
            input=json.dumps(asked).encode() + b"\n" + content,
            capture_output=True,
            check=True,
            timeout=WALL_SECONDS,
            env={"LANG": "C.UTF-8"},
        )
        return Verification.from_data(json.loads(ended.stdout))
    except (subprocess.SubprocessError, ValueError):
        return Verification(Verdict.UNREADABLE, TOO_HEAVY, sha256(content))
