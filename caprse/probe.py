"""Asks the site how it is, as containers do: `python -m caprse.probe [--at ADDRESS] [PART …]`.

Prints what /sante/ says; ends with 0 when the parts named, or else everything, are well. Django is not loaded.
"""

import argparse
import http.client
import json
import os
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

TIMEOUT = 10


def ask(address):
    """What each part says. The site answers only to its own name, and to a proxy that was reached by https."""
    headers = {"Host": os.environ["CAPRSE_ALLOWED_HOSTS"].split(",")[0].strip(), "X-Forwarded-Proto": "https"}
    request = Request(f"{address}/sante/", headers=headers)  # noqa: S310  the address is an argument of ours
    try:
        with urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310  that address: http, on the network of the containers
            return json.load(response)
    except HTTPError as refusal:  # 503 carries the reasons
        return json.load(refusal)


def main():
    parser = argparse.ArgumentParser(prog="caprse.probe")
    parser.add_argument("parts", nargs="*", metavar="part")
    parser.add_argument("--at", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    asked = parser.parse_args()
    try:
        said = ask(asked.at)
    except (OSError, ValueError, http.client.HTTPException) as error:
        sys.exit(f"le site ne répond pas : {type(error).__name__}")
    sys.stdout.write(f"{json.dumps(said)}\n")
    sys.exit(any(said.get(part) != "ok" for part in asked.parts or said))


if __name__ == "__main__":
    main()
