"""Servers of timestamps on this machine: a real one, one that refuses, hangs, answers HTML, or answers to somebody else."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import tsp
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper

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
