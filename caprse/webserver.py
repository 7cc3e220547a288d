"""How gunicorn serves the site in production: `gunicorn --config python:caprse.webserver caprse.wsgi`.

Its own variables: PORT (where it listens, every interface), WEB_CONCURRENCY (number of processes).
"""

import re

from gunicorn.glogging import Logger

ANONYMOUS = "/q/"  # the page of a survey: who answers is written nowhere, not even an address and an hour
SECRET = re.compile(r"(?<=/)[\w-]{40,}(?=/|$)")  # personal links and password keys; nothing else is that long


class DiscreetLogger(Logger):
    """The access log without the secrets that some addresses carry, and without a line of who answers a survey."""

    def access(self, resp, req, environ, request_time):
        if not environ.get("PATH_INFO", "").startswith(ANONYMOUS):
            super().access(resp, req, environ, request_time)

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        return atoms | {"U": SECRET.sub("…", atoms["U"])}


worker_class = "sync"  # behind a proxy that buffers; measured best with the database's pool
timeout = 60
graceful_timeout = 30
max_requests, max_requests_jitter = 2000, 200  # a process that grew is replaced, not all at the same time
forwarded_allow_ips = "*"  # only the proxy reaches this port: it is published on the machine itself alone
logger_class = DiscreetLogger
accesslog = "-"
# No query string and no referer: what people search for stays out of the log.
access_log_format = '%(t)s %({x-forwarded-for}i)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
control_socket_disable = True  # nobody steers the server from beside it
