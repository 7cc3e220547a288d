"""Run by `trial`, alone, as a script: verifies the bytes it is given, and can reach nothing else."""

import base64
import gc
import json
import resource
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 10
# Refused by the interpreter itself, for good, in this process. Source: PEP 578.
OUTSIDE = ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")
OUTSIDE += ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn")


def refuse(event, arguments):
    if event in OUTSIDE:
        raise PermissionError(event)


def shut_in():
    """Count memory and time, write no file, let nothing reach outside."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(refuse)


def main():
    """Read the question, answer in JSON. `caprse` itself would start the whole site: only its folder is needed."""
    gc.disable()  # one answer, then the process ends: nothing is worth tidying up
    sys.path.insert(0, str(ROOT))
    package = types.ModuleType("caprse")
    package.__path__ = [str(ROOT / "caprse")]
    sys.modules["caprse"] = package
    from asn1crypto import x509  # noqa: PLC0415  once the path is set

    from conventions.verifying import verify  # noqa: PLC0415  once the path is set

    shut_in()
    question, content = sys.stdin.buffer.read().split(b"\n", 1)
    asked = json.loads(question)
    roots = tuple(x509.Certificate.load(base64.b64decode(one)) for one in asked["roots"])
    json.dump(verify(content, roots=roots, fingerprints=asked["fingerprints"]).as_data(), sys.stdout)


if __name__ == "__main__":
    main()
