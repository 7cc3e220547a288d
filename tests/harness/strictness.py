"""Stricter than production: no network, no undefined template variable, no order that happens to be."""

import inspect
import socket
from ipaddress import ip_address

import pytest
from django.core.cache import cache
from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler
from django.template import engines
from django.template.base import Node

# Templates of libraries that count on an undefined variable being empty, by the start of their name.
LENIENT_TEMPLATES = ()


class UndefinedVariable(AssertionError):
    """A template shows a variable nobody gave it."""


class RaisesWhenUndefined(str):
    """`string_if_invalid` that raises: Django asks it for “%s”, then formats it with the variable."""

    def __contains__(self, key):
        return key == "%s"

    def __mod__(self, variable):
        name = self.template_name()
        if name.startswith(LENIENT_TEMPLATES):
            return ""
        raise UndefinedVariable(f"{variable} is undefined in {name}")

    @staticmethod
    def template_name():
        """The template being rendered, found on the stack: Django does not tell."""
        for frame in inspect.stack(context=0):
            node = frame.frame.f_locals.get("self")
            if isinstance(node, Node) and getattr(node, "origin", None):
                return str(node.origin.template_name or "?")
        return "?"


def order_by_chance(self, original=SQLCompiler._order_by_pairs):
    """Rows asked for without an order come in a random one, as a database is free to do."""
    pairs = list(original(self))
    query = self.query
    plain = not (query.subquery or query.distinct or query.combinator or query.select_for_update or query.group_by)
    aggregate = any(annotation.contains_aggregate for annotation in query.annotation_select.values())
    if not pairs and plain and not aggregate and not query.is_sliced and not query.explain_info:
        pairs = [(OrderBy(Random()), False)]
    yield from pairs


@pytest.fixture(scope="session", autouse=True)
def random_order():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLCompiler, "_order_by_pairs", order_by_chance)
        yield


@pytest.fixture(scope="session", autouse=True)
def undefined_variables_raise():
    engine = engines["django"].engine
    engine.string_if_invalid = RaisesWhenUndefined("%s")


def is_local(address):
    """Whether a socket address stays on this machine."""
    if not isinstance(address, tuple):
        return True  # a socket file
    host = address[0]
    if host in ("", "localhost", None):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def network_is_cut():
    """Any connection or name look-up that leaves the machine fails the test, even inside `except Exception`."""

    def guard(function, address_of):
        def guarded(*args, **kwargs):
            address = address_of(*args)
            if not is_local(address):
                pytest.fail(f"the network is cut, and the product called {address[0]}:{address[1]}")
            return function(*args, **kwargs)

        return guarded

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guard(getattr(socket.socket, name), lambda _, address: address))
        patch.setattr(socket, "getaddrinfo", guard(socket.getaddrinfo, lambda host, port=None, *rest: (host, port)))
        yield


@pytest.fixture(autouse=True)
def empty_cache():
    """Counters of attempts do not pass from a test to the next."""
    cache.clear()
