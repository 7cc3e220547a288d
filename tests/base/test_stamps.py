"""Timestamps: a real server on this machine, one that hangs, refuses, answers HTML, or answers to somebody else."""

import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from asn1crypto import tsp
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper

from caprse.base.pdf import render_pdf
from caprse.base.sealing import sample_chain, seals, stamps
from caprse.base.sealing.keys import of_chain

PAGE = '<!DOCTYPE html><html lang="fr"><head><title>Convention</title></head><body><p>Le texte.</p></body></html>'
REPLY = "application/timestamp-reply"
DIGEST = stamps.digest_of(b"Le texte")


@pytest.fixture(scope="module")
def key():
    return of_chain(sample_chain.make())


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
    """A timestamp server that answers so; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            kind, content = answer(key, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield HTTPTimeStamper(f"http://127.0.0.1:{running.server_port}/", timeout=2)
    finally:
        running.shutdown()
        running.server_close()


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


def test_a_server_stamps_a_digest(key):
    with server(key, granted) as authority:
        given = stamps.stamp(DIGEST, [authority], key.roots)
    assert given.at == key.authorities[0].fixed_dt
    assert "TEST horodatage" in given.authority
    assert stamps.checked(given.token, DIGEST, key.roots).at == given.at


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_what_is_no_timestamp_is_none(key, answer):
    with server(key, answer) as authority, pytest.raises(stamps.StampUnavailable):
        stamps.stamp(DIGEST, [authority], key.roots)


def test_a_server_that_hangs_is_passed_over(key):
    with hanging() as silent, server(key, granted) as second:
        assert stamps.stamp(DIGEST, [silent, second], key.roots).token


def test_nobody_answers(key):
    with hanging() as silent, pytest.raises(stamps.StampUnavailable):
        stamps.stamp(DIGEST, [nobody(), silent], key.roots)


def test_without_an_authority_there_is_no_timestamp(key):
    with pytest.raises(stamps.StampUnavailable):
        stamps.stamp(DIGEST, [], key.roots)


def test_a_timestamp_is_of_one_digest_and_of_our_authority(key):
    token = stamps.stamp(DIGEST, key.authorities, key.roots).token
    for digest, roots in ((stamps.digest_of(b"autre"), key.roots), (DIGEST, of_chain(sample_chain.make()).roots)):
        with pytest.raises(stamps.BadStamp):
            stamps.checked(token, digest, roots)
    for broken in (b"", b"Bonjour", token[:-5], token[:200] + bytes([token[200] ^ 1]) + token[201:]):
        with pytest.raises(stamps.BadStamp):
            stamps.checked(broken, DIGEST, key.roots)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_without_a_timestamp_nothing_is_sealed(key, answer):
    with server(key, answer) as authority, pytest.raises(stamps.StampUnavailable):
        seals.seal(render_pdf(PAGE, base_css=None), key=replace(key, authorities=(authority,)), reason="Texte")


def test_a_seal_with_a_server_of_timestamps(key):
    with server(key, granted) as authority:
        assert seals.seal(render_pdf(PAGE, base_css=None), key=replace(key, authorities=(authority,)), reason="Texte")
