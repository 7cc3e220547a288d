"""Turns a database address into Django's settings: PostgreSQL with a pool, or the embedded SQLite."""

from urllib.parse import unquote, urlsplit

from caprse import environment


def postgresql(url, *, pool=True):
    """Settings of a PostgreSQL database reached by `postgres://role:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        environment.fail("CAPRSE_DATABASE_URL", "est illisible")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        # Statements seen a few times are planned once per connection; our own pool keeps connections whole.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3}
        | ({"pool": {"min_size": 1, "max_size": 8}} if pool else {}),
    }


def sqlite(path, *, test=False):
    """The embedded database: a file, write-ahead log, writers queue instead of failing."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        # A file in tests too: the in-memory database hides locking.
        "TEST": {"NAME": f"{path}-test"} if test else {},
    }
