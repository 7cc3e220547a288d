"""Finds the Chromium of the system. `python -m tests.harness.chromium` prints it, or fails."""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
MISSING = "Chromium introuvable. Tapez cette commande, puis relancez : sudo apt-get install -y chromium"


def find():
    """The path of Chromium or Chrome, or None. The variable CHROMIUM names another."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *NAMES) if name)
    return next((path for path in found if path), None) or next((p for p in PLACES if Path(p).exists()), None)


if __name__ == "__main__":
    sys.exit(0 if find() else MISSING)
