"""The libraries of seals run an event loop of their own: where one runs already, they work in a thread apart."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import wraps


def apart(function):
    """Decorate what begins an event loop, so that it may be called from anywhere. It must not read the database."""

    @wraps(function)
    def called(*args, **kwargs):
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return function(*args, **kwargs)
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(function, *args, **kwargs).result()

    return called
