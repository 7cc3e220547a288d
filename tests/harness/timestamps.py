"""Servers of timestamps on this machine: a real one, one that refuses, hangs, answers HTML, or answers to somebody else."""

import socket
from contextlib import contextmanager

from asn1crypto import tsp
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper

from tests.harness.web import answering

REPLY = "application/timestamp-reply"


def granted(key, request):
    return REPLY, key.authorities[0].request_tsa_response(tsp.TimeStampReq.load(request)).dump()


def to_somebody_else(key, request):
    asked = tsp.TimeStampReq.load(request)
    asked["nonce"] = 12_345
    return REPLY, key.authorities[0].request_tsa_response(asked).dump()


def refused(key, request):
    status = {"status": "rejection", "status_string": ["no"]}
    return REPLY, tsp.TimeStampResp({"status": status}).dump()


ANSWERS = {
    "a page of html": lambda key, request: ("text/html", b"<html>Bonjour</html>"),
    "html that says it is a timestamp": lambda key, request: (REPLY, b"<html>Bonjour</html>"),
    "nothing": lambda key, request: (REPLY, b""),
    "a refusal": refused,
    "an answer to somebody else": to_somebody_else,
}


@contextmanager
def server(key, answer):
    """A timestamp server that answers so."""
    with answering(lambda method, body: answer(key, body)) as address:
        yield HTTPTimeStamper(f"{address}/", timeout=2)


@contextmanager
def hanging():
    """A server that takes the question and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield HTTPTimeStamper(f"http://127.0.0.1:{listening.getsockname()[1]}/", timeout=1)


def nobody():
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    return HTTPTimeStamper(f"http://127.0.0.1:{port}/", timeout=1)
