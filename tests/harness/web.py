"""A web server on this machine, which answers what a test says."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def answering(answer):
    """Its address; `answer(method, body)` gives the media type and the content of each answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.told(b"")

        def do_POST(self):
            self.told(self.rfile.read(int(self.headers["Content-Length"])))

        def told(self, body):
            kind, content = answer(self.command, body)
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
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        running.shutdown()
        running.server_close()
